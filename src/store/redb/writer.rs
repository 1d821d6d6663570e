//! The one thread that writes: it decides in what order commands become true.
//!
//! While one commit is under way the next batch gathers itself; there is no timer on the way of a message.
//! Receipts and last-here times wait a moment for a commit to ride along with. After a commit: first the
//! events, then the answers (I1, I3). A commit that fails is *unknown*, not "no" (I2): everybody who waits is
//! told so, and the files are opened anew (`mending`). Where that does not succeed the thread ends, and the
//! process must end after it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use redb::{Database, WriteTransaction};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::crypto::{Code, LinkToken, Stretch, Stretched};
use crate::domain::{
    At, Caller, Command, DeviceId, DeviceTag, Idle, InviteId, Name, Outcome, Refusal, SeatId,
};
use crate::limits::{RECEIPT_DELAY, WRITER_BATCH_MAX, WRITER_IDLE, WRITER_QUEUE_MAX};
use crate::store::keys::slot_file::{SlotErasure, Slots};
use crate::store::redb::apply::invites::Replacement;
use crate::store::redb::apply::{self, Broken, WriteTx};
use crate::store::redb::chat_cache::ChatCache;
use crate::store::redb::compaction::Copy;
use crate::store::redb::disk_space::DiskSpace;
use crate::store::redb::files::{Claim, Files};
use crate::store::redb::idle_clocks::{Clocks, IdleClocks};
use crate::store::redb::tables::WriteTables;
use crate::store::{
    Committed, Connected, Invite, LeaveScope, Origin, Publication, PurgeAction, PurgeSnapshot, Purged, Seat,
    StoreError,
};

/// The answer to one job.
pub type Reply<T> = oneshot::Sender<Result<T, StoreError>>;
/// The open store file, shared with the readers; taken out when it is closed.
pub type Shared = Arc<RwLock<Option<Database>>>;

/// What the writer can be asked for.
pub enum Job {
    Command {
        seat: Seat,
        command: Command,
        origin: Option<Origin>,
        reply: Reply<Outcome>,
    },
    Start {
        draft: Draft,
        reply: Reply<Vec<Invite>>,
    },
    Charge {
        invite: InviteId,
        reply: Reply<()>,
    },
    Miss {
        invite: InviteId,
        reply: Reply<Refusal>,
    },
    Admit {
        admission: Admission,
        reply: Reply<()>,
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
    LastHere {
        seat: Seat,
        gone: LeaveScope,
        at: At,
    },
    Look {
        reply: Reply<PurgeSnapshot>,
    },
    Purge {
        deeds: Vec<PurgeAction>,
        reply: Reply<Purged>,
    },
    /// Put a copy in the place of the store.
    Swap {
        copy: Copy,
        reply: Reply<Duration>,
    },
    /// A backup that was begun then lies safe.
    BackedUp {
        at: At,
        reply: Reply<()>,
    },
    /// Somebody could not read: a commit shows whether the disk has failed.
    Probe,
    /// Somebody wants to know whether a commit succeeds.
    Prove {
        reply: Reply<()>,
    },
    Close,
}

/// A chat that is about to start.
pub struct Draft {
    pub people: Vec<Person>,
    pub idle: Idle,
    pub by: Caller,
}

/// One participant of a draft, with a code that is stretched already.
pub struct Person {
    pub name: Name,
    pub token: LinkToken,
    pub code: Code,
    pub salt: [u8; 16],
    pub cost: Stretch,
    pub stretched: Stretched,
}

/// A device whose code was right.
pub struct Admission {
    pub invite: InviteId,
    pub seat: SeatId,
    pub device: DeviceId,
    pub envelope: Vec<u8>,
    /// Which devices have a socket open.
    pub connected: Connected,
}

/// An answer that waits for the commit.
pub enum Answer {
    Command(Reply<Outcome>, Result<Outcome, Refusal>),
    Start(Reply<Vec<Invite>>, Result<Vec<Invite>, Refusal>),
    Charge(Reply<()>, Result<(), Refusal>),
    Replace(Reply<Invite>, Result<Invite, Refusal>),
    Miss(Reply<Refusal>, Result<Refusal, Refusal>),
    PurgeSnapshot(Reply<PurgeSnapshot>, PurgeSnapshot),
    Purged(Reply<Purged>, Purged),
    Nothing,
    /// Nobody waits for it, and nothing was written.
    Unchanged,
}

impl Answer {
    /// Whether anything needs to be written for it. What only repeats, or was refused, is answered from
    /// what is on the disk already: nobody wears a card out by asking the same again and again.
    fn is_of_a_change(&self) -> bool {
        match self {
            Self::Command(_, outcome) => outcome.as_ref().is_ok_and(Outcome::changes),
            Self::Unchanged => false,
            _ => true,
        }
    }

