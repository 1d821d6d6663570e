//! The key-slot file: one half of every chat's key, overwritten in place when the chat is destroyed, and one
//! part of every invite's, overwritten in place when the invite is replaced.
//!
//! redb is copy-on-write, so what is removed from it stays in old pages until they are used again. A slot
//! does not: when its 64 bytes are overwritten and synced, no copy of the chat's key can be unwrapped any
//! more, whatever else is found. A void slot remembers how the chat ended, so that an ending that a crash
//! interrupted is finished at the next start as what it was, and is told alike before its commit and after.
//!
//! Layout: a header of 64 bytes (magic, version, the store's number), then slots of 64 bytes: key 32,
//! state 1 (0 void, 1 live), ended by 1, ended at 8, messages 8 (little endian), 14 zero. A slot never
//! crosses a 512-byte sector, so that a torn write cannot leave half of one.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use rand::Rng;
use redb::StorageBackend;
use zeroize::Zeroizing;

use crate::crypto::SlotKey;
use crate::domain::{At, Ending};
use crate::store::rows::{by_number, by_of};

const SLOT_BYTES: u64 = 64;
/// What the file has before the first key: its header.
pub const EMPTY_BYTES: u64 = SLOT_BYTES;
const MAGIC: &[u8; 16] = b"parlour key slot";
const VERSION: u8 = 1;
const LIVE: u8 = 1;
/// Slots by which the file grows: one page of the disk.
const GROWTH: u32 = 64;

/// What stands in a slot.
pub enum Slot {
    /// The key of a chat that lives.
    Live(SlotKey),
    /// A chat was destroyed here, or none ever was.
    Void {
        /// How it was destroyed, if anybody did.
        ended: Option<Ending>,
    },
}

/// A slot to be overwritten, and the note of how its chat ended.
pub type SlotErasure = (u32, Option<Ending>);

/// Why the slot file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SlotError {
    /// The disk.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Not a slot file, or a damaged one.
    #[error("keys.slots is not a key-slot file")]
    Foreign,
    /// Written by a newer Parlour.
    #[error("keys.slots has version {0}")]
    Newer(u8),
}

/// The open slot file. The writer alone changes it; readers read single slots.
pub struct Slots {
    file: Latched,
    count: u32,
    free: BTreeSet<u32>,
}

impl Slots {
    /// Makes a new file for the store that has this number.
    pub fn create(file: Box<dyn StorageBackend>, store: u64) -> Result<Self, SlotError> {
        let mut header = [0; 64];
        header[..16].copy_from_slice(MAGIC);
        header[16] = VERSION;
        header[24..32].copy_from_slice(&store.to_le_bytes());
        file.set_len(SLOT_BYTES)?;
        file.write(0, &header)?;
        file.sync_data()?;
        Ok(Self { file: Latched::new(file), count: 0, free: BTreeSet::new() })
    }

    /// Opens the file and tells which store's it is. No slot is free until [`Slots::free_but`] says which
    /// are in use.
    pub fn open(file: Box<dyn StorageBackend>) -> Result<(Self, u64), SlotError> {
        let bytes = file.len()?;
        let mut header = [0; 64];
        if bytes < SLOT_BYTES {
            return Err(SlotError::Foreign);
        }
        file.read(0, &mut header)?;
        if header[..16] != *MAGIC {
            return Err(SlotError::Foreign);
        }
        if header[16] != VERSION {
            return Err(SlotError::Newer(header[16]));
        }
        let mut store = [0; 8];
        store.copy_from_slice(&header[24..32]);
        let count = u32::try_from(bytes / SLOT_BYTES - 1).map_err(|_| SlotError::Foreign)?;
        Ok((Self { file: Latched::new(file), count, free: BTreeSet::new() }, u64::from_le_bytes(store)))
    }

