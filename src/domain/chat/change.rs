//! What follows from a decision: the changes that an engine writes, the events that leave after the commit,
//! and what the one who asked is told.

use std::sync::Arc;

use super::LastUse;
use crate::domain::{
    At, ChangeNumber, DeviceId, Draft, Emoji, Ending, Event, FinalCall, Gone, GroupChange, Guesses, Idle,
    InviteId, Message, MessageId, Name, ParticipantId, Person, Receipt, Refusal, Role, Roster, Seq, Standing,
    VanishAfter, Writers,
};

/// Everything that an action can alter, and all that an engine must know how to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    PutMessage(Arc<Message>),
    /// A message looks different: it takes the chat's next change number, in the place of the one it had.
    ChangeMessage {
        seq: Seq,
        number: ChangeNumber,
        edit: MessageEdit,
    },
    /// A participant does not see a message any more. That is a change, too, for their devices alone.
    Hide {
        participant: ParticipantId,
        seq: Seq,
        number: ChangeNumber,
    },
    PutVanishAfter(Option<VanishAfter>),
    PutIdle(Idle),
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
    /// Somebody is let into the group, by an invite of their own.
    AddPerson {
        participant: ParticipantId,
        person: Person,
        name: Arc<Name>,
        invite: InviteId,
    },
    /// Somebody is out: their invite opens nothing any more.
    RemovePerson(ParticipantId, Standing),
    PutRole(ParticipantId, Role),
    PutName(ParticipantId, Arc<Name>),
    Describe(GroupChange),
    PutWriters(Writers),
    PutRoster(Roster),
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
pub enum MessageEdit {
    /// Another text, and how often and when it was edited.
    Text(Arc<Message>),
    /// What it said goes, and every reaction to it.
    Remove(Gone),
    React(ParticipantId, Option<Emoji>),
}

impl MessageEdit {
    /// What takes something away always finds space.
    fn grows(&self) -> bool {
        match self {
            Self::Text(_) | Self::React(_, Some(_)) => true,
            Self::Remove(_) | Self::React(_, None) => false,
        }
    }
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
        self.changes.iter().any(Change::grows)
    }
}

impl Change {
    fn grows(&self) -> bool {
        match self {
            Self::PutMessage(message) => !message.is_note(),
            Self::PutInvite(..) | Self::AddPerson { .. } => true,
            Self::ChangeMessage { edit, .. } => edit.grows(),
            _ => false,
        }
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
        // Boxed, because it is rare, and every answer would be as large.
        draft: Box<Draft>,
    },
    /// It is as was asked for, by this change or an earlier one.
    Changed(ChangeNumber),
    /// The participant's receipt; it may be what it was.
    Marked(Receipt),
    /// Somebody was let into the group.
    Added(ParticipantId),
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
