//! A copy of the house, taken while it is open, and put back while it is closed.
//!
//! What goes through here is not encrypted by itself: names, texts and keys in it are sealed as they are in
//! the store, and the slots are not. `seal::Sealing` makes a file of it that may lie anywhere; that is the
//! command line's part, so that no passphrase comes near the house. [`taking`] reads the store, [`piece`] is
//! the format, [`verifier`] counts and checks, [`restoring`] writes a house. `docs/backup.md` explains in
//! which order things are read, and why an ended chat does not come back.

mod existing_house;
mod export;
mod format;
mod import;
mod verify;

use std::io::{self, Read};

use crate::domain::{At, Incarnation};
use crate::limits::BACKUP_RECORD_BYTES_MAX;
use crate::store::redb::apply::Broken;

pub use export::take;
pub use import::{Replace, RestoreError, RestoreTarget, Restored};

use format::RecordReader;
use verify::BackupVerifier;

/// The fact in the table of the house that says when the last backup was begun that lies safe.
pub const BACKED_UP: &str = "backed-up";

/// What is in a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupContents {
    /// When it was begun.
    pub at: At,
    /// The version of the Parlour that made it.
    pub version: String,
    /// Of which run of the store.
    pub incarnation: Incarnation,
    /// Chats that can be opened from it.
    pub chats: u64,
    /// Their messages.
    pub messages: u64,
    /// Seats of devices.
    pub devices: u64,
    /// Ended chats that are remembered.
    pub ended: u64,
}

/// A backup that was handed out whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupSummary {
    /// When it was begun.
    pub at: At,
    /// How many chats are in it.
    pub chats: u64,
    /// How many messages.
    pub messages: u64,
    /// How many bytes it is, before it is encrypted.
    pub bytes: u64,
}

/// Why a backup was not made.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Two at once would hold the house up.
    #[error("another backup is being made: wait until it is done")]
    Busy,
    /// Whoever asked for it does not take it.
    #[error("the backup was not made: {0}")]
    Output(#[from] io::Error),
    /// The disk, or a record.
    #[error("the store cannot be read: {0}")]
    Store(#[source] Broken),
    /// The house is closing.
    #[error("the house is stopping: make the backup when it is running again")]
    Closing,
}

/// Why something is not a whole backup.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// It cannot be read; where it is sealed, the cause says what is wrong with it.
    #[error("{0}")]
    Read(#[from] io::Error),
    /// Written by a newer Parlour.
    #[error("this backup was made by a newer version of parlour ({0}): use that one, or a newer one")]
    Newer(String),
    /// Not what was written.
    #[error("the backup is damaged: {0}")]
    Damaged(&'static str),
}

/// Reads the first record, and tells when and of which run of the store the backup is. What was read is put
/// into `read`, for whoever reads it from the beginning.
pub fn peek(input: &mut impl Read, read: &mut Vec<u8>) -> Result<(At, Incarnation), UnpackError> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    read.extend_from_slice(&length);
    let bytes =
        usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX).min(BACKUP_RECORD_BYTES_MAX);
    input.take(bytes as u64).read_to_end(read)?;
    let (_, begin) = RecordReader::begin(&read[..])?;
    Ok((begin.at(), begin.incarnation()))
}

/// Reads a whole backup, checks every record, and keeps nothing.
pub fn verify(input: impl Read) -> Result<BackupContents, UnpackError> {
    let (mut reader, begin) = RecordReader::begin(input)?;
    let mut verifier = BackupVerifier::new(&begin);
    while let Some(piece) = reader.next()? {
        verifier.count(&piece)?;
    }
    verifier.finish()
}
