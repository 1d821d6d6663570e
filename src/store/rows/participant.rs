//! One participant's receipt, and when they were last here.

use serde::{Deserialize, Serialize};

use crate::domain::{At, Receipt, Seq};

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub struct ParticipantRow {
    delivered: u64,
    seen: u64,
    last_here: Option<u64>,
    read: u64,
}

impl ParticipantRow {
    pub fn receipt(self) -> Receipt {
        Receipt { delivered: Seq(self.delivered), seen: Seq(self.seen), read: Seq(self.read) }
    }

    pub fn mark(&mut self, receipt: Receipt) {
        let Receipt { delivered, seen, read } = receipt;
        (self.delivered, self.seen, self.read) = (delivered.0, seen.0, read.0);
    }

    pub fn last_here(self) -> Option<At> {
        self.last_here.map(At)
    }

    pub fn leave(&mut self, at: At) {
        self.last_here = Some(at.0);
    }
}
