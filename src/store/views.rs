//! What reading the store gives, and what it is asked by: plain values that `session` and `http` turn into
//! frames and bodies.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::seat::Seat;
use crate::crypto::{Code, DeviceSecret, LinkToken};
use crate::domain::{
    At, Awaited, ChangeNumber, ChatId, Description, DeviceTag, Elapsed, Idle, Message, Name, ParticipantId,
    Person, Roster, SeatId, Seq, Sight, Stage, VanishAfter, Writers,
};
use crate::limits::UNENTERED_REST;

/// What lets one person in, told once.
pub struct Invite {
    pub token: LinkToken,
    pub code: Code,
}

pub struct Entered {
    /// Its secret when it had none before: it is told once.
    pub new_device: Option<DeviceSecret>,
    pub seat: Seat,
    pub name: Name,
    pub others: Vec<Name>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    pub tag: DeviceTag,
    pub is_asking: bool,
    pub since: At,
    /// When it was last here, to the hour, if that was ever noted.
    pub last_here: Option<At>,
}

/// One row of "your chats".
pub struct Summary {
    pub seat: SeatId,
    /// What the group is called, if it is one.
    pub title: Option<Name>,
    pub name: Name,
    pub others: Vec<Name>,
    pub head: Seq,
    /// Messages of others that the participant has not read; 100 means 100 or more.
    pub unread: u64,
    pub last_at: Option<At>,
    /// When this device came in.
    pub entered: At,
    pub idle: Idle,
    pub due: At,
}

/// What a device may know of one of its seats without the key of the chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatNews {
    pub seat: SeatId,
    pub head: Seq,
    /// Messages of others that the participant has not read; 100 means 100 or more.
    pub unread: u64,
    pub last_at: Option<At>,
}

pub struct State {
    pub head: Seq,
    pub sight: Sight,
    /// The last change of a message.
    pub changed: ChangeNumber,
    /// How long what is said now stays.
    pub vanish_after: Option<VanishAfter>,
    pub idle: Idle,
    pub due: At,
    /// When it is destroyed unless somebody uses it, once there was a final call.
    pub final_call: Option<At>,
    /// None of a pair.
    pub group: Option<GroupView>,
    /// Everybody who is or was in it and whom the participant is shown, in order.
    pub participants: Vec<ParticipantView>,
}

/// What a group has and a pair has not.
pub struct GroupView {
    pub title: Name,
    pub about: Description,
    pub writers: Writers,
    pub roster: Roster,
}

impl State {
    /// Up to where the participant has read.
    pub fn read_by(&self, participant: ParticipantId) -> Seq {
        let mut views = self.participants.iter();
        let own = views.find(|view| view.participant == participant);
        own.map_or(Seq::NONE, |view| view.person.receipt.read)
    }
}

/// In one moment of the store.
pub struct ChatPreview {
    pub state: State,
    /// The newest ones, the oldest of them first.
    pub messages: Vec<Message>,
}

/// One participant, as the store knows them: each person who looks is shown it through a `Viewer`.
pub struct ParticipantView {
    pub participant: ParticipantId,
    pub name: Name,
    pub person: Person,
    pub last_here: Option<At>,
    /// Wrong codes on their link since somebody last came in by it.
    pub tries: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// The newest ones before it.
    Before(Seq),
    /// The oldest ones after it.
    After(Seq),
    Newest,
}

/// Messages as they are now, in the order in which they were last changed.
pub struct ChangesPage {
    pub messages: Vec<Message>,
    /// No change up to this one is missing.
    pub up_to: ChangeNumber,
    /// Whether that is all.
    pub is_last: bool,
}

#[derive(Default)]
pub struct Page {
    /// The oldest first.
    pub messages: Vec<Message>,
    /// In the direction that was asked for.
    pub more: bool,
}

/// What comes next in a chat, for each of several seats in their order: each may read other messages, or has
/// hidden other ones.
pub struct Backlog {
    /// The oldest first.
    pub shown: Vec<Vec<Message>>,
    /// No message up to this one is missing; none where there are no more.
    pub up_to: Option<Seq>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurgeSnapshot {
    pub now: Elapsed,
    /// How many chats there are, but for those that wait for somebody to come in.
    pub chats: usize,
    /// Those that have been idle too long, the longest first.
    pub late: Vec<(ChatId, Stage)>,
    /// Those whose time is over and that nobody ever entered: nothing is in them.
    pub unentered: Vec<(ChatId, Stage)>,
    /// Nothing is to be destroyed before this much was watched.
    pub held_until: u64,
    /// How many rows of what was destroyed are left in free pages of the store.
    pub dead_rows: u64,
    pub is_compaction_due: bool,
}

/// What the host may know of one chat: nothing of who is in it and what was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatStats {
    pub chat: ChatId,
    pub started: At,
    /// When somebody last said something, came in or kept it.
    pub used: At,
    pub idle: Idle,
    pub messages: u64,
    pub people: usize,
    pub devices: u64,
    pub was_entered: bool,
    /// Whether somebody still has to come in: until then its idle time is at most a week.
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HouseStats {
    /// All chats, also those that nobody has come into yet.
    pub chats: u64,
    pub messages: u64,
    pub seats: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footprint {
    pub store_bytes: u64,
    pub free_bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PurgeAction {
    Call(ChatId),
    Destroy(ChatId),
    /// The time of a message is over.
    Vanish(ChatId, Seq),
    /// Destroy nothing more before this much was watched.
    Hold {
        until: u64,
    },
    Forget(ExpiredTombstones),
}

/// What the host ends, however long it may still be unused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostEnd {
    Chat(ChatId),
    NeverEntered(Vec<ChatId>),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpiredTombstones {
    /// In the order of their numbers.
    pub chats: Vec<ChatId>,
    pub invites: Vec<[u8; 32]>,
}

/// A file of an open house that is not in its place any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostFile {
    pub path: PathBuf,
    pub loss: Loss,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    Deleted,
    /// Another file has its name.
    Replaced,
}

impl fmt::Display for LostFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.loss {
            Loss::Deleted => "was deleted",
            Loss::Replaced => "was replaced by another file",
        };
        write!(f, "{} {what}", self.path.display())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compacted {
    pub before: u64,
    pub after: u64,
    /// So long the writer was held.
    pub held: Duration,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    pub called: u64,
    pub destroyed: u64,
    pub forgotten: u64,
    /// Messages whose time was over.
    pub vanished: u64,
}
