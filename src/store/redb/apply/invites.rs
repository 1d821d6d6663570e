//! Starting a chat, coming in, and putting a new invite in the place of another. An invite has a slot of its
//! own, which is overwritten when it was replaced: then its old link and code open nothing, not even with an
//! earlier copy of the store file. The order makes a crash harmless: the new slot is synced before the
//! commit, the old one is overwritten after it, and the next start destroys the one of the two that no invite
//! points to.

use rand::Rng;
use redb::{ReadableTable, ReadableTableMetadata};

use crate::crypto::{self, ChatKey, SlotKey};
use crate::domain::chat::{Action, LastUse, Outcome};
use crate::domain::{
    AddressBlock, Caller, ChatId, DeviceTag, InviteId, ParticipantId, Person, Refusal, SeatId, Shape,
};
use crate::limits::CHATS_MAX;
use crate::store::error::StoreError;
use crate::store::keys::fresh::fresh;
use crate::store::keys::slot::Slot;
use crate::store::keys::slot_file::lock;
use crate::store::redb::apply::act::Means;
use crate::store::redb::apply::actor;
use crate::store::redb::request::{Admitted, Charged, ChatDraft, DeviceEntry, InviteDraft, Replacement};
use crate::store::redb::table_keys::{device_of, devices_at, participant_key, seat_key};
use crate::store::redb::tables::{get, put};
use crate::store::redb::write_tx::WriteTx;
use crate::store::rows::{ChatRow, InviteRow, ParticipantRow, PersonRow, SeatRow};
use crate::store::seat::Seat;
use crate::store::views::Invite;

impl WriteTx<'_, '_> {
    pub fn start(&mut self, draft: ChatDraft) -> Result<Vec<Invite>, StoreError> {
        self.disk_space.clone()?;
        let ChatDraft { people: drafts, idle, by, title } = draft;
        let is_full = self.tables.chats.len()? >= CHATS_MAX as u64;
        if is_full || !lock(self.slots).has_room_for(1 + drafts.len()) {
            return Err(Refusal::HouseFull.into());
        }
        let chat = self.unused_chat_id()?;
        let key = ChatKey::random(&mut fresh());
        let keys: Vec<_> = (0..=drafts.len()).map(|_| SlotKey::random(self.rng)).collect();
        let slots = lock(self.slots).fill_all(&keys)?;
        let owns = slots.iter().copied().zip(&keys).skip(1);
        let shape = if title.is_some() { Shape::Group } else { Shape::Pair };
        let founders = Person::founders(shape, drafts.len());
        let (mut people, mut invites) = (Vec::new(), Vec::new());
        let numbered = ParticipantId::all(drafts.len()).zip(&founders);
        for (((participant, person), draft), own) in numbered.zip(drafts).zip(owns) {
            let seat = SeatId { chat, participant };
            let row = self.invite_for(&draft, seat, &key, &keys[0], own);
            let invite = draft.token.id();
            self.put_invite(invite, &row)?;
            put(&mut self.tables.participants, participant_key(seat), &ParticipantRow::default())?;
            let name = crypto::seal_name(self.rng, &key, seat, draft.name.as_str());
            people.push(PersonRow::new(person, name, invite));
            invites.push(Invite { token: draft.token, code: draft.code });
        }
        let last = LastUse { at: self.now, passed: self.idle.now().passed };
        let group = title.map(|title| self.group(&key, chat, &title));
        let row = ChatRow::new((idle, by), slots[0], last, (people, group));
        self.idle.chats.insert(chat, row.timer()?);
        self.put_chat(chat, &row)?;
        if let Caller::Guest(block) = by {
            self.keep_few_unentered(block, chat)?;
        }
        Ok(invites)
    }

    /// A neighbour who starts chats that nobody enters has only so many of them: the oldest goes.
    fn keep_few_unentered(&mut self, block: AddressBlock, chat: ChatId) -> Result<(), StoreError> {
        match self.idle.started(block, chat) {
            Some(oldest) => self.act(oldest, Action::MakeWay, Means::Nothing).map(drop),
            None => Ok(()),
        }
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
        let (token, lock) = (&draft.token, slot.with_invite(own));
        let greeting = crypto::seal_greeting(self.rng, token, &lock, seat, draft.name.as_str());
        let envelope = crypto::wrap_for_invite(self.rng, &draft.stretched, token, &lock, seat, key);
        InviteRow::new(seat, draft.salt, draft.cost, number, greeting, envelope)
    }

