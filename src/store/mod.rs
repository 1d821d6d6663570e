//! What the house keeps, and the only way to it.
//!
//! This file is the whole face of the room, but for what the host asks, which is in [`host`]. Behind it: one
//! thread that writes ([`writer`]), readers beside it, a thread that stretches codes, the key-slot file. The
//! only room that says `redb`, and the only one that can make a [`Seat`]. It never looks at who listens: what
//! became true leaves by the `publish` closure of [`Store::open`], after its commit, in the order of commits.

mod admission;
mod backup;
pub(crate) mod fuzzing;
mod host;
mod keys;
mod redb;
mod rows;
mod views;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::mpsc::TrySendError;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, Machine, RealMachine, wall_clock};
use crate::crypto::{ChatKey, Code, DeviceSecret, LinkToken, Stretch};
use crate::domain::{
    At, Caller, ChatId, Command, DeviceId, DeviceTag, Event, Idle, Incarnation, Name, Names, Outcome,
    ParticipantId, Refusal, SeatId, Seq,
};
use crate::limits::{MEND_PATIENCE, PAGE_MESSAGES_MAX};

pub use backup::{
    BackupContents, BackupError, BackupSummary, Replace, RestoreError, RestoreTarget, Restored, UnpackError,
    peek, verify,
};
pub use redb::disk::{BoxedBackend, Disk, RealDisk};
pub use redb::open::OpenError;
pub use views::{
    ChatPreview, ChatStats, Compacted, Device, Devices, Entered, ExpiredTombstones, Footprint, Invite,
    InviteState, LeaveScope, Page, ParticipantView, PurgeAction, PurgeSnapshot, Purged, Span, State, Summary,
};

use admission::address_limiter::AddressLimiter;
use admission::attempts::AttemptsInFlight;
use admission::kdf_worker::KdfWorker;
use keys::slot_file::Slots;
use redb::apply::Broken;
use redb::files::Files;
use redb::reader::{NoAnswer, ReadTx};
use redb::writer::{Job, Queue, Shared};
use redb::{compaction, open, reader, writer};

/// Whether a device has a socket open.
pub type Connected = Arc<dyn Fn(DeviceId) -> bool + Send + Sync>;

/// What opening the store needs.
pub struct Options {
    /// The data directory; made, with mode 0700, where it does not exist.
    pub dir: PathBuf,
    /// What a code costs to try.
    pub stretch: Stretch,
    /// What time it is.
    pub clock: Clock,
    /// What else the machine knows of time.
    pub machine: Arc<dyn Machine>,
    /// Where the files are; a test's disk can fail.
    pub disk: Box<dyn Disk>,
    /// For how long a disk that fails is tried again before the store stops.
    pub patience: Duration,
}

impl Options {
    /// On this machine, with its disk and its clock.
    pub fn real(dir: PathBuf) -> Self {
        Self {
            dir,
            stretch: Stretch::default(),
            clock: Arc::new(wall_clock),
            machine: Arc::new(RealMachine::new()),
            disk: Box::new(RealDisk),
            patience: MEND_PATIENCE,
        }
    }
}

/// The socket that a command came in by, so that its answer and the event are one frame there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Origin(pub u64);

/// What leaves the store.
#[derive(Clone, Debug)]
pub enum Publication {
    /// This became true, in this order.
    Committed(Vec<Committed>),
    /// A commit failed and the files were opened anew: there may be more than was told. Whoever listens
    /// begins anew.
    Doubt,
}

impl Publication {
    /// Whether something was destroyed of which the file of the store still has traces.
    pub fn leaves_dead_rows(&self) -> bool {
        let Self::Committed(events) = self else { return false };
        let litters =
            |event: &Event| matches!(event, Event::Ended(_) | Event::Left { .. } | Event::Invited { .. });
        events.iter().any(|committed| litters(&committed.event))
    }
}

/// One event after its commit.
#[derive(Clone, Debug)]
pub struct Committed {
    /// In which chat.
    pub chat: ChatId,
    /// What became true.
    pub event: Event,
    /// Which socket asked for it.
    pub origin: Option<Origin>,
}

/// Why something was not done.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The guest's fault.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    /// A commit failed, or the writer has stopped: what was asked is neither done nor refused (I2). Reconnect
    /// and ask again.
    #[error("it is not known whether it was done")]
    Unknown,
    /// Our fault; the text is for the journal, never for the guest.
    #[error("{0}")]
    Failed(Arc<str>),
}

