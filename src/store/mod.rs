//! What the house keeps, and the only way to it.
//!
//! This file is the face of the room, but for what the host asks ([`host`]) and the ways in ([`admission`]).
//! Behind it: the engine with one thread that writes and readers beside it ([`engine`]), the destroyable
//! halves of keys ([`keys`]), rows as bytes ([`rows`]) and what a copy of the whole is ([`backup`]). The only
//! room that can make a [`Seat`]. It never looks at who listens: what became true leaves by the
//! `publish` closure of [`Store::open`], after its commit, in the order of commits.

mod admission;
mod backup;
mod disk;
mod engine;
mod error;
mod host;
mod keys;
mod options;
mod publication;
mod redb;
mod rows;
mod seat;
mod views;

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use crate::crypto::{DeviceSecret, LinkToken};
use crate::domain::{
    At, Beginning, ChangeNumber, ChangedChats, ChatId, Command, DeviceId, DeviceTag, Draft, Incarnation,
    InviteState, LeaveScope, MessageId, Name, Outcome, SeatId, Seq,
};
use crate::limits::PAGE_MESSAGES_MAX;

pub use backup::{BackupContents, BackupError, RestoreError, UnpackError};
pub use disk::{Disk, RealDisk};
#[cfg(feature = "test-support")]
pub use disk::{DiskFile, FileId, MemoryFile};
#[cfg(feature = "test-support")]
pub use engine::Backend;
pub use engine::{Replace, RestoreTarget, Restored, check_place, peek, verify};
pub use error::{OpenError, StoreError};
#[cfg(feature = "test-support")]
pub use keys::slot_file::SlotFile;
pub use options::Options;
pub use publication::{Committed, Publication};
#[cfg(feature = "test-support")]
pub use rows::{
    ChangeRow, ChatRow, CompactionRow, InviteRow, MessageRow, ParticipantRow, ProducersRow, ReactionRow, Row,
    SeatRow, TimeRow, TombstoneRow,
};
pub use seat::Seat;
pub use views::{
    Backlog, ChangesPage, ChatPreview, ChatStats, Compacted, Device, Entered, ExpiredTombstones, Invite,
    Loss, LostFile, Page, ParticipantView, PurgeAction, PurgeSnapshot, Purged, SeatNews, Span, State,
    Summary,
};

use admission::Admission;
use engine::{Engine, ReadTx, Request, compaction};

/// Cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Arc<Engine>,
    admission: Arc<Admission>,
}

impl Store {
    /// Opens the house's files, finishes what a crash interrupted, and starts the writer. What became true
    /// leaves through `publish`, on a thread beside the writer's, which must not block.
    pub fn open(
        options: Options,
        publish: impl FnMut(Publication) + Send + 'static,
    ) -> Result<Self, OpenError> {
        let (cost, dir) = (options.stretch, options.dir.clone());
        let engine = Arc::new(Engine::open(options, publish)?);
        let admission = Admission::start_worker(cost);
        let admission = Arc::new(admission.map_err(|error| OpenError::Io(dir, error))?);
        Ok(Self { engine, admission })
    }

    pub fn incarnation(&self) -> Incarnation {
        self.engine.incarnation
    }

    /// Resolves when the writer has stopped by itself, which is an error of ours: the process must end (I2).
    pub async fn failed(&self) {
        self.engine.failed.cancelled().await;
    }

    /// It will be closed soon: what takes long and can be done another time is given up.
    pub fn retire(&self) {
        self.engine.closing.cancel();
    }

    /// Returns when everything that was queued is done and the file is closed.
    pub async fn close(&self) {
        self.engine.close().await;
    }

    pub async fn check(&self) -> Result<(), StoreError> {
        self.engine.read(ReadTx::check).await
    }

    /// Whether a commit succeeded no longer ago than `within`; where none was asked for, one is tried. So a
    /// house in which somebody writes proves that it can without writing anything more.
    pub async fn prove(&self, within: Duration) -> Result<(), StoreError> {
        let committed = *self.engine.committed.lock().unwrap_or_else(PoisonError::into_inner);
        if committed.elapsed() <= within {
            return Ok(());
        }
        self.engine.ask(|reply| Request::Prove { reply }).await
    }

