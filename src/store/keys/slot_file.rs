//! The key-slot file: one half of every chat's key, overwritten in place when the chat is destroyed, and one
//! part of every invite's and every seat's, overwritten in place when the invite is replaced or the seat
//! taken away. The store file is copy-on-write, so what is removed from it stays in old pages until they are
//! used again. A slot does not: when its 64 bytes are overwritten and synced, no copy of the chat's key can
//! be unwrapped any more, whatever else is found. The file is a header of 64 bytes (magic, version, the
//! store's number), then the slots.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::Rng;
use zeroize::Zeroizing;

use super::slot::{Slot, SlotBytes, SlotErasure, live, void};
use crate::crypto::SlotKey;
use crate::limits::SLOTS_MAX;
use crate::store::disk::DiskFile;

const SLOT_BYTES: u64 = 64;
/// What the file has before the first key: its header.
pub const EMPTY_BYTES: u64 = SLOT_BYTES;
const MAGIC: &[u8; 16] = b"parlour key slot";
const VERSION: u8 = 1;
/// Slots by which the file grows: one page of the disk.
const GROWTH: u32 = 64;

#[derive(Debug, thiserror::Error)]
pub enum SlotError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("keys.slots is not a key-slot file")]
    Foreign,
    #[error("keys.slots has version {0}")]
    Newer(u8),
    /// The disk refused to write something: what the file seems to hold may not be there.
    #[error("keys.slots could not be written, and must be reopened")]
    Unwritten,
}

pub type SharedSlots = Arc<Mutex<SlotFile>>;

/// The shared file. A reader that panicked left it whole: it only reads.
pub fn lock(slots: &Mutex<SlotFile>) -> MutexGuard<'_, SlotFile> {
    slots.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The open slot file. The writer alone changes it; readers read single slots.
pub struct SlotFile {
    file: Latched,
    count: u32,
    free: BTreeSet<u32>,
}

impl SlotFile {
    pub fn create(file: Box<dyn DiskFile>, store: u64) -> Result<Self, SlotError> {
        let mut header = [0; 64];
        header[..16].copy_from_slice(MAGIC);
        header[16] = VERSION;
        header[24..32].copy_from_slice(&store.to_le_bytes());
        file.set_len(SLOT_BYTES)?;
        file.write(0, &header)?;
        file.sync_data()?;
        Ok(Self { file: Latched::new(file), count: 0, free: BTreeSet::new() })
    }

    /// Opens the file and tells which store's it is. No slot is free until [`SlotFile::free_but`] says which
    /// are in use.
    pub fn open(file: Box<dyn DiskFile>) -> Result<(Self, u64), SlotError> {
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

    /// Whether so many slots more are within the budget of the house. What only puts one key in the place of
    /// another does not ask: it gives a slot back.
    pub fn has_room_for(&self, slots: usize) -> bool {
        self.count as usize - self.free.len() + slots <= SLOTS_MAX
    }

    pub fn read(&self, number: u32) -> Result<Slot, SlotError> {
        if number >= self.count {
            return Ok(Slot::Void { ended: None });
        }
        let mut bytes = Zeroizing::new([0; 64]);
        self.file.read(offset_of(number), &mut *bytes)?;
        Ok(Slot::from_bytes(&bytes))
    }

    /// All slots, for [`slot_in`].
    pub fn image(&self) -> Result<Zeroizing<Vec<u8>>, SlotError> {
        let bytes = u64::from(self.count) * SLOT_BYTES;
        let mut image = Zeroizing::new(vec![0; usize::try_from(bytes).unwrap_or_default()]);
        self.file.read(SLOT_BYTES, &mut image)?;
        Ok(image)
    }

    /// Puts a key into a free slot, and syncs it: no commit may name a slot that a crash can lose.
    pub fn fill(&mut self, key: &SlotKey) -> io::Result<u32> {
        let number = self.put(key)?;
        self.file.sync_data()?;
        Ok(number)
    }

    /// The same for many, with one sync.
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
        self.file.write(offset_of(number), &*live(key))?;
        Ok(number)
    }

    /// Destroys the keys in these slots, for good: random bytes first, then zeros and the note of who did it.
    /// Those of chats, which have a note, come before the others: after a crash a chat that is not void still
    /// has its invites and seats. The slots are not given out again until [`SlotFile::release`].
    pub fn destroy(&mut self, slots: &[SlotErasure], rng: &mut impl Rng) -> io::Result<()> {
        let (chats, others): (Vec<_>, Vec<_>) = slots.iter().copied().partition(|slot| slot.ended.is_some());
        if !chats.is_empty() {
            self.write_noise(&chats, rng)?;
            self.file.sync_data()?;
        }
        self.write_zeros(&chats)?;
        self.write_noise(&others, rng)?;
        self.file.sync_data()?;
        self.write_zeros(&others)?;
        self.file.sync_data()
    }

    fn write_noise(&self, slots: &[SlotErasure], rng: &mut impl Rng) -> io::Result<()> {
        slots.iter().try_for_each(|SlotErasure { slot, ended }| {
            let mut noise = void(*ended);
            rng.fill_bytes(&mut noise[..32]);
            self.file.write(offset_of(*slot), &noise)
        })
    }

    fn write_zeros(&self, slots: &[SlotErasure]) -> io::Result<()> {
        slots
            .iter()
            .try_for_each(|SlotErasure { slot, ended }| self.file.write(offset_of(*slot), &void(*ended)))
    }

    /// Gives a destroyed slot back, once nothing points to it any more.
    pub fn release(&mut self, number: u32) {
        self.free.insert(number);
    }

