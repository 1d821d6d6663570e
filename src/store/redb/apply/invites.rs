//! Starting a chat, and putting a new invite in the place of another. An invite has a slot of its own, which
//! is overwritten when it was replaced: then its old link and code open nothing, not even with an earlier
//! copy of the store file. The order makes a crash harmless: the new slot is synced before the commit, the
//! old one is overwritten after it, and the next start destroys the one of the two that no invite points to.

use rand::Rng;
use redb::{ReadableTable, ReadableTableMetadata};

use crate::crypto::{self, ChatKey, SlotKey};
use crate::domain::{
    AddressBlock, Caller, ChatId, EndedBy, Ending, Event, InviteId, ParticipantId, Refusal, SeatId,
};
use crate::limits::CHATS_MAX;
use crate::store::error::StoreError;
use crate::store::keys::fresh::fresh;
use crate::store::keys::slot::{Slot, SlotErasure};
use crate::store::keys::slot_file::lock;
use crate::store::redb::request::{ChatDraft, InviteDraft, Replacement};
use crate::store::redb::table_keys::participant_key;
use crate::store::redb::tables::{get, put};
use crate::store::redb::write_tx::WriteTx;
use crate::store::rows::{ChatRow, InviteRow, ParticipantRow, PersonRow};
use crate::store::seat::Seat;
use crate::store::views::{Devices, Invite};

impl WriteTx<'_, '_> {
    pub fn start(&mut self, draft: ChatDraft) -> Result<Vec<Invite>, StoreError> {
        self.disk_space.clone()?;
        if self.tables.chats.len()? >= CHATS_MAX as u64 {
            return Err(Refusal::HouseFull.into());
        }
        let ChatDraft { people: drafts, idle, by } = draft;
        let chat = self.unused_chat_id()?;
        let key = ChatKey::random(&mut fresh());
        let keys: Vec<_> = (0..=drafts.len()).map(|_| SlotKey::random(self.rng)).collect();
        let slots = lock(self.slots).fill_all(&keys)?;
        let owns = slots.iter().copied().zip(&keys).skip(1);
        let (mut people, mut invites) = (Vec::new(), Vec::new());
        for ((participant, draft), own) in ParticipantId::all(drafts.len()).zip(drafts).zip(owns) {
            let seat = SeatId { chat, participant };
            let row = self.invite_for(&draft, seat, &key, &keys[0], own);
            let invite = draft.token.id();
            self.put_invite(invite, &row)?;
            put(&mut self.tables.participants, participant_key(seat), &ParticipantRow::default())?;
            let name = crypto::seal_name(self.rng, &key, seat, draft.name.as_str());
            people.push(PersonRow { name, invite: invite.0 });
            invites.push(Invite { token: draft.token, code: draft.code });
        }
        let passed = self.passed();
        let row = ChatRow::new((idle, by), slots[0], (self.now, passed), people);
        self.idle.chats.insert(chat, row.timer(passed)?);
        self.put_chat(chat, &row)?;
        if let Caller::Guest(block) = by {
            self.keep_few_unentered(block, chat)?;
        }
        Ok(invites)
    }

    /// A neighbour who starts chats that nobody enters has only so many of them: the oldest goes.
    fn keep_few_unentered(&mut self, block: AddressBlock, chat: ChatId) -> Result<(), StoreError> {
        let Some(oldest) = self.idle.started(block, chat) else { return Ok(()) };
        self.destroy(oldest, Ending { at: self.now, by: EndedBy::Clock, messages: 0 }, None)
    }

    fn unused_chat_id(&mut self) -> Result<ChatId, StoreError> {
        loop {
            let id = self.rng.next_u64();
            if self.tables.chats.get(id)?.is_none() && self.tables.tombstones.get(id)?.is_none() {
                return Ok(ChatId(id));
            }
        }
    }

    /// An invite for a seat, sealed under the chat's slot key and one of its own, with its number.
    pub fn invite_for(
        &mut self,
        draft: &InviteDraft,
        seat: SeatId,
        key: &ChatKey,
        slot: &SlotKey,
        (number, own): (u32, &SlotKey),
    ) -> InviteRow {
        let (token, lock) = (&draft.token, slot.joined(own));
        let greeting = crypto::seal_greeting(self.rng, token, seat, draft.name.as_str());
        let envelope = crypto::wrap_for_invite(self.rng, &draft.stretched, token, &lock, seat, key);
        InviteRow::new(seat, draft.salt, draft.cost, number, greeting, envelope)
    }

    /// Puts a new invite in the place of another, for the same key. It counts as use of the chat, as coming
    /// in does: a person who hands a link out wants the chat to be there when it is opened.
    pub fn replace(&mut self, replacement: Replacement) -> Result<Invite, StoreError> {
        let Replacement { seat, participant, invite, devices } = replacement;
        self.check_seat(&seat)?;
        self.disk_space.clone()?;
        let whose = SeatId { chat: seat.id.chat, participant };
        let mut chat = self.chat_row(whose.chat)?.ok_or("a seat has lost its chat")?;
        let Slot::Live(slot) = lock(self.slots).read(chat.slot)? else {
            return Err("a chat has lost its slot".into());
        };
        let person = chat.people.get_mut(participant.index()).ok_or("a chat has lost a participant")?;
        let old = InviteId(person.invite);
        let before: InviteRow = get(&self.tables.invites, old.0)?.ok_or("a chat has lost an invite")?;
        let own = SlotKey::random(self.rng);
        let number = lock(self.slots).fill(&own)?;
        let row = self.invite_for(&invite, whose, &seat.key, &slot, (number, &own)).replacing(&before);
        self.tables.invites.remove(old.0)?;
        self.add_dead_rows(0)?;
        self.put_invite(invite.token.id(), &row)?;
        self.made.erased_after.push(SlotErasure { slot: before.slot, ended: None });
        person.invite = invite.token.id().0;
        chat.use_at(self.now, self.passed());
        self.put_chat(whose.chat, &chat)?;
        self.tell_of_replacement(&seat, whose, devices)?;
        if self.wake(whose.chat) {
            self.tell_kept(whose.chat)?;
        }
        Ok(Invite { token: invite.token, code: invite.code })
    }

    fn tell_of_replacement(
        &mut self,
        seat: &Seat,
        whose: SeatId,
        devices: Devices,
    ) -> Result<(), StoreError> {
        if devices == Devices::SignedOut {
            for device in self.devices(whose)?.into_iter().filter(|device| *device != seat.device) {
                self.close_seat(whose, device)?;
            }
        }
        let rules = self.chats.get(whose.chat, &self.tables)?.ok_or("a seat has lost its chat")?;
        rules.touch(self.now);
        let (participant, by, due) = (whose.participant, seat.id.participant, rules.due());
        self.publish(whose.chat, Event::Invited { participant, by, due }, None);
        Ok(())
    }
}
