//! Everything that is sealed, and with what.
//!
//! A sealed record is a random nonce of 24 bytes, the ciphertext, and a tag of 16 bytes. The associated data
//! name the purpose and the place, so that a record opens only where it was put.

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};
use rand::CryptoRng;
use zeroize::Zeroizing;

use super::bytes::wiped;
use super::key::{ChatKey, Key, SlotKey, derive};
use super::secret::{DeviceSecret, LinkToken};
use super::stretch::Stretched;
use crate::domain::{ChatId, MessageId, ParticipantId, SeatId, Seq};

const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// The key is not the right one, or the record is not what was sealed, or is in another place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed record does not open")]
pub struct EnvelopeError;

/// What a record is for: the first byte of its associated data.
#[derive(Clone, Copy)]
enum Purpose {
    Invite = 1,
    Device = 2,
    Greeting = 3,
    Name = 4,
    Body = 5,
    Producers = 6,
    Reaction = 7,
    Title = 8,
    Description = 9,
}

/// Where a message's body belongs.
#[derive(Clone, Copy, Debug)]
pub struct AssociatedData {
    /// The chat, and who said it.
    pub seat: SeatId,
    pub seq: Seq,
    pub id: MessageId,
    /// The number of the body's kind.
    pub kind: u8,
    /// How often its text was edited: an earlier text does not open in the place of a later one.
    pub edits: u32,
}

impl AssociatedData {
    fn bytes(&self) -> [u8; 43] {
        let Self { seat, seq, id, kind, edits } = *self;
        let mut data = [0; 43];
        data[..39].copy_from_slice(&associated(Purpose::Body, seat, kind, seq, id));
        data[39..].copy_from_slice(&edits.to_be_bytes());
        data
    }
}

/// Version 1, purpose, chat, participant, and for what belongs to a message its kind, seq and id: 39 bytes.
/// A body has 4 more.
fn associated(purpose: Purpose, seat: SeatId, kind: u8, seq: Seq, id: MessageId) -> [u8; 39] {
    let mut data = [0; 39];
    data[0] = 1;
    data[1] = purpose as u8;
    data[2..10].copy_from_slice(&seat.chat.0.to_be_bytes());
    data[10..14].copy_from_slice(&seat.participant.0.to_be_bytes());
    data[14] = kind;
    data[15..23].copy_from_slice(&seq.0.to_be_bytes());
    data[23..39].copy_from_slice(&id.0.to_be_bytes());
    data
}

fn associated_with(purpose: Purpose, seat: SeatId) -> [u8; 39] {
    associated(purpose, seat, 0, Seq::NONE, MessageId(0))
}

fn seal(rng: &mut impl CryptoRng, key: &Key, data: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut nonce = [0; NONCE_BYTES];
    rng.fill_bytes(&mut nonce);
    // Room for all of it first, so that no growing leaves plaintext in memory that is given back.
    let mut sealed = Vec::with_capacity(NONCE_BYTES + plain.len() + TAG_BYTES);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let (nonce, text) = (XNonce::from(nonce), &mut sealed[NONCE_BYTES..]);
    let encrypt = || cipher(key).encrypt_inout_detached(&nonce, data, text.into());
    let tag = wiped(encrypt);
    let tag = tag.expect("what is sealed here is far below the cipher's 256 GiB");
    sealed.extend_from_slice(&tag);
    sealed
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.as_array().into())
}

fn open(key: &Key, data: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(EnvelopeError)?;
    let (text, tag) = rest.split_last_chunk::<TAG_BYTES>().ok_or(EnvelopeError)?;
    let mut plain = Zeroizing::new(text.to_vec());
    let (nonce, tag, text) = (XNonce::from(*nonce), Tag::from(*tag), plain.as_mut_slice());
    let decrypt = || cipher(key).decrypt_inout_detached(&nonce, data, text.into(), &tag);
    wiped(decrypt).map_err(|_| EnvelopeError)?;
    Ok(plain)
}

fn open_text(key: &Key, data: &[u8], sealed: &[u8]) -> Result<Zeroizing<String>, EnvelopeError> {
    let plain = open(key, data, sealed)?;
    std::str::from_utf8(&plain).map(|text| Zeroizing::new(text.to_owned())).map_err(|_| EnvelopeError)
}

fn open_key(key: &Key, data: &[u8], sealed: &[u8]) -> Result<ChatKey, EnvelopeError> {
    let plain = open(key, data, sealed)?;
    let root: &[u8; 32] = plain.as_slice().try_into().map_err(|_| EnvelopeError)?;
    Ok(ChatKey::new(Key::written(|key| key.copy_from_slice(root))))
}

fn invite_key(stretched: &Stretched, token: &LinkToken, slot: &SlotKey) -> Key {
    derive(&[stretched.bytes(), token.bytes(), slot.as_bytes()], b"parlour invite envelope 1")
}

fn device_key(device: &DeviceSecret, slot: &SlotKey) -> Key {
    derive(&[device.bytes(), slot.as_bytes()], b"parlour device envelope 1")
}

fn greeting_key(token: &LinkToken, slot: &SlotKey) -> Key {
    derive(&[token.bytes(), slot.as_bytes()], b"parlour greeting 1")
}

/// Wraps the chat's key for those who have link and code, while the slot is there.
pub fn wrap_for_invite(
    rng: &mut impl CryptoRng,
    stretched: &Stretched,
    token: &LinkToken,
    slot: &SlotKey,
    seat: SeatId,
    key: &ChatKey,
) -> Vec<u8> {
    seal(
        rng,
        &invite_key(stretched, token, slot),
        &associated_with(Purpose::Invite, seat),
        key.root.as_array(),
    )
}

