//! One message, its body still sealed, and what happened to messages later.

use serde::{Deserialize, Serialize};

use super::{FIRST, RowError, read, write};
use crate::domain::{
    At, ChangeNumber, Edits, Gone, GoneBy, Message, MessageId, ParticipantId, Seq, Vanishing,
};

/// Borrowed, because there are many of them.
#[derive(Clone, Serialize, Deserialize)]
pub struct MessageRow<'a> {
    from: u32,
    pub kind: u8,
    at: u64,
    said: u64,
    id: [u8; 16],
    /// The message that it answers.
    reply_to: Option<u64>,
    edits: u32,
    edited: Option<u64>,
    /// What will have passed, and when that is.
    vanishes: Option<(u64, u64)>,
    gone: Option<GoneRow>,
    /// Its key in the table of changes; 0 while it is as it was said.
    changed: u64,
    /// Empty where it is gone.
    #[serde(borrow)]
    pub body: &'a [u8],
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct GoneRow {
    at: u64,
    /// The participant; 0 for the clock.
    by: u32,
    leaves_stub: bool,
}

impl<'a> MessageRow<'a> {
    /// As it was said.
    pub fn new(message: &Message, kind: u8, body: &'a [u8]) -> Self {
        Self {
            from: message.from.0,
            kind,
            at: message.at.0,
            said: message.said,
            id: message.id.0.to_be_bytes(),
            reply_to: message.reply_to.map(|seq| seq.0),
            edits: message.edits.count,
            edited: message.edits.at.map(|at| at.0),
            vanishes: message.vanishes.map(|vanishing| (vanishing.passed, vanishing.at.0)),
            gone: None,
            changed: message.changed.0,
            body,
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        write(FIRST, self, Vec::with_capacity(self.body.len() + 64))
    }

    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, RowError> {
        read(FIRST, bytes)
    }

    pub fn from(&self) -> ParticipantId {
        ParticipantId(self.from)
    }

    pub fn at(&self) -> At {
        At(self.at)
    }

    pub fn said(&self) -> u64 {
        self.said
    }

    pub fn id(&self) -> MessageId {
        MessageId(u128::from_be_bytes(self.id))
    }

    pub fn reply_to(&self) -> Option<Seq> {
        self.reply_to.map(Seq)
    }

    pub fn edits(&self) -> Edits {
        Edits { count: self.edits, at: self.edited.map(At) }
    }

    pub fn changed(&self) -> ChangeNumber {
        ChangeNumber(self.changed)
    }

    pub fn change(&mut self, number: ChangeNumber) {
        self.changed = number.0;
    }

    pub fn vanishes(&self) -> Option<Vanishing> {
        self.vanishes.map(|(passed, at)| Vanishing { passed, at: At(at) })
    }

    /// Time that was not counted before it was said is counted now: it vanishes as late as was promised.
    pub fn uncover(&mut self, time: u64) {
        self.said = self.said.saturating_add(time);
        self.vanishes = self.vanishes.map(|(passed, at)| (passed.saturating_add(time), at));
    }

    pub fn gone(&self) -> Option<Gone> {
        self.gone.map(|GoneRow { at, by, leaves_stub }| {
            let participant = ParticipantId(by);
            let by = if by == 0 { GoneBy::Clock } else { GoneBy::Participant { participant, leaves_stub } };
            Gone { at: At(at), by }
        })
    }

    /// Whether there is nothing to read: it was deleted, or its time is over.
    pub fn is_gone(&self, passed: u64) -> bool {
        self.gone.is_some() || self.vanishes.is_some_and(|(until, _)| until <= passed)
    }

    /// Its place, and who said it when under which id, is all that stays.
    pub fn remove(&mut self, Gone { at, by }: Gone) {
        let (by, leaves_stub) = match by {
            GoneBy::Participant { participant, leaves_stub } => (participant.0, leaves_stub),
            GoneBy::Clock => (0, false),
        };
        self.gone = Some(GoneRow { at: at.0, by, leaves_stub });
        (self.reply_to, self.edits, self.edited, self.body) = (None, 0, None, &[]);
    }
}

/// A message that was changed, by the number of its last change.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct ChangeRow {
    pub seq: u64,
    /// Only this participant is told; 0 where all are.
    pub only: u32,
}

/// An emoji, sealed.
#[derive(Serialize, Deserialize)]
pub struct ReactionRow {
    pub emoji: Vec<u8>,
}
