//! The rules of the chats that the writer knows at the moment, loaded when first needed. The writer alone
//! changes chats, so what is here is what the file says. All of a chat's message ids are remembered: a
//! message that is sent again after any time is known without a row for each id. When there are too many, the
//! chats used longest ago are forgotten. After a failed commit all of it is forgotten.

use std::collections::HashMap;

use redb::ReadableTable;

use super::table_keys::{keys_of, participant_key, seq_of};
use super::tables::{WriteTables, get};
use crate::domain::{Chat, ChatId, ParticipantId, SeatId};
use crate::limits::REMEMBERED_IDS_MAX;
use crate::store::error::StoreError;
use crate::store::rows::{ChatRow, MessageRow, ParticipantRow};

struct Entry {
    chat: Chat,
    turn: u64,
}

#[derive(Default)]
pub struct ChatCache {
    entries: HashMap<ChatId, Entry>,
    turn: u64,
}

impl ChatCache {
    /// None where there is no such chat.
    pub fn get(&mut self, id: ChatId, tables: &WriteTables) -> Result<Option<&mut Chat>, StoreError> {
        self.turn += 1;
        if !self.entries.contains_key(&id) {
            let Some(chat) = load(id, tables)? else { return Ok(None) };
            self.entries.insert(id, Entry { chat, turn: self.turn });
        }
        let turn = self.turn;
        Ok(self.entries.get_mut(&id).map(|entry| {
            entry.turn = turn;
            &mut entry.chat
        }))
    }

    pub fn forget(&mut self, id: ChatId) {
        self.entries.remove(&id);
    }

    /// Until no more than [`REMEMBERED_IDS_MAX`] message ids are remembered.
    pub fn trim(&mut self) {
        let mut remembered: usize = self.entries.values().map(cost).sum();
        while remembered > REMEMBERED_IDS_MAX && self.entries.len() > 1 {
            let Some((id, entry)) = self.entries.iter().min_by_key(|(_, entry)| entry.turn) else { return };
            remembered -= cost(entry);
            let id = *id;
            self.entries.remove(&id);
        }
    }
}

/// A chat without a message costs memory as well.
fn cost(entry: &Entry) -> usize {
    entry.chat.remembered() + 16
}

fn load(id: ChatId, tables: &WriteTables) -> Result<Option<Chat>, StoreError> {
    let Some(row) = get::<_, ChatRow>(&tables.chats, id.0)? else { return Ok(None) };
    let mut receipts = Vec::new();
    for participant in ParticipantId::all(row.people.len()) {
        let key = participant_key(SeatId { chat: id, participant });
        receipts.push(get::<_, ParticipantRow>(&tables.participants, key)?.unwrap_or_default().receipt());
    }
    let mut chat = Chat::kept(receipts, row.idle()?, row.used());
    for message in tables.messages.range(keys_of(id))? {
        let (key, bytes) = message?;
        let row = MessageRow::from_bytes(bytes.value())?;
        chat.recall(seq_of(key.value()), row.from(), row.id(), row.at());
    }
    Ok(Some(chat))
}
