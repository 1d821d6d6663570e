//! Reading beside the writer: each question is one snapshot of the file, on a blocking thread. A seat is
//! checked in the snapshot that it is used in (I5). Nothing here changes anything.

mod access;
mod chat;
mod house;
mod messages;
mod watch;

pub use chat::open_names;

use std::collections::HashMap;
use std::sync::Arc;

use redb::{Database, ReadableDatabase};

use super::missing;
use super::newest::newest;
use super::table_keys::seat_key;
use super::tables::{ReadTables, get};
use crate::crypto::SlotKey;
use crate::domain::{At, ChatId, InviteId, Refusal, SeatId, Seq};
use crate::store::admission::attempts::AttemptsInFlight;
use crate::store::error::StoreError;
use crate::store::keys::slot::Slot;
use crate::store::keys::slot_file::{SharedSlots, lock};
use crate::store::rows::ChatRow;
use crate::store::seat::Seat;

pub struct ReadTx {
    tables: ReadTables,
    slots: SharedSlots,
    attempts: Arc<AttemptsInFlight>,
    /// The codes that were being looked at before that moment: one that has come in meanwhile is still
    /// charged in it.
    attempted: HashMap<InviteId, u32>,
    /// Which opening of the store this is a moment of.
    opening: u64,
    /// By the house's own count, now: what vanishes by then is gone, however late it is removed.
    passed: u64,
}

impl ReadTx {
    pub fn open(
        database: &Database,
        slots: &SharedSlots,
        attempts: &Arc<AttemptsInFlight>,
        opening: u64,
        passed: u64,
    ) -> Result<Self, StoreError> {
        let attempted = attempts.all();
        let tables = ReadTables::open(&database.begin_read()?)?;
        let (slots, attempts) = (Arc::clone(slots), Arc::clone(attempts));
        Ok(Self { tables, slots, attempts, attempted, opening, passed })
    }

    /// The row of a seat's chat, where the seat still holds.
    fn chat(&self, seat: &Seat) -> Result<ChatRow, StoreError> {
        if self.tables.seats.get(seat_key(seat.id, seat.device))?.is_none() {
            return Err(self.missing_seat(seat.id)?.into());
        }
        self.row_of_chat(seat.id.chat)
    }

    fn row_of_chat(&self, chat: ChatId) -> Result<ChatRow, StoreError> {
        Ok(get(&self.tables.chats, chat.0)?.ok_or("a seat has lost its chat")?)
    }

    /// The slot key of the chat in which this seat is. A chat whose slot is void has ended, even before the
    /// commit that removes it.
    fn slot(&self, seat: SeatId) -> Result<SlotKey, StoreError> {
        let number = self.row_of_chat(seat.chat)?.slot;
        match lock(&self.slots).read(number)? {
            Slot::Live(key) => Ok(key),
            Slot::Void { ended: None } => Err(Refusal::NoSuchSeat.into()),
            Slot::Void { ended: Some(ending) } => {
                Err(Refusal::Ended { ending, asked_by: seat.participant }.into())
            }
        }
    }

    /// The newest message, and when somebody last said something: a note says nothing.
    fn last(&self, chat: ChatId) -> Result<(Seq, Option<At>), StoreError> {
        match newest(&self.tables.messages, chat)? {
            None => Ok((Seq::NONE, None)),
            Some((head, at, false)) => Ok((head, Some(at))),
            Some((head, _, true)) => Ok((head, self.row_of_chat(chat)?.said_before_note())),
        }
    }

    fn missing_seat(&self, seat: SeatId) -> Result<Refusal, StoreError> {
        missing::seat(&self.tables.tombstones, seat)
    }
}
