//! What the writer can be asked for, and the replies that wait for a commit.

use std::sync::mpsc::SyncSender;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use redb::Database;
use tokio::sync::oneshot;

use crate::crypto::{Code, LinkToken, Stretch, Stretched};
use crate::domain::{
    At, Caller, Command, DeviceId, DeviceTag, Idle, InviteId, Name, Outcome, ParticipantId, Refusal, SeatId,
};
use crate::store::error::StoreError;
use crate::store::publication::Origin;
use crate::store::seat::Seat;
use crate::store::views::{Devices, HostEnd, Invite, LeaveScope, PurgeAction, PurgeSnapshot, Purged};

pub type Reply<T> = oneshot::Sender<Result<T, StoreError>>;
/// The open store file, shared with the readers; taken out when it is closed.
pub type SharedDatabase = Arc<RwLock<Option<Database>>>;
/// Where requests are handed in. Boxed, so that an empty queue takes little memory.
pub type RequestQueue = SyncSender<Box<Request>>;
pub type Connected = Arc<dyn Fn(DeviceId) -> bool + Send + Sync>;

pub enum Request {
    Command { seat: Seat, command: Command, origin: Option<Origin>, reply: Reply<Outcome> },
    Start { draft: ChatDraft, reply: Reply<Vec<Invite>> },
    Charge { invite: InviteId, reply: Reply<()> },
    Miss { invite: InviteId, reply: Reply<Refusal> },
    Admit { entry: DeviceEntry, reply: Reply<()> },
    SignOut { seat: Seat, tag: DeviceTag, reply: Reply<()> },
    Replace { replacement: Replacement, reply: Reply<Invite> },
    LastHere { seat: Seat, scope: LeaveScope, at: At },
    PurgeSnapshot { reply: Reply<PurgeSnapshot> },
    Purge { actions: Vec<PurgeAction>, reply: Reply<Purged> },
    End { end: HostEnd, reply: Reply<u64> },
    Swap { copy: StoreCopy, reply: Reply<Duration> },
    // The newest finished backup was begun then.
    NoteBackup { at: At, reply: Reply<()> },
    // Somebody could not read: a commit shows whether the disk has failed.
    Probe,
    // Somebody wants to know whether a commit succeeds.
    Prove { reply: Reply<()> },
    Close,
}

impl Request {
    pub fn seat(&self) -> Option<&Seat> {
        match self {
            Self::Command { seat, .. } | Self::SignOut { seat, .. } | Self::LastHere { seat, .. } => {
                Some(seat)
            }
            Self::Replace { replacement, .. } => Some(&replacement.seat),
            _ => None,
        }
    }

    /// Whether somebody in a chat does something, and it is not the house itself or its host.
    pub fn is_of_a_person(&self) -> bool {
        !matches!(
            self,
            Self::PurgeSnapshot { .. }
                | Self::Purge { .. }
                | Self::End { .. }
                | Self::Swap { .. }
                | Self::NoteBackup { .. }
                | Self::Probe
                | Self::Prove { .. }
                | Self::Close
        )
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
    pub seat: SeatId,
    pub device: DeviceId,
    pub envelope: Vec<u8>,
    pub connected: Connected,
}

pub struct Replacement {
    pub seat: Seat,
    pub participant: ParticipantId,
    pub invite: InviteDraft,
    pub devices: Devices,
}

/// A new store file that has the messages of a moment ago.
pub struct StoreCopy {
    pub database: Database,
    /// Which opening of the old file it was copied from.
    pub opening: u64,
}

pub struct PendingReply {
    /// What only repeats, or is refused, is answered from what is on the disk already: nobody wears a card
    /// out by asking the same again and again.
    pub is_of_a_change: bool,
    send: Box<dyn FnOnce()>,
}

impl PendingReply {
    pub fn new<T: 'static>(reply: Reply<T>, result: Result<T, Refusal>, is_of_a_change: bool) -> Self {
        // The asker may have gone: what was asked is true all the same.
        let send = move || drop(reply.send(result.map_err(StoreError::Refused)));
        Self { is_of_a_change, send: Box::new(send) }
    }

    pub fn nobody(is_of_a_change: bool) -> Self {
        Self { is_of_a_change, send: Box::new(|| ()) }
    }

    pub fn send(self) {
        (self.send)();
    }
}
