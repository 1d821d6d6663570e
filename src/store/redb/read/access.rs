//! What a device secret and a link lead to.

use super::ReadTx;
use crate::crypto::{self, ChatKey, DeviceSecret, LinkToken, SlotKey};
use crate::domain::{At, InviteId, InviteState, Name, Refusal, SeatId};
use crate::limits::SEATS_PER_DEVICE_MAX;
use crate::store::error::StoreError;
use crate::store::keys::slot::Slot;
use crate::store::keys::slot_file::lock;
use crate::store::redb::missing;
use crate::store::redb::table_keys::{device_of, devices_at, seat_key, seat_of, seats_held_by};
use crate::store::redb::tables::{get, range};
use crate::store::rows::{InviteRow, SeatRow};
use crate::store::seat::Seat;
use crate::store::views::Device;

/// An invite that was neither replaced nor ended.
struct FoundInvite {
    row: InviteRow,
    /// What it is sealed under: the chat's slot key, joined with the invite's own.
    lock: SlotKey,
}

/// What is known of a device that wants to enter by an invite.
#[derive(Clone, Copy, Default)]
pub struct Applicant {
    /// Whether its secret opens anything.
    pub holds_any: bool,
    /// The slot of the seat that it has already, if what is in it opens.
    pub kept_slot: Option<u32>,
}

impl ReadTx {
    /// Refused where the invite was replaced or ended, and where the device has no room for one more seat:
    /// the transaction that makes the seat looks again, but by then a code has counted.
    pub fn applicant(&self, id: InviteId, device: Option<&DeviceSecret>) -> Result<Applicant, StoreError> {
        let seat = self.invite(id)?.row.seat();
        let Some(device) = device else { return Ok(Applicant::default()) };
        let held = self.tables.devices.range(seats_held_by(device.id()))?.take(SEATS_PER_DEVICE_MAX).count();
        let is_in = self.tables.seats.get(seat_key(seat, device.id()))?.is_some();
        if held == SEATS_PER_DEVICE_MAX && !is_in {
            return Err(Refusal::TooManySeats.into());
        }
        let kept_slot = match self.opened_seat(device, seat) {
            Ok((_, slot)) => Some(slot),
            Err(StoreError::Refused(_)) => None,
            Err(error) => return Err(error),
        };
        Ok(Applicant { holds_any: held > 0, kept_slot })
    }

    pub fn seats(&self, device: &DeviceSecret) -> Result<Vec<Seat>, StoreError> {
        let mut seats = Vec::new();
        for row in self.tables.devices.range(seats_held_by(device.id()))?.take(SEATS_PER_DEVICE_MAX) {
            match self.seat(device, seat_of(&row?.0.value())) {
                Ok(seat) => seats.push(seat),
                Err(StoreError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(seats)
    }

    pub fn seat(&self, device: &DeviceSecret, id: SeatId) -> Result<Seat, StoreError> {
        let (key, _) = self.opened_seat(device, id)?;
        let sight = self.row_of_chat(id.chat)?.sight(id.participant)?;
        Ok(Seat::new((id, sight), device.id(), key, self.opening))
    }

    /// The key of the chat, and the seat's slot. What does not open was taken away since this moment of the
    /// store: its slot is void, or another's already.
    fn opened_seat(&self, device: &DeviceSecret, id: SeatId) -> Result<(ChatKey, u32), StoreError> {
        let Some(row) = get::<_, SeatRow>(&self.tables.seats, seat_key(id, device.id()))? else {
            return Err(self.missing_seat(id)?.into());
        };
        let (own, slot) = self.own_slot(row.slot, id)?;
        let own = own.ok_or(Refusal::NoSuchSeat)?;
        let opened = crypto::unwrap_for_device(device, &slot.with_seat(&own), id, &row.envelope);
        Ok((opened.map_err(|_| Refusal::NoSuchSeat)?, row.slot))
    }

    /// The key in the slot of an invite or a seat, if there is one, and the key in the slot of its chat. The
    /// chat's slot is read last: where the first is void because the chat is ending, the chat's is void too.
    fn own_slot(&self, number: u32, seat: SeatId) -> Result<(Option<SlotKey>, SlotKey), StoreError> {
        let own = match lock(&self.slots).read(number)? {
            Slot::Live(own) => Some(own),
            Slot::Void { .. } => None,
        };
        Ok((own, self.slot(seat)?))
    }

    pub fn entered(&self, seat: &Seat) -> Result<At, StoreError> {
        let row: Option<SeatRow> = get(&self.tables.seats, seat_key(seat.id, seat.device))?;
        Ok(row.ok_or(Refusal::NoSuchSeat)?.entered())
    }

    /// The one that came in first before the others.
    pub fn devices(&self, seat: &Seat) -> Result<Vec<Device>, StoreError> {
        self.chat(seat)?;
        let mut devices = Vec::new();
        for row in range::<_, SeatRow>(&self.tables.seats, devices_at(seat.id))? {
            let (key, row) = row?;
            let id = device_of(&key);
            let tag = seat.key.device_tag(seat.id, id);
            let (since, last_here) = (row.entered(), row.last_here());
            devices.push(Device { tag, is_asking: id == seat.device, since, last_here });
        }
        devices.sort_by_key(|device| (device.since, device.tag));
        Ok(devices)
    }

    fn invite(&self, id: InviteId) -> Result<FoundInvite, StoreError> {
        let Some(row) = get::<_, InviteRow>(&self.tables.invites, id.0)? else {
            let tables = &self.tables;
            return Err(missing::invite(&tables.tombstone_invites, &tables.tombstones, id)?.into());
        };
        let (own, slot) = self.own_slot(row.slot, row.seat())?;
        // Otherwise it was replaced since this moment of the store.
        let own = own.ok_or(Refusal::NoSuchLink)?;
        Ok(FoundInvite { lock: slot.with_invite(&own), row })
    }

    pub fn greeting(&self, token: &LinkToken) -> Result<Name, StoreError> {
        let FoundInvite { row, lock } = self.invite(token.id())?;
        let opened = crypto::open_greeting(token, &lock, row.seat(), &row.greeting);
        // It was replaced since this moment of the store, and its slot is another's already.
        Ok(Name::kept(&opened.map_err(|_| Refusal::NoSuchLink)?))
    }

    pub fn status(&self, id: InviteId) -> Result<InviteState, StoreError> {
        match self.invite(id) {
            Ok(FoundInvite { row, .. }) if row.came_in() => Ok(InviteState::In),
            Ok(_) => Ok(InviteState::Waiting),
            Err(StoreError::Refused(Refusal::Ended { .. })) => Ok(InviteState::Ended),
            Err(StoreError::Refused(_)) => Ok(InviteState::Unknown),
            Err(error) => Err(error),
        }
    }
}
