//! What is done with a copy of the store before it takes the store's place, while the writer is held: it gets
//! what was said meanwhile, and loses what was destroyed.

use std::collections::HashMap;
use std::io;

use redb::{Database, ReadableTable, Table};

use super::message_copy::{Missing, ReadUpTo, for_each_missing};
use super::newest::last_change;
use super::table_keys::{chat_of, head_of, keys_of};
use super::tables::{ReadTables, WriteTables, put};
use crate::domain::{ChangeNumber, ChatId, CompactionTimer};
use crate::store::error::StoreError;
use crate::store::rows::CompactionRow;

pub type ChangesAtStart = HashMap<ChatId, ChangeNumber>;

/// Adds what the store has and the copy has not, takes over again what was changed since the copy was begun,
/// and takes out what is gone. `done` is told how many rows were written over or taken out: they are dead
/// rows in the new file. What it gives is written down there.
pub fn complete(
    copy: &Database,
    begun: &ChangesAtStart,
    store: &ReadTables,
    done: impl FnOnce(u64) -> io::Result<CompactionTimer>,
) -> Result<CompactionTimer, StoreError> {
    let mut transaction = copy.begin_write()?;
    transaction.set_quick_repair(true);
    let mut to = WriteTables::open(&transaction)?;
    let mut dead_rows = 0;
    for row in store.chats.range::<u64>(..)? {
        let chat = ChatId(row?.0.value());
        let changed = begun.get(&chat).copied().unwrap_or_default();
        let read = ReadUpTo { head: head_of(&to.messages, chat)?, changed };
        for_each_missing::<StoreError>(store, chat, read, |key, row, missing| {
            dead_rows += u64::from(missing == Missing::Changed);
            to.messages.insert(key, row)?;
            Ok(())
        })?;
    }
    store.copy_small(&mut to)?;
    let compaction = done(dead_rows + remove_orphans(&mut to)?)?;
    put(&mut to.compaction, (), &CompactionRow::new(compaction))?;
    drop(to);
    transaction.commit()?;
    Ok(compaction)
}

/// The last change of each chat that has any.
pub fn changes_at_start(store: &ReadTables) -> Result<ChangesAtStart, StoreError> {
    let mut changes = ChangesAtStart::new();
    let mut from = Some(0);
    while let Some(first) = from {
        let Some(row) = store.changes.range::<u128>(first..)?.next() else { break };
        let chat = chat_of(row?.0.value());
        changes.insert(chat, last_change(&store.changes, chat)?);
        from = keys_of(chat).end().checked_add(1);
    }
    Ok(changes)
}

/// Removes messages whose chat has no row. Tells how many.
pub fn remove_orphans(tables: &mut WriteTables) -> Result<u64, StoreError> {
    let mut removed = 0;
    for chat in chats_with_messages(&tables.messages)? {
        if tables.chats.get(chat.0)?.is_none() {
            removed += head_of(&tables.messages, chat)?.0;
            tables.messages.retain_in(keys_of(chat), |_, _| false)?;
        }
    }
    Ok(removed)
}

fn chats_with_messages(messages: &Table<u128, &'static [u8]>) -> Result<Vec<ChatId>, StoreError> {
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
