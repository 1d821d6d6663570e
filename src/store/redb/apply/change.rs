//! How each change of a decision is written. Whatever has to be kept of a chat is written here or, when it
//! ends, removed by [`WriteTx::destroy`].

use std::collections::HashSet;

use redb::ReadableTable;

use crate::domain::chat::{Change, ChatState, LastUse};
use crate::domain::{
    At, Awaited, ChatId, DeviceId, DeviceTag, FinalCall, Idle, InviteId, Message, ParticipantId, SeatId, Seq,
    Standing,
};
use crate::store::error::StoreError;
use crate::store::keys::slot::SlotErasure;
use crate::store::keys::slot_file::lock;
use crate::store::redb::apply::act::Means;
use crate::store::redb::request::DeviceEntry;
use crate::store::redb::sealed::{seal_message, seal_producers};
use crate::store::redb::table_keys::{
    device_key, device_of, message_key, seat_in, seat_key, seats_in, vanish_key,
};
use crate::store::redb::tables::{get, put};
use crate::store::redb::write_tx::WriteTx;
use crate::store::rows::{InviteRow, SeatRow};

impl WriteTx<'_, '_> {
    pub fn write(
        &mut self,
        chat: ChatId,
        state: &mut ChatState,
        change: &Change,
        means: Means<'_>,
    ) -> Result<(), StoreError> {
        let whose = |participant: &ParticipantId| SeatId { chat, participant: *participant };
        match change {
            Change::PutMessage(message) => self.put_message(chat, message, state, means),
            Change::ChangeMessage { seq, number, edit } => {
                self.change_message((chat, *seq), *number, edit, means)
            }
            Change::Hide { participant, seq, number } => self.hide(whose(participant), *seq, *number),
            Change::PutVanishAfter(after) => self.change_chat(chat, |row| row.set_vanish_after(*after)),
            Change::PutIdle(idle) => self.put_idle(chat, *idle),
            Change::Checkpoint(seq) => self.put_producers(chat, *seq, state, means),
            Change::PutReceipt(participant, receipt) => {
                self.change_participant(whose(participant), |row| row.mark(*receipt))
            }
            Change::PutLastHere(participant, at) => {
                self.change_participant(whose(participant), |row| row.leave(*at))
            }
            Change::PutDeviceLastHere { participant, device, at } => {
                self.put_device_last_here(whose(participant), *device, *at)
            }
            Change::PutSeat { participant, device, since } => {
                self.put_seat(whose(participant), *device, *since, means)
            }
            Change::RemoveSeat { participant, device } => self.remove_seat(whose(participant), *device),
            Change::AddPerson { participant, person, invite, .. } => {
                self.add_person(whose(participant), person, *invite, means)
            }
            Change::RemovePerson(participant, standing) => self.remove_person(whose(participant), *standing),
            Change::PutRole(participant, role) => {
                self.change_person(whose(participant), |person| person.set_role(*role))
            }
            Change::PutName(participant, name) => self.put_name(whose(participant), name, means),
            Change::Describe(change) => self.describe(chat, change, means),
            Change::PutWriters(writers) => self.change_group(chat, |group| group.set_writers(*writers)),
            Change::PutRoster(roster) => self.change_group(chat, |group| group.set_roster(*roster)),
            Change::PutGuesses(participant, guesses) => {
                self.change_invite(whose(participant), |row| row.charge(*guesses))
            }
            Change::OpenInvite(participant, at) => self.open_invite(whose(participant), *at),
            Change::PutInvite(participant, invite) => self.replace_invite(whose(participant), *invite, means),
            Change::Touch(last) => self.touch(chat, *last),
            Change::BeginCall(call) => self.begin_call(chat, *call),
            Change::End(ending) => self.destroy(chat, *ending),
        }
    }
}

impl WriteTx<'_, '_> {
    fn put_message(
        &mut self,
        chat: ChatId,
        message: &Message,
        state: &ChatState,
        means: Means<'_>,
    ) -> Result<(), StoreError> {
        let row = seal_message(self.rng, means.key().ok_or("a message without a key")?, chat, message)?;
        self.tables.messages.insert(message_key(chat, message.seq), row.as_slice())?;
        self.is_changed = true;
        if let Some(vanishing) = message.vanishes {
            self.tables.vanishing.insert(vanish_key(vanishing.passed, chat, message.seq), ())?;
        }
        if message.is_note() {
            self.change_chat(chat, |row| row.note(state.said_at, state.used_at))?;
        }
        Ok(())
    }

    fn put_idle(&mut self, chat: ChatId, idle: Idle) -> Result<(), StoreError> {
        if let Some(timer) = self.idle.chats.get_mut(&chat) {
            timer.idle = idle;
        }
        self.change_chat(chat, |row| row.set_idle(idle))
    }

