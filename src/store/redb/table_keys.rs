//! The keys of the tables, so that everything of one chat is together and can be removed by a range.

use redb::ReadableTable;

use crate::domain::{ChangeNumber, ChatId, DeviceId, ParticipantId, SeatId, Seq};

/// A seat of one device: chat, participant, device.
pub type SeatKey = [u8; 44];
/// The same, found from the device: device, chat, participant.
pub type DeviceKey = [u8; 44];
/// What one participant did with one message: chat, seq, participant.
pub type ReactionKey = [u8; 20];
/// What one participant does not see: chat, participant, seq.
pub type HiddenKey = [u8; 20];
/// What will have passed when a message vanishes, and which: passed, chat, seq.
pub type VanishKey = [u8; 24];

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
    let participant = u32::try_from(number(participant)).unwrap_or_default();
    SeatId { chat: ChatId(number(chat)), participant: ParticipantId(participant) }
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

pub fn change_key(chat: ChatId, number: ChangeNumber) -> u128 {
    message_key(chat, Seq(number.0))
}

pub fn number_of(key: u128) -> ChangeNumber {
    ChangeNumber(seq_of(key).0)
}

pub fn reaction_key(chat: ChatId, seq: Seq, from: ParticipantId) -> ReactionKey {
    let mut key = [0; 20];
    key[..8].copy_from_slice(&chat.0.to_be_bytes());
    key[8..16].copy_from_slice(&seq.0.to_be_bytes());
    key[16..].copy_from_slice(&from.0.to_be_bytes());
    key
}

pub fn reaction_of(key: &ReactionKey) -> (Seq, ParticipantId) {
    let (_, rest) = key.split_at(8);
    let (seq, from) = rest.split_at(8);
    (Seq(number(seq)), ParticipantId(u32::try_from(number(from)).unwrap_or_default()))
}

/// The reactions to the messages from the first to the last of these.
pub fn reactions_in(chat: ChatId, first: Seq, last: Seq) -> std::ops::RangeInclusive<ReactionKey> {
    reaction_key(chat, first, ParticipantId(0))..=reaction_key(chat, last, ParticipantId(u32::MAX))
}

pub fn hidden_key(seat: SeatId, seq: Seq) -> HiddenKey {
    let mut key = [0; 20];
    key[..12].copy_from_slice(&seat_bytes(seat));
    key[12..].copy_from_slice(&seq.0.to_be_bytes());
    key
}

pub fn hidden_seq(key: &HiddenKey) -> Seq {
    Seq(number(&key[12..]))
}

/// What a participant has hidden of the messages from the first to the last of these.
pub fn hidden_in(seat: SeatId, first: Seq, last: Seq) -> std::ops::RangeInclusive<HiddenKey> {
    hidden_key(seat, first)..=hidden_key(seat, last)
}

pub fn hidden_of(chat: ChatId) -> std::ops::RangeInclusive<HiddenKey> {
    let edge = |participant, seq| hidden_key(SeatId { chat, participant: ParticipantId(participant) }, seq);
    edge(0, Seq::NONE)..=edge(u32::MAX, Seq(u64::MAX))
}

pub fn vanish_key(passed: u64, chat: ChatId, seq: Seq) -> VanishKey {
    let mut key = [0; 24];
    key[..8].copy_from_slice(&passed.to_be_bytes());
    key[8..16].copy_from_slice(&chat.0.to_be_bytes());
    key[16..].copy_from_slice(&seq.0.to_be_bytes());
    key
}

pub fn vanishing(key: &VanishKey) -> (u64, ChatId, Seq) {
    (number(&key[..8]), ChatId(number(&key[8..16])), Seq(number(&key[16..])))
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
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
        let (chat, who) = (seat.chat, seat.participant);
        assert_eq!(number_of(change_key(chat, ChangeNumber(7))), ChangeNumber(7));
        assert_eq!(reaction_of(&reaction_key(chat, Seq(5), who)), (Seq(5), who));
        assert!(reactions_in(chat, Seq(5), Seq(5)).contains(&reaction_key(chat, Seq(5), who)));
        assert!(!reactions_in(chat, Seq(5), Seq(5)).contains(&reaction_key(chat, Seq(6), who)));
        assert_eq!(hidden_seq(&hidden_key(seat, Seq(5))), Seq(5));
        assert!(hidden_in(seat, Seq(1), Seq(5)).contains(&hidden_key(seat, Seq(5))));
        assert!(hidden_of(chat).contains(&hidden_key(seat, Seq(5))));
        assert_eq!(vanishing(&vanish_key(9, chat, Seq(5))), (9, chat, Seq(5)));
        assert!(vanish_key(9, chat, Seq(5)) < vanish_key(256, ChatId(0), Seq(0)));
    }
}