    /// Takes every slot that nothing uses as free. One that still holds a key belonged to something that was
    /// interrupted: a start, an entering, a replacement or a signing out. Its key is destroyed.
    pub fn free_but(&mut self, used: &BTreeSet<u32>, rng: &mut impl Rng) -> Result<(), SlotError> {
        self.free = (0..self.count).filter(|number| !used.contains(number)).collect();
        let mut orphans = Vec::new();
        for number in &self.free {
            if matches!(self.read(*number)?, Slot::Live(_)) {
                orphans.push(SlotErasure { slot: *number, ended: None });
            }
        }
        if orphans.is_empty() { Ok(()) } else { Ok(self.destroy(&orphans, rng)?) }
    }

    /// As if all slots that there may be were taken.
    #[cfg(test)]
    pub fn use_up(&mut self) {
        self.count = u32::try_from(SLOTS_MAX).unwrap_or(u32::MAX);
        self.free.clear();
    }

    fn grow(&mut self) -> io::Result<()> {
        let count = self.count.checked_add(GROWTH).ok_or(io::ErrorKind::StorageFull)?;
        // What is put there is synced, and the length with it.
        self.file.set_len(offset_of(count))?;
        self.free.extend(self.count..count);
        self.count = count;
        Ok(())
    }
}

/// The bytes of one slot; zeros where the file ended before it.
pub fn slot_in(image: &[u8], number: u32) -> Zeroizing<SlotBytes> {
    let from = usize::try_from(u64::from(number) * SLOT_BYTES).unwrap_or(usize::MAX);
    let mut bytes = Zeroizing::new([0; 64]);
    if let Some(slot) = image.get(from..).and_then(|rest| rest.first_chunk::<64>()) {
        bytes.copy_from_slice(slot);
    }
    bytes
}

pub fn create_with(
    file: Box<dyn DiskFile>,
    store: u64,
    slots: &BTreeMap<u32, Zeroizing<SlotBytes>>,
) -> Result<(), SlotError> {
    let slots_until = slots.last_key_value().map_or(0, |(last, _)| last.saturating_add(1));
    let file = SlotFile::create(file, store)?.file;
    file.set_len(offset_of(slots_until.next_multiple_of(GROWTH)))?;
    slots.iter().try_for_each(|(number, bytes)| file.write(offset_of(*number), &**bytes))?;
    Ok(file.sync_data()?)
}

/// Overwrites every slot of a file that is to be removed.
pub fn wipe(file: &dyn DiskFile, rng: &mut impl Rng) -> io::Result<()> {
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

/// A file that is not read any more once it could not be written.
struct Latched {
    file: Box<dyn DiskFile>,
    has_failed: Cell<bool>,
}

impl Latched {
    fn new(file: Box<dyn DiskFile>) -> Self {
        Self { file, has_failed: Cell::new(false) }
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), SlotError> {
        if self.has_failed.get() {
            return Err(SlotError::Unwritten);
        }
        Ok(self.file.read(offset, out)?)
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

fn offset_of(number: u32) -> u64 {
    (u64::from(number) + 1) * SLOT_BYTES
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::{At, EndedBy, Ending, ParticipantId};
    use crate::store::disk::MemoryFile;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    fn image(disk: &MemoryFile) -> Vec<u8> {
        let mut bytes = vec![0; usize::try_from(disk.len().unwrap()).unwrap()];
        disk.read(0, &mut bytes).unwrap();
        bytes
    }

    fn rng() -> StdRng {
        StdRng::seed_from_u64(1)
    }

    #[test]
    fn a_destroyed_key_is_nowhere_in_the_file_and_its_end_is_remembered() {
        let disk = MemoryFile::default();
        let mut slots = SlotFile::create(Box::new(disk.clone()), 5).unwrap();
        let number = slots.fill(&SlotKey::from_bytes(&[0xA7; 32])).unwrap();
        assert!(image(&disk).windows(32).any(|bytes| bytes == [0xA7; 32]));
        let ended = Ending { by: EndedBy::Participant(ParticipantId(2)), at: At(77), messages: 1 << 40 };
        slots.destroy(&[SlotErasure { slot: number, ended: Some(ended) }], &mut rng()).unwrap();
        assert!(!image(&disk).windows(4).any(|bytes| bytes == [0xA7; 4]));
        let (slots, store) = SlotFile::open(Box::new(disk)).unwrap();
        assert_eq!(store, 5);
        assert!(matches!(slots.read(number).unwrap(), Slot::Void { ended: Some(e) } if e == ended));
    }

    #[test]
    fn a_key_that_no_chat_points_to_is_destroyed_at_the_start() {
        let disk = MemoryFile::default();
        let mut slots = SlotFile::create(Box::new(disk.clone()), 5).unwrap();
        let kept = slots.fill(&SlotKey::from_bytes(&[1; 32])).unwrap();
        let orphan = slots.fill(&SlotKey::from_bytes(&[2; 32])).unwrap();
        let (mut slots, _) = SlotFile::open(Box::new(disk)).unwrap();
        slots.free_but(&BTreeSet::from([kept]), &mut rng()).unwrap();
        assert!(matches!(slots.read(orphan).unwrap(), Slot::Void { ended: None }));
        assert!(matches!(slots.read(kept).unwrap(), Slot::Live(_)));
        assert_eq!(slots.fill(&SlotKey::from_bytes(&[3; 32])).unwrap(), orphan);
    }

    #[test]
    fn a_file_that_is_foreign_or_newer_is_refused() {
        let disk = MemoryFile::default();
        disk.set_len(64).unwrap();
        assert!(matches!(SlotFile::open(Box::new(disk.clone())), Err(SlotError::Foreign)));
        drop(SlotFile::create(Box::new(disk.clone()), 5).unwrap());
        disk.write(16, &[9]).unwrap();
        assert!(matches!(SlotFile::open(Box::new(disk)), Err(SlotError::Newer(9))));
    }
}
