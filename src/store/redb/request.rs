//! What the writer can be asked for, and the replies that wait for a commit.

use std::sync::mpsc::SyncSender;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use redb::Database;
use tokio::sync::oneshot;

use super::copy_completion::ChangesAtStart;
use crate::crypto::{ChatKey, Code, LinkToken, SlotKey, Stretch, Stretched};
use crate::domain::{
    At, Caller, Command, DeviceId, DeviceTag, Devices, Idle, InviteId, LeaveScope, MessageId, Name, Outcome,
    ParticipantId, Refusal, Role, Seq, Sight,
};
use crate::store::error::StoreError;
use crate::store::rows::InviteRow;
use crate::store::seat::Seat;
use crate::store::views::{HostEnd, Invite, PurgeAction, PurgeSnapshot, Purged};

pub type Reply<T> = oneshot::Sender<Result<T, StoreError>>;
/// The open store file, shared with the readers; taken out when it is closed.
pub type SharedDatabase = Arc<RwLock<Option<Database>>>;
/// Where requests are handed in. Boxed, so that an empty queue takes little memory.
pub type RequestQueue = SyncSender<Box<Request>>;
pub type Connected = Arc<dyn Fn(DeviceId) -> bool + Send + Sync>;

pub enum Request {
    Command {
        seat: Seat,
        command: Command,
        /// What was found of its producer, once that was looked for.
        searched: Option<Vec<(MessageId, Seq)>>,
        reply: Reply<Outcome>,
    },
    Start {
        draft: ChatDraft,
        reply: Reply<Vec<Invite>>,
    },
    Charge {
        invite: InviteId,
        kept_slot: Option<u32>,
        reply: Reply<Charged>,
    },
    Miss {
        invite: InviteId,
        reply: Reply<Refusal>,
    },
    Admit {
        entry: DeviceEntry,
        reply: Reply<Admitted>,
    },
    SignOut {
        seat: Seat,
        tag: DeviceTag,
        reply: Reply<()>,
    },
    Replace {
        replacement: Replacement,
        reply: Reply<Invite>,
    },
    Add {
        addition: Addition,
        reply: Reply<(ParticipantId, Invite)>,
    },
    LastHere {
        seat: Seat,
        scope: LeaveScope,
        at: At,
    },
    PurgeSnapshot {
        reply: Reply<PurgeSnapshot>,
    },
    Purge {
        actions: Vec<PurgeAction>,
        reply: Reply<Purged>,
    },
    End {
        end: HostEnd,
        reply: Reply<u64>,
    },
    Swap {
        copy: StoreCopy,
        reply: Reply<Duration>,
    },
    // After so many bytes were written.
    CompactionFailed {
        bytes: u64,
    },
    // The newest finished backup was begun then.
    NoteBackup {
        at: At,
        reply: Reply<()>,
    },
    // Somebody could not read: a commit shows whether the disk has failed.
    Probe,
    // Somebody wants to know whether a commit succeeds.
    Prove {
        reply: Reply<()>,
    },
    Close,
}

impl Request {
    pub fn seat(&self) -> Option<&Seat> {
        match self {
            Self::Command { seat, .. } | Self::SignOut { seat, .. } | Self::LastHere { seat, .. } => {
                Some(seat)
            }
            Self::Replace { replacement, .. } => Some(&replacement.seat),
            Self::Add { addition, .. } => Some(&addition.seat),
            _ => None,
        }
    }

    /// Whether it can wait for another request's commit.
    pub fn is_patient(&self) -> bool {
        matches!(self, Self::LastHere { .. } | Self::Command { command: Command::Mark(_), .. })
    }
}

pub struct ChatDraft {
    pub people: Vec<InviteDraft>,
    pub idle: Idle,
    pub by: Caller,
    /// What the group is called, if it is one.
    pub title: Option<Name>,
}

/// For one person, the code stretched already.
pub struct InviteDraft {
    pub name: Name,
    pub token: LinkToken,
    pub code: Code,
    pub salt: [u8; 16],
    pub cost: Stretch,
    pub stretched: Stretched,
}

/// A device whose code was right.
pub struct DeviceEntry {
    pub invite: InviteId,
    pub device: DeviceId,
    /// Of the seat that the device has already, if what is in it opened.
    pub kept_slot: Option<u32>,
    /// For any other seat: the key for its own slot, and the envelope that needs it.
    pub own: SlotKey,
    pub envelope: Vec<u8>,
    /// The chat's.
    pub key: ChatKey,
    pub connected: Connected,
}

/// What a device is told that comes in.
pub struct Admitted {
    /// The sealed names of those who are in the chat and shown to its participant, in order.
    pub names: Vec<(ParticipantId, Vec<u8>)>,
    pub sight: Sight,
}

/// What a code is looked at with, once that was charged.
pub struct Charged {
    pub row: InviteRow,
    pub slot: SlotKey,
    /// What the envelope is sealed under: the chat's slot key, joined with the invite's own.
    pub lock: SlotKey,
}

pub struct Replacement {
    pub seat: Seat,
    pub participant: ParticipantId,
    pub invite: InviteDraft,
    pub devices: Devices,
}

/// Somebody who is let into a group.
pub struct Addition {
    pub seat: Seat,
    pub invite: InviteDraft,
    pub role: Role,
    pub reads_history: bool,
}

/// A new store file that has the messages of a moment ago.
pub struct StoreCopy {
    pub database: Database,
    /// Which opening of the old file it was copied from.
    pub opening: u64,
    /// The last change of each chat in that moment.
    pub changed: ChangesAtStart,
}

pub struct PendingReply(Box<dyn FnOnce() + Send>);

impl PendingReply {
    pub fn new<T: Send + 'static>(reply: Reply<T>, result: Result<T, Refusal>) -> Self {
        // The asker may have gone: what was asked is true all the same.
        Self(Box::new(move || drop(reply.send(result.map_err(StoreError::Refused)))))
    }

    pub fn nobody() -> Self {
        Self(Box::new(|| ()))
    }

    pub fn send(self) {
        (self.0)();
    }
}
