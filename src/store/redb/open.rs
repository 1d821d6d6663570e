//! Opening a house, and finishing what a crash interrupted.
//!
//! A chat whose slot is void was being destroyed; the rest of it goes now.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Instant;

use rand::rngs::StdRng;
use redb::{Database, ReadableTable, ReadableTableMetadata};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::domain::{At, ChatId, EndedBy, Ending, Incarnation, Seq};
use crate::limits::READERS_MAX;
use crate::store::admission::address_limiter::AddressLimiter;
use crate::store::admission::kdf_worker::KdfWorker;
use crate::store::keys::slot_file::{Slot, Slots};
use crate::store::redb::apply::purge::TIME;
use crate::store::redb::apply::{self, Broken, WriteTx};
use crate::store::redb::chat_cache::ChatCache;
use crate::store::redb::compaction::DEAD_ROWS;
use crate::store::redb::disk_space::DiskSpace;
use crate::store::redb::files::Files;
use crate::store::redb::idle_clocks::{Clocks, IdleClocks};
use crate::store::redb::tables::{WriteTables, head_of, message_key};
use crate::store::redb::writer::{self, Writer};
use crate::store::rows::invite::InviteRow;
use crate::store::rows::time::TimeRow;
use crate::store::rows::{ChatRow, MessageRow, Row};
use crate::store::{Inner, Options, Publication, Store};

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
    /// The store file is missing or empty, and there are keys of chats.
    #[error("{0} is missing or empty, but keys.slots next to it has keys: put it back, or restore a backup")]
    Missing(PathBuf),
    /// The operating system says no.
    #[error("{0} cannot be used as the data directory: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// The store file cannot be read.
    #[error("the store cannot be read: {0}. Restore a backup, or move the data directory away to start over")]
    Storage(#[source] Broken),
}

impl OpenError {
    /// From any of redb's errors.
    pub fn storage(error: impl Into<Broken>) -> Self {
        Self::Storage(error.into())
    }
}

/// Opens everything and starts the threads.
pub fn open(options: Options, publish: impl FnMut(Publication) + Send + 'static) -> Result<Store, OpenError> {
    let Options { dir, stretch: cost, clock, machine, disk, patience } = options;
    let clocks = Clocks { wall: Arc::clone(&clock), machine };
    let broken = |error| OpenError::Io(dir.clone(), error);
    let (files, claim) = Files::claim(&dir, disk)?;
    let files = Arc::new(files);
    let mut rng: StdRng = rand::make_rng();
    let (opened, room) = open_with_room(&files, &mut rng, &clocks)?;
    let Opened { database, slots, incarnation, rests } = opened;
    let database = Arc::new(RwLock::new(Some(database)));
    let slots = Arc::new(Mutex::new(slots));
    let failed = CancellationToken::new();
    let committed = Arc::new(Mutex::new(Instant::now()));
    let (shared, keys) = (Arc::clone(&database), Arc::clone(&slots));
    let writer = Writer {
        database: shared,
        slots: keys,
        files: Arc::clone(&files),
        _claim: claim,
        patience,
        clocks,
        rests,
        room,
        rng,
        publish,
        committed: Arc::clone(&committed),
        is_rested: false,
        is_closing: false,
        failed: failed.clone(),
    };
    let (queue, thread) = writer::start(writer).map_err(broken)?;
    let kdf_worker = KdfWorker::start().map_err(broken)?;
    Ok(Store(Arc::new(Inner {
        queue,
        database,
        slots,
        readers: Arc::new(Semaphore::new(READERS_MAX)),
        compacting: Semaphore::new(1),
        kdf_worker,
        address_limiter: Mutex::new(AddressLimiter::default()),
        attempts: Arc::default(),
        connected: OnceLock::new(),
        cost,
        clock,
        incarnation,
        files,
        backing: Mutex::default(),
        committed,
        closing: CancellationToken::new(),
        failed,
        writer: Mutex::new(Some(thread)),
    })))
}

