//! The one thread that writes: it decides in what order commands become true.
//!
//! While one commit is under way the next batch gathers itself; there is no timer on the way of a message.
//! Receipts and last-here times wait a moment for a commit to ride along with. What a commit brought is told
//! by the [`Publisher`] (I1, I3). A commit that fails is *unknown*, not "no" (I2): everybody who waits is
//! told so, and the files are reopened. Where that does not succeed the thread ends, and the process must end
//! after it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use redb::{ReadableDatabase, WriteTransaction};
use tokio_util::sync::CancellationToken;

use super::apply;
use super::chat_cache::ChatCache;
use super::copy_completion;
use super::disk_space::DiskSpace;
use super::files::{Claim, Files};
use super::idle_clocks::{Clocks, IdleClocks, SharedClock};
use super::publisher::Publisher;
use super::recovery::{Opened, reopen};
use super::request::{PendingReply, Request, RequestQueue, SharedDatabase, StoreCopy};
use super::tables::{ReadTables, WriteTables};
use super::write_tx::{Made, WriteTx};
use crate::crypto;
use crate::limits::{RECEIPT_DELAY, WRITER_BATCH_MAX, WRITER_IDLE, WRITER_QUEUE_MAX};
use crate::store::error::{OpenError, StoreError};
use crate::store::keys::slot::SlotErasure;
use crate::store::keys::slot_file::{SharedSlots, lock};
use crate::store::publication::Publication;

pub struct Writer {
    pub database: SharedDatabase,
    pub slots: SharedSlots,
    pub files: Arc<Files>,
    /// Given up when the thread has closed the store.
    pub _claim: Claim,
    /// For how long a disk that fails is tried again.
    pub patience: Duration,
    pub clocks: Clocks,
    /// For those who read.
    pub trusted: SharedClock,
    pub idle: IdleClocks,
    pub chats: ChatCache,
    pub disk_space: DiskSpace,
    pub rng: StdRng,
    pub publisher: Publisher,
    /// When a commit last succeeded.
    pub committed: Arc<Mutex<Instant>>,
    /// Whether an empty commit with quick-repair was made since the last change: then reopening is quick.
    pub is_rested: bool,
    pub is_closing: bool,
    /// Cancelled when the thread ends in any way but [`Request::Close`].
    pub failed: CancellationToken,
}

pub fn start(writer: Writer) -> std::io::Result<(RequestQueue, JoinHandle<()>)> {
    let (queue, requests) = sync_channel(WRITER_QUEUE_MAX);
    let thread = thread::Builder::new().name("writer".into()).spawn(move || run(writer, &requests))?;
    Ok((queue, thread))
}

fn run(mut writer: Writer, requests: &Receiver<Box<Request>>) {
    let failed = writer.failed.clone().drop_guard();
    let is_closed = write_until_closed(&mut writer, requests);
    writer.publisher.finish();
    if is_closed {
        writer.database.write().unwrap_or_else(PoisonError::into_inner).take();
        failed.disarm();
    }
}

/// False when it has failed for good.
fn write_until_closed(writer: &mut Writer, requests: &Receiver<Box<Request>>) -> bool {
    while !writer.is_closing {
        let Err(error) = writer.turn(requests) else { continue };
        log::error!("the store cannot be written: {error}");
        if writer.is_closing {
            return false;
        }
        if let Err(error) = writer.recover() {
            log::error!("the store has stopped: {error}");
            return false;
        }
    }
    true
}

impl Writer {
    /// When nobody can hand in any more, that was the last.
    fn turn(&mut self, requests: &Receiver<Box<Request>>) -> Result<(), StoreError> {
        let Some(batch) = self.gather(requests)? else {
            self.is_closing = true;
            return Ok(());
        };
        let Some(mut batch) = self.answer_snapshot(batch) else { return Ok(()) };
        self.is_closing = batch.iter().any(|request| matches!(request, Request::Close));
        // What was asked before the files were reopened comes after something of which it is not known
        // whether it was done. The asker learns that from the end of the reply.
        let opening = self.files.opening();
        batch.retain(|request| request.seat().is_none_or(|seat| seat.opening == opening));
        let swap = batch.iter().position(|request| matches!(request, Request::Swap { .. }));
        let swap = swap.map(|at| batch.remove(at));
        self.commit(batch)?;
        if let Some(Request::Swap { copy, reply }) = swap {
            let swapped = self.swap(copy)?;
            // The asker may have gone: it is done all the same.
            drop(reply.send(swapped));
        }
        Ok(())
    }

