//! Making a house of a backup, while no house is open. Everything is written beside what is there and read to
//! its end before anything is put in its place, which `redb::restore_swap` does so that a loss of power
//! leaves the old house or the new one. The new one is another run of the store, so that clients forget what
//! they keep. Chats that have ended since come without their keys; the next opening finishes their end as one
//! that a crash has interrupted.

use std::collections::BTreeMap;
use std::io::Read;

use rand::Rng;
use rand::rngs::StdRng;
use redb::Database;
use zeroize::Zeroizing;

use super::existing_house::ExistingHouse;
use super::verify::BackupVerifier;
use crate::domain::{At, ChatId, CompactionTimer, Incarnation};
use crate::limits::RESTORE_WRITE_BYTES;
use crate::store::backup::BackupContents;
use crate::store::backup::RestoreError;
use crate::store::backup::{BackupRecord, Begin, RecordReader};
use crate::store::error::StoreError;
use crate::store::keys::slot::{self, SlotBytes};
use crate::store::keys::slot_file;
use crate::store::options::Options;
use crate::store::redb::copy_completion::remove_orphans;
use crate::store::redb::facts::Fact;
use crate::store::redb::files::{Claim, Files};
use crate::store::redb::idle_clocks::Clocks;
use crate::store::redb::migrate::{STEPS, migrate};
use crate::store::redb::tables::{WriteTables, put, range};
use crate::store::rows::{ChatRow, CompactionRow};

/// The house that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    No,
    Yes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    pub contents: BackupContents,
    /// Chats in it that stay ended, because the house that was there knows so.
    pub stay_ended: u64,
    /// The store of the house that was there could not be read: chats that ended in it may have come back.
    pub was_unreadable: bool,
    pub incarnation: Incarnation,
}

/// A directory in which a house is to be restored. No house can be opened there meanwhile.
pub struct RestoreTarget {
    files: Files,
    _claim: Claim,
    clocks: Clocks,
    is_inhabited: bool,
}

impl RestoreTarget {
    /// Refused where a house is open, or where there is one that may not be replaced.
    pub fn take(options: Options, replace: Replace) -> Result<Self, RestoreError> {
        let clocks = Clocks { wall: options.clock, machine: options.machine };
        let (files, claim) = Files::claim(&options.dir, options.disk)?;
        files.finish_restore()?;
        let is_inhabited = files.is_inhabited()?;
        if is_inhabited && replace == Replace::No {
            return Err(RestoreError::Inhabited(options.dir));
        }
        Ok(Self { files, _claim: claim, clocks, is_inhabited })
    }

    pub fn restore(self, input: impl Read) -> Result<Restored, RestoreError> {
        let (reader, begin) = RecordReader::begin(input)?;
        let mut rng: StdRng = rand::make_rng();
        let mut existing = ExistingHouse::default();
        if self.is_inhabited {
            existing = ExistingHouse::ask(&self.files, &begin, &self.clocks, &mut rng)?;
        }
        let incarnation = Incarnation(rng.next_u64());
        let restoring =
            Restoring { files: &self.files, existing: &existing, incarnation, slots: BTreeMap::new() };
        match restoring.write(reader, &begin) {
            Ok((contents, stay_ended)) => {
                let was_unreadable = existing.is_unreadable;
                drop(existing);
                self.files.commit_restore()?;
                self.files.finish_restore().map_err(RestoreError::Unsettled)?;
                Ok(Restored { contents, stay_ended, was_unreadable, incarnation })
            }
            Err(error) => {
                // What cannot be removed now is removed by the next opening.
                drop(self.files.drop_restore());
                Err(error)
            }
        }
    }
}

struct Restoring<'a> {
    files: &'a Files,
    existing: &'a ExistingHouse,
    incarnation: Incarnation,
    slots: BTreeMap<u32, Zeroizing<SlotBytes>>,
}