    fn send(self) {
        // Whoever asked may have gone: what was asked is true all the same.
        match self {
            Self::Command(reply, result) => drop(reply.send(result.map_err(StoreError::Refused))),
            Self::Start(reply, result) => drop(reply.send(result.map_err(StoreError::Refused))),
            Self::Charge(reply, result) => drop(reply.send(result.map_err(StoreError::Refused))),
            Self::Replace(reply, result) => drop(reply.send(result.map_err(StoreError::Refused))),
            Self::Miss(reply, result) => drop(reply.send(result.map_err(StoreError::Refused))),
            Self::PurgeSnapshot(reply, sight) => drop(reply.send(Ok(sight))),
            Self::Purged(reply, purged) => drop(reply.send(Ok(purged))),
            Self::Nothing | Self::Unchanged => {}
        }
    }
}

impl Job {
    /// The seat through which it is asked, if that is how.
    fn seat(&self) -> Option<&Seat> {
        match self {
            Self::Command { seat, .. } | Self::SignOut { seat, .. } | Self::LastHere { seat, .. } => {
                Some(seat)
            }
            Self::Replace { replacement, .. } => Some(&replacement.seat),
            _ => None,
        }
    }

    /// Whether somebody does something, and it is not the house itself.
    fn stirs(&self) -> bool {
        !matches!(
            self,
            Self::Look { .. }
                | Self::Purge { .. }
                | Self::Swap { .. }
                | Self::BackedUp { .. }
                | Self::Probe
                | Self::Prove { .. }
                | Self::Close
        )
    }

    /// Whether it can wait for another job's commit.
    fn is_patient(&self) -> bool {
        matches!(self, Self::LastHere { .. } | Self::Command { command: Command::Mark(_), .. })
    }
}

/// What the thread works with.
pub struct Writer<F> {
    pub database: Shared,
    pub slots: Arc<Mutex<Slots>>,
    pub files: Arc<Files>,
    /// Given up when the thread has closed the store.
    pub _claim: Claim,
    /// For how long a disk that fails is tried again.
    pub patience: Duration,
    pub clocks: Clocks,
    pub rests: IdleClocks,
    pub room: DiskSpace,
    pub rng: StdRng,
    pub publish: F,
    /// When a commit last succeeded.
    pub committed: Arc<Mutex<Instant>>,
    /// Whether reopening is quick already.
    pub is_rested: bool,
    /// Whether the last job was taken.
    pub is_closing: bool,
    /// Cancelled when the thread ends in any way but [`Job::Close`].
    pub failed: CancellationToken,
}

/// Where jobs are handed in. Boxed, so that an empty queue takes little memory.
pub type Queue = SyncSender<Box<Job>>;

/// Starts the thread.
pub fn start<F>(writer: Writer<F>) -> std::io::Result<(Queue, JoinHandle<()>)>
where
    F: FnMut(Publication) + Send + 'static,
{
    let (queue, jobs) = sync_channel(WRITER_QUEUE_MAX);
    let thread = thread::Builder::new().name("writer".into()).spawn(move || run(writer, &jobs))?;
    Ok((queue, thread))
}

fn run<F: FnMut(Publication)>(mut writer: Writer<F>, jobs: &Receiver<Box<Job>>) {
    let failed = writer.failed.clone().drop_guard();
    let mut book = ChatCache::default();
    while !writer.is_closing {
        let Err(error) = writer.turn(&mut book, jobs) else { continue };
        log::error!("the store cannot be written: {error}");
        if writer.is_closing {
            return;
        }
        if let Err(error) = writer.recover() {
            log::error!("the store has stopped: {error}");
            return;
        }
        book = ChatCache::default();
    }
    writer.database.write().unwrap_or_else(PoisonError::into_inner).take();
    failed.disarm();
}

impl<F: FnMut(Publication)> Writer<F> {
    /// Waits for work and does it. When nobody can hand in any more, that was the last.
    fn turn(&mut self, book: &mut ChatCache, jobs: &Receiver<Box<Job>>) -> Result<(), Broken> {
        let Some(batch) = self.gather(jobs)? else {
            self.is_closing = true;
            return Ok(());
        };
        let Some(mut batch) = self.glance(batch) else { return Ok(()) };
        self.is_closing = batch.iter().any(|job| matches!(job, Job::Close));
        // What was asked before the files were opened anew comes after something of which it is not known
        // whether it was done. Whoever asked is told so by the end of the reply.
        let opening = self.files.opening();
        batch.retain(|job| job.seat().is_none_or(|seat| seat.opening == opening));
        let swap = batch.iter().position(|job| matches!(job, Job::Swap { .. })).map(|at| batch.remove(at));
        self.commit(book, batch)?;
        book.trim();
        if let Some(Job::Swap { copy, reply }) = swap {
            let swapped = self.swap(copy)?;
            // Whoever asked may have gone: it is done all the same.
            drop(reply.send(swapped));
        }
        Ok(())
    }

