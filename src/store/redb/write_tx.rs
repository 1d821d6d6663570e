//! The writer's transaction, and what every request does in it. Nothing here is true yet: it becomes true
//! when the writer has committed. A request that is refused changes nothing: it is refused before its first
//! write. Any other error ends the batch before its commit.

use std::sync::Mutex;

use rand::rngs::StdRng;
use redb::{ReadableTable, StorageError};

use super::chat_cache::ChatCache;
use super::idle_clocks::IdleClocks;
use super::missing;
use super::table_keys::{participant_key, seat_key};
use super::tables::{WriteTables, get, put};
use crate::domain::{At, ChatId, InviteId, Refusal, SeatId, UncountedTime};
use crate::store::error::StoreError;
use crate::store::keys::slot::SlotErasure;
use crate::store::keys::slot_file::SlotFile;
use crate::store::publication::Committed;
use crate::store::rows::{ChatRow, CompactionRow, InviteRow, ParticipantRow, TimeRow};
use crate::store::seat::Seat;

pub struct WriteTx<'a, 'txn> {
    pub tables: WriteTables<'txn>,
    pub chats: &'a mut ChatCache,
    pub idle: &'a mut IdleClocks,
    pub slots: &'a Mutex<SlotFile>,
    pub rng: &'a mut StdRng,
    pub now: At,
    /// Refuses what adds to the store where the disk has no space for it.
    pub disk_space: Result<(), Refusal>,
    pub made: Made,
    /// Whether anything was written. What only repeats is answered from what is on the disk already: nobody
    /// wears a card out by asking the same again and again.
    pub is_changed: bool,
}

#[derive(Default)]
pub struct Made {
    pub events: Vec<Committed>,
    /// Slots of chats that are destroyed: overwritten before the commit, given back after it.
    pub erased_before: Vec<SlotErasure>,
    /// Slots of invites that are replaced and of seats that are taken away: overwritten after the commit,
    /// because until then they work.
    pub erased_after: Vec<SlotErasure>,
}

impl WriteTx<'_, '_> {
    /// I5: a seat counts only while it has its row, looked at in the transaction that uses it.
    pub fn check_seat(&self, seat: &Seat) -> Result<(), StoreError> {
        if self.tables.seats.get(seat_key(seat.id, seat.device))?.is_some() {
            return Ok(());
        }
        Err(missing::seat(&self.tables.tombstones, seat.id)?.into())
    }

    pub fn passed(&self) -> u64 {
        self.idle.now().passed
    }

    pub fn chat_row(&self, chat: ChatId) -> Result<Option<ChatRow>, StoreError> {
        get(&self.tables.chats, chat.0)
    }

    pub fn put_chat(&mut self, chat: ChatId, row: &ChatRow) -> Result<(), StoreError> {
        self.is_changed = true;
        Ok(put(&mut self.tables.chats, chat.0, row)?)
    }

    /// Nothing where it is gone meanwhile.
    pub fn change_chat(&mut self, chat: ChatId, change: impl FnOnce(&mut ChatRow)) -> Result<(), StoreError> {
        let Some(mut row) = self.chat_row(chat)? else { return Ok(()) };
        change(&mut row);
        self.put_chat(chat, &row)
    }

    pub fn change_participant(
        &mut self,
        seat: SeatId,
        change: impl FnOnce(&mut ParticipantRow),
    ) -> Result<(), StoreError> {
        let key = participant_key(seat);
        let mut row: ParticipantRow = get(&self.tables.participants, key)?.unwrap_or_default();
        change(&mut row);
        self.is_changed = true;
        Ok(put(&mut self.tables.participants, key, &row)?)
    }

    /// Refused with what says why there is none.
    pub fn invite(&self, invite: InviteId) -> Result<InviteRow, StoreError> {
        match get(&self.tables.invites, invite.0)? {
            Some(row) => Ok(row),
            None => {
                Err(missing::invite(&self.tables.tombstone_invites, &self.tables.tombstones, invite)?.into())
            }
        }
    }

    /// The invite of a participant.
    pub fn invite_of(&self, seat: SeatId) -> Result<(InviteId, InviteRow), StoreError> {
        let chat = self.chat_row(seat.chat)?.ok_or("an invite has lost its chat")?;
        let person = chat.person(seat.participant).ok_or("a chat has lost a participant")?;
        let invite = InviteId(person.invite.ok_or("who is out has no invite")?);
        Ok((invite, get(&self.tables.invites, invite.0)?.ok_or("a chat has lost an invite")?))
    }

    pub fn put_invite(&mut self, invite: InviteId, row: &InviteRow) -> Result<(), StoreError> {
        self.is_changed = true;
        Ok(put(&mut self.tables.invites, invite.0, row)?)
    }

    /// So many messages were removed, and an envelope at least: they lie in free pages from now on.
    pub fn add_dead_rows(&mut self, messages: u64) -> Result<(), StorageError> {
        self.is_changed = true;
        let now = self.passed();
        self.idle.compaction.destroy(messages.saturating_add(1), now);
        put(&mut self.tables.compaction, (), &CompactionRow::new(self.idle.compaction))
    }

    /// The time of a message was over: what it said is in a free page from now on.
    pub fn add_vanished_row(&mut self) -> Result<(), StorageError> {
        self.is_changed = true;
        let now = self.passed();
        self.idle.compaction.vanish(now);
        put(&mut self.tables.compaction, (), &CompactionRow::new(self.idle.compaction))
    }
}

/// How long chats have been idle.
impl WriteTx<'_, '_> {
    /// Time that was not counted is counted now; a chat that was used after it does not age by it.
    pub fn uncover(&mut self, uncounted: Option<UncountedTime>) -> Result<(), StoreError> {
        let Some(uncounted) = uncounted else { return Ok(()) };
        self.is_changed = true;
        let changed = self.idle.chats.iter_mut().filter_map(|(chat, timer)| {
            let changes = timer.uncover(uncounted);
            changes.then_some((*chat, timer.used))
        });
        for (chat, used) in changed.collect::<Vec<_>>() {
            self.change_chat(chat, |row| row.rest_from(used))?;
        }
        self.uncover_messages(uncounted)
    }

    /// Writes the time, in the transaction of everything that is stamped with it.
    pub fn keep_time(&mut self) -> Result<(), StoreError> {
        put(&mut self.tables.time, (), &TimeRow::new(&self.idle.clock, self.idle.purge_held_until))?;
        self.idle.written = self.passed();
        Ok(())
    }
}
