//! Destroying a chat, and what the purge does besides. Each action of the purge is judged again here: a chat
//! that was used since the purge looked is neither called nor destroyed.

use redb::{ReadableTable, StorageError};

use crate::domain::{ChatId, EndedBy, Ending, Event, InviteId, ParticipantId, SeatId, Stage};
use crate::store::error::StoreError;
use crate::store::keys::slot::SlotErasure;
use crate::store::publication::Origin;
use crate::store::redb::table_keys::{
    device_key, device_of, devices_at, head_of, keys_of, participant_key, seats_in,
};
use crate::store::redb::tables::{get, put};
use crate::store::redb::write_tx::WriteTx;
use crate::store::rows::{InviteRow, TombstoneRow};
use crate::store::views::{ExpiredTombstones, HostEnd, PurgeAction, Purged};

impl WriteTx<'_, '_> {
    /// I9: everything of a chat goes in this transaction, by a person, the clock or the host; its slot is
    /// overwritten before the commit.
    pub fn destroy(
        &mut self,
        chat: ChatId,
        ending: Ending,
        origin: Option<Origin>,
    ) -> Result<(), StoreError> {
        let Some(row) = self.chat_row(chat)? else { return Ok(()) };
        self.made.erased_before.push(SlotErasure { slot: row.slot, ended: Some(ending) });
        self.tables.chats.remove(chat.0)?;
        let mut messages = 0;
        self.tables.messages.retain_in(keys_of(chat), |_, _| {
            messages += 1;
            false
        })?;
        self.tables.participants.retain_in(keys_of(chat), |_, _| false)?;
        for (participant, person) in ParticipantId::all(row.people.len()).zip(&row.people) {
            self.destroy_invite(SeatId { chat, participant }, InviteId(person.invite))?;
        }
        self.remove_seats(chat, row.people.len())?;
        let tombstone = TombstoneRow::new(ending, self.passed());
        put(&mut self.tables.tombstones, chat.0, &tombstone)?;
        self.add_dead_rows(messages)?;
        self.chats.forget(chat);
        self.idle.chats.remove(&chat);
        self.publish(chat, Event::Ended(ending), origin);
        Ok(())
    }

    fn destroy_invite(&mut self, seat: SeatId, invite: InviteId) -> Result<(), StoreError> {
        let row: Option<InviteRow> = get(&self.tables.invites, invite.0)?;
        self.made.erased_before.extend(row.map(|row| SlotErasure { slot: row.slot, ended: None }));
        self.tables.invites.remove(invite.0)?;
        self.tables.tombstone_invites.insert(invite.0, participant_key(seat))?;
        Ok(())
    }

    fn remove_seats(&mut self, chat: ChatId, people: usize) -> Result<(), StorageError> {
        for participant in ParticipantId::all(people) {
            let seat = SeatId { chat, participant };
            let keys = self.tables.seats.range(devices_at(seat))?.map(|row| Ok(row?.0.value()));
            for key in keys.collect::<Result<Vec<_>, StorageError>>()? {
                self.tables.devices.remove(device_key(device_of(&key), seat))?;
            }
        }
        self.tables.seats.retain_in(seats_in(chat), |_, _| false)
    }

    pub fn destroy_by(&mut self, chat: ChatId, by: EndedBy) -> Result<(), StoreError> {
        let messages = head_of(&self.tables.messages, chat)?.0;
        self.destroy(chat, Ending { at: self.now, by, messages }, None)
    }

    /// How many chats that were. Somebody may have come in since the host looked, so it is judged here.
    pub fn end(&mut self, end: &HostEnd) -> Result<u64, StoreError> {
        let (chats, spares_entered) = match end {
            HostEnd::Chat(chat) => (std::slice::from_ref(chat), false),
            HostEnd::NeverEntered(chats) => (chats.as_slice(), true),
        };
        let mut ended = 0;
        for chat in chats {
            let row = self.chat_row(*chat)?;
            if row.is_some_and(|row| !(spares_entered && row.was_entered)) {
                self.destroy_by(*chat, EndedBy::Host)?;
                ended += 1;
            }
        }
        Ok(ended)
    }

    pub fn purge(&mut self, actions: Vec<PurgeAction>) -> Result<Purged, StoreError> {
        let mut purged = Purged::default();
        for action in actions {
            match action {
                PurgeAction::Call(chat) => purged.called += u64::from(self.call(chat)?),
                PurgeAction::Destroy(chat) => purged.destroyed += u64::from(self.expire(chat)?),
                PurgeAction::Hold { until } => self.idle.purge_held_until = until,
                PurgeAction::Forget(expired) => purged.forgotten += self.forget(&expired)?,
            }
        }
        Ok(purged)
    }

    fn call(&mut self, chat: ChatId) -> Result<bool, StoreError> {
        let now = self.idle.now();
        let timer = self.idle.chats.get_mut(&chat);
        let Some(timer) = timer.filter(|timer| timer.stage(now) == Stage::Due) else { return Ok(false) };
        let call = timer.begin_call(now, self.now);
        self.change_chat(chat, |row| row.call(call))?;
        self.publish(chat, Event::Called { at: call.at }, None);
        Ok(true)
    }

    fn expire(&mut self, chat: ChatId) -> Result<bool, StoreError> {
        let now = self.idle.now();
        if self.idle.chats.get(&chat).is_none_or(|timer| timer.stage(now) != Stage::Over) {
            return Ok(false);
        }
        self.destroy_by(chat, EndedBy::Clock)?;
        Ok(true)
    }

    /// Their links lead nowhere from now on.
    fn forget(&mut self, expired: &ExpiredTombstones) -> Result<u64, StorageError> {
        for invite in &expired.invites {
            self.tables.tombstone_invites.remove(invite)?;
        }
        for chat in &expired.chats {
            self.tables.tombstones.remove(chat.0)?;
        }
        Ok(expired.chats.len() as u64)
    }
}
