//! What is done with a copy of the store before it takes the store's place, while the writer is held: it gets
//! what was said meanwhile, and loses what was destroyed.

use std::io;

use redb::{Database, ReadableTable, Table};

use super::table_keys::{chat_of, head_of, keys_of, message_key};
use super::tables::{ReadTables, WriteTables, put};
use crate::domain::{ChatId, CompactionTimer, Seq};
use crate::store::error::StoreError;
use crate::store::rows::CompactionRow;

/// Adds what the store has and the copy has not, and takes out what is gone. `done` is told how many rows
/// were taken out: they are dead rows in the new file. What it gives is written down there.
pub fn complete(
    copy: &Database,
    store: &ReadTables,
    done: impl FnOnce(u64) -> io::Result<CompactionTimer>,
) -> Result<CompactionTimer, StoreError> {
    let mut transaction = copy.begin_write()?;
    transaction.set_quick_repair(true);
    let mut to = WriteTables::open(&transaction)?;
    for row in store.chats.range::<u64>(..)? {
        let chat = ChatId(row?.0.value());
        let since = message_key(chat, head_of(&to.messages, chat)?.next());
        for row in store.messages.range(since..=message_key(chat, Seq(u64::MAX)))? {
            let (key, bytes) = row?;
            to.messages.insert(key.value(), bytes.value())?;
        }
    }
    store.copy_small(&mut to)?;
    let compaction = done(remove_orphans(&mut to)?)?;
    put(&mut to.compaction, (), &CompactionRow::new(compaction))?;
    drop(to);
    transaction.commit()?;
    Ok(compaction)
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
