//! What a device may know of its chats without a key: for a client that shows which of them have news.

use super::ReadTx;
use crate::domain::{ChangedChats, DeviceId, SeatId};
use crate::limits::SEATS_PER_DEVICE_MAX;
use crate::store::error::StoreError;
use crate::store::redb::table_keys::{seat_key, seat_of, seats_held_by};
use crate::store::views::SeatNews;

impl ReadTx {
    pub fn seat_ids(&self, device: DeviceId) -> Result<Vec<SeatId>, StoreError> {
        let rows = self.tables.devices.range(seats_held_by(device))?.take(SEATS_PER_DEVICE_MAX);
        rows.map(|row| Ok(seat_of(&row?.0.value()))).collect()
    }

    pub fn seat_news(&self, device: DeviceId, chats: &ChangedChats) -> Result<Vec<SeatNews>, StoreError> {
        let mut news = Vec::new();
        for seat in self.seat_ids(device)?.into_iter().filter(|seat| chats.has(seat.chat)) {
            if self.tables.seats.get(seat_key(seat, device))?.is_some() {
                let (head, last_at) = self.last(seat.chat)?;
                let read = self.participant(seat)?.receipt().read;
                news.push(SeatNews { seat, head, unread: self.unread(seat, read)?, last_at });
            }
        }
        Ok(news)
    }
}
