//! What a note says, as the body of its message.

use serde::{Deserialize, Serialize};

use super::{RowError, chat};
use crate::domain::{Note, ParticipantId};

/// The order of the variants is their number in the file: a new one goes to the end.
#[derive(Serialize, Deserialize)]
pub enum NoteRow {
    VanishAfter(u8),
    Idle(u8),
    Replaced(u32),
    NewDevice,
}

impl NoteRow {
    pub fn to_bytes(note: Note) -> Vec<u8> {
        let row = match note {
            Note::VanishAfter(after) => Self::VanishAfter(chat::vanish_number(after)),
            Note::Idle(idle) => Self::Idle(chat::idle_number(idle)),
            Note::Replaced(participant) => Self::Replaced(participant.0),
            Note::NewDevice => Self::NewDevice,
        };
        postcard::to_allocvec(&row).expect("a row is plain data, which postcard always writes")
    }

    /// None where this version does not know it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Option<Note>, RowError> {
        let Ok(row) = postcard::from_bytes(bytes) else { return Ok(None) };
        Ok(Some(match row {
            Self::VanishAfter(number) => Note::VanishAfter(chat::vanish_after(number)?),
            Self::Idle(number) => Note::Idle(chat::idle(number)?),
            Self::Replaced(participant) => Note::Replaced(ParticipantId(participant)),
            Self::NewDevice => Note::NewDevice,
        }))
    }
}
