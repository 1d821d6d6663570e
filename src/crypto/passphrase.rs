//! The passphrase of a backup, and the keys that are made of it.
//!
//! A person chooses it, so it is bounded below and stretched harder than a code. It is read by the command
//! line alone and never leaves that process.

use std::fmt;

use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::key::{Key, derive};
use super::stretch::{Stretch, StretchError, StretchMemory, stretch_typed};
use crate::limits::{PASSPHRASE_BYTES_MAX, PASSPHRASE_CHARS_MIN};

/// What a backup is sealed with.
pub struct Passphrase(Zeroizing<String>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    #[error("the passphrase is too short: use at least {PASSPHRASE_CHARS_MIN} characters, or a few words")]
    Short,
    /// Nobody types that.
    #[error("the passphrase is too long: use at most {PASSPHRASE_BYTES_MAX} bytes")]
    Long,
}

impl Passphrase {
    /// Takes what was typed. The same letters typed on two systems are the same passphrase: it is normalised
    /// (NFC, as RFC 8265, section 4.2.2, asks for).
    pub fn parse(typed: &str) -> Result<Self, PassphraseError> {
        if typed.len() > PASSPHRASE_BYTES_MAX {
            return Err(PassphraseError::Long);
        }
        if typed.chars().count() < PASSPHRASE_CHARS_MIN {
            return Err(PassphraseError::Short);
        }
        Ok(Self(Zeroizing::new(typed.nfc().collect())))
    }

    /// The keys that it makes with this salt.
    pub(super) fn keys(&self, salt: &[u8; 16], cost: Stretch) -> Result<BackupKeys, StretchError> {
        let stretched = stretch_typed(self.0.as_bytes(), salt, cost, &mut StretchMemory::default())?;
        let parts = derive(&[stretched.bytes()], b"parlour backup parts 1");
        let check = derive(&[stretched.bytes()], b"parlour backup check 1");
        Ok(BackupKeys { parts, check })
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

pub(super) struct BackupKeys {
    parts: Key,
    check: Key,
}

impl BackupKeys {
    pub fn parts(&self) -> &[u8; 32] {
        self.parts.as_array()
    }

    /// 16 bytes by which a wrong passphrase is told from a damaged file. They say nothing else of the key.
    pub fn check(&self) -> [u8; 16] {
        let mut check = [0; 16];
        check.copy_from_slice(&self.check.as_array()[..16]);
        check
    }

    pub fn opens(&self, check: &[u8]) -> bool {
        self.check().ct_eq(check).into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_passphrase_is_neither_short_nor_a_page_and_the_same_on_every_system() {
        assert_eq!(Passphrase::parse("seven77").unwrap_err(), PassphraseError::Short);
        assert_eq!(Passphrase::parse(&"x".repeat(2_000)).unwrap_err(), PassphraseError::Long);
        let keys = |typed| Passphrase::parse(typed).unwrap().keys(&[1; 16], Stretch::LEAST).unwrap();
        let composed = keys("gr\u{fc}ne Katze");
        assert!(composed.opens(&keys("gru\u{308}ne Katze").check()));
        assert!(!composed.opens(&keys("gr\u{fc}ne katze").check()));
        assert_ne!(composed.parts()[..16], composed.check());
    }
}
