//! The tables of the store file, and how their keys are made.
//!
//! Keys are chosen so that everything of one chat stands together and can be removed by a range.
//! Values are versioned records, see `record`.

use redb::{ReadTransaction, ReadableTable, Table, TableDefinition, TableError, WriteTransaction};

use crate::domain::{ChatId, DeviceId, ParticipantId, SeatId, Seq};

/// A seat of one device: chat, participant, device.
pub type SeatKey = [u8; 41];
/// The same, found from the device: device, chat, participant.
pub type DeviceKey = [u8; 41];

/// Facts about the house itself: version, incarnation.
pub const HOUSE: TableDefinition<'static, &'static str, u64> = TableDefinition::new("house");
/// Chat id -> the chat.
pub const CHATS: TableDefinition<'static, u64, &'static [u8]> = TableDefinition::new("chats");
/// Chat id << 64 | seq -> a message.
pub const MESSAGES: TableDefinition<'static, u128, &'static [u8]> = TableDefinition::new("messages");
/// Chat id << 64 | participant -> a participant's receipt and when they were last here.
pub const PLACES: TableDefinition<'static, u128, &'static [u8]> = TableDefinition::new("places");
/// Invite id -> an invite.
pub const INVITES: TableDefinition<'static, [u8; 32], &'static [u8]> = TableDefinition::new("invites");
/// Seat key -> the chat's key, wrapped for the device.
pub const SEATS: TableDefinition<'static, SeatKey, &'static [u8]> = TableDefinition::new("seats");
/// Device key -> nothing: which seats a device holds.
pub const DEVICES: TableDefinition<'static, DeviceKey, ()> = TableDefinition::new("devices");
/// Chat id -> how an ended chat ended.
pub const TOMBSTONES: TableDefinition<'static, u64, &'static [u8]> = TableDefinition::new("tombstones");
/// Invite id -> the ended chat it belonged to << 64 | participant.
pub const TOMBSTONE_INVITES: TableDefinition<'static, [u8; 32], u128> =
    TableDefinition::new("tombstone-invites");

/// The time -> how much has passed.
pub const TIME: TableDefinition<'static, &'static str, &'static [u8]> = TableDefinition::new("time");

macro_rules! tables {
    ($($name:ident: $definition:ident, $key:ty, $value:ty;)*) => {
        /// Every table, open for writing in one transaction.
        pub struct WriteTables<'txn> {
            $(pub $name: Table<'txn, $key, $value>,)*
        }

        impl<'txn> WriteTables<'txn> {
            /// Opens, and where it is the first time makes, every table.
            pub fn open(transaction: &'txn WriteTransaction) -> Result<Self, TableError> {
                Ok(Self { $($name: transaction.open_table($definition)?,)* })
            }
        }

        /// Every table, as it stood at one moment.
        pub struct ReadTables {
            $(pub $name: redb::ReadOnlyTable<$key, $value>,)*
        }

        impl ReadTables {
            /// Opens every table for reading.
            pub fn open(transaction: &ReadTransaction) -> Result<Self, TableError> {
                Ok(Self { $($name: transaction.open_table($definition)?,)* })
            }
        }
    };
}

tables! {
    house: HOUSE, &'static str, u64;
    chats: CHATS, u64, &'static [u8];
    messages: MESSAGES, u128, &'static [u8];
    places: PLACES, u128, &'static [u8];
    invites: INVITES, [u8; 32], &'static [u8];
    seats: SEATS, SeatKey, &'static [u8];
    devices: DEVICES, DeviceKey, ();
    tombstones: TOMBSTONES, u64, &'static [u8];
    tombstone_invites: TOMBSTONE_INVITES, [u8; 32], u128;
    time: TIME, &'static str, &'static [u8];
}

/// The key of a message.
pub fn message_key(chat: ChatId, seq: Seq) -> u128 {
    (u128::from(chat.0) << 64) | u128::from(seq.0)
}

/// The position in a message's key.
pub fn seq_of(key: u128) -> Seq {
    Seq(u64::try_from(key & u128::from(u64::MAX)).unwrap_or(u64::MAX))
}

/// The chat in a message's key.
pub fn chat_of(key: u128) -> ChatId {
    ChatId(u64::try_from(key >> 64).unwrap_or_default())
}

/// Every key that begins with this chat.
pub fn keys_of(chat: ChatId) -> std::ops::RangeInclusive<u128> {
    message_key(chat, Seq::NONE)..=message_key(chat, Seq(u64::MAX))
}

