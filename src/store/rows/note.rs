//! What a note says, as the body of its message.

use serde::{Deserialize, Serialize};

use super::{RowError, chat};
use crate::domain::{Note, ParticipantId, Roster, Writers};

/// The order of the variants is their number in the file: a new one goes to the end.
#[derive(Serialize, Deserialize)]
pub enum NoteRow {
    VanishAfter(u8),
    Idle(u8),
    Replaced(u32),
    NewDevice,
    Added(u32, bool),
    Removed(u32),
    Left,
    Role(u32, u8),
    Heir(u32),
    Renamed,
    Described,
    AdminsWrite(bool),
    PeopleHidden(bool),
}

impl NoteRow {
    pub fn to_bytes(note: Note) -> Vec<u8> {
        let row = match note {
            Note::VanishAfter(after) => Self::VanishAfter(chat::vanish_number(after)),
            Note::Idle(idle) => Self::Idle(chat::idle_number(idle)),
            Note::Replaced(participant) => Self::Replaced(participant.0),
            Note::NewDevice => Self::NewDevice,
            Note::Added { participant, reads_history } => Self::Added(participant.0, reads_history),
            Note::Removed(participant) => Self::Removed(participant.0),
            Note::Left => Self::Left,
            Note::Role(participant, role) => Self::Role(participant.0, chat::role_number(role)),
            Note::Heir(participant) => Self::Heir(participant.0),
            Note::Renamed => Self::Renamed,
            Note::Described => Self::Described,
            Note::Writers(writers) => Self::AdminsWrite(writers == Writers::Admins),
            Note::Roster(roster) => Self::PeopleHidden(roster == Roster::Admins),
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
            Self::Added(participant, reads_history) => {
                Note::Added { participant: ParticipantId(participant), reads_history }
            }
            Self::Removed(participant) => Note::Removed(ParticipantId(participant)),
            Self::Left => Note::Left,
            Self::Role(participant, role) => Note::Role(ParticipantId(participant), chat::role(role)?),
            Self::Heir(participant) => Note::Heir(ParticipantId(participant)),
            Self::Renamed => Note::Renamed,
            Self::Described => Note::Described,
            Self::AdminsWrite(true) => Note::Writers(Writers::Admins),
            Self::AdminsWrite(false) => Note::Writers(Writers::Everybody),
            Self::PeopleHidden(true) => Note::Roster(Roster::Admins),
            Self::PeopleHidden(false) => Note::Roster(Roster::Everybody),
        }))
    }
}
