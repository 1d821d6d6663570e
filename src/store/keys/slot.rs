//! One slot of the key-slot file, and its 64 bytes: key 32, state 1 (0 void, 1 live), ended by 4, ended at 8,
//! messages 8 (little endian), 11 zero. A slot never crosses a 512-byte sector, so that a torn write cannot
//! leave half of one. A void slot remembers how its chat ended, so that an ending that a crash interrupted is
//! finished at the next start as what it was, and is told alike before its commit and after.

use zeroize::Zeroizing;

use crate::crypto::SlotKey;
use crate::domain::{At, Ending};
use crate::store::rows::{ended_by, number_of};

const LIVE: u8 = 1;

pub type SlotBytes = [u8; 64];

pub enum Slot {
    /// The key of a chat, an invite or a seat that lives.
    Live(SlotKey),
    /// A chat was destroyed here, and that is how; or none ever was.
    Void { ended: Option<Ending> },
}

impl Slot {
    pub fn from_bytes(bytes: &SlotBytes) -> Self {
        if !is_live(bytes) {
            return Self::Void { ended: ending(bytes) };
        }
        Self::Live(SlotKey::from_bytes(bytes.first_chunk().expect("a slot begins with its key")))
    }
}

/// A slot to be overwritten, and how its chat ended; that of an invite or a seat has no ending.
#[derive(Clone, Copy)]
pub struct SlotErasure {
    pub slot: u32,
    pub ended: Option<Ending>,
}

pub fn live(key: &SlotKey) -> Zeroizing<SlotBytes> {
    let mut bytes = Zeroizing::new([0; 64]);
    bytes[..32].copy_from_slice(key.as_bytes());
    bytes[32] = LIVE;
    bytes
}

pub fn is_live(bytes: &SlotBytes) -> bool {
    bytes[32] == LIVE
}

pub fn void(ended: Option<Ending>) -> SlotBytes {
    let mut bytes = [0; 64];
    if let Some(Ending { by, at, messages }) = ended {
        bytes[33..37].copy_from_slice(&number_of(by).to_le_bytes());
        bytes[37..45].copy_from_slice(&at.0.to_le_bytes());
        bytes[45..53].copy_from_slice(&messages.to_le_bytes());
    }
    bytes
}

fn ending(bytes: &SlotBytes) -> Option<Ending> {
    let by = u32::from_le_bytes(part(bytes, 33));
    let (at, messages) = (u64::from_le_bytes(part(bytes, 37)), u64::from_le_bytes(part(bytes, 45)));
    (by != 0).then(|| Ending { by: ended_by(by), at: At(at), messages })
}

fn part<const N: usize>(bytes: &SlotBytes, from: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[from..from + N]);
    part
}