/// The key of a participant's place, and of a tombstone's invite.
pub fn place_key(seat: SeatId) -> u128 {
    (u128::from(seat.chat.0) << 64) | u128::from(seat.participant.0)
}

/// The seat in a place's key.
pub fn seat_of_place(key: u128) -> SeatId {
    SeatId { chat: chat_of(key), participant: ParticipantId(u8::try_from(key & 0xFF).unwrap_or_default()) }
}

/// The key of one device's seat.
pub fn seat_key(seat: SeatId, device: DeviceId) -> SeatKey {
    let mut key = [0; 41];
    key[..8].copy_from_slice(&seat.chat.0.to_be_bytes());
    key[8] = seat.participant.0;
    key[9..].copy_from_slice(&device.0);
    key
}

/// The seat in a device's key of it.
pub fn seat_in(key: &SeatKey) -> SeatId {
    let mut chat = [0; 8];
    chat.copy_from_slice(&key[..8]);
    SeatId { chat: ChatId(u64::from_be_bytes(chat)), participant: ParticipantId(key[8]) }
}

/// The device in a seat's key.
pub fn device_of(key: &SeatKey) -> DeviceId {
    let mut device = [0; 32];
    device.copy_from_slice(&key[9..]);
    DeviceId(device)
}

/// Every device's key at one seat.
pub fn devices_at(seat: SeatId) -> std::ops::RangeInclusive<SeatKey> {
    seat_key(seat, DeviceId([0; 32]))..=seat_key(seat, DeviceId([0xFF; 32]))
}

/// Every seat's key of one chat.
pub fn seats_in(chat: ChatId) -> std::ops::RangeInclusive<SeatKey> {
    let edge = |participant, byte| seat_key(SeatId { chat, participant }, DeviceId([byte; 32]));
    edge(ParticipantId(0), 0)..=edge(ParticipantId(u8::MAX), 0xFF)
}

/// The key by which a device finds its seat.
pub fn device_key(device: DeviceId, seat: SeatId) -> DeviceKey {
    let mut key = [0; 41];
    key[..32].copy_from_slice(&device.0);
    key[32..40].copy_from_slice(&seat.chat.0.to_be_bytes());
    key[40] = seat.participant.0;
    key
}

/// The seat in a device's key.
pub fn seat_of(key: &DeviceKey) -> SeatId {
    let mut chat = [0; 8];
    chat.copy_from_slice(&key[32..40]);
    SeatId { chat: ChatId(u64::from_be_bytes(chat)), participant: ParticipantId(key[40]) }
}

/// Every key of one device.
pub fn seats_held_by(device: DeviceId) -> std::ops::RangeInclusive<DeviceKey> {
    let edge = |chat, participant| {
        device_key(device, SeatId { chat: ChatId(chat), participant: ParticipantId(participant) })
    };
    edge(0, 0)..=edge(u64::MAX, u8::MAX)
}

/// The position of a chat's last message.
pub fn head_of(
    messages: &impl ReadableTable<u128, &'static [u8]>,
    chat: ChatId,
) -> Result<Seq, redb::StorageError> {
    match messages.range(keys_of(chat))?.next_back() {
        None => Ok(Seq::NONE),
        Some(row) => Ok(seq_of(row?.0.value())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_give_back_what_they_were_made_of() {
        let seat = SeatId { chat: ChatId(0xABCD), participant: ParticipantId(2) };
        let device = DeviceId([7; 32]);
        assert_eq!(seat_of(&device_key(device, seat)), seat);
        assert_eq!(device_of(&seat_key(seat, device)), device);
        assert_eq!(seat_in(&seat_key(seat, device)), seat);
        assert_eq!(seat_of_place(place_key(seat)), seat);
        assert_eq!(seq_of(message_key(seat.chat, Seq(99))), Seq(99));
        assert_eq!(chat_of(message_key(seat.chat, Seq(99))), seat.chat);
        assert!(keys_of(seat.chat).contains(&message_key(seat.chat, Seq(1))));
        assert!(!keys_of(seat.chat).contains(&message_key(ChatId(0xABCE), Seq(1))));
        assert!(devices_at(seat).contains(&seat_key(seat, device)));
        assert!(seats_in(seat.chat).contains(&seat_key(seat, device)));
        assert!(seats_held_by(device).contains(&device_key(device, seat)));
    }
}
