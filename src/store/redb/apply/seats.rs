//! Coming in by a code, signing devices out, and when they were last here.

use redb::ReadableTable;

use crate::domain::{At, Awaited, ChatId, DeviceId, DeviceTag, Event, InviteId, Refusal, SeatId};
use crate::limits::{DEVICES_PER_SEAT_MAX, SEATS_PER_DEVICE_MAX};
use crate::store::error::StoreError;
use crate::store::redb::request::{Connected, DeviceEntry};
use crate::store::redb::table_keys::{device_key, device_of, devices_at, seat_key, seats_held_by};
use crate::store::redb::tables::{get, put, range};
use crate::store::redb::write_tx::WriteTx;
use crate::store::rows::{ParticipantRow, SeatRow};
use crate::store::seat::Seat;
use crate::store::views::LeaveScope;

impl WriteTx<'_, '_> {
    /// Before the code is looked at.
    pub fn charge(&mut self, invite: InviteId) -> Result<(), StoreError> {
        let mut row = self.invite(invite)?;
        row.charge(row.guesses().charged(self.now)?);
        Ok(self.put_invite(invite, &row)?)
    }

    /// The code was wrong: everybody in the chat is told, and the guesser how long to wait.
    pub fn miss(&mut self, invite: InviteId) -> Result<Refusal, StoreError> {
        let row = self.invite(invite)?;
        let SeatId { chat, participant } = row.seat();
        self.publish(chat, Event::Guessed { participant, tries: row.guesses().tries }, None);
        Ok(Refusal::WrongCode { retry_after: row.guesses().wait(self.now) })
    }

    /// The code was right: the device gets its seat, and the tries are forgiven.
    pub fn admit(&mut self, entry: &DeviceEntry) -> Result<(), StoreError> {
        let DeviceEntry { invite, seat, device, envelope, connected } = entry;
        let mut row = self.invite(*invite)?;
        if self.tables.seats.get(seat_key(*seat, *device))?.is_none() {
            self.make_room(*seat, *device, connected)?;
        }
        row.admit(self.now);
        self.put_invite(*invite, &row)?;
        let entered = SeatRow::new(self.now, envelope.clone());
        put(&mut self.tables.seats, seat_key(*seat, *device), &entered)?;
        self.tables.devices.insert(device_key(*device, *seat), ())?;
        self.enter_chat(seat.chat)?;
        if let Some(rules) = self.chats.get(seat.chat, &self.tables)? {
            rules.touch(self.now);
        }
        if self.wake(seat.chat) {
            self.tell_kept(seat.chat)?;
        }
        Ok(())
    }

    fn enter_chat(&mut self, chat: ChatId) -> Result<(), StoreError> {
        let (now, passed) = (self.now, self.passed());
        if let Some(timer) = self.idle.chats.get_mut(&chat) {
            timer.awaited = Awaited::Nobody;
        }
        self.change_chat(chat, |row| {
            row.use_at(now, passed);
            row.was_entered = true;
        })
    }

    /// Signs out the device that has been away longest. Never one that is connected: somebody looks at it.
    fn make_room(&mut self, seat: SeatId, device: DeviceId, connected: &Connected) -> Result<(), StoreError> {
        if self.tables.devices.range(seats_held_by(device))?.count() >= SEATS_PER_DEVICE_MAX {
            return Err(Refusal::TooManySeats.into());
        }
        let mut devices = range(&self.tables.seats, devices_at(seat))?
            .map(|row| row.map(|(key, row): (_, SeatRow)| (row.away_since(), device_of(&key))))
            .collect::<Result<Vec<_>, _>>()?;
        if devices.len() < DEVICES_PER_SEAT_MAX {
            return Ok(());
        }
        devices.retain(|(_, device)| !connected(*device));
        let longest_away = devices.into_iter().min_by_key(|(since, _)| *since);
        let (_, device) = longest_away.ok_or(Refusal::TooManySockets)?;
        self.close_seat(seat, device)
    }

    pub fn sign_out(&mut self, seat: &Seat, tag: DeviceTag) -> Result<(), StoreError> {
        self.check_seat(seat)?;
        let devices = self.devices(seat.id)?;
        let found = devices.into_iter().find(|device| seat.key.device_tag(seat.id, *device) == tag);
        self.close_seat(seat.id, found.ok_or(Refusal::NoSuchDevice)?)
    }

    /// Takes a seat away from a device, and tells its sockets.
    pub fn close_seat(&mut self, seat: SeatId, device: DeviceId) -> Result<(), StoreError> {
        self.remove_seat(seat, device)?;
        self.publish(seat.chat, Event::Left { participant: seat.participant, device }, None);
        Ok(())
    }

    pub fn devices(&self, seat: SeatId) -> Result<Vec<DeviceId>, StoreError> {
        let rows = self.tables.seats.range(devices_at(seat))?;
        rows.map(|row| Ok(device_of(&row?.0.value()))).collect()
    }

    /// Notes when a device was last here, and with it the participant where no other device is. Whether that
    /// is news: once a minute is often enough for somebody who comes and goes.
    pub fn last_here(&mut self, seat: &Seat, scope: LeaveScope, at: At) -> Result<bool, StoreError> {
        self.check_seat(seat)?;
        let has_left = scope == LeaveScope::Participant
            && self.change_participant(seat.id, |row: &mut ParticipantRow| row.leave(at))?;
        Ok(self.device_left(seat, at)? || has_left)
    }

    fn device_left(&mut self, seat: &Seat, at: At) -> Result<bool, StoreError> {
        let key = seat_key(seat.id, seat.device);
        let Some(mut row) = get::<_, SeatRow>(&self.tables.seats, key)? else { return Ok(false) };
        let is_news = row.leave(at);
        if is_news {
            put(&mut self.tables.seats, key, &row)?;
        }
        Ok(is_news)
    }
}
