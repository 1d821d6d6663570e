//! The three secrets that leave the house: link token, code, device secret.

use rand::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::bytes::{SecretBytes, wiped};
use super::text::{self, ParseError};
use super::typed;
use crate::domain::{DeviceId, InviteId};
use crate::limits::CODE_TYPED_BYTES_MAX;

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(SecretBytes<$bytes>);

        impl $name {
            pub fn random(rng: &mut impl CryptoRng) -> Self {
                Self(SecretBytes::written(|bytes| rng.fill_bytes(bytes)))
            }

            pub(super) fn bytes(&self) -> &[u8; $bytes] {
                self.0.as_array()
            }
        }
    };
}

secret! {
    /// The secret of a link: 128 random bits, 26 characters in the link's fragment.
    LinkToken, 16
}

secret! {
    /// The secret code of an invite: 40 random bits, 8 characters in two groups, `K7QM-3XRP`.
    Code, 5
}

secret! {
    /// What proves a device: 32 random bytes, 52 characters, kept by the browser.
    DeviceSecret, 32
}

impl LinkToken {
    /// Reads 26 characters; small letters count.
    pub fn parse(typed: &str) -> Result<Self, ParseError> {
        text::decode(typed.as_bytes()).map(Self).ok_or(ParseError("link token"))
    }

    pub fn text(&self) -> Zeroizing<String> {
        text::encode(self.bytes())
    }

    /// What the house calls the invite.
    pub fn id(&self) -> InviteId {
        InviteId(hash(b"parlour invite", self.bytes()))
    }
}

impl Code {
    /// Reads what somebody typed or pasted, see [`typed`](super::typed).
    pub fn parse(typed: &str) -> Result<Self, ParseError> {
        let meant = if typed.len() > CODE_TYPED_BYTES_MAX { None } else { typed::code(typed) };
        meant.and_then(|letters| text::decode(&*letters)).map(Self).ok_or(ParseError("code"))
    }

    /// Two groups of four: `K7QM-3XRP`.
    pub fn text(&self) -> Zeroizing<String> {
        let plain = text::encode(self.bytes());
        let (first, second) = plain.split_at(4);
        Zeroizing::new([first, "-", second].concat())
    }
}

impl DeviceSecret {
    /// Reads 52 characters.
    pub fn parse(typed: &str) -> Result<Self, ParseError> {
        text::decode(typed.as_bytes()).map(Self).ok_or(ParseError("device secret"))
    }

    pub fn text(&self) -> Zeroizing<String> {
        text::encode(self.bytes())
    }

    /// What the house calls the device.
    pub fn id(&self) -> DeviceId {
        DeviceId(hash(b"parlour device", self.bytes()))
    }
}

fn hash(label: &[u8], secret: &[u8]) -> [u8; 32] {
    wiped(|| Sha256::new().chain_update(label).chain_update(secret).finalize().into())
}
