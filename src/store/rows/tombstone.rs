//! What is left of an ended chat.

use serde::{Deserialize, Serialize};

use crate::domain::{At, EndedBy, Ending, ParticipantId};

#[derive(Serialize, Deserialize)]
pub struct TombstoneRow {
    at: u64,
    by: u32,
    messages: u64,
    /// How much had passed when it ended.
    pub passed: u64,
}

impl TombstoneRow {
    pub fn new(ending: Ending, passed: u64) -> Self {
        Self { at: ending.at.0, by: number_of(ending.by), messages: ending.messages, passed }
    }

    pub fn ending(&self) -> Ending {
        Ending { at: At(self.at), by: ended_by(self.by), messages: self.messages }
    }
}

const BY_CLOCK: u32 = u32::MAX;
const BY_HOST: u32 = u32::MAX - 1;

/// The number of who ended a chat, in records and in the slot file. Participants are counted from 1.
pub fn number_of(by: EndedBy) -> u32 {
    match by {
        EndedBy::Participant(participant) => participant.0,
        EndedBy::Clock => BY_CLOCK,
        EndedBy::Host => BY_HOST,
    }
}

pub fn ended_by(number: u32) -> EndedBy {
    match number {
        BY_CLOCK => EndedBy::Clock,
        BY_HOST => EndedBy::Host,
        participant => EndedBy::Participant(ParticipantId(participant)),
    }
}
