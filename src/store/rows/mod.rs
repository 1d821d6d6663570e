//! Rows: values as bytes and back. Each row is a version byte and then postcard (its wire format is stable
//! since 1.0). A version that is not known is an error, never a guess. Names, texts and keys come in sealed:
//! nothing in a row is readable without its key.

mod chat;
mod compaction;
mod invite;
mod message;
mod note;
mod participant;
mod producers;
mod seat;
mod time;
mod tombstone;

pub use chat::{ChatRow, GroupRow, PersonRow};
pub use compaction::CompactionRow;
pub use invite::InviteRow;
pub use message::{ChangeRow, MessageRow, ReactionRow};
pub use note::NoteRow;
pub use participant::ParticipantRow;
pub use producers::ProducersRow;
pub use seat::SeatRow;
pub use time::TimeRow;
pub use tombstone::{TombstoneRow, ended_by, number_of};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Debug, thiserror::Error)]
pub enum RowError {
    #[error("a row of version {0} is not known to this version of parlour")]
    Version(u8),
    #[error("a row is damaged")]
    Damaged,
}

/// Which tables a store has, and what their rows mean: `redb::migrate` leads from an earlier number to it.
pub const STORE_VERSION: u64 = 1;

const FIRST: u8 = 1;

/// A row with a type of its own in the store.
pub trait Row: Serialize + DeserializeOwned {
    /// The version that is written, and the only one that is read.
    const VERSION: u8 = FIRST;

    fn to_bytes(&self) -> Vec<u8> {
        write(Self::VERSION, self, Vec::new())
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, RowError> {
        read(Self::VERSION, bytes)
    }
}

impl Row for ChangeRow {}
impl Row for ChatRow {}
impl Row for ParticipantRow {}
impl Row for ProducersRow {}
impl Row for ReactionRow {}
impl Row for InviteRow {}
impl Row for SeatRow {}
impl Row for TombstoneRow {}
impl Row for TimeRow {}
impl Row for CompactionRow {}

fn write(version: u8, row: &impl Serialize, mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.push(version);
    postcard::to_extend(row, bytes).expect("a row is plain data, which postcard always writes")
}

fn read<'a, T: Deserialize<'a>>(version: u8, bytes: &'a [u8]) -> Result<T, RowError> {
    match bytes.split_first() {
        Some((found, body)) if *found == version => read_all(body),
        Some((found, _)) => Err(RowError::Version(*found)),
        None => Err(RowError::Damaged),
    }
}

/// What these bytes are, all of them.
pub fn read_all<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, RowError> {
    let (row, rest) = postcard::take_from_bytes(body).map_err(|_| RowError::Damaged)?;
    if rest.is_empty() { Ok(row) } else { Err(RowError::Damaged) }
}

#[cfg(test)]
mod tests;