/// Opens an invite's envelope: this is the check of the code.
pub fn unwrap_for_invite(
    stretched: &Stretched,
    token: &LinkToken,
    slot: &SlotKey,
    seat: SeatId,
    envelope: &[u8],
) -> Result<ChatKey, EnvelopeError> {
    open_key(&invite_key(stretched, token, slot), &associated_with(Purpose::Invite, seat), envelope)
}

/// Wraps the chat's key for a device that has come in, while the slot is there.
pub fn wrap_for_device(
    rng: &mut impl CryptoRng,
    device: &DeviceSecret,
    slot: &SlotKey,
    seat: SeatId,
    key: &ChatKey,
) -> Vec<u8> {
    seal(rng, &device_key(device, slot), &associated_with(Purpose::Device, seat), key.root.as_array())
}

pub fn unwrap_for_device(
    device: &DeviceSecret,
    slot: &SlotKey,
    seat: SeatId,
    envelope: &[u8],
) -> Result<ChatKey, EnvelopeError> {
    open_key(&device_key(device, slot), &associated_with(Purpose::Device, seat), envelope)
}

/// Seals the name that the page greets with before the code is known: the link opens it without the code,
/// while the slot is there.
pub fn seal_greeting(
    rng: &mut impl CryptoRng,
    token: &LinkToken,
    slot: &SlotKey,
    seat: SeatId,
    name: &str,
) -> Vec<u8> {
    seal(rng, &greeting_key(token, slot), &associated_with(Purpose::Greeting, seat), name.as_bytes())
}

pub fn open_greeting(
    token: &LinkToken,
    slot: &SlotKey,
    seat: SeatId,
    sealed: &[u8],
) -> Result<Zeroizing<String>, EnvelopeError> {
    open_text(&greeting_key(token, slot), &associated_with(Purpose::Greeting, seat), sealed)
}

/// Seals a participant's name for everybody in the chat.
pub fn seal_name(rng: &mut impl CryptoRng, key: &ChatKey, seat: SeatId, name: &str) -> Vec<u8> {
    seal(rng, &key.names, &associated_with(Purpose::Name, seat), name.as_bytes())
}

pub fn open_name(key: &ChatKey, seat: SeatId, sealed: &[u8]) -> Result<Zeroizing<String>, EnvelopeError> {
    open_text(&key.names, &associated_with(Purpose::Name, seat), sealed)
}

/// What a group is called.
pub fn seal_title(rng: &mut impl CryptoRng, key: &ChatKey, chat: ChatId, title: &str) -> Vec<u8> {
    seal(rng, &key.names, &associated_with(Purpose::Title, whole(chat)), title.as_bytes())
}

pub fn open_title(key: &ChatKey, chat: ChatId, sealed: &[u8]) -> Result<Zeroizing<String>, EnvelopeError> {
    open_text(&key.names, &associated_with(Purpose::Title, whole(chat)), sealed)
}

/// What a group is about.
pub fn seal_description(rng: &mut impl CryptoRng, key: &ChatKey, chat: ChatId, about: &str) -> Vec<u8> {
    seal(rng, &key.names, &associated_with(Purpose::Description, whole(chat)), about.as_bytes())
}

pub fn open_description(
    key: &ChatKey,
    chat: ChatId,
    sealed: &[u8],
) -> Result<Zeroizing<String>, EnvelopeError> {
    open_text(&key.names, &associated_with(Purpose::Description, whole(chat)), sealed)
}

/// What is nobody's in a chat.
fn whole(chat: ChatId) -> SeatId {
    SeatId { chat, participant: ParticipantId(0) }
}

pub fn seal_body(rng: &mut impl CryptoRng, key: &ChatKey, data: &AssociatedData, body: &[u8]) -> Vec<u8> {
    seal(rng, &key.bodies, &data.bytes(), body)
}

pub fn open_body(
    key: &ChatKey,
    data: &AssociatedData,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    open(&key.bodies, &data.bytes(), sealed)
}

/// Seals the emoji with which `seat` reacts to the message at `seq`.
pub fn seal_reaction(
    rng: &mut impl CryptoRng,
    key: &ChatKey,
    (seat, seq): (SeatId, Seq),
    emoji: &str,
) -> Vec<u8> {
    seal(rng, &key.bodies, &of_reaction(seat, seq), emoji.as_bytes())
}

pub fn open_reaction(
    key: &ChatKey,
    (seat, seq): (SeatId, Seq),
    sealed: &[u8],
) -> Result<Zeroizing<String>, EnvelopeError> {
    open_text(&key.bodies, &of_reaction(seat, seq), sealed)
}

fn of_reaction(seat: SeatId, seq: Seq) -> [u8; 39] {
    associated(Purpose::Reaction, seat, 0, seq, MessageId(0))
}

/// Seals which producers a chat knows, up to the message at `seq`.
pub fn seal_producers(
    rng: &mut impl CryptoRng,
    key: &ChatKey,
    (chat, seq): (ChatId, Seq),
    plain: &[u8],
) -> Vec<u8> {
    seal(rng, &key.bodies, &of_producers(chat, seq), plain)
}

pub fn open_producers(
    key: &ChatKey,
    (chat, seq): (ChatId, Seq),
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    open(&key.bodies, &of_producers(chat, seq), sealed)
}

fn of_producers(chat: ChatId, seq: Seq) -> [u8; 39] {
    let seat = SeatId { chat, participant: ParticipantId(0) };
    associated(Purpose::Producers, seat, 0, seq, MessageId(0))
}
