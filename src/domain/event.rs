//! What became true.
//!
//! The writer hands events on after their commit, in the order of the commits; the hub shows them to
//! everybody who listens to the chat.

use super::{At, DeviceId, Message, ParticipantId, Receipt};

/// Who or what ended a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    /// One of the people in it.
    Participant(ParticipantId),
    /// Nobody used it for as long as they had agreed.
    Clock,
    /// The person who runs the house.
    Host,
}

/// How a chat ended: all that is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    pub at: At,
    pub by: EndedBy,
    /// How many messages were destroyed.
    pub messages: u64,
}

/// One thing that became true in a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody said something.
    Said(Message),
    /// A participant's receipt grew.
    Marked {
        participant: ParticipantId,
        /// What it was: whoever is not shown the difference is told nothing.
        before: Receipt,
        /// What it is now.
        receipt: Receipt,
    },
    /// The final call: the chat has rested too long.
    Called {
        /// When it is destroyed if nobody uses it.
        at: At,
    },
    /// The idle clock was started anew.
    Kept {
        /// When the chat is due now.
        due: At,
    },
    /// Somebody tried a wrong code.
    Guessed {
        /// On whose link.
        participant: ParticipantId,
        /// Wrong codes on that link since somebody last came in by it.
        tries: u32,
    },
    /// An invite was replaced: its link and code open nothing any more, and nobody has tried the new code.
    Invited {
        participant: ParticipantId,
        by: ParticipantId,
        /// When the chat is due now.
        due: At,
    },
    /// A device lost its right to a seat.
    Left { participant: ParticipantId, device: DeviceId },
    /// The chat is destroyed. Nothing comes after this.
    Ended(Ending),
}