impl StoreError {
    /// Our fault, in words for the journal.
    fn failed(cause: impl std::fmt::Display) -> Self {
        Self::Failed(cause.to_string().into())
    }
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Broken> for StoreError {
    /// A read beside a writer that has stopped knows no more than the writer (I2).
    fn from(broken: Broken) -> Self {
        if reader::is_stopped(&broken) { Self::Unknown } else { Self::failed(broken) }
    }
}

impl From<NoAnswer> for StoreError {
    fn from(none: NoAnswer) -> Self {
        match none {
            NoAnswer::Refused(refusal) => Self::Refused(refusal),
            NoAnswer::Broken(broken) => broken.into(),
        }
    }
}

/// The proven right of one device to act as one participant, with the key of the chat. Only the store makes
/// one.
#[derive(Clone)]
pub struct Seat {
    id: SeatId,
    device: DeviceId,
    key: Arc<ChatKey>,
    /// Which opening of the store gave it. After the files were opened anew it is no longer known what was
    /// done of what was asked through it, and nothing more is done.
    opening: u64,
}

impl Seat {
    /// Which seat.
    pub fn id(&self) -> SeatId {
        self.id
    }
    /// Which device holds it.
    pub fn device(&self) -> DeviceId {
        self.device
    }
    /// Which opening of the files gave it. What was asked through seats of an earlier one may still be on its
    /// way to be lost, and must not be overtaken.
    pub fn opening(&self) -> u64 {
        self.opening
    }
}

/// The store, shared by everybody; cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    queue: Queue,
    database: Shared,
    slots: Arc<Mutex<Slots>>,
    readers: Arc<Semaphore>,
    /// Held by who writes the store anew: there is one file for the copy.
    compacting: Semaphore,
    kdf_worker: KdfWorker,
    address_limiter: Mutex<AddressLimiter>,
    attempts: Arc<AttemptsInFlight>,
    connected: OnceLock<Connected>,
    cost: Stretch,
    clock: Clock,
    incarnation: Incarnation,
    files: Arc<Files>,
    /// Held while a backup is made.
    backing: Mutex<()>,
    committed: Arc<Mutex<Instant>>,
    closing: CancellationToken,
    failed: CancellationToken,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Store {
    /// Opens the house's files, finishes what a crash interrupted, and starts the writer. What became true
    /// leaves through `publish`, on the writer's thread, which must not block.
    pub fn open(
        options: Options,
        publish: impl FnMut(Publication) + Send + 'static,
    ) -> Result<Self, OpenError> {
        open::open(options, publish)
    }

    /// No device that is connected loses its seat to a new one. Asked by the writer: it must not block.
    pub fn spare(&self, connected: impl Fn(DeviceId) -> bool + Send + Sync + 'static) {
        // There is one hub: a second one is not listened to.
        let _ = self.0.connected.set(Arc::new(connected));
    }

    /// Which run of the store this is.
    pub fn incarnation(&self) -> Incarnation {
        self.0.incarnation
    }

    /// Resolves when the writer has stopped by itself, which is an error of ours: the process must end (I2).
    pub async fn failed(&self) {
        self.0.failed.cancelled().await;
    }

    /// It will be closed soon: what takes long and can be done another time is given up.
    pub fn retire(&self) {
        self.0.closing.cancel();
    }

    /// Stops the writer after everything that is queued, closes the file, and returns when that is done.
    pub async fn close(&self) {
        let writer = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let queue = self.0.queue.clone();
        self.retire();
        let closing = move || {
            // A writer that has stopped already takes no job; joining it is all that is left.
            drop(queue.send(Box::new(Job::Close)));
            writer.map(JoinHandle::join)
        };
        if let Ok(Some(Err(_))) = tokio::task::spawn_blocking(closing).await {
            log::error!("the writer panicked");
        }
    }

    /// A read through the real store.
    pub async fn check(&self) -> Result<(), StoreError> {
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method itself is not general enough"
        )]
        self.read(|view| view.check()).await
    }

    /// Whether a commit succeeded no longer ago than `within`; where none was asked for, one is tried. So a
    /// house in which somebody writes proves that it can without writing anything more.
    pub async fn prove(&self, within: Duration) -> Result<(), StoreError> {
        let committed = *self.0.committed.lock().unwrap_or_else(PoisonError::into_inner);
        if committed.elapsed() <= within {
            return Ok(());
        }
        self.0.ask(|reply| Job::Prove { reply }).answer().await
    }

    /// Starts a chat: one invite for each name, in order. Of the chats that visitors of one address started
    /// and nobody entered, the oldest goes where there are too many.
    pub async fn start(&self, names: &Names, idle: Idle, by: Caller) -> Result<Vec<Invite>, StoreError> {
        admission::start(&self.0, names, idle, by).await
    }

    /// Whose link that is.
    pub async fn greeting(&self, token: &LinkToken) -> Result<Name, StoreError> {
        let token = token.clone();
        self.read(move |view| view.greeting(&token)).await
    }

    /// Who has come in.
    pub async fn statuses(&self, tokens: &[LinkToken]) -> Result<Vec<InviteState>, StoreError> {
        let invites: Vec<_> = tokens.iter().map(LinkToken::id).collect();
        self.read(move |view| invites.iter().map(|invite| view.status(*invite)).collect()).await
    }

    /// Lets a device in by link and code. `from` is charged for a wrong code, before the code is looked at.
    pub async fn enter(
        &self,
        token: &LinkToken,
        code: &Code,
        device: Option<DeviceSecret>,
        from: IpAddr,
    ) -> Result<Entered, StoreError> {
        admission::enter(self, token, code, device, from.into()).await
    }

    /// Every seat that the device holds.
    pub async fn seats(&self, device: &DeviceSecret) -> Result<Vec<Seat>, StoreError> {
        let device = device.clone();
        self.read(move |view| view.seats(&device)).await
    }

    /// One seat of the device. Refused with `NoSuchSeat`, or `Ended` where the chat was.
    pub async fn seat(&self, device: &DeviceSecret, id: SeatId) -> Result<Seat, StoreError> {
        let device = device.clone();
        self.read(move |view| view.seat(&device, id)).await
    }

    /// The rows of "your chats", the most recently used first. A seat that is gone meanwhile has none.
    pub async fn summaries(&self, seats: Vec<Seat>) -> Result<Vec<Summary>, StoreError> {
        self.read(move |view| {
            let mut rows = Vec::with_capacity(seats.len());
            for seat in &seats {
                match view.summary(seat) {
                    Err(NoAnswer::Refused(_)) => {}
                    row => rows.push(row?),
                }
            }
            rows.sort_by_key(|row| std::cmp::Reverse(row.last_at));
            Ok(rows)
        })
        .await
    }

    /// The chat as it stands.
    pub async fn state(&self, seat: &Seat) -> Result<State, StoreError> {
        let seat = seat.clone();
        self.read(move |view| view.state(&seat)).await
    }

    /// The chat as it stands, and the newest messages: at most `ENTER_MESSAGES_MAX` and
    /// `ENTER_TEXT_BYTES_MAX`, but one at least where there is one.
    pub async fn preview(&self, seat: &Seat) -> Result<ChatPreview, StoreError> {
        let seat = seat.clone();
        self.read(move |view| view.preview(&seat)).await
    }

    /// Messages; at most `limit`, and at most `PAGE_MESSAGES_MAX` and `PAGE_BYTES_MAX`, but one at least
    /// where there is one.
    pub async fn page(&self, seat: &Seat, span: Span, limit: usize) -> Result<Page, StoreError> {
        let seat = seat.clone();
        self.read(move |view| view.page(&seat, span, limit)).await
    }

    /// The chat as it stands and what was said after one message, in one moment of the store; as much as a
    /// page has.
    pub async fn news(&self, seat: &Seat, after: Seq) -> Result<(State, Page), StoreError> {
        let seat = seat.clone();
        let span = Span::After(after);
        self.read(move |view| Ok((view.state(&seat)?, view.page(&seat, span, PAGE_MESSAGES_MAX)?))).await
    }

    /// Hands a command to the writer; resolves when it is durable and has been published. A full queue is
    /// refused at once with `Busy`. The command is under way when this returns; the future only brings its
    /// outcome, and may be dropped.
    pub fn submit(
        &self,
        seat: &Seat,
        command: Command,
        origin: Option<Origin>,
    ) -> impl Future<Output = Result<Outcome, StoreError>> + Send + 'static {
        let seat = seat.clone();
        self.0.ask(|reply| Job::Command { seat, command, origin, reply }).answer()
    }

    /// Notes when somebody was last here; kept with the next commit. Lost when the writer is very busy: it is
    /// a courtesy, and the next time will do.
    pub fn last_here(&self, seat: &Seat, gone: LeaveScope, at: At) {
        drop(self.0.queue.try_send(Box::new(Job::LastHere { seat: seat.clone(), gone, at })));
    }

    /// The devices that are in at this seat.
    pub async fn devices(&self, seat: &Seat) -> Result<Vec<Device>, StoreError> {
        let seat = seat.clone();
        self.read(move |view| view.devices(&seat)).await
    }

    /// Takes the seat away from one of its devices. Refused with `NoSuchDevice`. Signing out oneself is
    /// leaving.
    pub async fn sign_out(&self, seat: &Seat, tag: DeviceTag) -> Result<(), StoreError> {
        let seat = seat.clone();
        self.0.ask(|reply| Job::SignOut { seat, tag, reply }).answer().await
    }

    /// Puts a new link and code in the place of a participant's, of which nothing is left.
    pub async fn replace(
        &self,
        seat: &Seat,
        participant: ParticipantId,
        devices: Devices,
    ) -> Result<(Name, Invite), StoreError> {
        admission::replace(self, seat, participant, devices).await
    }

    /// What the purge must know. Writes how much time has passed, every few minutes.
    pub async fn purge_snapshot(&self) -> Result<PurgeSnapshot, StoreError> {
        self.0.ask(|reply| Job::Look { reply }).answer().await
    }

    /// Does what the purge has decided, in one transaction. Each deed is judged again in it.
    pub async fn purge(&self, deeds: Vec<PurgeAction>) -> Result<Purged, StoreError> {
        self.0.ask(|reply| Job::Purge { deeds, reply }).answer().await
    }

    /// Writes the store anew, so that nothing is left in its file of chats that were destroyed. Everybody can
    /// go on meanwhile; at the end the writer is held for a moment. Nothing where the disk has no room for a
    /// copy.
    pub async fn compact(&self) -> Result<Option<Compacted>, StoreError> {
        compaction::compact(&self.0).await
    }

    /// What is left of chats that ended when less than `before` had passed; so much as one purge forgets.
    pub async fn expired_tombstones(&self, before: u64) -> Result<ExpiredTombstones, StoreError> {
        self.read(move |view| view.expired_tombstones(before)).await
    }

    /// Looks at one moment of the store, on a blocking thread; a few at a time.
    async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&ReadTx) -> Result<T, NoAnswer> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = Arc::clone(&self.0);
        let permit = Arc::clone(&inner.readers).acquire_owned().await.map_err(StoreError::failed)?;
        let reading = move || {
            let _permit = permit;
            let answer = inner.look(question);
            if let Err(StoreError::Failed(_) | StoreError::Unknown) = answer {
                // The writer finds out whether the disk has failed. With a full queue it does so by itself.
                drop(inner.queue.try_send(Box::new(Job::Probe)));
            }
            answer
        };
        tokio::task::spawn_blocking(reading).await.map_err(StoreError::failed)?
    }
}

impl Inner {
    fn look<T>(&self, question: impl FnOnce(&ReadTx) -> Result<T, NoAnswer>) -> Result<T, StoreError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref().ok_or(StoreError::Unknown)?;
        Ok(question(&ReadTx::open(database, &self.slots, &self.attempts, self.files.opening())?)?)
    }

    /// Hands one job to the writer at once; the future brings its answer.
    fn ask<T, J>(&self, job: J) -> Asked<T>
    where
        J: FnOnce(writer::Reply<T>) -> Job,
    {
        let (reply, answer) = oneshot::channel();
        let refusal = match self.queue.try_send(Box::new(job(reply))) {
            Ok(()) => return Asked(Ok(answer)),
            Err(TrySendError::Full(_)) => Refusal::Busy { retry_after: Duration::from_secs(1) }.into(),
            Err(TrySendError::Disconnected(_)) => StoreError::Unknown,
        };
        Asked(Err(refusal))
    }
}

/// A job that was handed in, or not.
struct Asked<T>(Result<oneshot::Receiver<Result<T, StoreError>>, StoreError>);

impl<T> Asked<T> {
    async fn answer(self) -> Result<T, StoreError> {
        self.0?.await.unwrap_or(Err(StoreError::Unknown))
    }
}
