//! Opening the files of a house, and finishing what a crash interrupted; after the disk has failed as well. A
//! chat whose slot is void was being destroyed: the rest of it goes now.

use std::collections::BTreeSet;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use redb::Database;

use super::chat_cache::ChatCache;
use super::files::Files;
use super::idle_clocks::{Clocks, IdleClocks};
use super::table_keys::head_of;
use super::tables::{WriteTables, get, range};
use super::write_tx::{Made, WriteTx};
use crate::domain::{At, ChatId, EndedBy, Ending, Incarnation};
use crate::limits::RECOVERY_PAUSE;
use crate::store::error::{OpenError, StoreError};
use crate::store::keys::slot::Slot;
use crate::store::keys::slot_file::{SlotFile, lock};
use crate::store::rows::{ChatRow, CompactionRow, InviteRow, SeatRow, TimeRow};

pub struct Opened {
    pub database: Database,
    pub slots: SlotFile,
    pub incarnation: Incarnation,
    pub idle: IdleClocks,
}

/// Opens them. A damaged file makes redb panic in some places; that is told as an error, too.
pub fn open_files(files: &Files, rng: &mut StdRng, clocks: &Clocks) -> Result<Opened, OpenError> {
    panic::catch_unwind(AssertUnwindSafe(|| open(files, rng, clocks))).unwrap_or(Err(OpenError::Damaged))
}

fn open(files: &Files, rng: &mut StdRng, clocks: &Clocks) -> Result<Opened, OpenError> {
    let (database, slots, incarnation) = files.open(rng)?;
    let slots = Mutex::new(slots);
    let idle = finish_interrupted(&database, &slots, rng, clocks)?;
    let slots = slots.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Opened { database, slots, incarnation, idle })
}

/// After the disk has failed: again, until it succeeds or the patience is over.
pub fn reopen(
    files: &Files,
    rng: &mut StdRng,
    clocks: &Clocks,
    patience: Duration,
) -> Result<Opened, OpenError> {
    let began = Instant::now();
    loop {
        files.drop_ballast();
        match open_files(files, rng, clocks) {
            Err(error) if began.elapsed() < patience => {
                log::warn!("the store cannot be reopened yet: {error}");
                thread::sleep(RECOVERY_PAUSE);
            }
            result => return result,
        }
    }
}

/// Destroys the rest of chats whose slot is void, and the keys of chats, invites and seats that never came to
/// be, were replaced or taken away; learns how long each chat has been idle.
fn finish_interrupted(
    database: &Database,
    slots: &Mutex<SlotFile>,
    rng: &mut StdRng,
    clocks: &Clocks,
) -> Result<IdleClocks, StoreError> {
    let transaction = database.begin_write()?;
    let tables = WriteTables::open(&transaction)?;
    let reading = clocks.read();
    let Survey { mut used, unfinished, mut idle } = survey(&tables, &lock(slots), reading.wall)?;
    let uncounted = idle.clock.open(reading, clocks.machine.built());
    let mut tx = WriteTx {
        tables,
        chats: &mut ChatCache::default(),
        idle: &mut idle,
        slots,
        rng,
        now: reading.wall,
        disk_space: Ok(()),
        made: Made::default(),
        is_changed: false,
    };
    tx.uncover(uncounted)?;
    for (chat, ending) in unfinished {
        tx.destroy(chat, ending)?;
    }
    for row in range::<_, InviteRow>(&tx.tables.invites, ..)? {
        used.insert(row?.1.slot);
    }
    for row in range::<_, SeatRow>(&tx.tables.seats, ..)? {
        used.insert(row?.1.slot);
    }
    tx.keep_time()?;
    drop(tx);
    transaction.commit()?;
    lock(slots).free_but(&used, rng)?;
    Ok(idle)
}

/// Which slots hold the key of a chat, which chats have lost theirs, and how long the others have been idle.
struct Survey {
    used: BTreeSet<u32>,
    unfinished: Vec<(ChatId, Ending)>,
    idle: IdleClocks,
}

fn survey(tables: &WriteTables, slots: &SlotFile, now: At) -> Result<Survey, StoreError> {
    let (mut used, mut unfinished, mut idle) = (BTreeSet::new(), Vec::new(), IdleClocks::default());
    if let Some(time) = get::<_, TimeRow>(&tables.time, ())? {
        (idle.clock, idle.purge_held_until) = (time.clock(), time.purge_held_until);
    }
    if let Some(compaction) = get::<_, CompactionRow>(&tables.compaction, ())? {
        idle.compaction = compaction.timer();
    }
    for row in range::<u64, ChatRow>(&tables.chats, ..)? {
        let (id, row) = row?;
        let chat = ChatId(id);
        match slots.read(row.slot)? {
            Slot::Live(_) => {
                used.insert(row.slot);
                idle.chats.insert(chat, row.timer()?.from_earlier_run());
            }
            Slot::Void { ended } => {
                let messages = head_of(&tables.messages, chat)?.0;
                let unknown = Ending { at: now, by: EndedBy::Host, messages };
                unfinished.push((chat, ended.unwrap_or(unknown)));
            }
        }
    }
    Ok(Survey { used, unfinished, idle })
}