impl Restoring<'_> {
    /// Tells what was in the backup, and how many chats of it stay ended.
    fn write(
        mut self,
        mut reader: RecordReader<impl Read>,
        begin: &Begin,
    ) -> Result<(BackupContents, u64), RestoreError> {
        let (database, file) = self.files.begin_restore()?;
        let mut verifier = BackupVerifier::new(begin);
        while self.some_records(&database, &mut reader, &mut verifier)? {}
        let written_over = verifier.written_over;
        let contents = verifier.finish()?;
        let stay_ended = self.complete(&database, begin.at(), written_over)?;
        drop(database);
        slot_file::create_with(file, begin.number, &self.slots)?;
        Ok((contents, stay_ended))
    }

    /// One transaction of records. Whether there are more.
    fn some_records(
        &mut self,
        database: &Database,
        reader: &mut RecordReader<impl Read>,
        verifier: &mut BackupVerifier,
    ) -> Result<bool, RestoreError> {
        let transaction = database.begin_write()?;
        let mut tables = WriteTables::open(&transaction)?;
        let mut bytes = 0;
        let is_over = loop {
            let Some(record) = reader.next()? else { break true };
            verifier.check(&record)?;
            bytes += self.put(&mut tables, &record)?;
            if bytes >= RESTORE_WRITE_BYTES {
                break false;
            }
        };
        drop(tables);
        transaction.commit()?;
        Ok(!is_over)
    }

    /// Writes one row, and tells about how many bytes that were.
    fn put(&mut self, tables: &mut WriteTables, record: &BackupRecord) -> Result<usize, StoreError> {
        match *record {
            BackupRecord::Row { table, key, value } => {
                tables.import(table, key, value)?;
                return Ok(64 + value.len());
            }
            BackupRecord::Slot { number, bytes } => {
                let slot = self.slots.entry(number).or_insert_with(|| Zeroizing::new([0; 64]));
                slot.copy_from_slice(bytes);
            }
            BackupRecord::Begin(_) | BackupRecord::End(_) => {}
        }
        Ok(64)
    }

    /// What is true of the restored house and was not of the one in the backup.
    fn complete(&mut self, database: &Database, at: At, written_over: u64) -> Result<u64, RestoreError> {
        let mut transaction = database.begin_write()?;
        transaction.set_quick_repair(true);
        let mut tables = WriteTables::open(&transaction)?;
        migrate(&mut tables, STEPS)?;
        let stay_ended = self.judge_chats(&mut tables)?;
        let dead_rows = written_over + remove_orphans(&mut tables)?;
        self.existing.keep(&mut tables)?;
        let mut compaction = CompactionTimer::default();
        compaction.destroy(dead_rows, 0);
        put(&mut tables.compaction, (), &CompactionRow::new(compaction))?;
        Fact::LAST_BACKUP.set(&mut tables.house, at.0)?;
        Fact::INCARNATION.set(&mut tables.house, self.incarnation.0)?;
        drop(tables);
        transaction.commit()?;
        Ok(stay_ended)
    }

    /// Takes the key from chats that have ended, and the final call back from those that have not: nobody in
    /// them could hear it while the house was a file.
    fn judge_chats(&mut self, tables: &mut WriteTables) -> Result<u64, StoreError> {
        let (mut stay_ended, mut recalled) = (0, Vec::new());
        for row in range::<u64, ChatRow>(&tables.chats, ..)? {
            let (id, mut row) = row?;
            if let Some(slot) = self.slots.get_mut(&row.slot)
                && let Some(void) = self.existing.judge(ChatId(id), row.slot, slot)?
            {
                stay_ended += u64::from(slot::is_live(slot));
                slot.copy_from_slice(&void);
            }
            if row.recall() {
                recalled.push((id, row));
            }
        }
        for (id, row) in recalled {
            put(&mut tables.chats, id, &row)?;
        }
        Ok(stay_ended)
    }
}
