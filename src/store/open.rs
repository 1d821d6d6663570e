//! Opening a house's files, and finishing what a crash interrupted.
//!
//! One process at a time: a lock on the file `lock` in the data directory. The two files belong together:
//! each knows the same number. A chat whose slot is void was being destroyed; the rest of it goes now.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};

use rand::Rng;
use rand::rngs::StdRng;
use redb::{Database, DatabaseError, ReadableTable};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::address::Guessers;
use super::apply::{self, Broken, Work};
use super::book::Book;
use super::disk::{Boxed, Disk};
use super::invite_row::InviteRow;
use super::purging::TIME;
use super::record::{ChatRow, MessageRow, Record};
use super::rests::{Clocks, Rests};
use super::slots::{Slot, SlotError, Slots};
use super::stretcher::Stretcher;
use super::tables::{Tables, head_of, message_key};
use super::time_row::TimeRow;
use super::writer::{self, Writer};
use super::{Committed, Inner, Options, Store, migrate};
use crate::domain::{At, ChatId, EndedBy, Ending, Incarnation, Seq};
use crate::limits::{READERS_MAX, STORE_CACHE_BYTES};

/// Why the store cannot be opened; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("another parlour is running on {0}: stop that one, or choose another directory with --data")]
    InUse(PathBuf),
    /// Written by a newer Parlour.
    #[error(
        "this house was written by a newer version of parlour: install that version again, or a newer one"
    )]
    Newer,
    /// The slot file belongs to another house, or is missing.
    #[error("{0} and its keys.slots do not belong together: restore both from the same backup")]
    Torn(PathBuf),
    /// The operating system says no.
    #[error("{0} cannot be used as the data directory: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// The store file cannot be read.
    #[error("the store cannot be read: {0}. Restore a backup, or move the data directory away to begin anew")]
    Storage(#[source] Broken),
}

impl OpenError {
    /// From any of redb's errors.
    pub fn storage(error: impl Into<Broken>) -> Self {
        Self::Storage(error.into())
    }
}

/// Opens everything and starts the threads.
pub fn open(
    options: Options,
    on_commit: impl FnMut(Vec<Committed>) + Send + 'static,
) -> Result<Store, OpenError> {
    let Options { dir, stretch: cost, clock, machine, disk } = options;
    let clocks = Clocks { wall: Arc::clone(&clock), machine };
    let broken = |error| OpenError::Io(dir.clone(), error);
    let lock = claim(&dir)?;
    let mut rng: StdRng = rand::make_rng();
    let files = Files { dir: &dir, disk: &*disk };
    let (database, slots, incarnation) = files.open(&mut rng)?;
    let slots = Arc::new(Mutex::new(slots));
    let rests = recover(&database, &slots, &mut rng, &clocks)?;
    let database = Arc::new(RwLock::new(Some(database)));
    let failed = CancellationToken::new();
    let (shared, keys) = (Arc::clone(&database), Arc::clone(&slots));
    let writer = Writer {
        database: shared,
        slots: keys,
        clocks,
        rests,
        rng,
        on_commit,
        is_rested: false,
        failed: failed.clone(),
        _lock: lock,
    };
    let (queue, thread) = writer::start(writer).map_err(broken)?;
    let stretcher = Stretcher::start().map_err(broken)?;
    Ok(Store(Arc::new(Inner {
        queue,
        database,
        slots,
        readers: Arc::new(Semaphore::new(READERS_MAX)),
        stretcher,
        guessers: Mutex::new(Guessers::default()),
        trying: Arc::default(),
        cost,
        clock,
        incarnation,
        failed,
        writer: Mutex::new(Some(thread)),
    })))
}

/// Makes the data directory where there is none, and claims it for this process.
fn claim(dir: &Path) -> Result<File, OpenError> {
    let broken = |error| OpenError::Io(dir.to_owned(), error);
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(broken)?;
    let mut options = fs::OpenOptions::new();
    let lock = options.write(true).create(true).truncate(false).open(dir.join("lock")).map_err(broken)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(dir.to_owned())),
        Err(TryLockError::Error(error)) => Err(broken(error)),
    }
}

struct Files<'a> {
    dir: &'a Path,
    disk: &'a dyn Disk,
}

/// The facts that stand in the table of the house, by name.
const NUMBER: &str = "number";
const INCARNATION: &str = "incarnation";

