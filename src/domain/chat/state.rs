//! What the rules keep of one chat between two decisions: neither names nor keys.

use super::{Change, Producers};
use crate::domain::{At, Idle, ParticipantId, Receipt, Seq};

/// When a chat was last used, by both clocks: what people are told, and what it ages by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastUse {
    pub at: At,
    pub passed: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatState {
    pub idle: Idle,
    pub head: Seq,
    /// When the last message was said.
    pub said_at: At,
    pub used_at: At,
    /// One for each participant, in order.
    pub receipts: Vec<Receipt>,
    pub producers: Producers,
    /// Up to this message the producers are written down.
    pub checkpoint: Seq,
}

impl ChatState {
    /// As it was kept, without what is remembered of its producers.
    pub fn kept(idle: Idle, (head, said_at): (Seq, At), used: At, receipts: Vec<Receipt>) -> Self {
        let (used_at, producers, checkpoint) = (used.max(said_at), Producers::default(), Seq::NONE);
        Self { idle, head, said_at, used_at, receipts, producers, checkpoint }
    }

    /// When the chat is destroyed if nobody uses it after `now`.
    pub fn due_from(&self, now: At) -> At {
        self.idle.due(self.used_at.max(now))
    }

    pub fn receipt(&self, participant: ParticipantId) -> Receipt {
        self.receipts.get(participant.index()).copied().unwrap_or_default()
    }

    pub fn has(&self, participant: ParticipantId) -> bool {
        participant.index() < self.receipts.len()
    }

    /// Takes in what was decided.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::PutMessage(message) => {
                self.head = message.seq;
                self.said_at = message.at;
                self.producers.take(message.from, message.device, message.id, message.seq);
            }
            Change::Checkpoint(seq) => self.checkpoint = *seq,
            Change::PutReceipt(participant, receipt) => {
                if let Some(kept) = self.receipts.get_mut(participant.index()) {
                    *kept = *receipt;
                }
            }
            Change::Touch(LastUse { at, .. }) => self.used_at = self.used_at.max(*at),
            Change::PutLastHere(..)
            | Change::PutDeviceLastHere { .. }
            | Change::PutSeat { .. }
            | Change::RemoveSeat { .. }
            | Change::PutGuesses(..)
            | Change::OpenInvite(..)
            | Change::PutInvite(..)
            | Change::BeginCall(_)
            | Change::End(_) => {}
        }
    }
}