    /// Waits for work. Nothing when nobody can hand in any more.
    fn gather(&mut self, jobs: &Receiver<Box<Job>>) -> Result<Option<Vec<Job>>, Broken> {
        let first = match jobs.recv_timeout(WRITER_IDLE) {
            Ok(job) => *job,
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) => {
                if !std::mem::replace(&mut self.is_rested, true) {
                    self.rest()?;
                }
                let Ok(job) = jobs.recv() else { return Ok(None) };
                *job
            }
        };
        let mut batch = vec![first];
        batch.extend(jobs.try_iter().take(WRITER_BATCH_MAX - 1).map(|job| *job));
        let until = Instant::now() + RECEIPT_DELAY;
        while batch.iter().all(Job::is_patient) && batch.len() < WRITER_BATCH_MAX {
            let Ok(job) = jobs.recv_timeout(until.saturating_duration_since(Instant::now())) else { break };
            batch.push(*job);
        }
        Ok(Some(batch))
    }

    /// Answers a purge that only looks, where nothing needs to be written. Gives back what does.
    fn glance(&mut self, mut batch: Vec<Job>) -> Option<Vec<Job>> {
        if let [Job::Look { .. }] = &batch[..]
            && let Some(sight) = self.rests.glance(self.clocks.read(), self.clocks.machine.built())
        {
            if let Some(Job::Look { reply }) = batch.pop() {
                Answer::PurgeSnapshot(reply, sight).send();
            }
            return None;
        }
        Some(batch)
    }

    /// One empty commit that makes reopening after a crash quick, when there is nothing else to do.
    fn rest(&self) -> Result<(), Broken> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let mut transaction = database.as_ref().ok_or("the store is closed")?.begin_write()?;
        transaction.set_quick_repair(true);
        Ok(transaction.commit()?)
    }

    /// One batch, one transaction: apply each, commit, publish, answer.
    fn commit(&mut self, book: &mut ChatCache, batch: Vec<Job>) -> Result<(), Broken> {
        self.room.look_again(&self.files);
        let database = Arc::clone(&self.database);
        let database = database.read().unwrap_or_else(PoisonError::into_inner);
        let transaction = database.as_ref().ok_or("the store is closed")?.begin_write()?;
        let Batch { answers, events, doomed, replaced, is_changed } =
            self.apply(book, batch, &transaction)?;
        if !is_changed {
            transaction.abort()?;
            // What is told is on the disk already.
            (self.publish)(Publication::Committed(events));
            answers.into_iter().for_each(Answer::send);
            return Ok(());
        }
        self.is_rested = false;
        if !doomed.is_empty() {
            apply::lock(&self.slots).destroy(&doomed, &mut self.rng)?;
        }
        transaction.commit()?;
        *self.committed.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        if !replaced.is_empty() {
            // The invites that had them are gone. After a crash before this nothing points to these keys, and
            // the next start destroys them.
            apply::lock(&self.slots).destroy(&replaced, &mut self.rng)?;
        }
        for (slot, _) in doomed.into_iter().chain(replaced) {
            apply::lock(&self.slots).release(slot);
        }
        (self.publish)(Publication::Committed(events));
        answers.into_iter().for_each(Answer::send);
        Ok(())
    }

    fn apply(
        &mut self,
        book: &mut ChatCache,
        jobs: Vec<Job>,
        transaction: &WriteTransaction,
    ) -> Result<Batch, Broken> {
        let reading = self.clocks.read();
        let hidden = self.rests.trust.observe(reading, self.clocks.machine.built());
        let mut work = WriteTx {
            tables: WriteTables::open(transaction)?,
            book,
            rests: &mut self.rests,
            slots: &self.slots,
            rng: &mut self.rng,
            now: reading.wall,
            room: self.room.check(),
            events: Vec::new(),
            doomed: Vec::new(),
            replaced: Vec::new(),
        };
        let is_uncovered = hidden.is_some();
        if let Some(hidden) = hidden {
            work.uncover(hidden)?;
        }
        if jobs.iter().any(Job::stirs) {
            work.rests.last_activity = work.rests.now().watched;
        }
        let mut answers = Vec::with_capacity(jobs.len());
        for job in jobs {
            answers.push(apply::run(&mut work, job)?);
        }
        let is_changed = is_uncovered || answers.iter().any(Answer::is_of_a_change);
        if is_changed {
            work.keep_time()?;
        }
        let WriteTx { events, doomed, replaced, .. } = work;
        Ok(Batch { answers, events, doomed, replaced, is_changed })
    }
}

/// What a transaction came to, before its commit.
struct Batch {
    answers: Vec<Answer>,
    events: Vec<Committed>,
    doomed: Vec<SlotErasure>,
    replaced: Vec<SlotErasure>,
    is_changed: bool,
}