impl Files<'_> {
    fn open(&self, rng: &mut StdRng) -> Result<(Database, Slots, Incarnation), OpenError> {
        let database = self.database()?;
        let transaction = database.begin_write().map_err(OpenError::storage)?;
        let mut tables = Tables::open(&transaction).map_err(OpenError::storage)?;
        let slots = self.slots(&mut tables, rng)?;
        migrate::migrate(&mut tables, migrate::STEPS)?;
        let incarnation = fact(&tables, INCARNATION)?.unwrap_or_else(|| rng.next_u64());
        tables.house.insert(INCARNATION, incarnation).map_err(OpenError::storage)?;
        drop(tables);
        transaction.commit().map_err(OpenError::storage)?;
        Ok((database, slots, Incarnation(incarnation)))
    }

    fn database(&self) -> Result<Database, OpenError> {
        let backend = self.file("parlour.redb")?;
        let mut builder = Database::builder();
        match builder.set_cache_size(STORE_CACHE_BYTES).create_with_backend(Boxed(backend)) {
            Ok(database) => Ok(database),
            Err(DatabaseError::DatabaseAlreadyOpen) => Err(OpenError::InUse(self.dir.to_owned())),
            Err(DatabaseError::UpgradeRequired(_)) => Err(OpenError::Newer),
            Err(error) => Err(OpenError::storage(error)),
        }
    }

    /// The slot file of this store. Both are made by the same first commit; before it, an empty slot file
    /// may be left over.
    fn slots(&self, tables: &mut Tables, rng: &mut StdRng) -> Result<Slots, OpenError> {
        let file = self.file("keys.slots")?;
        let torn = || OpenError::Torn(self.dir.join("parlour.redb"));
        let Some(number) = fact(tables, NUMBER)? else {
            let number = rng.next_u64();
            tables.house.insert(NUMBER, number).map_err(OpenError::storage)?;
            return Slots::create(file, number).map_err(|error| self.slot_error(error));
        };
        match Slots::open(file) {
            Ok((slots, owner)) if owner == number => Ok(slots),
            Ok(_) | Err(SlotError::Foreign) => Err(torn()),
            Err(error) => Err(self.slot_error(error)),
        }
    }

    fn file(&self, name: &str) -> Result<Box<dyn redb::StorageBackend>, OpenError> {
        self.disk.open(&self.dir.join(name)).map_err(|error| OpenError::Io(self.dir.to_owned(), error))
    }

    fn slot_error(&self, error: SlotError) -> OpenError {
        match error {
            SlotError::Io(error) => OpenError::Io(self.dir.to_owned(), error),
            SlotError::Newer(_) => OpenError::Newer,
            SlotError::Foreign => OpenError::Torn(self.dir.join("parlour.redb")),
        }
    }
}

fn fact(tables: &Tables, name: &str) -> Result<Option<u64>, OpenError> {
    Ok(tables.house.get(name).map_err(OpenError::storage)?.map(|value| value.value()))
}

/// Destroys the rest of chats whose slot is void, and the keys of chats and invites that never came to be or
/// were replaced; learns how long each chat rests.
fn recover(
    database: &Database,
    slots: &Mutex<Slots>,
    rng: &mut StdRng,
    clocks: &Clocks,
) -> Result<Rests, OpenError> {
    let transaction = database.begin_write().map_err(OpenError::storage)?;
    let tables = Tables::open(&transaction).map_err(OpenError::storage)?;
    let reading = clocks.read();
    let survey = survey(&tables, &apply::lock(slots), reading.wall).map_err(OpenError::storage)?;
    let Survey { mut used, unfinished, mut rests } = survey;
    let hidden = rests.trust.open(reading, clocks.machine.built());
    let (events, doomed, replaced) = (Vec::new(), Vec::new(), Vec::new());
    let (book, now) = (&mut Book::default(), reading.wall);
    let mut work = Work { tables, book, rests: &mut rests, slots, rng, now, events, doomed, replaced };
    if let Some(hidden) = hidden {
        work.uncover(hidden).map_err(OpenError::storage)?;
    }
    for (chat, ending) in unfinished {
        work.destroy(chat, ending, None).map_err(OpenError::storage)?;
    }
    used.extend(invite_slots(&work.tables).map_err(OpenError::storage)?);
    work.keep_time().map_err(OpenError::storage)?;
    drop(work);
    transaction.commit().map_err(OpenError::storage)?;
    apply::lock(slots).free_but(&used, rng).map_err(OpenError::storage)?;
    Ok(rests)
}

/// Which slots hold the key of a chat, which chats have lost theirs, and how the others rest.
struct Survey {
    used: BTreeSet<u32>,
    unfinished: Vec<(ChatId, Ending)>,
    rests: Rests,
}

fn survey(tables: &Tables, slots: &Slots, now: At) -> Result<Survey, Broken> {
    let (mut used, mut unfinished, mut rests) = (BTreeSet::new(), Vec::new(), Rests::default());
    if let Some(bytes) = tables.time.get(TIME)? {
        let time = TimeRow::from_bytes(bytes.value())?;
        (rests.trust, rests.held) = (time.trust(), time.held);
    }
    for row in tables.chats.range::<u64>(..)? {
        let (id, bytes) = row?;
        let (chat, row) = (ChatId(id.value()), ChatRow::from_bytes(bytes.value())?);
        let head = head_of(&tables.messages, chat)?;
        match slots.read(row.slot)? {
            Slot::Live(_) => {
                used.insert(row.slot);
                rests.chats.insert(chat, row.rest(said(tables, chat, head)?)?);
            }
            Slot::Void { ended } => {
                let (by, at) = ended.unwrap_or((EndedBy::Host, now));
                unfinished.push((chat, Ending { at, by, messages: head.0 }));
            }
        }
    }
    Ok(Survey { used, unfinished, rests })
}

/// How much had passed at a chat's last message.
fn said(tables: &Tables, chat: ChatId, head: Seq) -> Result<u64, Broken> {
    match tables.messages.get(message_key(chat, head))? {
        None => Ok(0),
        Some(bytes) => Ok(MessageRow::from_bytes(bytes.value())?.passed),
    }
}

/// Which slots hold the key of an invite.
fn invite_slots(tables: &Tables) -> Result<Vec<u32>, Broken> {
    let mut slots = Vec::new();
    for row in tables.invites.range::<[u8; 32]>(..)? {
        slots.extend(InviteRow::from_bytes(row?.1.value())?.slot);
    }
    Ok(slots)
}
