//! The keys of the tables, so that everything of one chat is together and can be removed by a range.

use redb::ReadableTable;

use crate::domain::{ChatId, DeviceId, ParticipantId, SeatId, Seq};

/// A seat of one device: chat, participant, device.
pub type SeatKey = [u8; 44];
/// The same, found from the device: device, chat, participant.
pub type DeviceKey = [u8; 44];

pub fn message_key(chat: ChatId, seq: Seq) -> u128 {
    (u128::from(chat.0) << 64) | u128::from(seq.0)
}

pub fn seq_of(key: u128) -> Seq {
    Seq(u64::try_from(key & u128::from(u64::MAX)).unwrap_or(u64::MAX))
}

pub fn chat_of(key: u128) -> ChatId {
    ChatId(u64::try_from(key >> 64).unwrap_or_default())
}

pub fn keys_of(chat: ChatId) -> std::ops::RangeInclusive<u128> {
    message_key(chat, Seq::NONE)..=message_key(chat, Seq(u64::MAX))
}

/// The key of a participant, and of a tombstone's invite.
pub fn participant_key(seat: SeatId) -> u128 {
    (u128::from(seat.chat.0) << 64) | u128::from(seat.participant.0)
}

pub fn seat_of_participant(key: u128) -> SeatId {
    let participant = u32::try_from(key & u128::from(u32::MAX)).unwrap_or_default();
    SeatId { chat: chat_of(key), participant: ParticipantId(participant) }
}

pub fn seat_key(seat: SeatId, device: DeviceId) -> SeatKey {
    let mut key = [0; 44];
    key[..12].copy_from_slice(&seat_bytes(seat));
    key[12..].copy_from_slice(&device.0);
    key
}

pub fn seat_in(key: &SeatKey) -> SeatId {
    seat_from(key.first_chunk().expect("12 of 44 bytes"))
}

pub fn device_of(key: &SeatKey) -> DeviceId {
    DeviceId(*key.last_chunk().expect("32 of 44 bytes"))
}

fn seat_bytes(seat: SeatId) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..8].copy_from_slice(&seat.chat.0.to_be_bytes());
    bytes[8..].copy_from_slice(&seat.participant.0.to_be_bytes());
    bytes
}

fn seat_from(bytes: &[u8; 12]) -> SeatId {
    let (chat, participant) = bytes.split_at(8);
    let chat = chat.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    let participant = participant.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
    SeatId { chat: ChatId(chat), participant: ParticipantId(participant) }
}

pub fn devices_at(seat: SeatId) -> std::ops::RangeInclusive<SeatKey> {
    seat_key(seat, DeviceId([0; 32]))..=seat_key(seat, DeviceId([0xFF; 32]))
}

pub fn seats_in(chat: ChatId) -> std::ops::RangeInclusive<SeatKey> {
    let edge = |participant, byte| seat_key(SeatId { chat, participant }, DeviceId([byte; 32]));
    edge(ParticipantId(0), 0)..=edge(ParticipantId(u32::MAX), 0xFF)
}

pub fn device_key(device: DeviceId, seat: SeatId) -> DeviceKey {
    let mut key = [0; 44];
    key[..32].copy_from_slice(&device.0);
    key[32..].copy_from_slice(&seat_bytes(seat));
    key
}

pub fn seat_of(key: &DeviceKey) -> SeatId {
    seat_from(key.last_chunk().expect("12 of 44 bytes"))
}

pub fn seats_held_by(device: DeviceId) -> std::ops::RangeInclusive<DeviceKey> {
    let edge = |chat, participant| {
        device_key(device, SeatId { chat: ChatId(chat), participant: ParticipantId(participant) })
    };
    edge(0, 0)..=edge(u64::MAX, u32::MAX)
}

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
        assert_eq!(seat_of_participant(participant_key(seat)), seat);
        assert_eq!(seq_of(message_key(seat.chat, Seq(99))), Seq(99));
        assert_eq!(chat_of(message_key(seat.chat, Seq(99))), seat.chat);
        assert!(keys_of(seat.chat).contains(&message_key(seat.chat, Seq(1))));
        assert!(!keys_of(seat.chat).contains(&message_key(ChatId(0xABCE), Seq(1))));
        assert!(devices_at(seat).contains(&seat_key(seat, device)));
        assert!(seats_in(seat.chat).contains(&seat_key(seat, device)));
        assert!(seats_held_by(device).contains(&device_key(device, seat)));
    }
}