    /// None when nobody can hand in any more.
    fn gather(&mut self, requests: &Receiver<Box<Request>>) -> Result<Option<Vec<Request>>, StoreError> {
        let first = match requests.recv_timeout(WRITER_IDLE) {
            Ok(request) => *request,
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) => {
                if !std::mem::replace(&mut self.is_rested, true) {
                    self.rest()?;
                }
                let Ok(request) = requests.recv() else { return Ok(None) };
                *request
            }
        };
        let mut batch = vec![first];
        batch.extend(requests.try_iter().take(WRITER_BATCH_MAX - 1).map(|request| *request));
        let until = Instant::now() + RECEIPT_DELAY;
        while batch.iter().all(Request::is_patient) && batch.len() < WRITER_BATCH_MAX {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(request) = requests.recv_timeout(left) else { break };
            batch.push(*request);
        }
        Ok(Some(batch))
    }

    /// Answers a purge that only looks, where nothing needs to be written. Gives back what does.
    fn answer_snapshot(&mut self, mut batch: Vec<Request>) -> Option<Vec<Request>> {
        if let [Request::PurgeSnapshot { .. }] = &batch[..]
            && let Some(snapshot) =
                self.idle.snapshot_unless_written(self.clocks.read(), self.clocks.machine.built())
        {
            if let Some(Request::PurgeSnapshot { reply }) = batch.pop() {
                drop(reply.send(Ok(snapshot)));
            }
            return None;
        }
        Some(batch)
    }

    /// One empty commit that makes reopening after a crash quick, when there is nothing else to do.
    fn rest(&self) -> Result<(), StoreError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let mut transaction = database.as_ref().ok_or(StoreError::Unknown)?.begin_write()?;
        transaction.set_quick_repair(true);
        Ok(transaction.commit()?)
    }

    /// One batch, one transaction: apply each, commit, publish, answer.
    fn commit(&mut self, batch: Vec<Request>) -> Result<(), StoreError> {
        self.disk_space.look_again(&self.files);
        let database = Arc::clone(&self.database);
        let database = database.read().unwrap_or_else(PoisonError::into_inner);
        let transaction = database.as_ref().ok_or(StoreError::Unknown)?.begin_write()?;
        let Batch { replies, made, is_changed } = self.apply(batch, &transaction)?;
        if is_changed {
            self.commit_change(transaction, &made)?;
        } else {
            // What is told is on the disk already.
            transaction.abort()?;
        }
        self.publisher.tell(Publication::Committed(made.events), replies);
        Ok(())
    }

    fn commit_change(&mut self, transaction: WriteTransaction, made: &Made) -> Result<(), StoreError> {
        self.is_rested = false;
        self.erase(&made.erased_before)?;
        transaction.commit()?;
        *self.committed.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        // The invites that had them are gone. After a crash before this nothing points to these keys, and the
        // next start destroys them.
        self.erase(&made.erased_after)?;
        for SlotErasure { slot, .. } in made.erased_before.iter().chain(&made.erased_after) {
            lock(&self.slots).release(*slot);
        }
        Ok(())
    }

    fn erase(&mut self, slots: &[SlotErasure]) -> std::io::Result<()> {
        if slots.is_empty() { Ok(()) } else { lock(&self.slots).destroy(slots, &mut self.rng) }
    }

    fn apply(&mut self, requests: Vec<Request>, transaction: &WriteTransaction) -> Result<Batch, StoreError> {
        let reading = self.clocks.read();
        let uncounted = self.idle.clock.observe(reading, self.clocks.machine.built());
        self.trusted.share(&mut self.idle.clock);
        let mut tx = WriteTx {
            tables: WriteTables::open(transaction)?,
            chats: &mut self.chats,
            idle: &mut self.idle,
            slots: &self.slots,
            rng: &mut self.rng,
            now: reading.wall,
            disk_space: self.disk_space.check(),
            made: Made::default(),
            is_changed: false,
        };
        tx.uncover(uncounted)?;
        let mut replies = Vec::with_capacity(requests.len());
        // Each message is sealed in here.
        crypto::wiped_once(|| {
            requests.into_iter().try_for_each(|request| {
                replies.push(apply::apply(&mut tx, request)?);
                Ok::<_, StoreError>(())
            })
        })?;
        if tx.is_changed {
            tx.keep_time()?;
        }
        Ok(Batch { replies, made: tx.made, is_changed: tx.is_changed })
    }

    /// An error after the old file was let go is one of the disk, and recovered from as such.
    fn swap(&mut self, copy: StoreCopy) -> Result<Result<Duration, StoreError>, StoreError> {
        let began = Instant::now();
        let shared = self.database.clone();
        let place = shared.read().unwrap_or_else(PoisonError::into_inner);
        let old = place.as_ref().ok_or(StoreError::Unknown)?;
        if copy.opening != self.files.opening() {
            return Ok(Err("the store was reopened while it was copied".into()));
        }
        let (compaction, now) = (self.idle.compaction, self.idle.now().passed);
        // The file has its length now, but for a few pages.
        let done = |dead_rows| Ok(compaction.done(self.files.copy_bytes()?, dead_rows, now));
        let store = ReadTables::open(&old.begin_read()?)?;
        let compaction = match copy_completion::complete(&copy.database, &copy.changed, &store, done) {
            Ok(compaction) => compaction,
            Err(error) => return Ok(Err(error)),
        };
        drop((store, copy, place));
        let mut place = shared.write().unwrap_or_else(PoisonError::into_inner);
        if self.files.is_held() {
            return Ok(Err("a backup is being made".into()));
        }
        drop(place.take());
        *place = Some(self.files.swap().map_err(OpenError::while_open)?);
        self.idle.compaction = compaction;
        Ok(Ok(began.elapsed()))
    }

    /// redb takes no more after a write or sync that failed, and it is unknown whether that commit came to
    /// the disk (I2): everybody who listens begins again with what is there. Readers and the queue wait.
    fn recover(&mut self) -> Result<(), OpenError> {
        let shared = self.database.clone();
        // Every reader holds it for reading until it has its answer.
        let mut place = shared.write().unwrap_or_else(PoisonError::into_inner);
        drop(place.take());
        let Opened { database, slots, idle, .. } =
            reopen(&self.files, &mut self.rng, &self.clocks, self.patience)?;
        *lock(&self.slots) = slots;
        *place = Some(database);
        drop(place);
        (self.idle, self.chats) = (idle, ChatCache::default());
        self.disk_space = DiskSpace::look(&self.files);
        self.is_rested = false;
        log::info!("the store is open again");
        self.publisher.tell(Publication::Doubt, Vec::new());
        Ok(())
    }
}

struct Batch {
    replies: Vec<PendingReply>,
    made: Made,
    is_changed: bool,
}
