//! What became true. The writer hands events on after their commit, in the order of the commits; the hub
//! shows them to everybody who listens to the chat.

use super::{At, DeviceId, Message, ParticipantId, Receipt};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    Participant(ParticipantId),
    /// Nobody used it for as long as they had agreed.
    Clock,
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody said something.
    Said(Message),
    Marked {
        participant: ParticipantId,
        /// A viewer who is not shown the difference to this is told nothing.
        before: Receipt,
        receipt: Receipt,
    },
    /// The final call: the chat has rested too long.
    Called {
        /// When it is destroyed if nobody uses it.
        at: At,
    },
    /// The idle time begins again.
    Kept { due: At },
    /// Somebody tried a wrong code.
    Guessed {
        participant: ParticipantId,
        /// Wrong codes on that link since somebody last came in by it.
        tries: u32,
    },
    /// An invite was replaced: its link and code open nothing any more, and nobody has tried the new code.
    Invited { participant: ParticipantId, by: ParticipantId, due: At },
    /// A device lost its right to a seat.
    Left { participant: ParticipantId, device: DeviceId },
    /// The chat is destroyed. Nothing comes after this.
    Ended(Ending),
}
