//! Destroying a chat, and what the purge does besides. Each action of the purge is judged again here: a chat
//! that was used since the purge looked is neither called nor destroyed.

use redb::StorageError;

use crate::domain::chat::Action;
use crate::domain::{ChatId, Ending, InviteId, ParticipantId, SeatId, Seq};
use crate::store::error::StoreError;
use crate::store::keys::slot::SlotErasure;
use crate::store::redb::apply::act::Means;
use crate::store::redb::table_keys::{
    device_key, device_of, devices_at, hidden_of, keys_of, participant_key, reactions_in, seats_in, seq_of,
    vanish_key,
};
use crate::store::redb::tables::{get, put, range};
use crate::store::redb::write_tx::WriteTx;
use crate::store::rows::{InviteRow, MessageRow, SeatRow, TombstoneRow};
use crate::store::views::{ExpiredTombstones, HostEnd, PurgeAction, Purged};

impl WriteTx<'_, '_> {
    /// I9: everything of a chat goes in this transaction, by a person, the clock or the host; its slot is
    /// overwritten before the commit.
    pub fn destroy(&mut self, chat: ChatId, ending: Ending) -> Result<(), StoreError> {
        let Some(row) = self.chat_row(chat)? else { return Ok(()) };
        self.made.erased_before.push(SlotErasure { slot: row.slot, ended: Some(ending) });
        self.tables.chats.remove(chat.0)?;
        let (mut messages, mut vanishing) = (0, Vec::new());
        self.tables.messages.retain_in(keys_of(chat), |key, bytes| {
            messages += 1;
            let until = MessageRow::from_bytes(bytes).ok().and_then(|row| row.vanishes());
            vanishing.extend(until.map(|until| vanish_key(until.passed, chat, seq_of(key))));
            false
        })?;
        for key in vanishing {
            self.tables.vanishing.remove(key)?;
        }
        self.tables.changes.retain_in(keys_of(chat), |_, _| false)?;
        self.tables.reactions.retain_in(reactions_in(chat, Seq::NONE, Seq(u64::MAX)), |_, _| false)?;
        self.tables.hidden.retain_in(hidden_of(chat), |_, _| false)?;
        self.tables.participants.retain_in(keys_of(chat), |_, _| false)?;
        self.tables.producers.remove(chat.0)?;
        for (participant, person) in ParticipantId::all(row.people.len()).zip(&row.people) {
            if let Some(invite) = person.invite {
                self.destroy_invite(SeatId { chat, participant }, InviteId(invite))?;
            }
        }
        self.remove_seats(chat, row.people.len())?;
        let tombstone = TombstoneRow::new(ending, self.passed());
        put(&mut self.tables.tombstones, chat.0, &tombstone)?;
        self.add_dead_rows(messages)?;
        self.idle.chats.remove(&chat);
        Ok(())
    }

    fn destroy_invite(&mut self, seat: SeatId, invite: InviteId) -> Result<(), StoreError> {
        let row: Option<InviteRow> = get(&self.tables.invites, invite.0)?;
        self.made.erased_before.extend(row.map(|row| SlotErasure { slot: row.slot, ended: None }));
        self.tables.invites.remove(invite.0)?;
        self.tables.tombstone_invites.insert(invite.0, participant_key(seat))?;
        Ok(())
    }

    fn remove_seats(&mut self, chat: ChatId, people: usize) -> Result<(), StoreError> {
        for participant in ParticipantId::all(people) {
            let seat = SeatId { chat, participant };
            for row in range::<_, SeatRow>(&self.tables.seats, devices_at(seat))? {
                let (key, row) = row?;
                self.made.erased_before.push(SlotErasure { slot: row.slot, ended: None });
                self.tables.devices.remove(device_key(device_of(&key), seat))?;
            }
        }
        Ok(self.tables.seats.retain_in(seats_in(chat), |_, _| false)?)
    }

    /// How many chats that were. Somebody may have come in since the host looked, so it is judged here.
    pub fn end(&mut self, end: &HostEnd) -> Result<u64, StoreError> {
        let (chats, action) = match end {
            HostEnd::Chat(chat) => (std::slice::from_ref(chat), Action::End),
            HostEnd::NeverEntered(chats) => (chats.as_slice(), Action::EndUnentered),
        };
        let mut ended = 0;
        for chat in chats {
            ended += u64::from(self.changes(*chat, action.clone())?);
        }
        Ok(ended)
    }

    /// Whether it did anything. Nothing where the chat is gone meanwhile.
    fn changes(&mut self, chat: ChatId, action: Action) -> Result<bool, StoreError> {
        if !self.idle.chats.contains_key(&chat) {
            return Ok(false);
        }
        let events = self.made.events.len();
        self.act(chat, action, Means::Nothing)?;
        Ok(self.made.events.len() > events)
    }

    pub fn purge(&mut self, actions: Vec<PurgeAction>) -> Result<Purged, StoreError> {
        let mut purged = Purged::default();
        for action in actions {
            match action {
                PurgeAction::Call(chat) => purged.called += u64::from(self.changes(chat, Action::Call)?),
                PurgeAction::Destroy(chat) => {
                    purged.destroyed += u64::from(self.changes(chat, Action::Expire)?);
                }
                PurgeAction::Vanish(chat, seq) => {
                    purged.vanished += u64::from(self.changes(chat, Action::Vanish(seq))?);
                }
                PurgeAction::Hold { until } => {
                    self.is_changed = true;
                    self.idle.purge_held_until = until;
                }
                PurgeAction::Forget(expired) => purged.forgotten += self.forget(&expired)?,
            }
        }
        Ok(purged)
    }

    /// Their links lead nowhere from now on.
    fn forget(&mut self, expired: &ExpiredTombstones) -> Result<u64, StorageError> {
        self.is_changed = true;
        for invite in &expired.invites {
            self.tables.tombstone_invites.remove(invite)?;
        }
        for chat in &expired.chats {
            self.tables.tombstones.remove(chat.0)?;
        }
        Ok(expired.chats.len() as u64)
    }
}
