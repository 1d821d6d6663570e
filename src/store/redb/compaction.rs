//! Compaction: the store file is written again without what was left of chats that were destroyed. redb
//! leaves removed rows in its free pages, and its own `compact` moves pages about in the same file while
//! nobody can use it. So the living rows are copied to a new file, which then takes the place of the old one.
//! The messages are nearly everything: they are copied beside the writer. The writer only adds what was said
//! and changed meanwhile, copies the small tables, and changes the files; for so long it is held.

use std::sync::Arc;

use redb::ReadableDatabase;

use super::copy_completion::changes_at_start;
use super::engine::Engine;
use super::request::{Request, StoreCopy};
use super::tables::{ReadTables, WriteTables};
use crate::limits::{COMPACT_ROWS, ROOM_BYTES};
use crate::store::error::{OpenError, StoreError};
use crate::store::views::Compacted;

/// One who asks while that is done waits, and has it done again.
pub async fn compact(engine: &Arc<Engine>) -> Result<Option<Compacted>, StoreError> {
    let _alone = engine.compacting.acquire().await.map_err(|_| StoreError::Unknown)?;
    if engine.files.free_bytes()? <= engine.files.store_bytes()?.saturating_add(ROOM_BYTES) {
        engine.suggest(Request::CompactionFailed { bytes: 0 });
        return Ok(None);
    }
    if engine.files.is_held() {
        return Err("a backup is being made".into());
    }
    let beside = Arc::clone(engine);
    let copied = tokio::task::spawn_blocking(move || copy_messages(&beside));
    let copied = copied.await.unwrap_or_else(|_| Err("the copying of the store panicked".into()));
    let before = engine.files.store_bytes()?;
    let held = match copied {
        Ok(copy) => engine.ask(|reply| Request::Swap { copy, reply }).await,
        Err(error) => Err(error),
    };
    if held.is_err() {
        let bytes = engine.files.copy_bytes().unwrap_or_default();
        engine.suggest(Request::CompactionFailed { bytes });
        engine.files.drop_copy();
    }
    let (held, after) = (held?, engine.files.store_bytes()?);
    Ok(Some(Compacted { before, after, held }))
}

/// Copies every message, a few at a time, so that nothing that the writer syncs waits for long.
pub fn copy_messages(engine: &Engine) -> Result<StoreCopy, StoreError> {
    let (opening, tables) = engine
        .with_database(|database| Ok((engine.files.opening(), ReadTables::open(&database.begin_read()?)?)))?;
    let changed = changes_at_start(&tables)?;
    let database = engine.files.new_store().map_err(OpenError::while_open)?;
    let mut rows = tables.messages.range::<u128>(..)?.peekable();
    while rows.peek().is_some() {
        if engine.closing.is_cancelled() {
            return Err("the store is closing".into());
        }
        let transaction = database.begin_write()?;
        let mut to = WriteTables::open(&transaction)?;
        for row in rows.by_ref().take(COMPACT_ROWS) {
            let (key, bytes) = row?;
            to.messages.insert(key.value(), bytes.value())?;
        }
        drop(to);
        transaction.commit()?;
    }
    Ok(StoreCopy { database, opening, changed })
}