    /// What stands in slot `number`.
    pub fn read(&self, number: u32) -> io::Result<Slot> {
        if number >= self.count {
            return Ok(Slot::Void { ended: None });
        }
        let mut bytes = Zeroizing::new([0; 64]);
        self.file.read(place(number), &mut *bytes)?;
        if bytes[32] == LIVE {
            let mut key = Zeroizing::new([0; 32]);
            key.copy_from_slice(&bytes[..32]);
            return Ok(Slot::Live(SlotKey::from_bytes(*key)));
        }
        Ok(Slot::Void { ended: note(&bytes) })
    }

    /// All of them as they stand now.
    pub fn image(&self) -> io::Result<Image> {
        let bytes = u64::from(self.count) * SLOT_BYTES;
        let mut image = Zeroizing::new(vec![0; usize::try_from(bytes).unwrap_or_default()]);
        self.file.read(SLOT_BYTES, &mut image)?;
        Ok(Image(image))
    }

    /// Puts a key into a free slot and syncs it.
    pub fn fill(&mut self, key: &SlotKey) -> io::Result<u32> {
        let number = self.put(key)?;
        self.file.sync_data()?;
        Ok(number)
    }

    /// Puts each key into a free slot and syncs them all at once.
    pub fn fill_all(&mut self, keys: &[SlotKey]) -> io::Result<Vec<u32>> {
        let numbers = keys.iter().map(|key| self.put(key)).collect::<io::Result<Vec<_>>>()?;
        self.file.sync_data()?;
        Ok(numbers)
    }

    fn put(&mut self, key: &SlotKey) -> io::Result<u32> {
        if self.free.is_empty() {
            self.grow()?;
        }
        let number = self.free.pop_first().ok_or(io::ErrorKind::StorageFull)?;
        let mut bytes = Zeroizing::new([0; 64]);
        bytes[..32].copy_from_slice(key.as_bytes());
        bytes[32] = LIVE;
        self.file.write(place(number), &*bytes)?;
        Ok(number)
    }

    /// Destroys the keys in these slots, for good: random bytes first, then zeros and the note of who did it.
    /// Those of chats, which have a note, come before those of invites: after a crash a chat that is not void
    /// still has its invites. The slots are not given out again until [`Slots::release`].
    pub fn destroy(&mut self, slots: &[SlotErasure], rng: &mut impl Rng) -> io::Result<()> {
        let (chats, invites): (Vec<_>, Vec<_>) = slots.iter().copied().partition(|(_, note)| note.is_some());
        if !chats.is_empty() {
            self.write_noise(&chats, rng)?;
            self.file.sync_data()?;
        }
        self.write_zeros(&chats)?;
        self.write_noise(&invites, rng)?;
        self.file.sync_data()?;
        self.write_zeros(&invites)?;
        self.file.sync_data()
    }

    fn write_noise(&self, slots: &[SlotErasure], rng: &mut impl Rng) -> io::Result<()> {
        slots.iter().try_for_each(|(number, ended)| {
            let mut noise = void(*ended);
            rng.fill_bytes(&mut noise[..32]);
            self.file.write(place(*number), &noise)
        })
    }

    fn write_zeros(&self, slots: &[SlotErasure]) -> io::Result<()> {
        slots.iter().try_for_each(|(number, ended)| self.file.write(place(*number), &void(*ended)))
    }

    /// Gives a destroyed slot back, once nothing points to it any more.
    pub fn release(&mut self, number: u32) {
        self.free.insert(number);
    }

    /// Takes every slot that nothing uses as free. One that still holds a key belonged to a chat whose start
    /// was interrupted, or to an invite whose replacement was: its key is destroyed.
    pub fn free_but(&mut self, used: &BTreeSet<u32>, rng: &mut impl Rng) -> io::Result<()> {
        self.free = (0..self.count).filter(|number| !used.contains(number)).collect();
        let mut orphans = Vec::new();
        for number in &self.free {
            if matches!(self.read(*number)?, Slot::Live(_)) {
                orphans.push((*number, None));
            }
        }
        if orphans.is_empty() { Ok(()) } else { self.destroy(&orphans, rng) }
    }

