//! One participant's receipt, and when they were last here.

use serde::{Deserialize, Serialize};

use crate::domain::{At, Receipt, Seq};
use crate::limits::LEAVE_AGAIN_MS;

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

    /// Unless that was within a minute of the time before. Whether it is noted.
    pub fn leave(&mut self, at: At) -> bool {
        let is_news = self.last_here.is_none_or(|before| at.0.abs_diff(before) >= LEAVE_AGAIN_MS);
        if is_news {
            self.last_here = Some(at.0);
        }
        is_news
    }
}
