//! Notes: what happened in a chat and people should read, in a place of its own among the messages. Shown
//! small; never unread, no use of the chat, and nobody can edit, delete or react to one.

use std::time::Duration;

use super::{Idle, ParticipantId, Role, Roster, Writers};

/// What the sender of the note did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// What is said from now on vanishes after so long, or not any more.
    VanishAfter(Option<VanishAfter>),
    /// The chat is destroyed when nobody uses it for so long.
    Idle(Idle),
    /// The link and code of somebody, maybe their own, were replaced.
    Replaced(ParticipantId),
    /// One more device of theirs came in.
    NewDevice,
    /// They let somebody in, who may read what was said before or not.
    Added {
        participant: ParticipantId,
        reads_history: bool,
    },
    Removed(ParticipantId),
    /// They went by themselves.
    Left,
    /// Somebody has another role.
    Role(ParticipantId, Role),
    /// The only admin went: this person is admin now.
    Heir(ParticipantId),
    /// They corrected their name.
    Renamed,
    /// The group has another name or is about something else.
    Described,
    Writers(Writers),
    Roster(Roster),
}

impl Note {
    /// Whom it names, beside the one who did it.
    pub fn names(self) -> Option<ParticipantId> {
        match self {
            Self::Replaced(participant)
            | Self::Added { participant, .. }
            | Self::Removed(participant)
            | Self::Role(participant, _)
            | Self::Heir(participant) => Some(participant),
            Self::VanishAfter(_)
            | Self::Idle(_)
            | Self::NewDevice
            | Self::Left
            | Self::Renamed
            | Self::Described
            | Self::Writers(_)
            | Self::Roster(_) => None,
        }
    }
}

/// How long messages stay. A closed list, so that each choice has a word on the page in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VanishAfter {
    Hour,
    Day,
    Week,
    FourWeeks,
}

impl VanishAfter {
    pub const ALL: [Self; 4] = [Self::Hour, Self::Day, Self::Week, Self::FourWeeks];

    /// How it is written in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "1d",
            Self::Week => "1w",
            Self::FourWeeks => "4w",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|after| after.word() == word)
    }

    pub fn duration(self) -> Duration {
        const HOUR: u64 = 3_600;
        Duration::from_secs(match self {
            Self::Hour => HOUR,
            Self::Day => 24 * HOUR,
            Self::Week => 7 * 24 * HOUR,
            Self::FourWeeks => 28 * 24 * HOUR,
        })
    }
}
