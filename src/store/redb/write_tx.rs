//! The writer's transaction, and what every request does in it. Nothing here is true yet: it becomes true
//! when the writer has committed. A request that is refused changes nothing: it is refused before its first
//! write. Any other error ends the batch before its commit.

use std::sync::Mutex;

use rand::rngs::StdRng;
use redb::{ReadableTable, StorageError};

use super::chat_cache::ChatCache;
use super::facts::Fact;
use super::idle_clocks::IdleClocks;
use super::missing;
use super::table_keys::{device_key, participant_key, seat_key};
use super::tables::{WriteTables, get, put};
use crate::domain::{At, ChatId, DeviceId, Event, InviteId, Refusal, SeatId, UncountedTime};
use crate::store::error::StoreError;
use crate::store::keys::slot::SlotErasure;
use crate::store::keys::slot_file::SlotFile;
use crate::store::publication::{Committed, Origin};
use crate::store::rows::{ChatRow, InviteRow, ParticipantRow, TimeRow};
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
}

#[derive(Default)]
pub struct Made {
    pub events: Vec<Committed>,
    /// Slots of chats that are destroyed: overwritten before the commit, given back after it.
    pub erased_before: Vec<SlotErasure>,
    /// Slots of invites that are replaced: overwritten after the commit, because until then they work.
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

    pub fn publish(&mut self, chat: ChatId, event: Event, origin: Option<Origin>) {
        self.made.events.push(Committed { chat, event, origin });
    }

    pub fn passed(&self) -> u64 {
        self.idle.now().passed
    }

    pub fn chat_row(&self, chat: ChatId) -> Result<Option<ChatRow>, StoreError> {
        get(&self.tables.chats, chat.0)
    }

    pub fn put_chat(&mut self, chat: ChatId, row: &ChatRow) -> Result<(), StorageError> {
        put(&mut self.tables.chats, chat.0, row)
    }

    /// Nothing where it is gone meanwhile.
    pub fn change_chat(&mut self, chat: ChatId, change: impl FnOnce(&mut ChatRow)) -> Result<(), StoreError> {
        let Some(mut row) = self.chat_row(chat)? else { return Ok(()) };
        change(&mut row);
        Ok(self.put_chat(chat, &row)?)
    }

    pub fn change_participant<T>(
        &mut self,
        seat: SeatId,
        change: impl FnOnce(&mut ParticipantRow) -> T,
    ) -> Result<T, StoreError> {
        let key = participant_key(seat);
        let mut row: ParticipantRow = get(&self.tables.participants, key)?.unwrap_or_default();
        let changed = change(&mut row);
        put(&mut self.tables.participants, key, &row)?;
        Ok(changed)
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

    pub fn put_invite(&mut self, invite: InviteId, row: &InviteRow) -> Result<(), StorageError> {
        put(&mut self.tables.invites, invite.0, row)
    }

    pub fn remove_seat(&mut self, seat: SeatId, device: DeviceId) -> Result<(), StorageError> {
        self.tables.seats.remove(seat_key(seat, device))?;
        self.tables.devices.remove(device_key(device, seat))?;
        self.add_dead_rows(0)
    }

    /// So many messages were removed, and an envelope at least: they lie in free pages from now on.
    pub fn add_dead_rows(&mut self, messages: u64) -> Result<(), StorageError> {
        self.idle.messages = self.idle.messages.saturating_sub(messages);
        self.idle.dead_rows = self.idle.dead_rows.saturating_add(messages.saturating_add(1));
        Fact::DEAD_ROWS.set(&mut self.tables.house, self.idle.dead_rows)
    }
}

/// How long chats have been idle.
impl WriteTx<'_, '_> {
    /// Somebody uses the chat. True when that takes a final call away, which everybody is told.
    pub fn wake(&mut self, chat: ChatId) -> bool {
        let now = self.idle.now();
        self.idle.chats.get_mut(&chat).is_some_and(|timer| timer.wake(now).is_some())
    }

    pub fn use_chat(&mut self, chat: ChatId) -> Result<(), StoreError> {
        let (now, passed) = (self.now, self.passed());
        self.change_chat(chat, |row| row.use_at(now, passed))
    }

    pub fn tell_kept(&mut self, chat: ChatId) -> Result<(), StoreError> {
        if let Some(rules) = self.chats.get(chat, &self.tables)? {
            let due = rules.due();
            self.publish(chat, Event::Kept { due }, None);
        }
        Ok(())
    }

    /// Time that was not counted is counted now; a chat that was used after it does not age by it.
    pub fn uncover(&mut self, uncounted: Option<UncountedTime>) -> Result<(), StoreError> {
        let Some(uncounted) = uncounted else { return Ok(()) };
        let changed = self.idle.chats.iter_mut().filter_map(|(chat, timer)| {
            let changes = timer.uncover(uncounted);
            changes.then_some((*chat, timer.used))
        });
        for (chat, used) in changed.collect::<Vec<_>>() {
            self.change_chat(chat, |row| row.rest_from(used))?;
        }
        Ok(())
    }

    /// Writes the time, in the transaction of everything that is stamped with it.
    pub fn keep_time(&mut self) -> Result<(), StoreError> {
        put(&mut self.tables.time, (), &TimeRow::new(&self.idle.clock, self.idle.purge_held_until))?;
        self.idle.written = self.passed();
        Ok(())
    }
}
