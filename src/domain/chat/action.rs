//! What is done to a chat, and by whom. Each action says who may do it, so that nobody else can ask for it.

use crate::domain::{At, Command, DeviceId, DeviceTag, Elapsed, InviteId, Name, ParticipantId, Role, Seq};

/// One device of a participant, whose seat was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    pub participant: ParticipantId,
    pub device: DeviceId,
    pub tag: DeviceTag,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// What a seat asks for.
    Command(Actor, Command),
    /// A device of a seat signs out another one, or itself.
    SignOut { participant: ParticipantId, device: DeviceId },
    /// A new invite takes the place of `participant`'s.
    Replace { by: Actor, participant: ParticipantId, invite: InviteId, devices: Devices },
    /// Somebody is let into the group.
    Add { by: Actor, newcomer: Newcomer, invite: InviteId },
    /// A device has closed the chat.
    GoAway { who: Actor, scope: LeaveScope, at: At },
    /// Somebody is about to try a code.
    Try(ParticipantId),
    /// The code was wrong.
    Miss(ParticipantId),
    /// The code was right.
    Enter { participant: ParticipantId, device: DeviceId },
    /// The time of a message is over.
    Vanish(Seq),
    /// Nobody has used it for the agreed time: everybody is told that it will be destroyed.
    Call,
    /// Its final call is over.
    Expire,
    /// The host ends it.
    End,
    /// The host ends it if nobody has ever come in.
    EndUnentered,
    /// A visitor has started more chats than may wait for somebody to come in, and this is the oldest.
    MakeWay,
}

/// Somebody who is to be let into a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    pub name: Name,
    pub role: Role,
    /// Whether they may read what was said before.
    pub reads_history: bool,
}

/// What becomes of the devices that are in by an invite that is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Devices {
    Stay,
    /// They are signed out, but for the one that asks.
    SignedOut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveScope {
    /// The participant, with this device.
    Participant,
    /// This socket of the device; another one of the participant is still here.
    Device,
}

/// The moment at which something is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    pub at: At,
    pub elapsed: Elapsed,
}