    pub async fn greeting(&self, token: &LinkToken) -> Result<Name, StoreError> {
        let token = token.clone();
        self.engine.read(move |tx| tx.greeting(&token)).await
    }

    pub async fn statuses(&self, tokens: &[LinkToken]) -> Result<Vec<InviteState>, StoreError> {
        let invites: Vec<_> = tokens.iter().map(LinkToken::id).collect();
        self.engine.read(move |tx| invites.iter().map(|invite| tx.status(*invite)).collect()).await
    }

    pub async fn seats(&self, device: &DeviceSecret) -> Result<Vec<Seat>, StoreError> {
        let device = device.clone();
        self.engine.read(move |tx| tx.seats(&device)).await
    }

    /// Which seats the device has. No chat is read, and no key is opened.
    pub async fn seat_ids(&self, device: DeviceId) -> Result<Vec<SeatId>, StoreError> {
        self.engine.read(move |tx| tx.seat_ids(device)).await
    }

    /// What a device may know of its seats without a key: of all, or of those in some chats. A seat that it
    /// does not have has none.
    pub async fn seat_news(
        &self,
        device: DeviceId,
        chats: ChangedChats,
    ) -> Result<Vec<SeatNews>, StoreError> {
        self.engine.read(move |tx| tx.seat_news(device, &chats)).await
    }

    /// One seat of the device. Refused with `NoSuchSeat`, or `Ended` where the chat was.
    pub async fn seat(&self, device: &DeviceSecret, id: SeatId) -> Result<Seat, StoreError> {
        let device = device.clone();
        self.engine.read(move |tx| tx.seat(&device, id)).await
    }

    /// The rows of "your chats", the most recently used first. A seat that is gone meanwhile has none.
    pub async fn summaries(&self, seats: Vec<Seat>) -> Result<Vec<Summary>, StoreError> {
        self.engine.read(move |tx| tx.summaries(&seats)).await
    }

    pub async fn state(&self, seat: &Seat) -> Result<State, StoreError> {
        let seat = seat.clone();
        self.engine.read(move |tx| tx.state(&seat)).await
    }

    /// At most `ENTER_MESSAGES_MAX` and `ENTER_TEXT_BYTES_MAX`, but one message at least where there is one.
    pub async fn preview(&self, seat: &Seat) -> Result<ChatPreview, StoreError> {
        let seat = seat.clone();
        self.engine.read(move |tx| tx.preview(&seat)).await
    }

    /// At most `limit`, `PAGE_MESSAGES_MAX` and `PAGE_BYTES_MAX`, but one at least where there is one.
    pub async fn page(&self, seat: &Seat, span: Span, limit: usize) -> Result<Page, StoreError> {
        let seat = seat.clone();
        self.engine.read(move |tx| tx.page(&seat, span, limit)).await
    }

    /// What comes after a message, for each of these seats of one chat; as much as a page has.
    pub async fn backlog(&self, seats: Vec<Seat>, after: Seq) -> Result<Backlog, StoreError> {
        self.engine.read(move |tx| tx.backlog(&seats, after)).await
    }

    /// What was changed after `after` among the messages up to `until`, as it is now; as much as a page has.
    /// None where too much was changed since: the chat has to be read again.
    pub async fn changes(
        &self,
        seat: &Seat,
        after: ChangeNumber,
        until: Seq,
    ) -> Result<Option<ChangesPage>, StoreError> {
        let seat = seat.clone();
        self.engine.read(move |tx| tx.changes(&seat, after, until)).await
    }

    /// In one moment of the store; as much as a page has.
    pub async fn news(&self, seat: &Seat, beginning: Beginning) -> Result<(State, Page), StoreError> {
        let seat = seat.clone();
        let news = move |tx: &ReadTx| {
            let state = tx.state(&seat)?;
            let span = Span::After(beginning.after(state.head, state.read_by(seat.id.participant)));
            Ok((state, tx.page(&seat, span, PAGE_MESSAGES_MAX)?))
        };
        self.engine.read(news).await
    }

