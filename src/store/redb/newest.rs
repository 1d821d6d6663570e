//! What came last in a chat, from its tables, alike for the writer and for the readers.

use redb::ReadableTable;

use super::table_keys::{keys_of, number_of, seq_of};
use crate::domain::{At, ChangeNumber, ChatId, Kind, Seq};
use crate::store::error::StoreError;
use crate::store::rows::MessageRow;

/// The place of the newest message, when it came, and whether it is a note.
pub fn newest(
    messages: &impl ReadableTable<u128, &'static [u8]>,
    chat: ChatId,
) -> Result<Option<(Seq, At, bool)>, StoreError> {
    let Some(row) = messages.range(keys_of(chat))?.next_back() else { return Ok(None) };
    let (key, bytes) = row?;
    let row = MessageRow::from_bytes(bytes.value())?;
    Ok(Some((seq_of(key.value()), row.at(), row.kind == Kind::Note.number())))
}

/// The number of the last change: its row is never forgotten.
pub fn last_change(
    changes: &impl ReadableTable<u128, &'static [u8]>,
    chat: ChatId,
) -> Result<ChangeNumber, StoreError> {
    match changes.range(keys_of(chat))?.next_back() {
        None => Ok(ChangeNumber::NONE),
        Some(row) => Ok(number_of(row?.0.value())),
    }
}
