//! What the host may know of the chats: how many, how old, how large.
//!
//! Read for `parlour chats`. No key is opened here, so that nothing of who is in a chat can be told.

use redb::ReadableTableMetadata;

use crate::domain::ChatId;
use crate::store::ChatStats;
use crate::store::redb::reader::{NoAnswer, ReadTx};
use crate::store::redb::tables::seats_in;
use crate::store::rows::{ChatRow, Row};

impl ReadTx<'_> {
    /// Every chat, the most recently used first.
    pub fn list_chats(&self) -> Result<Vec<ChatStats>, NoAnswer> {
        let mut chats = Vec::new();
        for row in self.tables.chats.range::<u64>(..)? {
            let (chat, bytes) = row?;
            chats.push(self.chat_stats(ChatId(chat.value()), &ChatRow::from_bytes(bytes.value())?)?);
        }
        chats.sort_by_key(|chat| std::cmp::Reverse((chat.used, chat.chat)));
        Ok(chats)
    }

    /// How many seats devices hold.
    pub fn seats_held(&self) -> Result<u64, NoAnswer> {
        Ok(self.tables.seats.len()?)
    }

    fn chat_stats(&self, chat: ChatId, row: &ChatRow) -> Result<ChatStats, NoAnswer> {
        let (head, last_at) = self.last(chat)?;
        let devices = self.tables.seats.range(seats_in(chat))?.count() as u64;
        Ok(ChatStats {
            chat,
            started: row.started(),
            used: row.used().max(last_at.unwrap_or_default()),
            idle: row.idle()?,
            messages: head.0,
            people: row.people.len(),
            devices,
            was_entered: row.was_entered,
            awaited: row.awaited(),
        })
    }
}