    /// Puts a new invite in the place of another, for the same key.
    pub fn replace(&mut self, replacement: Replacement) -> Result<Invite, StoreError> {
        let Replacement { seat, participant, invite, devices } = replacement;
        self.check_seat(&seat)?;
        self.disk_space.clone()?;
        let id = invite.token.id();
        let action = Action::Replace { by: actor(&seat), participant, invite: id, devices };
        self.act(seat.id.chat, action, Means::Invite(&seat, &invite))?;
        Ok(Invite { token: invite.token, code: invite.code })
    }

    /// One more invite of a chat. Its slot is filled only here, when it is decided that there is one.
    pub fn new_invite(&mut self, whose: SeatId, means: Means<'_>) -> Result<InviteRow, StoreError> {
        let Means::Invite(seat, draft) = means else { return Err("an invite without an envelope".into()) };
        let chat = self.chat_row(whose.chat)?.ok_or("a seat has lost its chat")?;
        let Slot::Live(slot) = lock(self.slots).read(chat.slot)? else {
            return Err("a chat has lost its slot".into());
        };
        let own = SlotKey::random(self.rng);
        let number = lock(self.slots).fill(&own)?;
        Ok(self.invite_for(draft, whose, &seat.key, &slot, (number, &own)))
    }

    /// Before the code is looked at. Gives what it is looked at with.
    pub fn charge(&mut self, invite: InviteId, kept_slot: Option<u32>) -> Result<Charged, StoreError> {
        let row = self.invite(invite)?;
        self.check_room_for_seat(kept_slot)?;
        let SeatId { chat, participant } = row.seat();
        self.act(chat, Action::Try(participant), Means::Nothing)?;
        let chat = self.chat_row(chat)?.ok_or("an invite has lost its chat")?;
        let slots = lock(self.slots);
        let (Slot::Live(slot), Slot::Live(own)) = (slots.read(chat.slot)?, slots.read(row.slot)?) else {
            return Err("a chat or an invite has lost its slot".into());
        };
        Ok(Charged { lock: slot.with_invite(&own), row, slot })
    }

    /// The slots are a budget of the whole house. A device that keeps its seat needs none.
    fn check_room_for_seat(&self, kept_slot: Option<u32>) -> Result<(), Refusal> {
        let has_room = kept_slot.is_some() || lock(self.slots).has_room_for(1);
        if has_room { Ok(()) } else { Err(Refusal::HouseFull) }
    }

    /// The code was wrong. Gives what the guesser is told.
    pub fn miss(&mut self, invite: InviteId) -> Result<Refusal, StoreError> {
        let SeatId { chat, participant } = self.invite(invite)?.seat();
        match self.act(chat, Action::Miss(participant), Means::Nothing)? {
            Outcome::Missed(refusal) => Ok(refusal),
            _ => Err("a wrong code was not refused".into()),
        }
    }

    /// The code was right.
    pub fn admit(&mut self, entry: &DeviceEntry) -> Result<Admitted, StoreError> {
        let seat = self.invite(entry.invite)?.seat();
        let before: Option<SeatRow> = get(&self.tables.seats, seat_key(seat, entry.device))?;
        self.check_room_for_seat(
            before.map(|before| before.slot).filter(|slot| Some(*slot) == entry.kept_slot),
        )?;
        let action = Action::Enter { participant: seat.participant, device: entry.device };
        self.act(seat.chat, action, Means::Entry(entry))?;
        let chat = self.chat_row(seat.chat)?.ok_or("a chat is gone that was entered just now")?;
        let (names, sight) = (chat.names_for(seat.participant)?, chat.sight(seat.participant)?);
        Ok(Admitted { names, sight })
    }

    pub fn sign_out(&mut self, seat: &Seat, tag: DeviceTag) -> Result<(), StoreError> {
        self.check_seat(seat)?;
        let mut device = None;
        for row in self.tables.seats.range(devices_at(seat.id))? {
            let found = device_of(&row?.0.value());
            if seat.key.device_tag(seat.id, found) == tag {
                device = Some(found);
            }
        }
        let (participant, device) = (seat.id.participant, device.ok_or(Refusal::NoSuchDevice)?);
        self.act(seat.id.chat, Action::SignOut { participant, device }, Means::Seat(seat)).map(drop)
    }
}
