//! Who has a key to a chat: signing devices out, and putting a new invite in the place of another.
//!
//! The part of a transaction that `apply` runs for it. An invite has a slot of its own, which is overwritten
//! when it was replaced: then its old link and code open nothing, not even with an earlier copy of the store
//! file. The order makes a crash harmless: the new slot is synced before the commit, the old one is
//! overwritten after it, and the next start destroys whichever of the two no invite points to.

use redb::ReadableTable;

use crate::crypto::{self, ChatKey, SlotKey};
use crate::domain::{At, DeviceId, DeviceTag, Event, InviteId, ParticipantId, Refusal, SeatId};
use crate::store::keys::slot_file::Slot;
use crate::store::redb::apply::{Applied, Broken, WriteTx, granted, lock};
use crate::store::redb::tables::{device_of, devices_at, seat_key};
use crate::store::redb::writer::Person;
use crate::store::rows::invite::InviteRow;
use crate::store::rows::{Row, SeatRow};
use crate::store::{Committed, Devices, Invite, Seat};

/// A link and a code that are to be put in the place of a participant's.
pub struct Replacement {
    /// Who asks.
    pub seat: Seat,
    /// For whom.
    pub participant: ParticipantId,
    /// The new link, and the new code, stretched already.
    pub person: Person,
    /// What becomes of the participant's devices.
    pub devices: Devices,
}

impl WriteTx<'_, '_> {
    /// An invite for a seat, sealed under the chat's slot key and one of its own, with its number.
    pub fn invite_for(
        &mut self,
        person: &Person,
        seat: SeatId,
        key: &ChatKey,
        slot: &SlotKey,
        (number, own): (u32, &SlotKey),
    ) -> InviteRow {
        let (token, lock) = (&person.token, slot.joined(own));
        let greeting = crypto::seal_greeting(self.rng, token, seat, person.name.as_str());
        let envelope = crypto::wrap_for_invite(self.rng, &person.stretched, token, &lock, seat, key);
        InviteRow::new(seat, person.salt, person.cost, number, greeting, envelope)
    }

    /// Takes a seat away from one of its devices.
    pub fn sign_out(&mut self, seat: &Seat, tag: DeviceTag) -> Applied<()> {
        granted!(self.check_seat(seat));
        let devices = self.devices(seat.id)?;
        let Some(device) = devices.into_iter().find(|id| seat.key.device_tag(seat.id, *id) == tag) else {
            return Ok(Err(Refusal::NoSuchDevice));
        };
        self.part(seat.id, device)?;
        Ok(Ok(()))
    }

    /// Puts a new invite in the place of another, for the same key. It counts as use of the chat, as coming
    /// in does: whoever hands a link out wants the chat to be there when it is opened.
    pub fn replace(&mut self, replacement: Replacement) -> Applied<Invite> {
        let Replacement { seat, participant, person, devices } = replacement;
        granted!(self.check_seat(&seat));
        if let Err(full) = self.room.clone() {
            return Ok(Err(full));
        }
        let whose = SeatId { chat: seat.id.chat, participant };
        let mut chat = self.chat_row(whose.chat)?.ok_or("a seat has lost its chat")?;
        let Slot::Live(slot) = lock(self.slots).read(chat.slot)? else {
            return Err("a chat has lost its slot".into());
        };
        let place = chat.people.get_mut(participant.index()).ok_or("a chat has lost a participant")?;
        let old = InviteId(place.invite);
        let before = self.invite_row(old)?.ok_or("a chat has lost an invite")?;
        let own = SlotKey::random(self.rng);
        let number = lock(self.slots).fill(&own)?;
        let row = self.invite_for(&person, whose, &seat.key, &slot, (number, &own)).replacing(&before);
        self.tables.invites.remove(old.0)?;
        self.dead_rows(0)?;
        self.put_invite(person.token.id(), &row)?;
        self.replaced.extend(before.slot.map(|slot| (slot, None)));
        place.invite = person.token.id().0;
        chat.use_at(self.now, self.rests.now().passed);
        self.tables.chats.insert(whose.chat.0, chat.to_bytes().as_slice())?;
        self.tell_of_replacement(&seat, whose, devices)?;
        if self.wake(whose.chat) {
            self.tell_kept(whose.chat)?;
        }
        Ok(Ok(Invite { participant, token: person.token, code: person.code }))
    }

    fn tell_of_replacement(&mut self, seat: &Seat, whose: SeatId, devices: Devices) -> Result<(), Broken> {
        if devices == Devices::SignedOut {
            for device in self.devices(whose)?.into_iter().filter(|device| *device != seat.device) {
                self.part(whose, device)?;
            }
        }
        let rules = self.book.chat(whose.chat, &self.tables)?.ok_or("a seat has lost its chat")?;
        rules.touch(self.now);
        let (participant, by, due) = (whose.participant, seat.id.participant, rules.due());
        let event = Event::Invited { participant, by, due };
        self.events.push(Committed { chat: whose.chat, event, origin: None });
        Ok(())
    }

    /// The device has the seat no more, and its sockets are told.
    pub fn part(&mut self, seat: SeatId, device: DeviceId) -> Result<(), Broken> {
        self.remove_seat(seat, device)?;
        let event = Event::Left { participant: seat.participant, device };
        self.events.push(Committed { chat: seat.chat, event, origin: None });
        Ok(())
    }

    fn devices(&self, seat: SeatId) -> Result<Vec<DeviceId>, Broken> {
        let rows = self.tables.seats.range(devices_at(seat))?;
        rows.map(|row| Ok(device_of(&row?.0.value()))).collect()
    }

    /// Notes when a device that has the seat was last here.
    pub fn device_left(&mut self, seat: &Seat, at: At) -> Result<bool, Broken> {
        let key = seat_key(seat.id, seat.device);
        let Some(mut row) = self.seat_row(key)? else { return Ok(false) };
        let is_news = row.leave(at);
        if is_news {
            self.tables.seats.insert(key, row.to_bytes().as_slice())?;
        }
        Ok(is_news)
    }

    fn seat_row(&self, key: crate::store::redb::tables::SeatKey) -> Result<Option<SeatRow>, Broken> {
        let bytes = self.tables.seats.get(key)?;
        Ok(bytes.map(|bytes| SeatRow::from_bytes(bytes.value())).transpose()?)
    }
}

#[cfg(test)]
mod tests;
