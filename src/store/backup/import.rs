//! Making a house of a backup, while no house is open.
//!
//! Everything is written beside what is there and read to its end before anything is put in its place, which
//! `setting` does so that a loss of power leaves the old house or the new one. The new one is another run of
//! the store, so that clients forget what they keep. Chats that have ended since come without their keys; the
//! next opening finishes their end as one that a crash has interrupted.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use rand::Rng;
use rand::rngs::StdRng;
use redb::{Database, ReadableTable};
use zeroize::Zeroizing;

use super::existing_house::ExistingHouse;
use super::format::{BackupRecord, Begin, RecordReader};
use super::verify::BackupVerifier;
use super::{BACKED_UP, BackupContents, UnpackError};
use crate::domain::{At, ChatId, Incarnation};
use crate::limits::RESTORE_WRITE_BYTES;

use crate::store::keys::slot_file::{self, SlotBytes};
use crate::store::redb::apply::Broken;
use crate::store::redb::apply::purge::TIME;
use crate::store::redb::compaction::{DEAD_ROWS, chats_with_messages};
use crate::store::redb::files::{Claim, Files, INCARNATION};
use crate::store::redb::idle_clocks::Clocks;
use crate::store::redb::migrate;
use crate::store::redb::tables::{WriteTables, head_of, keys_of};
use crate::store::rows::{ChatRow, Row};
use crate::store::{OpenError, Options};

/// Whether a house that is there is given up for the one in the backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// Refuse where there is one.
    No,
    /// Put the backup in its place.
    Yes,
}

/// What a restore came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What was in the backup.
    pub contents: BackupContents,
    /// Chats in it that stay ended, because the house that was there knows so.
    pub stay_ended: u64,
    /// Whether there was a house whose store could not be read: chats that ended in it may have come back.
    pub was_unreadable: bool,
    /// The new run of the store.
    pub incarnation: Incarnation,
}

/// Why a house was not restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// There is one already.
    #[error(
        "there is already a house in {0}: to replace it with the one in the backup use --replace, or choose \
         another directory with --data"
    )]
    Inhabited(PathBuf),
    /// A parlour is running there.
    #[error("a parlour is running on {0}: stop it, restore, and start it again")]
    Running(PathBuf),
    /// The backup is not whole.
    #[error(transparent)]
    Backup(#[from] UnpackError),
    /// The directory cannot be used.
    #[error(transparent)]
    Files(OpenError),
    /// The disk is full, or fails.
    #[error("the house cannot be written: {0}. What was there is unchanged")]
    Unwritten(#[source] Broken),
    /// The disk fails at the very end.
    #[error(
        "the house is restored but could not be put in its place; the next start of parlour does that: {0}"
    )]
    Unsettled(#[source] OpenError),
}

impl From<OpenError> for RestoreError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::InUse(dir) => Self::Running(dir),
            error => Self::Files(error),
        }
    }
}

impl From<Broken> for RestoreError {
    fn from(error: Broken) -> Self {
        Self::Unwritten(error)
    }
}

/// A directory in which a house is to be restored. No house can be opened there meanwhile.
pub struct RestoreTarget {
    files: Files,
    _claim: Claim,
    clocks: Clocks,
    is_inhabited: bool,
}

impl RestoreTarget {
    /// Takes the directory, if no house is open there, and there is none or it may be replaced.
    pub fn take(options: Options, replace: Replace) -> Result<Self, RestoreError> {
        let clocks = Clocks { wall: options.clock, machine: options.machine };
        let (files, claim) = Files::claim(&options.dir, options.disk)?;
        files.settle()?;
        let is_inhabited = files.is_inhabited()?;
        if is_inhabited && replace == Replace::No {
            return Err(RestoreError::Inhabited(options.dir));
        }
        Ok(Self { files, _claim: claim, clocks, is_inhabited })
    }

    /// Reads a backup and puts the house that is in it there.
    pub fn restore(self, input: impl Read) -> Result<Restored, RestoreError> {
        let (reader, begin) = RecordReader::begin(input)?;
        let mut rng: StdRng = rand::make_rng();
        let before = self.ask(&begin, &mut rng)?;
        let incarnation = Incarnation(rng.next_u64());
        let restoring =
            Restoring { files: &self.files, before: &before, incarnation, slots: BTreeMap::new() };
        match restoring.write(reader, &begin) {
            Ok((contents, stay_ended)) => {
                let was_unreadable = before.is_unreadable;
                drop(before);
                self.files.commit_restore()?;
                self.files.settle().map_err(RestoreError::Unsettled)?;
                Ok(Restored { contents, stay_ended, was_unreadable, incarnation })
            }
            Err(error) => {
                // What cannot be removed now is removed by the next opening.
                drop(self.files.drop_restore());
                Err(error)
            }
        }
    }

    fn ask(&self, begin: &Begin, rng: &mut StdRng) -> Result<ExistingHouse, OpenError> {
        if !self.is_inhabited {
            return Ok(ExistingHouse::default());
        }
        ExistingHouse::ask(&self.files, begin, &self.clocks, rng)
    }
}

struct Restoring<'a> {
    files: &'a Files,
    before: &'a ExistingHouse,
    incarnation: Incarnation,
    slots: BTreeMap<u32, Zeroizing<SlotBytes>>,
}

