//! What reading the store gives, and what it is asked by: plain values that `session` and `http` turn into
//! frames and bodies.

use std::time::Duration;

use super::seat::Seat;
use crate::crypto::{Code, DeviceSecret, LinkToken};
use crate::domain::{
    At, Awaited, ChatId, DeviceTag, Elapsed, Idle, Message, Name, ParticipantId, Receipt, SeatId, Seq, Stage,
};
use crate::limits::UNENTERED_REST;

/// What lets one person in, told once.
pub struct Invite {
    /// The secret of the link.
    pub token: LinkToken,
    /// The secret that is told another way.
    pub code: Code,
}

/// A device that has come in.
pub struct Entered {
    /// Its secret when it had none before: it is told once.
    pub new_device: Option<DeviceSecret>,
    /// The seat that it has now.
    pub seat: Seat,
    /// The participant's own name.
    pub name: Name,
    /// The names of the others, in order.
    pub others: Vec<Name>,
}

/// One device that is in at a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// What it is called there.
    pub tag: DeviceTag,
    /// Whether it is the one that asks.
    pub is_asking: bool,
    /// When it came in.
    pub since: At,
    /// When it was last here, to the hour, if that was ever noted.
    pub last_here: Option<At>,
}

/// What becomes of the devices that are in by an invite that is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Devices {
    /// They stay in.
    Stay,
    /// They are signed out, but for the one that asks.
    SignedOut,
}

/// Who is not here any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveScope {
    /// The participant, with this device.
    Participant,
    /// This socket of the device; another one of the participant is still here.
    Device,
}

/// One row of "your chats".
pub struct Summary {
    /// The seat in that chat.
    pub seat: SeatId,
    /// The participant's own name.
    pub name: Name,
    /// The names of the others, in order.
    pub others: Vec<Name>,
    /// The last message's position.
    pub head: Seq,
    /// Messages of others that the participant has not read; 100 means 100 or more.
    pub unread: u64,
    /// The last message's time.
    pub last_at: Option<At>,
    /// The agreed time without use.
    pub idle: Idle,
    /// When the chat is destroyed if nobody uses it.
    pub due: At,
}

/// A chat as it is now.
pub struct State {
    /// The last message's position.
    pub head: Seq,
    /// The agreed time without use.
    pub idle: Idle,
    /// When the chat is destroyed if nobody uses it.
    pub due: At,
    /// When it is destroyed unless somebody uses it, once there was a final call.
    pub final_call: Option<At>,
    /// Everybody in it, in order.
    pub participants: Vec<ParticipantView>,
}

/// A chat as somebody sees it first, in one moment of the store.
pub struct ChatPreview {
    /// The chat as it is now.
    pub state: State,
    /// The newest messages, the oldest of them first.
    pub messages: Vec<Message>,
}

/// One participant, as the store knows them: each person who looks is shown it through a `Viewer`.
pub struct ParticipantView {
    /// Their number in the chat.
    pub participant: ParticipantId,
    /// The name they are known by.
    pub name: Name,
    /// Whether anybody has come in by their invite.
    pub came_in: bool,
    /// When they last left.
    pub last_here: Option<At>,
    /// How far they have got.
    pub receipt: Receipt,
    /// Wrong codes on their link since somebody last came in by it.
    pub tries: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// The newest ones before this.
    Before(Seq),
    /// The oldest ones after this.
    After(Seq),
    /// The newest ones.
    Newest,
}

/// Messages in order, the oldest first.
pub struct Page {
    /// As many as were asked for, or as fit.
    pub messages: Vec<Message>,
    /// Whether there are more in the direction that was asked for.
    pub more: bool,
}

/// What the purge looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurgeSnapshot {
    /// How much has passed.
    pub now: Elapsed,
    /// How many chats there are, but for those that wait for somebody to come in.
    pub chats: usize,
    /// Those that have been idle too long, the longest first.
    pub late: Vec<(ChatId, Stage)>,
    /// Those whose time is over and that nobody ever entered: nothing is in them.
    pub unentered: Vec<(ChatId, Stage)>,
    /// Nothing is to be destroyed before so much was watched.
    pub held_until: u64,
    /// How many messages there are.
    pub messages: u64,
    /// How many rows of chats that were destroyed are left in free pages of the store.
    pub dead_rows: u64,
    /// For how many milliseconds, watched, nobody did anything.
    pub quiet_for: u64,
    /// How much was watched when the house opened.
    pub opened: u64,
}

/// What the host may know of one chat: nothing of who is in it and what was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatStats {
    pub chat: ChatId,
    /// When it was started.
    pub started: At,
    /// When somebody last said something, came in or kept it.
    pub used: At,
    /// How long it may be unused.
    pub idle: Idle,
    /// How many messages it has.
    pub messages: u64,
    /// How many participants it has.
    pub people: usize,
    /// How many devices hold a seat in it.
    pub devices: u64,
    /// Whether anybody ever came in.
    pub was_entered: bool,
    /// Whether it waits for that no longer than a week.
    pub awaited: Awaited,
}

impl ChatStats {
    /// When its final call begins if nobody uses it.
    pub fn due(&self) -> At {
        match self.awaited {
            Awaited::Nobody => self.idle.due(self.used),
            Awaited::Anybody => self.idle.due(self.used).min(self.used.plus(UNENTERED_REST)),
        }
    }
}

/// How much there is in the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HouseStats {
    /// All chats, also those that nobody has come into yet.
    pub chats: u64,
    /// The messages of all chats.
    pub messages: u64,
    /// The seats that devices hold.
    pub seats: u64,
}

/// What the files of the house take, and what is left for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footprint {
    /// Bytes of the store file.
    pub store_bytes: u64,
    /// Bytes that are free on its disk.
    pub free_bytes: u64,
}

/// One thing that the purge has decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PurgeAction {
    /// Begin the final call of a chat.
    Call(ChatId),
    /// Destroy a chat whose final call is over.
    Destroy(ChatId),
    /// Destroy nothing more before so much was watched.
    Hold {
        /// How much is watched by then.
        until: u64,
    },
    /// Forget how chats ended.
    Forget(ExpiredTombstones),
}

/// What the host ends, however long it may still be unused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostEnd {
    Chat(ChatId),
    /// Those of these chats that nobody has ever come into.
    NeverEntered(Vec<ChatId>),
}

/// What is left of chats that ended long ago.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpiredTombstones {
    /// In the order of their numbers.
    pub chats: Vec<ChatId>,
    /// The invites that led into them.
    pub invites: Vec<[u8; 32]>,
}

/// What a compaction came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compacted {
    /// Bytes of the store file before.
    pub before: u64,
    /// Bytes of the store file after.
    pub after: u64,
    /// For how long the writer was held.
    pub held: Duration,
}

/// What a purge came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Final calls begun.
    pub called: u64,
    pub destroyed: u64,
    /// Ended chats forgotten.
    pub forgotten: u64,
}