    fn grow(&mut self) -> io::Result<()> {
        let count = self.count.checked_add(GROWTH).ok_or(io::ErrorKind::StorageFull)?;
        self.file.set_len(place(count))?;
        self.file.sync_data()?;
        self.free.extend(self.count..count);
        self.count = count;
        Ok(())
    }
}

/// What stands in a slot, as it stands in the file.
pub type SlotBytes = [u8; 64];

/// Every slot at one moment.
pub struct Image(Zeroizing<Vec<u8>>);

impl Image {
    /// The bytes of one slot; zeros where the file ended before it.
    pub fn slot(&self, number: u32) -> Zeroizing<SlotBytes> {
        let from = usize::try_from(u64::from(number) * SLOT_BYTES).unwrap_or(usize::MAX);
        let mut bytes = Zeroizing::new([0; 64]);
        if let Some(slot) = self.0.get(from..).and_then(|rest| rest.first_chunk::<64>()) {
            bytes.copy_from_slice(slot);
        }
        bytes
    }
}

/// Whether there is a key in a slot.
pub fn is_live(bytes: &SlotBytes) -> bool {
    bytes[32] == LIVE
}

/// Makes a file that has just these slots, for the store that has this number.
pub fn write_anew(
    file: Box<dyn StorageBackend>,
    store: u64,
    slots: &BTreeMap<u32, Zeroizing<SlotBytes>>,
) -> Result<(), SlotError> {
    let slots_until = slots.last_key_value().map_or(0, |(last, _)| last.saturating_add(1));
    let file = Slots::create(file, store)?.file;
    file.set_len(place(slots_until.next_multiple_of(GROWTH)))?;
    slots.iter().try_for_each(|(number, bytes)| file.write(place(*number), &**bytes))?;
    Ok(file.sync_data()?)
}

/// Overwrites every slot of a file that is to be removed: with noise, and then with zeros.
pub fn wipe(file: &dyn StorageBackend, rng: &mut impl Rng) -> io::Result<()> {
    let mut noise = [0; 4096];
    for is_noise in [true, false] {
        let mut from = SLOT_BYTES;
        while from < file.len()? {
            let left = usize::try_from(file.len()? - from).unwrap_or(usize::MAX);
            let piece = &mut noise[..left.min(4096)];
            piece.fill(0);
            if is_noise {
                rng.fill_bytes(piece);
            }
            file.write(from, piece)?;
            from += piece.len() as u64;
        }
        file.sync_data()?;
    }
    Ok(())
}

/// The disk refused to write something: what the file seems to hold may not be there.
#[derive(Debug, thiserror::Error)]
#[error("keys.slots could not be written, and must be reopened")]
pub struct Unwritten;

/// A file that is not read any more once it could not be written.
struct Latched {
    file: Box<dyn StorageBackend>,
    has_failed: Cell<bool>,
}

impl Latched {
    fn new(file: Box<dyn StorageBackend>) -> Self {
        Self { file, has_failed: Cell::new(false) }
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if self.has_failed.get() {
            return Err(io::Error::other(Unwritten));
        }
        self.file.read(offset, out)
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.note(self.file.write(offset, bytes))
    }

    fn set_len(&self, bytes: u64) -> io::Result<()> {
        self.note(self.file.set_len(bytes))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.note(self.file.sync_data())
    }

    fn note(&self, done: io::Result<()>) -> io::Result<()> {
        self.has_failed.set(self.has_failed.get() || done.is_err());
        done
    }
}

fn place(number: u32) -> u64 {
    (u64::from(number) + 1) * SLOT_BYTES
}

