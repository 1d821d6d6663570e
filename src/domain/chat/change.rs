//! What follows from a decision: the changes that an engine writes, the events that leave after the commit,
//! and what the one who asked is told.

use std::sync::Arc;

use super::LastUse;
use crate::domain::{
    At, Body, DeviceId, Ending, Event, FinalCall, Guesses, InviteId, Message, MessageId, ParticipantId,
    Receipt, Refusal, Seq,
};

/// Everything that an action can alter, and all that an engine must know how to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    PutMessage(Arc<Message>),
    /// What the producers were at this message is written down: after a start the messages behind it are
    /// looked at again, and no others.
    Checkpoint(Seq),
    PutReceipt(ParticipantId, Receipt),
    /// When a participant was last here.
    PutLastHere(ParticipantId, At),
    /// When one of their devices was last here.
    PutDeviceLastHere {
        participant: ParticipantId,
        device: DeviceId,
        at: At,
    },
    /// A device comes in, by the participant's invite.
    PutSeat {
        participant: ParticipantId,
        device: DeviceId,
        since: At,
    },
    RemoveSeat {
        participant: ParticipantId,
        device: DeviceId,
    },
    PutGuesses(ParticipantId, Guesses),
    /// The invite has let somebody in: its guesses are forgiven.
    OpenInvite(ParticipantId, At),
    PutInvite(ParticipantId, InviteId),
    /// The chat was used: the idle time begins again, and a final call is taken away.
    Touch(LastUse),
    BeginCall(FinalCall),
    /// Everything of the chat goes.
    End(Ending),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub changes: Vec<Change>,
    pub events: Vec<Event>,
    pub outcome: Outcome,
}

impl Decision {
    pub fn of(outcome: Outcome) -> Self {
        Self { changes: Vec::new(), events: Vec::new(), outcome }
    }

    /// Whether it adds to the store what a full disk has no space for.
    pub fn grows(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::PutMessage(_) | Change::PutInvite(..)))
    }
}

/// What the one who asked is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new message.
    Said {
        seq: Seq,
        at: At,
    },
    /// It was taken before, at this place.
    SaidBefore {
        seq: Seq,
        at: At,
    },
    /// Too little is known of its producer: what was said last has to be looked through first.
    NeedsSearch {
        id: MessageId,
        body: Body,
    },
    /// The participant's receipt; it may be what it was.
    Marked(Receipt),
    /// The idle time begins again, and ends then.
    Kept {
        due: At,
    },
    /// The chat is destroyed.
    Ended(Ending),
    /// The code was wrong: what the guesser is told.
    Missed(Refusal),
    Done,
}
