//! What a device secret and a link lead to.

use std::sync::Arc;

use super::ReadTx;
use crate::crypto::{self, DeviceSecret, LinkToken, SlotKey};
use crate::domain::{DeviceId, InviteId, InviteState, Name, Refusal, SeatId};
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

pub struct FoundInvite {
    pub row: InviteRow,
    pub slot: SlotKey,
    /// What the envelope is sealed under: the chat's slot key, joined with the invite's own.
    pub lock: SlotKey,
}

impl ReadTx {
    pub fn holds_any(&self, device: DeviceId) -> Result<bool, StoreError> {
        Ok(self.tables.devices.range(seats_held_by(device))?.next().transpose()?.is_some())
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
        let Some(row) = get::<_, SeatRow>(&self.tables.seats, seat_key(id, device.id()))? else {
            return Err(self.missing_seat(id)?.into());
        };
        let key = crypto::unwrap_for_device(device, &self.slot(id)?, id, &row.envelope)?;
        Ok(Seat { id, device: device.id(), key: Arc::new(key), opening: self.opening })
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

    /// An invite, which was neither replaced nor ended.
    pub fn invite(&self, id: InviteId) -> Result<FoundInvite, StoreError> {
        let Some(row) = get::<_, InviteRow>(&self.tables.invites, id.0)? else {
            let tables = &self.tables;
            return Err(missing::invite(&tables.tombstone_invites, &tables.tombstones, id)?.into());
        };
        let slot = self.slot(row.seat())?;
        match lock(&self.slots).read(row.slot)? {
            Slot::Live(own) => Ok(FoundInvite { lock: slot.joined(&own), row, slot }),
            // It was replaced since this moment of the store.
            Slot::Void { .. } => Err(Refusal::NoSuchLink.into()),
        }
    }

    pub fn greeting(&self, token: &LinkToken) -> Result<Name, StoreError> {
        let FoundInvite { row, .. } = self.invite(token.id())?;
        Ok(Name::kept(&crypto::open_greeting(token, row.seat(), &row.greeting)?))
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