    /// Hands a command to the writer; resolves when it is durable and has been published. A full queue is
    /// refused at once with `Busy`. The command is under way when this returns; the future only brings its
    /// outcome, and may be dropped. A message may come back as [`Outcome::NeedsSearch`], for
    /// [`Self::hand_in_again`]; until that is done, another one of the same producer would overtake it.
    pub fn hand_in(
        &self,
        seat: &Seat,
        command: Command,
    ) -> impl Future<Output = Result<Outcome, StoreError>> + Send + use<> {
        ask_for(&self.engine, seat.clone(), command, None)
    }

    /// Looks for the message's producer among the newest messages, unless it has become known, and hands the
    /// message in once more.
    pub fn hand_in_again(
        &self,
        seat: &Seat,
        id: MessageId,
        draft: Draft,
    ) -> impl Future<Output = Result<Outcome, StoreError>> + Send + use<> {
        let (engine, seat) = (Arc::clone(&self.engine), seat.clone());
        async move {
            match ask_for(&engine, seat.clone(), Command::Say { id, draft }, None).await? {
                Outcome::NeedsSearch { id, draft } => {
                    let (looking, producer) = (seat.clone(), id.producer());
                    let found = engine.read(move |tx| tx.said_by(&looking, producer)).await?;
                    ask_for(&engine, seat, Command::Say { id, draft: *draft }, Some(found)).await
                }
                outcome => Ok(outcome),
            }
        }
    }

    /// The same, to its end: of one who hands in one command at a time.
    pub fn submit(
        &self,
        seat: &Seat,
        command: Command,
    ) -> impl Future<Output = Result<Outcome, StoreError>> + Send + use<> {
        let (store, seat) = (self.clone(), seat.clone());
        let handed_in = self.hand_in(&seat, command);
        async move {
            match handed_in.await? {
                Outcome::NeedsSearch { id, draft } => store.hand_in_again(&seat, id, *draft).await,
                outcome => Ok(outcome),
            }
        }
    }

    /// Kept with the next commit. Lost when the writer is very busy: it is a courtesy.
    pub fn last_here(&self, seat: &Seat, scope: LeaveScope, at: At) {
        self.engine.suggest(Request::LastHere { seat: seat.clone(), scope, at });
    }

    pub async fn devices(&self, seat: &Seat) -> Result<Vec<Device>, StoreError> {
        let seat = seat.clone();
        self.engine.read(move |tx| tx.devices(&seat)).await
    }

    /// Signs out a device. Refused with `NoSuchDevice`. Signing out oneself is leaving.
    pub async fn sign_out(&self, seat: &Seat, tag: DeviceTag) -> Result<(), StoreError> {
        let seat = seat.clone();
        self.engine.ask(|reply| Request::SignOut { seat, tag, reply }).await
    }

    /// Writes how much time has passed, every few minutes.
    pub async fn purge_snapshot(&self) -> Result<PurgeSnapshot, StoreError> {
        self.engine.ask(|reply| Request::PurgeSnapshot { reply }).await
    }

    /// Does what the purge has decided, in one transaction. Each action is judged again in it.
    pub async fn purge(&self, actions: Vec<PurgeAction>) -> Result<Purged, StoreError> {
        self.engine.ask(|reply| Request::Purge { actions, reply }).await
    }

    /// Leaves nothing in the file of chats that were destroyed. Everybody can go on meanwhile; at the end the
    /// writer is held for a moment. None where the disk has no room for a copy.
    pub async fn compact(&self) -> Result<Option<Compacted>, StoreError> {
        compaction::compact(&self.engine).await
    }

    /// Messages whose time is over; at most as many as one run of the purge removes.
    pub async fn vanished(&self) -> Result<Vec<(ChatId, Seq)>, StoreError> {
        self.engine.read(ReadTx::vanished).await
    }

    /// What is left of chats that ended when less than `before` had passed; at most as many as one purge
    /// forgets.
    pub async fn expired_tombstones(&self, before: u64) -> Result<ExpiredTombstones, StoreError> {
        self.engine.read(move |tx| tx.expired_tombstones(before)).await
    }
}

/// `searched` is what a reader found of the message's producer: the writer looks through no chat.
fn ask_for(
    engine: &Engine,
    seat: Seat,
    command: Command,
    searched: Option<Vec<(MessageId, Seq)>>,
) -> impl Future<Output = Result<Outcome, StoreError>> + Send + use<> {
    engine.ask(move |reply| Request::Command { seat, command, searched, reply })
}
