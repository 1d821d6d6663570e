//! Secrets and what is sealed with them: tokens, codes, keys, envelopes.
//!
//! Pure: randomness comes in as a parameter, nothing is read or written. This file is the whole face.
//! One AEAD everywhere, XChaCha20-Poly1305 with random nonces (a restored backup would repeat a counter);
//! keys are derived by HKDF-SHA-256 (RFC 5869) with a label for each purpose. Every secret is a type that
//! is wiped when dropped, prints as `..` and is compared in constant time.

mod bytes;
mod envelope;
mod key;
mod passphrase;
mod secret;
mod stream;
mod stretch;
mod text;
mod typed;

pub use bytes::wiped_once;
pub use envelope::{
    AssociatedData, EnvelopeError, open_body, open_description, open_greeting, open_name, open_producers,
    open_reaction, open_title, seal_body, seal_description, seal_greeting, seal_name, seal_producers,
    seal_reaction, seal_title, unwrap_for_device, unwrap_for_invite, wrap_for_device, wrap_for_invite,
};
pub use key::{ChatKey, SlotKey};
pub use passphrase::Passphrase;
pub use secret::{Code, DeviceSecret, LinkToken};
#[cfg(feature = "test-support")]
pub use stream::is_backup;
pub use stream::{About, Sealing, UnsealError, Unsealing};
pub use stretch::{Stretch, StretchMemory, Stretched, stretch};

#[cfg(test)]
mod tests;
