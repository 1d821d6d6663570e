//! The keys that stay in the house: the chat's own, and its slot's.

use std::fmt;

use hkdf::Hkdf;
use rand::CryptoRng;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::bytes::{SecretBytes, wiped};
use crate::domain::{DeviceId, DeviceTag, SeatId};

/// A key for the one AEAD.
pub(super) type Key = SecretBytes<32>;

/// A key for one purpose, from secrets that are written one behind the other (RFC 5869, without salt).
pub(super) fn derive(secrets: &[&[u8]], label: &'static [u8]) -> Key {
    let secret = Zeroizing::new(secrets.concat());
    let derived = |key: &mut [u8; 32]| Hkdf::<Sha256>::new(None, &secret).expand(label, key);
    Key::written(|key| wiped(|| derived(key)).expect("32 bytes are less than 255 hashes"))
}

/// The key of one chat, K. Kept in memory while a seat of the chat is open, on the disk only wrapped.
#[derive(Clone, PartialEq, Eq)]
pub struct ChatKey {
    pub(super) root: Key,
    pub(super) bodies: Key,
    pub(super) names: Key,
}

impl ChatKey {
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        Self::new(Key::written(|root| rng.fill_bytes(root)))
    }

    /// From what was wrapped. The keys of bodies and names are derived once, not for every message.
    pub(super) fn new(root: Key) -> Self {
        let bodies = derive(&[root.as_array()], b"parlour bodies 1");
        let names = derive(&[root.as_array()], b"parlour names 1");
        Self { root, bodies, names }
    }

    /// What a device is called in the list of its seat: without this key nobody can tell whose it is.
    pub fn device_tag(&self, seat: SeatId, device: DeviceId) -> DeviceTag {
        let (chat, participant) = (seat.chat.0.to_be_bytes(), seat.participant.0.to_be_bytes());
        let tag = derive(&[self.root.as_array(), &chat, &participant, &device.0], b"parlour device tag 1");
        let mut number = [0; 8];
        number.copy_from_slice(&tag.as_array()[..8]);
        DeviceTag(u64::from_be_bytes(number))
    }
}

impl fmt::Debug for ChatKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChatKey(..)")
    }
}

/// The key in one slot: a chat's, S, without which no wrapped copy of the chat's key can be opened, or the
/// own one of an invite or of a device's seat, without which that invite or that seat cannot.
#[derive(Clone, Debug)]
pub struct SlotKey(Key);

impl SlotKey {
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        Self(Key::written(|key| rng.fill_bytes(key)))
    }

    /// What an invite is sealed under whose own slot is `own`: lost with either of the two.
    #[must_use]
    pub fn with_invite(&self, own: &Self) -> Self {
        Self(derive(&[self.as_bytes(), own.as_bytes()], b"parlour invite slot 1"))
    }

    /// The same for a device's seat.
    #[must_use]
    pub fn with_seat(&self, own: &Self) -> Self {
        Self(derive(&[self.as_bytes(), own.as_bytes()], b"parlour seat slot 1"))
    }

    /// From the slot file.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Key::written(|key| key.copy_from_slice(bytes)))
    }

    /// For the slot file.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_array()
    }
}
