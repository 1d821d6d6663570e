//! The record of an invite: what a link and a code lead to.
//!
//! Names and keys in it are sealed, as in every record.

use serde::{Deserialize, Serialize};

use crate::crypto::Stretch;
use crate::domain::{At, ChatId, Guesses, ParticipantId, SeatId};
use crate::store::rows::{FIRST, Row, RowError, read};

/// One invite.
#[derive(Serialize, Deserialize)]
pub struct InviteRow {
    chat: u64,
    participant: u8,
    /// The salt of the code.
    pub salt: [u8; 16],
    kib: u32,
    passes: u32,
    /// The participant's name, sealed under a key from the token alone.
    pub greeting: Vec<u8>,
    /// The chat's key, wrapped for token, code and slot.
    pub envelope: Vec<u8>,
    tries: u32,
    wait_until: u64,
    came_in: Option<u64>,
    /// Where its own slot key stands; none where it began without one.
    pub slot: Option<u32>,
    came_before: bool,
}

/// The same before invites had slots of their own, and could be replaced.
#[derive(Deserialize)]
struct InviteRow1 {
    chat: u64,
    participant: u8,
    salt: [u8; 16],
    kib: u32,
    passes: u32,
    greeting: Vec<u8>,
    envelope: Vec<u8>,
    tries: u32,
    wait_until: u64,
    came_in: Option<u64>,
}

impl From<InviteRow1> for InviteRow {
    fn from(row: InviteRow1) -> Self {
        let InviteRow1 { chat, participant, salt, kib, passes, greeting, envelope, .. } = row;
        let InviteRow1 { tries, wait_until, came_in, .. } = row;
        let (slot, came_before) = (None, false);
        Self {
            chat,
            participant,
            salt,
            kib,
            passes,
            greeting,
            envelope,
            tries,
            wait_until,
            came_in,
            slot,
            came_before,
        }
    }
}

impl Row for InviteRow {
    const VERSION: u8 = 2;

    fn of(version: u8, body: &[u8]) -> Result<Self, RowError> {
        match version {
            FIRST => Ok(read::<InviteRow1>(body)?.into()),
            _ => Err(RowError::Version(version)),
        }
    }
}

impl InviteRow {
    /// An invite that nobody has used.
    pub fn new(
        seat: SeatId,
        salt: [u8; 16],
        stretch: Stretch,
        slot: u32,
        greeting: Vec<u8>,
        envelope: Vec<u8>,
    ) -> Self {
        let (chat, participant) = (seat.chat.0, seat.participant.0);
        let Stretch { kib, passes } = stretch;
        Self {
            chat,
            participant,
            salt,
            kib,
            passes,
            greeting,
            envelope,
            tries: 0,
            wait_until: 0,
            came_in: None,
            slot: Some(slot),
            came_before: false,
        }
    }

    /// The same in the place of `before`: whose invite it is may have come in already.
    #[must_use]
    pub fn replacing(self, before: &Self) -> Self {
        Self { came_before: before.has_come(), ..self }
    }

    /// Which seat it leads to.
    pub fn seat(&self) -> SeatId {
        SeatId { chat: ChatId(self.chat), participant: ParticipantId(self.participant) }
    }

    /// What its code costs to try.
    pub fn stretch(&self) -> Stretch {
        Stretch { kib: self.kib, passes: self.passes }
    }

    /// The tries since somebody last came in.
    pub fn guesses(&self) -> Guesses {
        Guesses { tries: self.tries, wait_until: At(self.wait_until) }
    }

    /// Notes the tries.
    pub fn charge(&mut self, guesses: Guesses) {
        (self.tries, self.wait_until) = (guesses.tries, guesses.wait_until.0);
    }

    /// Whether anybody has come in by it.
    pub fn came_in(&self) -> bool {
        self.came_in.is_some()
    }

    /// Whether anybody has come in by it, or by one in whose place it is.
    pub fn has_come(&self) -> bool {
        self.came_before || self.came_in()
    }

    /// Notes that somebody came in, and forgives the tries.
    pub fn admit(&mut self, now: At) {
        self.came_in.get_or_insert(now.0);
        self.charge(Guesses::default());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn invite() -> InviteRow {
        let seat = SeatId { chat: ChatId(7), participant: ParticipantId(1) };
        InviteRow::new(seat, [3; 16], Stretch { kib: 8, passes: 1 }, 9, vec![5], vec![6])
    }

    /// The bytes of each version. If this fails, files of houses that exist can no longer be read.
    #[test]
    fn what_is_written_stays_what_it_is() {
        let bytes = [&[2, 7, 1][..], &[3; 16], &[8, 1, 1, 5, 1, 6, 0, 0, 0, 1, 9, 0]].concat();
        assert_eq!(invite().to_bytes(), bytes);
        let older = [&[1, 7, 1][..], &[3; 16], &[8, 1, 1, 5, 1, 6, 4, 0, 1, 2]].concat();
        let row = InviteRow::from_bytes(&older).unwrap();
        assert_eq!((row.slot, row.guesses().tries, row.came_in()), (None, 4, true));
    }

    #[test]
    fn who_came_in_by_an_invite_that_was_replaced_has_come() {
        let mut first = invite();
        assert!(!invite().replacing(&first).has_come());
        first.admit(At(1));
        let second = invite().replacing(&first);
        assert!(!second.came_in() && second.has_come() && invite().replacing(&second).has_come());
    }
}
