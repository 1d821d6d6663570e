//! What became true. The writer hands events on after their commit, in the order of the commits; the hub
//! shows them to everybody who listens to the chat.

use std::sync::Arc;

use super::{At, DeviceId, GroupChange, Message, Name, ParticipantId, Person, Receipt, Roster, Writers};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    Participant(ParticipantId),
    /// Nobody used it for the agreed time.
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
    /// Somebody said something, or did something that is noted among the messages.
    Said(Arc<Message>),
    /// A message looks like this now.
    Changed(Arc<Message>),
    /// A participant has deleted a message for themselves: only their own devices are told.
    HiddenFor { participant: ParticipantId, message: Arc<Message> },
    /// A receipt grew. A viewer who is not shown the difference to `before` is told nothing.
    Marked { participant: ParticipantId, before: Receipt, receipt: Receipt },
    /// The final call: the chat has rested too long, and is destroyed then if nobody uses it.
    Called { at: At },
    /// The idle time begins again.
    Kept { due: At },
    /// Somebody tried a wrong code; so many were tried on that link since somebody last came in by it.
    Guessed { participant: ParticipantId, tries: u32 },
    /// An invite was replaced: its link and code open nothing any more, and nobody has tried the new code.
    /// That is a use of the chat: `due` is when it is due now.
    Invited { participant: ParticipantId, by: ParticipantId, due: At },
    /// Somebody was let into a group, is in or out of it, or has another role or name.
    Person { participant: ParticipantId, person: Person, name: Option<Arc<Name>> },
    /// A group is called or about something else, or others may write in it.
    Described { change: GroupChange, writers: Writers, roster: Roster },
    /// Others are shown to somebody than before: everybody reads the chat again.
    SightChanged,
    /// A device came in: it has the seat from now on, if it had not before.
    Entered { participant: ParticipantId, device: DeviceId },
    /// A device lost its right to a seat.
    Left { participant: ParticipantId, device: DeviceId },
    /// The chat is destroyed. Nothing comes after this.
    Ended(Ending),
}

impl Event {
    /// Whom it names, as far as that depends on the viewer.
    pub fn names(&self) -> Vec<ParticipantId> {
        match self {
            Self::Said(message) | Self::Changed(message) => message.names(),
            Self::Marked { participant, .. }
            | Self::Guessed { participant, .. }
            | Self::Person { participant, .. } => vec![*participant],
            Self::Invited { participant, by, .. } => vec![*participant, *by],
            // These go to the devices of one person, or name nobody.
            Self::HiddenFor { .. }
            | Self::Entered { .. }
            | Self::Left { .. }
            | Self::Called { .. }
            | Self::Kept { .. }
            | Self::Described { .. }
            | Self::SightChanged
            // It is the last that is heard of the chat, and only an admin or nobody in it did it.
            | Self::Ended(_) => Vec::new(),
        }
    }
}