impl Restoring<'_> {
    /// Writes both files, and tells what was in the backup and how many chats of it stay ended.
    fn write(
        mut self,
        mut reader: RecordReader<impl Read>,
        begin: &Begin,
    ) -> Result<(BackupContents, u64), RestoreError> {
        let (database, slot_file) = self.files.begin_restore()?;
        let mut verifier = BackupVerifier::new(begin);
        while self.some_pieces(&database, &mut reader, &mut verifier)? {}
        let contents = verifier.finish()?;
        let stay_ended = self.complete(&database, begin.at())?;
        drop(database);
        slot_file::write_anew(slot_file, begin.number, &self.slots).map_err(Broken::from)?;
        Ok((contents, stay_ended))
    }

    /// One transaction of pieces. Whether there are more.
    fn some_pieces(
        &mut self,
        database: &Database,
        reader: &mut RecordReader<impl Read>,
        verifier: &mut BackupVerifier,
    ) -> Result<bool, RestoreError> {
        let transaction = database.begin_write().map_err(Broken::from)?;
        let mut tables = WriteTables::open(&transaction).map_err(Broken::from)?;
        let mut bytes = 0;
        let is_over = loop {
            let Some(piece) = reader.next()? else { break true };
            verifier.count(&piece)?;
            bytes += self.put(&mut tables, &piece)?;
            if bytes >= RESTORE_WRITE_BYTES {
                break false;
            }
        };
        drop(tables);
        transaction.commit().map_err(Broken::from)?;
        Ok(!is_over)
    }

    /// Writes one row, and tells about how many bytes that were.
    fn put(&mut self, tables: &mut WriteTables, piece: &BackupRecord) -> Result<usize, Broken> {
        let whole = || Broken::from("a key is not whole");
        let mut bytes = 64;
        match *piece {
            BackupRecord::Message { key, row } => {
                bytes += row.len();
                tables.messages.insert(key, row)?;
            }
            BackupRecord::Fact { name, value } => drop(tables.house.insert(name, value)?),
            BackupRecord::Chat { id, row } => drop(tables.chats.insert(id, row)?),
            BackupRecord::Place { key, row } => drop(tables.places.insert(key, row)?),
            BackupRecord::Invite { id, row } => drop(tables.invites.insert(id, row)?),
            BackupRecord::Seat { key, row } => {
                drop(tables.seats.insert(<[u8; 41]>::try_from(key).map_err(|_| whole())?, row)?);
            }
            BackupRecord::Device { key } => {
                drop(tables.devices.insert(<[u8; 41]>::try_from(key).map_err(|_| whole())?, ())?);
            }
            BackupRecord::Tombstone { id, row } => drop(tables.tombstones.insert(id, row)?),
            BackupRecord::TombstoneInvite { id, place } => drop(tables.tombstone_invites.insert(id, place)?),
            BackupRecord::Time { row } => drop(tables.time.insert(TIME, row)?),
            BackupRecord::Slot { number, bytes } => {
                let slot = self.slots.entry(number).or_insert_with(|| Zeroizing::new([0; 64]));
                slot.copy_from_slice(bytes);
            }
            BackupRecord::Begin(_) | BackupRecord::End(_) => {}
        }
        Ok(bytes)
    }

    /// What is true of the restored house and was not of the one in the backup.
    fn complete(&mut self, database: &Database, at: At) -> Result<u64, RestoreError> {
        let mut transaction = database.begin_write().map_err(Broken::from)?;
        transaction.set_quick_repair(true);
        let mut tables = WriteTables::open(&transaction).map_err(Broken::from)?;
        migrate::migrate(&mut tables, migrate::STEPS)?;
        let stay_ended = self.judge_chats(&mut tables)?;
        let dead_rows = remove_orphans(&mut tables)?;
        self.before.keep(&mut tables)?;
        for (name, value) in [(DEAD_ROWS, dead_rows), (BACKED_UP, at.0), (INCARNATION, self.incarnation.0)] {
            tables.house.insert(name, value).map_err(Broken::from)?;
        }
        drop(tables);
        transaction.commit().map_err(Broken::from)?;
        Ok(stay_ended)
    }

    /// Takes the key from chats that have ended, and the final call back from those that have not: nobody in
    /// them could hear it while the house was a file.
    fn judge_chats(&mut self, tables: &mut WriteTables) -> Result<u64, Broken> {
        let (mut stay_ended, mut recalled) = (0, Vec::new());
        for row in tables.chats.range::<u64>(..)? {
            let (id, bytes) = row?;
            let mut row = ChatRow::from_bytes(bytes.value())?;
            if let Some(slot) = self.slots.get_mut(&row.slot)
                && let Some(void) = self.before.judge(ChatId(id.value()), row.slot, slot)?
            {
                stay_ended += u64::from(slot_file::is_live(slot));
                slot.copy_from_slice(&void);
            }
            if row.recall() {
                recalled.push((id.value(), row.to_bytes()));
            }
        }
        for (id, row) in recalled {
            tables.chats.insert(id, row.as_slice())?;
        }
        Ok(stay_ended)
    }
}

/// Removes messages of chats that ended while the backup was made, before their rows were read. Tells how
/// many.
fn remove_orphans(tables: &mut WriteTables) -> Result<u64, Broken> {
    let mut removed = 0;
    for chat in chats_with_messages(&tables.messages)? {
        if tables.chats.get(chat.0)?.is_none() {
            removed += head_of(&tables.messages, chat)?.0;
            tables.messages.retain_in(keys_of(chat), |_, _| false)?;
        }
    }
    Ok(removed)
}
