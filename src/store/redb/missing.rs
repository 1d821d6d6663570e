//! Why a seat or an invite has no row: the refusal for it, alike for the writer and for the readers.

use redb::ReadableTable;

use super::table_keys::seat_of_participant;
use super::tables::get;
use crate::domain::{InviteId, Refusal, SeatId};
use crate::store::error::StoreError;
use crate::store::rows::TombstoneRow;

/// Its chat was ended, or the device never had the seat or has left it.
pub fn seat(
    tombstones: &impl ReadableTable<u64, &'static [u8]>,
    seat: SeatId,
) -> Result<Refusal, StoreError> {
    Ok(match get::<_, TombstoneRow>(tombstones, seat.chat.0)? {
        None => Refusal::NoSuchSeat,
        Some(row) => Refusal::Ended { ending: row.ending(), asked_by: seat.participant },
    })
}

/// Its chat was ended, or it leads nowhere.
pub fn invite(
    tombstone_invites: &impl ReadableTable<[u8; 32], u128>,
    tombstones: &impl ReadableTable<u64, &'static [u8]>,
    invite: InviteId,
) -> Result<Refusal, StoreError> {
    let Some(place) = tombstone_invites.get(invite.0)? else { return Ok(Refusal::NoSuchLink) };
    Ok(match seat(tombstones, seat_of_participant(place.value()))? {
        Refusal::NoSuchSeat => Refusal::NoSuchLink,
        refusal => refusal,
    })
}