/// The files of a house, open and in order.
pub struct Opened {
    pub database: Database,
    pub slots: Slots,
    pub incarnation: Incarnation,
    pub rests: IdleClocks,
}

/// Opens the files. What a full disk has no room for gets that of the ballast.
fn open_with_room(
    files: &Files,
    rng: &mut StdRng,
    clocks: &Clocks,
) -> Result<(Opened, DiskSpace), OpenError> {
    let opened = match open_files(files, rng, clocks) {
        Err(error @ (OpenError::Io(..) | OpenError::Storage(_))) => {
            log::warn!("the store does not open; attempts again without its ballast: {error}");
            files.drop_ballast();
            open_files(files, rng, clocks)?
        }
        opened => opened?,
    };
    Ok((opened, DiskSpace::look(files)))
}

/// Opens the files, and finishes what a crash interrupted.
pub fn open_files(files: &Files, rng: &mut StdRng, clocks: &Clocks) -> Result<Opened, OpenError> {
    let (database, slots, incarnation) = files.open(rng)?;
    let slots = Mutex::new(slots);
    let rests = recover(&database, &slots, rng, clocks)?;
    let slots = slots.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Opened { database, slots, incarnation, rests })
}

/// Destroys the rest of chats whose slot is void, and the keys of chats and invites that never came to be or
/// were replaced; learns how long each chat rests.
fn recover(
    database: &Database,
    slots: &Mutex<Slots>,
    rng: &mut StdRng,
    clocks: &Clocks,
) -> Result<IdleClocks, OpenError> {
    let transaction = database.begin_write().map_err(OpenError::storage)?;
    let tables = WriteTables::open(&transaction).map_err(OpenError::storage)?;
    let reading = clocks.read();
    let survey = survey(&tables, &apply::lock(slots), reading.wall).map_err(OpenError::storage)?;
    let Survey { mut used, unfinished, mut rests } = survey;
    let hidden = rests.trust.open(reading, clocks.machine.built());
    (rests.opened, rests.last_activity) = (rests.now().watched, rests.now().watched);
    let (events, doomed, replaced) = (Vec::new(), Vec::new(), Vec::new());
    let (book, now) = (&mut ChatCache::default(), reading.wall);
    let room = Ok(());
    let mut work =
        WriteTx { tables, book, rests: &mut rests, slots, rng, now, room, events, doomed, replaced };
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
    rests: IdleClocks,
}

fn survey(tables: &WriteTables, slots: &Slots, now: At) -> Result<Survey, Broken> {
    let (mut used, mut unfinished, mut rests) = (BTreeSet::new(), Vec::new(), IdleClocks::default());
    if let Some(bytes) = tables.time.get(TIME)? {
        let time = TimeRow::from_bytes(bytes.value())?;
        (rests.trust, rests.held) = (time.trust(), time.held);
    }
    rests.dead_rows = tables.house.get(DEAD_ROWS)?.map_or(0, |dead_rows| dead_rows.value());
    rests.messages = tables.messages.len()?;
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
                let unknown = Ending { at: now, by: EndedBy::Host, messages: head.0 };
                unfinished.push((chat, ended.unwrap_or(unknown)));
            }
        }
    }
    Ok(Survey { used, unfinished, rests })
}

/// How much had passed at a chat's last message.
fn said(tables: &WriteTables, chat: ChatId, head: Seq) -> Result<u64, Broken> {
    match tables.messages.get(message_key(chat, head))? {
        None => Ok(0),
        Some(bytes) => Ok(MessageRow::from_bytes(bytes.value())?.passed),
    }
}

/// Which slots hold the key of an invite.
fn invite_slots(tables: &WriteTables) -> Result<Vec<u32>, Broken> {
    let mut slots = Vec::new();
    for row in tables.invites.range::<[u8; 32]>(..)? {
        slots.extend(InviteRow::from_bytes(row?.1.value())?.slot);
    }
    Ok(slots)
}
