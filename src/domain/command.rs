//! What somebody who has a seat can ask for. `protocol` makes a command from what a client sent; the store
//! applies it inside one transaction, in which it checks that the seat still holds.

use super::{
    Body, Description, Emoji, Idle, MessageId, Name, ParticipantId, Receipt, Role, Roster, Seq, Text,
    VanishAfter, Writers,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Say something. The same `id` again, from the same device of the participant, says nothing again.
    Say {
        id: MessageId,
        draft: Draft,
    },
    /// Change something about a message that is there.
    Change {
        seq: Seq,
        change: MessageChange,
    },
    /// Messages have been delivered, read or seen up to here; a smaller number than before changes nothing.
    Mark(Receipt),
    /// Start the idle time again.
    Keep,
    /// What is said from now on vanishes after so long, or not any more.
    VanishAfter(Option<VanishAfter>),
    /// The chat is destroyed when nobody uses it for so long.
    SetIdle(Idle),
    /// Take a person out of the group, with all of their devices and their invite.
    Remove(ParticipantId),
    SetRole {
        participant: ParticipantId,
        role: Role,
    },
    /// Correct one's own name.
    Rename(Name),
    Describe(GroupChange),
    SetWriters(Writers),
    /// Hide the people of the group from each other, or show them.
    SetRoster(Roster),
    /// Go out of the group, with all of one's devices. The last one destroys it.
    LeaveGroup,
    /// Destroy the chat, for everybody.
    End,
    /// Take this device's right to the seat away. The invite still works.
    Leave,
}

impl Command {
    /// The message that it answers or changes.
    pub fn target(&self) -> Option<Seq> {
        match self {
            Self::Say { draft, .. } => draft.reply_to,
            Self::Change { seq, .. } => Some(*seq),
            _ => None,
        }
    }
}

/// What a group is called and what it is about; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupChange {
    pub title: Option<Name>,
    pub about: Option<Description>,
}

/// What somebody wants to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub body: Body,
    /// The message that it answers.
    pub reply_to: Option<Seq>,
}

impl From<Body> for Draft {
    fn from(body: Body) -> Self {
        Self { body, reply_to: None }
    }
}

/// Each can be asked for again, and is then true already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageChange {
    /// One's own text. `base` is how often it had been changed as the one who asks saw it: what somebody else
    /// changed meanwhile, on another device, is not overwritten.
    Edit { base: u32, text: Text },
    /// Delete it for everybody. One's own.
    Delete,
    /// Delete it for oneself, on all of one's devices.
    Hide,
    /// React with this emoji in the place of the one before, or take that away.
    React(Option<Emoji>),
}
