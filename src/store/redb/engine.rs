//! The open store: its files, the thread that writes, where requests are handed in and where reading begins.

#[cfg(test)]
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::TrySendError;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use redb::Database;
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::CancellationToken;

use super::chat_cache::ChatCache;
use super::disk_space::DiskSpace;
use super::files::Files;
use super::idle_clocks::{Clocks, SharedClock};
use super::publisher::Publisher;
use super::read::ReadTx;
use super::recovery::{Opened, open_files};
use super::request::{Reply, Request, RequestQueue, SharedDatabase};
use super::writer::{self, Writer};
use crate::crypto;
use crate::domain::{Incarnation, Refusal};
use crate::limits::READERS_MAX;
use crate::store::admission::attempts::AttemptsInFlight;
use crate::store::error::{OpenError, StoreError};
use crate::store::keys::slot_file::SharedSlots;
use crate::store::options::Options;
use crate::store::publication::Publication;

pub struct Engine {
    pub queue: RequestQueue,
    pub database: SharedDatabase,
    pub slots: SharedSlots,
    pub files: Arc<Files>,
    pub attempts: Arc<AttemptsInFlight>,
    pub readers: Arc<Semaphore>,
    #[cfg(test)]
    pub reads: AtomicUsize,
    /// Held while the store is compacted: there is one file for the copy.
    pub compacting: Semaphore,
    pub backing_up: Mutex<()>,
    pub clocks: Clocks,
    /// As the writer last read it.
    pub trusted: SharedClock,
    pub incarnation: Incarnation,
    /// When a commit last succeeded.
    pub committed: Arc<Mutex<Instant>>,
    pub closing: CancellationToken,
    pub failed: CancellationToken,
    pub writer: Mutex<Option<JoinHandle<()>>>,
}

impl Engine {
    pub fn open(
        options: Options,
        publish: impl FnMut(Publication) + Send + 'static,
    ) -> Result<Self, OpenError> {
        let Options { dir, stretch: _, clock, machine, disk, patience } = options;
        let clocks = Clocks { wall: clock, machine };
        let (files, claim) = Files::claim(&dir, disk)?;
        let files = Arc::new(files);
        let mut rng: StdRng = rand::make_rng();
        let Opened { database, slots, incarnation, idle } = open_with_ballast(&files, &mut rng, &clocks)?;
        let database = Arc::new(RwLock::new(Some(database)));
        let slots = Arc::new(Mutex::new(slots));
        let failed = CancellationToken::new();
        let committed = Arc::new(Mutex::new(Instant::now()));
        let trusted = SharedClock::new(idle.clock);
        let writer = Writer {
            database: Arc::clone(&database),
            slots: Arc::clone(&slots),
            files: Arc::clone(&files),
            _claim: claim,
            patience,
            clocks: clocks.clone(),
            trusted: trusted.clone(),
            idle,
            chats: ChatCache::default(),
            disk_space: DiskSpace::look(&files),
            rng,
            publisher: Publisher::start(publish).map_err(|error| OpenError::Io(dir.clone(), error))?,
            committed: Arc::clone(&committed),
            is_rested: false,
            is_closing: false,
            failed: failed.clone(),
        };
        let (queue, thread) = writer::start(writer).map_err(|error| OpenError::Io(dir, error))?;
        Ok(Self {
            queue,
            database,
            slots,
            files,
            attempts: Arc::default(),
            readers: Arc::new(Semaphore::new(READERS_MAX)),
            #[cfg(test)]
            reads: AtomicUsize::new(0),
            compacting: Semaphore::new(1),
            backing_up: Mutex::default(),
            clocks,
            trusted,
            incarnation,
            committed,
            closing: CancellationToken::new(),
            failed,
            writer: Mutex::new(Some(thread)),
        })
    }

    /// Under way when this returns; the future may be dropped. A full queue is refused with `Busy`.
    pub fn ask<T, R>(&self, request: R) -> impl Future<Output = Result<T, StoreError>> + Send + use<T, R>
    where
        T: Send + 'static,
        R: FnOnce(Reply<T>) -> Request,
    {
        let (reply, answer) = oneshot::channel();
        let asked = match self.queue.try_send(Box::new(request(reply))) {
            Ok(()) => Ok(answer),
            Err(TrySendError::Full(_)) => {
                Err(StoreError::Refused(Refusal::Busy { retry_after: Duration::from_secs(1) }))
            }
            Err(TrySendError::Disconnected(_)) => Err(StoreError::Unknown),
        };
        async move { asked?.await.unwrap_or(Err(StoreError::Unknown)) }
    }

    /// Hands in a request that nobody waits for. Lost when the queue is full.
    pub fn suggest(&self, request: Request) {
        drop(self.queue.try_send(Box::new(request)));
    }

    /// Looks at one moment of the store, on a blocking thread; a few at a time.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl FnOnce(&ReadTx) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        #[cfg(test)]
        self.reads.fetch_add(1, Ordering::SeqCst);
        let engine = Arc::clone(self);
        let permit = Arc::clone(&engine.readers).acquire_owned().await.map_err(|_| StoreError::Unknown)?;
        let reading = move || {
            let _permit = permit;
            let answer = engine.with_database(|database| {
                let (opening, passed) = (engine.files.opening(), engine.trusted.passed(&engine.clocks));
                let tx = ReadTx::open(database, &engine.slots, &engine.attempts, opening, passed)?;
                // A page opens many messages.
                crypto::wiped_once(|| question(&tx))
            });
            if let Err(StoreError::Failed(_) | StoreError::Unknown) = answer {
                // The writer finds out whether the disk has failed. With a full queue it does so by itself.
                engine.suggest(Request::Probe);
            }
            answer
        };
        tokio::task::spawn_blocking(reading).await.unwrap_or_else(|_| Err("a read panicked".into()))
    }

    /// The open store file, which is not replaced meanwhile.
    pub fn with_database<T>(
        &self,
        look: impl FnOnce(&Database) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        look(database.as_ref().ok_or(StoreError::Unknown)?)
    }

    pub async fn close(&self) {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let queue = self.queue.clone();
        self.closing.cancel();
        let closing = move || {
            // A writer that has stopped already takes no request; joining it is all that is left.
            drop(queue.send(Box::new(Request::Close)));
            writer.map(JoinHandle::join)
        };
        if let Ok(Some(Err(_))) = tokio::task::spawn_blocking(closing).await {
            log::error!("the writer panicked");
        }
    }
}

/// Opens the files. What a full disk has no space for gets that of the ballast.
fn open_with_ballast(files: &Files, rng: &mut StdRng, clocks: &Clocks) -> Result<Opened, OpenError> {
    match open_files(files, rng, clocks) {
        Err(error @ (OpenError::Io(..) | OpenError::Storage(_))) => {
            log::warn!("the store does not open; trying again without its ballast: {error}");
            files.drop_ballast();
            open_files(files, rng, clocks)
        }
        opened => opened,
    }
}
