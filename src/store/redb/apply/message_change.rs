//! How a change to a message that is there is written: its row, and one row in the table of changes, in the
//! place of the one that it had.

use redb::{ReadableTable, StorageError};

use crate::domain::chat::MessageEdit;
use crate::domain::{ChangeNumber, ChatId, Gone, GoneBy, Message, SeatId, Seq, UncountedTime};
use crate::store::error::StoreError;
use crate::store::redb::apply::act::Means;
use crate::store::redb::sealed::{seal_message, seal_reaction};
use crate::store::redb::table_keys::{
    change_key, hidden_key, message_key, reaction_key, reactions_in, vanish_key, vanishing,
};
use crate::store::redb::tables::put;
use crate::store::redb::write_tx::WriteTx;
use crate::store::rows::{ChangeRow, MessageRow};

impl WriteTx<'_, '_> {
    pub fn change_message(
        &mut self,
        (chat, seq): (ChatId, Seq),
        number: ChangeNumber,
        edit: &MessageEdit,
        means: Means<'_>,
    ) -> Result<(), StoreError> {
        let before = self.note_change(chat, seq, number)?;
        match edit {
            MessageEdit::Text(message) => self.put_text(chat, message, means),
            MessageEdit::Remove(gone) => self.remove_body((chat, seq), number, *gone, &before),
            MessageEdit::React(participant, emoji) => {
                let key = reaction_key(chat, seq, *participant);
                match emoji {
                    Some(emoji) => {
                        let chat_key = means.key().ok_or("a reaction without a key")?;
                        let place = (SeatId { chat, participant: *participant }, seq);
                        let row = seal_reaction(self.rng, chat_key, place, emoji);
                        put(&mut self.tables.reactions, key, &row)?;
                    }
                    None => drop(self.tables.reactions.remove(key)?),
                }
                let mut row = MessageRow::from_bytes(&before)?;
                row.change(number);
                self.put_row(chat, seq, &row)
            }
        }
    }

    fn put_text(&mut self, chat: ChatId, message: &Message, means: Means<'_>) -> Result<(), StoreError> {
        let row = seal_message(self.rng, means.key().ok_or("a text without a key")?, chat, message)?;
        self.tables.messages.insert(message_key(chat, message.seq), row.as_slice())?;
        // The earlier text is in a free page now.
        Ok(self.add_dead_rows(1)?)
    }

    fn remove_body(
        &mut self,
        (chat, seq): (ChatId, Seq),
        number: ChangeNumber,
        gone: Gone,
        before: &[u8],
    ) -> Result<(), StoreError> {
        let mut row = MessageRow::from_bytes(before)?;
        row.remove(gone);
        row.change(number);
        if let Some(until) = row.vanishes() {
            self.tables.vanishing.remove(vanish_key(until.passed, chat, seq))?;
        }
        self.tables.reactions.retain_in(reactions_in(chat, seq, seq), |_, _| false)?;
        self.put_row(chat, seq, &row)?;
        Ok(match gone.by {
            GoneBy::Participant { .. } => self.add_dead_rows(1),
            GoneBy::Clock => self.add_vanished_row(),
        }?)
    }

    pub fn hide(&mut self, seat: SeatId, seq: Seq, number: ChangeNumber) -> Result<(), StoreError> {
        self.tables.hidden.insert(hidden_key(seat, seq), number.0)?;
        self.put_change(seat.chat, number, &ChangeRow { seq: seq.0, only: seat.participant.0 })
    }

    /// Gives the row as it was.
    fn note_change(&mut self, chat: ChatId, seq: Seq, number: ChangeNumber) -> Result<Vec<u8>, StoreError> {
        let before = self.tables.messages.get(message_key(chat, seq))?.map(|bytes| bytes.value().to_vec());
        let before = before.ok_or("a message is gone that was to be changed")?;
        let last = MessageRow::from_bytes(&before)?.changed();
        self.tables.changes.remove(change_key(chat, last))?;
        self.put_change(chat, number, &ChangeRow { seq: seq.0, only: 0 })?;
        Ok(before)
    }

    /// What comes before the newest ones is forgotten, see [`ChangeNumber::forgotten`].
    fn put_change(&mut self, chat: ChatId, number: ChangeNumber, row: &ChangeRow) -> Result<(), StoreError> {
        self.is_changed = true;
        put(&mut self.tables.changes, change_key(chat, number), row)?;
        let forgotten = change_key(chat, ChangeNumber::NONE)..=change_key(chat, number.forgotten());
        Ok(self.tables.changes.retain_in(forgotten, |_, _| false)?)
    }

    fn put_row(&mut self, chat: ChatId, seq: Seq, row: &MessageRow<'_>) -> Result<(), StoreError> {
        self.is_changed = true;
        self.tables.messages.insert(message_key(chat, seq), row.to_bytes().as_slice())?;
        Ok(())
    }

    /// Messages that were said after time that was not counted, and is counted now, vanish as late as was
    /// promised.
    pub fn uncover_messages(
        &mut self,
        UncountedTime { after, time }: UncountedTime,
    ) -> Result<(), StoreError> {
        let waiting = self.tables.vanishing.iter()?.map(|row| Ok(row?.0.value()));
        for key in waiting.collect::<Result<Vec<_>, StorageError>>()? {
            let (_, chat, seq) = vanishing(&key);
            let Some(bytes) =
                self.tables.messages.get(message_key(chat, seq))?.map(|row| row.value().to_vec())
            else {
                continue;
            };
            let mut row = MessageRow::from_bytes(&bytes)?;
            if row.said() <= after {
                continue;
            }
            row.uncover(time);
            self.tables.vanishing.remove(key)?;
            if let Some(until) = row.vanishes() {
                self.tables.vanishing.insert(vanish_key(until.passed, chat, seq), ())?;
            }
            self.put_row(chat, seq, &row)?;
        }
        Ok(())
    }
}
