//! Writing the store anew, without what was left of chats that were destroyed.
//!
//! redb leaves removed rows in its free pages, and its own `compact` moves pages about in the same file while
//! nobody can use it. So the living rows are copied to a new file, which then takes the place of the old one.
//! The messages are nearly everything and never change: they are copied beside the writer. The writer only
//! adds what was said meanwhile, copies the small tables, and changes the files; for so long it is held.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use redb::{Database, Key, ReadOnlyTable, ReadableDatabase, ReadableTable, Table, Value};

use crate::domain::{ChatId, Seq};
use crate::limits::COMPACT_ROWS;
use crate::store::redb::apply::Broken;
use crate::store::redb::tables::{MESSAGES, ReadTables, WriteTables, chat_of, head_of, keys_of, message_key};
use crate::store::redb::writer::{Job, Writer};
use crate::store::{Compacted, Inner, Publication, StoreError};

/// The fact in the table of the house that says how many rows were removed since the store was written anew.
pub const DEAD_ROWS: &str = "dead_rows";

/// A new store file that has the messages of a moment ago.
pub struct Copy {
    database: Database,
    /// Which opening of the old file it was copied from.
    opening: u64,
}

/// Writes the store anew, if there is room for it. Who asks while that is done waits, and has it done again.
pub async fn compact(inner: &Arc<Inner>) -> Result<Option<Compacted>, StoreError> {
    let _alone = inner.compacting.acquire().await.map_err(StoreError::failed)?;
    if !inner.files.has_room_for_a_copy().map_err(StoreError::failed)? {
        return Ok(None);
    }
    if inner.files.is_held() {
        return Err(StoreError::failed("a backup is being made"));
    }
    let beside = Arc::clone(inner);
    let copied =
        tokio::task::spawn_blocking(move || beside.copy_messages()).await.map_err(StoreError::failed)?;
    let before = inner.files.store_bytes().map_err(StoreError::failed)?;
    let held = match copied {
        Ok(copy) => inner.ask(|reply| Job::Swap { copy, reply }).answer().await,
        Err(error) => Err(error.into()),
    };
    if held.is_err() {
        inner.files.drop_copy();
    }
    let (held, after) = (held?, inner.files.store_bytes().map_err(StoreError::failed)?);
    Ok(Some(Compacted { before, after, held }))
}

impl Inner {
    /// Copies every message, a few at a time, so that nothing that the writer syncs waits for long.
    fn copy_messages(&self) -> Result<Copy, Broken> {
        let (opening, snapshot) = {
            let place = self.database.read().unwrap_or_else(PoisonError::into_inner);
            let transaction = place.as_ref().ok_or("the store is closed")?.begin_read()?;
            (self.files.opening(), ReadTables::open(&transaction)?)
        };
        let database = self.files.new_store()?;
        let mut rows = snapshot.messages.range::<u128>(..)?.peekable();
        while rows.peek().is_some() {
            if self.closing.is_cancelled() {
                return Err("the store is closing".into());
            }
            let transaction = database.begin_write()?;
            let mut messages = transaction.open_table(MESSAGES)?;
            for row in rows.by_ref().take(COMPACT_ROWS) {
                let (key, bytes) = row?;
                messages.insert(key.value(), bytes.value())?;
            }
            drop(messages);
            transaction.commit()?;
        }
        Ok(Copy { database, opening })
    }
}

impl<F: FnMut(Publication)> Writer<F> {
    /// Brings a copy up to date and puts it in the place of the store. An error after the old file was let go
    /// is one of the disk, and mended as such.
    pub fn swap(&mut self, copy: Copy) -> Result<Result<Duration, StoreError>, Broken> {
        let began = Instant::now();
        let shared = self.database.clone();
        let place = shared.read().unwrap_or_else(PoisonError::into_inner);
        let old = place.as_ref().ok_or("the store is closed")?;
        if copy.opening != self.files.opening() {
            return Ok(Err(StoreError::failed("the store was opened anew while it was copied")));
        }
        let dead_rows = match complete(&copy.database, &ReadTables::open(&old.begin_read()?)?) {
            Ok(dead_rows) => dead_rows,
            Err(error) => return Ok(Err(error.into())),
        };
        drop((copy, place));
        let mut place = shared.write().unwrap_or_else(PoisonError::into_inner);
        if self.files.is_held() {
            return Ok(Err(StoreError::failed("a backup is being made")));
        }
        drop(place.take());
        *place = Some(self.files.swap()?);
        self.rests.dead_rows = dead_rows;
        Ok(Ok(began.elapsed()))
    }
}

/// Adds what the store has and the copy has not, and takes out what is gone. Tells how many rows were taken
/// out: they are dead rows in the new file.
fn complete(copy: &Database, store: &ReadTables) -> Result<u64, Broken> {
    let mut transaction = copy.begin_write()?;
    transaction.set_quick_repair(true);
    let mut to = WriteTables::open(&transaction)?;
    let mut dead_rows = 0;
    for chat in chats_with_messages(&to.messages)? {
        if store.chats.get(chat.0)?.is_none() {
            dead_rows += head_of(&to.messages, chat)?.0;
            to.messages.retain_in(keys_of(chat), |_, _| false)?;
        }
    }
    for row in store.chats.range::<u64>(..)? {
        let chat = ChatId(row?.0.value());
        let since = message_key(chat, head_of(&to.messages, chat)?.next());
        for row in store.messages.range(since..=message_key(chat, Seq(u64::MAX)))? {
            let (key, bytes) = row?;
            to.messages.insert(key.value(), bytes.value())?;
        }
    }
    copy_all(&store.house, &mut to.house)?;
    copy_all(&store.chats, &mut to.chats)?;
    copy_all(&store.places, &mut to.places)?;
    copy_all(&store.invites, &mut to.invites)?;
    copy_all(&store.seats, &mut to.seats)?;
    copy_all(&store.devices, &mut to.devices)?;
    copy_all(&store.tombstones, &mut to.tombstones)?;
    copy_all(&store.tombstone_invites, &mut to.tombstone_invites)?;
    copy_all(&store.time, &mut to.time)?;
    to.house.insert(DEAD_ROWS, dead_rows)?;
    drop(to);
    transaction.commit()?;
    Ok(dead_rows)
}

fn copy_all<K: Key, V: Value>(from: &ReadOnlyTable<K, V>, to: &mut Table<K, V>) -> Result<(), Broken> {
    for row in from.iter()? {
        let (key, value) = row?;
        to.insert(key.value(), value.value())?;
    }
    Ok(())
}

/// Every chat that has a message.
pub fn chats_with_messages(messages: &Table<u128, &'static [u8]>) -> Result<Vec<ChatId>, Broken> {
    let mut chats: Vec<ChatId> = Vec::new();
    let mut from = Some(0);
    while let Some(first) = from {
        let Some(row) = messages.range(first..)?.next() else { break };
        let chat = chat_of(row?.0.value());
        chats.push(chat);
        from = keys_of(chat).end().checked_add(1);
    }
    Ok(chats)
}
