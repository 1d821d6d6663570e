//! The messages of a store that is copied while people go on: what was said, and what was changed, since a
//! chat was read. Compaction and backup take that over again, so that nothing that was deleted meanwhile
//! comes back.

use super::newest::last_change;
use super::table_keys::{change_key, message_key};
use super::tables::{ReadTables, range};
use crate::domain::{ChangeNumber, ChatId, Seq};
use crate::store::error::StoreError;
use crate::store::rows::ChangeRow;

/// How far a chat was read: to that message, when that was its last change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadUpTo {
    pub head: Seq,
    pub changed: ChangeNumber,
}

/// The places of messages of a chat that look different in `store` than they did when it was read.
pub fn changed_since(store: &ReadTables, chat: ChatId, read: ReadUpTo) -> Result<Vec<Seq>, StoreError> {
    let changed = last_change(&store.changes, chat)?;
    if read.changed < changed.forgotten() {
        return Ok((1..=read.head.0).map(Seq).collect());
    }
    let since = change_key(chat, read.changed.next())..=change_key(chat, changed);
    let mut places = Vec::new();
    for row in range::<_, ChangeRow>(&store.changes, since)? {
        let (_, row) = row?;
        // What one person has hidden is a row of another table.
        if row.only == 0 && row.seq <= read.head.0 {
            places.push(Seq(row.seq));
        }
    }
    Ok(places)
}

/// Everything that was not read, or was read as it was before: what is changed first, then what is new.
pub fn for_each_missing<E: From<StoreError> + From<redb::StorageError>>(
    store: &ReadTables,
    chat: ChatId,
    read: ReadUpTo,
    mut take: impl FnMut(u128, &[u8], Missing) -> Result<(), E>,
) -> Result<(), E> {
    for seq in changed_since(store, chat, read)? {
        let key = message_key(chat, seq);
        if let Some(row) = store.messages.get(key)? {
            take(key, row.value(), Missing::Changed)?;
        }
    }
    for row in store.messages.range(message_key(chat, read.head.next())..=message_key(chat, Seq(u64::MAX)))? {
        let (key, row) = row?;
        take(key.value(), row.value(), Missing::New)?;
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    Changed,
    New,
}