    /// Those of devices that are signed out are forgotten here.
    fn put_producers(
        &mut self,
        chat: ChatId,
        seq: Seq,
        state: &mut ChatState,
        means: Means<'_>,
    ) -> Result<(), StoreError> {
        let key = means.key().ok_or("producers without a key")?;
        let mut tags = HashSet::new();
        for row in self.tables.seats.range(seats_in(chat))? {
            let (seat, device) = {
                let at = row?.0.value();
                (seat_in(&at), device_of(&at))
            };
            tags.insert((seat.participant, key.device_tag(seat, device)));
        }
        // Of those that are known from messages that are gone, nobody knows the device.
        state.producers.retain(|participant, device| {
            device == DeviceTag::UNKNOWN || tags.contains(&(participant, device))
        });
        let row = seal_producers(self.rng, key, (chat, seq), &state.producers);
        Ok(put(&mut self.tables.producers, chat.0, &row)?)
    }

    fn put_device_last_here(&mut self, seat: SeatId, device: DeviceId, at: At) -> Result<(), StoreError> {
        let key = seat_key(seat, device);
        let Some(mut row) = get::<_, SeatRow>(&self.tables.seats, key)? else { return Ok(()) };
        row.leave(at);
        self.is_changed = true;
        Ok(put(&mut self.tables.seats, key, &row)?)
    }

    fn put_seat(
        &mut self,
        seat: SeatId,
        device: DeviceId,
        since: At,
        means: Means<'_>,
    ) -> Result<(), StoreError> {
        let Means::Entry(entry) = means else { return Err("a seat without an envelope".into()) };
        let row = self.seat_for(seat, entry, since)?;
        put(&mut self.tables.seats, seat_key(seat, device), &row)?;
        self.tables.devices.insert(device_key(device, seat), ())?;
        self.is_changed = true;
        Ok(())
    }

    /// A device that enters where it is in keeps slot and envelope, if they opened: nothing is written in
    /// place of what works, so a crash takes nothing from it. Where they did not open it gets new ones, or it
    /// would stay locked out.
    fn seat_for(&mut self, seat: SeatId, entry: &DeviceEntry, since: At) -> Result<SeatRow, StoreError> {
        let before = get::<_, SeatRow>(&self.tables.seats, seat_key(seat, entry.device))?;
        if let Some(before) = before.as_ref().filter(|before| Some(before.slot) == entry.kept_slot) {
            return Ok(SeatRow::new(since, before.slot, before.envelope.clone()));
        }
        self.made.erased_after.extend(before.map(|before| SlotErasure { slot: before.slot, ended: None }));
        Ok(SeatRow::new(since, lock(self.slots).fill(&entry.own)?, entry.envelope.clone()))
    }

    /// Its slot is overwritten after the commit: until then the seat works.
    fn remove_seat(&mut self, seat: SeatId, device: DeviceId) -> Result<(), StoreError> {
        let row: Option<SeatRow> = get(&self.tables.seats, seat_key(seat, device))?;
        self.made.erased_after.extend(row.map(|row| SlotErasure { slot: row.slot, ended: None }));
        self.tables.seats.remove(seat_key(seat, device))?;
        self.tables.devices.remove(device_key(device, seat))?;
        Ok(self.add_dead_rows(0)?)
    }

    fn change_invite(&mut self, seat: SeatId, change: impl FnOnce(&mut InviteRow)) -> Result<(), StoreError> {
        let (invite, mut row) = self.invite_of(seat)?;
        change(&mut row);
        self.put_invite(invite, &row)
    }

    fn open_invite(&mut self, seat: SeatId, at: At) -> Result<(), StoreError> {
        if let Some(timer) = self.idle.chats.get_mut(&seat.chat) {
            timer.awaited = Awaited::Nobody;
        }
        self.change_chat(seat.chat, |row| {
            row.was_entered = true;
            if let Some(person) = row.person_mut(seat.participant) {
                person.stand(Standing::In);
            }
        })?;
        self.change_invite(seat, |row| row.admit(at))
    }

    /// Its slot is overwritten after the commit: until then the old invite works.
    fn replace_invite(&mut self, seat: SeatId, invite: InviteId, means: Means<'_>) -> Result<(), StoreError> {
        let (old, before) = self.invite_of(seat)?;
        let new = self.new_invite(seat, means)?;
        self.tables.invites.remove(old.0)?;
        self.add_dead_rows(0)?;
        self.put_invite(invite, &new.replacing(&before))?;
        self.made.erased_after.push(SlotErasure { slot: before.slot, ended: None });
        self.change_person(seat, |person| person.invite = Some(invite.0))
    }

    /// In memory each use counts; it is written once a minute, so that saying something writes no other page.
    fn touch(&mut self, chat: ChatId, last: LastUse) -> Result<(), StoreError> {
        let Some(timer) = self.idle.chats.get_mut(&chat) else { return Ok(()) };
        if timer.wake(last.passed) { self.change_chat(chat, |row| row.use_at(last)) } else { Ok(()) }
    }

    fn begin_call(&mut self, chat: ChatId, call: FinalCall) -> Result<(), StoreError> {
        if let Some(timer) = self.idle.chats.get_mut(&chat) {
            timer.call = Some(call);
        }
        self.change_chat(chat, |row| row.call(call))
    }
}
