//! What the house that is there knows of chats that ended: they do not come back from a backup. Two
//! witnesses, and one is enough. Its store has tombstones for 30 days. Its slot file has, in the place of a
//! chat's key, the note of who destroyed it, or another key; that can be read also when the store cannot.

use std::collections::HashMap;

use rand::rngs::StdRng;
use redb::{ReadableDatabase, ReadableTable};

use crate::domain::{ChatId, Ending};
use crate::store::backup::Begin;
use crate::store::error::{OpenError, StoreError};
use crate::store::keys::slot::{Slot, SlotBytes, is_live, void};
use crate::store::keys::slot_file::SlotFile;
use crate::store::redb::facts::Fact;
use crate::store::redb::files::{Files, SLOTS, STORE};
use crate::store::redb::idle_clocks::Clocks;
use crate::store::redb::recovery::{Opened, open_files};
use crate::store::redb::tables::{ReadTables, WriteTables, get, put, range};
use crate::store::rows::{TimeRow, TombstoneRow};

/// Nothing is known where it is another house.
#[derive(Default)]
pub struct ExistingHouse {
    slots: Option<SlotFile>,
    endings: HashMap<ChatId, Ending>,
    tombstones: Vec<(u64, TombstoneRow)>,
    invites: Vec<([u8; 32], u128)>,
    time: Option<TimeRow>,
    pub is_unreadable: bool,
}

impl ExistingHouse {
    /// Asks the house in the directory, and finishes what a crash has interrupted in it.
    pub fn ask(files: &Files, begin: &Begin, clocks: &Clocks, rng: &mut StdRng) -> Result<Self, OpenError> {
        if !files.has(STORE)? {
            return Ok(Self::by_slots(files, begin));
        }
        // A disk that fails for a moment, or is full, makes no store unreadable.
        let opened = open_files(files, rng, clocks).or_else(|_| {
            files.drop_ballast();
            open_files(files, rng, clocks)
        });
        match opened {
            Ok(opened) => Ok(Self::of(opened, begin)?),
            Err(OpenError::Newer) => Err(OpenError::Newer),
            Err(error) => {
                log::warn!("the existing store cannot be read: {error}");
                Ok(Self::by_slots(files, begin))
            }
        }
    }

    /// The slot file alone, if it is that of the same house.
    fn by_slots(files: &Files, begin: &Begin) -> Self {
        let slots = files.file(SLOTS).ok().and_then(|file| SlotFile::open(file).ok());
        let slots = slots.filter(|(_, number)| *number == begin.number).map(|(slots, _)| slots);
        Self { slots, is_unreadable: true, ..Self::default() }
    }

    fn of(opened: Opened, begin: &Begin) -> Result<Self, StoreError> {
        let tables = ReadTables::open(&opened.database.begin_read()?)?;
        if Fact::NUMBER.get(&tables.house)?.is_none_or(|number| number != begin.number) {
            return Ok(Self::default());
        }
        let mut existing = Self { slots: Some(opened.slots), ..Self::default() };
        for row in range::<u64, TombstoneRow>(&tables.tombstones, ..)? {
            let (id, row) = row?;
            existing.endings.insert(ChatId(id), row.ending());
            existing.tombstones.push((id, row));
        }
        for row in tables.tombstone_invites.iter()? {
            let (id, place) = row?;
            existing.invites.push((id.value(), place.value()));
        }
        existing.time = get(&tables.time, ())?;
        Ok(existing)
    }

    /// What is in the slot of a chat from now on: its key, unless it has ended.
    pub fn judge(&self, chat: ChatId, number: u32, key: &SlotBytes) -> Result<Option<SlotBytes>, StoreError> {
        if let Some(ending) = self.endings.get(&chat) {
            return Ok(Some(void(Some(*ending))));
        }
        let Some(slots) = &self.slots else { return Ok(None) };
        Ok(match slots.read(number)? {
            Slot::Void { ended: Some(note) } => Some(void(Some(note))),
            Slot::Live(now) if is_live(key) && now.as_bytes()[..] != key[..32] => Some(void(None)),
            Slot::Live(_) | Slot::Void { ended: None } => None,
        })
    }

    /// Keeps, beside what is in the backup, how chats ended, and how much time has passed where that is more.
    pub fn keep(&self, tables: &mut WriteTables) -> Result<(), StoreError> {
        for (id, row) in &self.tombstones {
            put(&mut tables.tombstones, id, row)?;
        }
        for (id, place) in &self.invites {
            tables.tombstone_invites.insert(id, place)?;
        }
        let Some(time) = &self.time else { return Ok(()) };
        let passed = |row: &TimeRow| row.clock().elapsed.passed;
        let restored: Option<TimeRow> = get(&tables.time, ())?;
        if restored.is_none_or(|restored| passed(time) >= passed(&restored)) {
            put(&mut tables.time, (), time)?;
        }
        Ok(())
    }
}