/// A slot that has no key, and the note of how its chat ended.
pub fn void(ended: Option<Ending>) -> SlotBytes {
    let mut bytes = [0; 64];
    if let Some(Ending { by, at, messages }) = ended {
        bytes[33] = by_number(by);
        bytes[34..42].copy_from_slice(&at.0.to_le_bytes());
        bytes[42..50].copy_from_slice(&messages.to_le_bytes());
    }
    bytes
}

fn note(bytes: &SlotBytes) -> Option<Ending> {
    let number = |from: usize| {
        let mut number = [0; 8];
        number.copy_from_slice(&bytes[from..from + 8]);
        u64::from_le_bytes(number)
    };
    (bytes[33] != 0).then(|| Ending { by: by_of(bytes[33]), at: At(number(34)), messages: number(42) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::{EndedBy, ParticipantId};
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use redb::backends::InMemoryBackend;
    use std::sync::Arc;

    #[derive(Debug, Clone, Default)]
    struct Disk(Arc<InMemoryBackend>);

    impl StorageBackend for Disk {
        fn len(&self) -> io::Result<u64> {
            self.0.len()
        }
        fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
            self.0.read(offset, out)
        }
        fn set_len(&self, len: u64) -> io::Result<()> {
            self.0.set_len(len)
        }
        fn sync_data(&self) -> io::Result<()> {
            Ok(())
        }
        fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
            self.0.write(offset, data)
        }
    }

    fn image(disk: &Disk) -> Vec<u8> {
        let mut bytes = vec![0; usize::try_from(disk.len().unwrap()).unwrap()];
        disk.read(0, &mut bytes).unwrap();
        bytes
    }

    fn rng() -> StdRng {
        StdRng::seed_from_u64(1)
    }

    #[test]
    fn a_destroyed_key_is_nowhere_in_the_file_and_its_end_is_remembered() {
        let disk = Disk::default();
        let mut slots = Slots::create(Box::new(disk.clone()), 5).unwrap();
        let number = slots.fill(&SlotKey::from_bytes([0xA7; 32])).unwrap();
        assert!(image(&disk).windows(32).any(|bytes| bytes == [0xA7; 32]));
        let ended = Ending { by: EndedBy::Participant(ParticipantId(2)), at: At(77), messages: 1 << 40 };
        slots.destroy(&[(number, Some(ended))], &mut rng()).unwrap();
        assert!(!image(&disk).windows(4).any(|bytes| bytes == [0xA7; 4]));
        let (slots, store) = Slots::open(Box::new(disk)).unwrap();
        assert_eq!(store, 5);
        assert!(matches!(slots.read(number).unwrap(), Slot::Void { ended: Some(e) } if e == ended));
    }

    #[test]
    fn a_key_that_no_chat_points_to_is_destroyed_at_the_start() {
        let disk = Disk::default();
        let mut slots = Slots::create(Box::new(disk.clone()), 5).unwrap();
        let kept = slots.fill(&SlotKey::from_bytes([1; 32])).unwrap();
        let orphan = slots.fill(&SlotKey::from_bytes([2; 32])).unwrap();
        let (mut slots, _) = Slots::open(Box::new(disk)).unwrap();
        slots.free_but(&BTreeSet::from([kept]), &mut rng()).unwrap();
        assert!(matches!(slots.read(orphan).unwrap(), Slot::Void { ended: None }));
        assert!(matches!(slots.read(kept).unwrap(), Slot::Live(_)));
        assert_eq!(slots.fill(&SlotKey::from_bytes([3; 32])).unwrap(), orphan);
    }

    #[test]
    fn a_file_that_is_foreign_or_newer_is_refused() {
        let disk = Disk::default();
        disk.set_len(64).unwrap();
        assert!(matches!(Slots::open(Box::new(disk.clone())), Err(SlotError::Foreign)));
        drop(Slots::create(Box::new(disk.clone()), 5).unwrap());
        disk.write(16, &[9]).unwrap();
        assert!(matches!(Slots::open(Box::new(disk)), Err(SlotError::Newer(9))));
    }
}
