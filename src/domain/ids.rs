//! The ids, positions and times that everything else is named by: plain numbers in types of their own, so
//! that none is taken for another. None is a secret; the secrets are in `crypto`.

use std::time::Duration;

use crate::limits::CHANGES_KEPT;

/// One chat, in one house. Random, so that it tells nothing about how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChatId(pub u64);

/// One person's place in one chat: 1, 2 ... in the order in which the names were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParticipantId(pub u32);

impl ParticipantId {
    /// No participant has this number.
    pub const NOBODY: Self = Self(0);

    pub fn all(count: usize) -> impl Iterator<Item = Self> {
        (1..=u32::try_from(count).unwrap_or(u32::MAX)).map(Self)
    }

    /// The place in a list that holds one entry for each participant. Number 0 is nobody: no list is so long.
    pub fn index(self) -> usize {
        (self.0 as usize).wrapping_sub(1)
    }
}

/// What a seat is called: a chat and the place in it. Naming a seat proves nothing; holding it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeatId {
    pub chat: ChatId,
    pub participant: ParticipantId,
}

/// The position of a message in its chat: 1, 2, 3 ... given at the commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seq(pub u64);

impl Seq {
    /// Before the first message.
    pub const NONE: Self = Self(0);

    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// Counts the changes to messages that are there already, in one chat: 1, 2, 3 ... given at the commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChangeNumber(pub u64);

impl ChangeNumber {
    /// Before the first change.
    pub const NONE: Self = Self(0);

    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The last change that is forgotten when this is the newest: a client that knows none after it reads the
    /// chat again.
    #[must_use]
    pub fn forgotten(self) -> Self {
        Self(self.0.saturating_sub(CHANGES_KEPT))
    }
}

/// The id that a client gave its message: a producer, and a sequence that counts its messages from 1.
/// Together with the seat that sent it, it is the idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MessageId(pub u128);

impl MessageId {
    pub fn new(producer: u64, sequence: u64) -> Self {
        Self((u128::from(producer) << 64) | u128::from(sequence))
    }

    pub fn producer(self) -> u64 {
        u64::try_from(self.0 >> 64).unwrap_or_default()
    }

    pub fn sequence(self) -> u64 {
        u64::try_from(self.0 & u128::from(u64::MAX)).unwrap_or_default()
    }
}

/// What the house calls an invite: the SHA-256 of its link token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InviteId(pub [u8; 32]);

/// What the house calls a device: the SHA-256 of its device secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeviceId(pub [u8; 32]);

/// What a device is called in the list of its own seat: another name in every seat, and without the chat's
/// key nobody knows whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeviceTag(pub u64);

impl DeviceTag {
    /// Of a message whose body is gone or cannot be opened: that is where its device is named.
    pub const UNKNOWN: Self = Self(0);
}

/// One run of the store: it changes when a backup is restored, and clients then forget what they keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Incarnation(pub u64);

/// A moment: milliseconds since 1970-01-01 UTC by the wall clock. For people to read; never for order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct At(pub u64);

impl At {
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(by.as_millis()).unwrap_or(u64::MAX)))
    }

    /// How long after `earlier` this is; nothing when it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}
