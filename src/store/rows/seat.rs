//! One device's seat: the chat's key, wrapped for it.

use serde::{Deserialize, Serialize};

use crate::domain::At;

/// To what a device's last time is noted.
const HOUR_MILLIS: u64 = 3_600_000;

#[derive(Serialize, Deserialize)]
pub struct SeatRow {
    entered: u64,
    /// The chat's key, wrapped for device and slot.
    pub envelope: Vec<u8>,
    last_here: Option<u64>,
}

impl SeatRow {
    pub fn new(now: At, envelope: Vec<u8>) -> Self {
        Self { entered: now.0, envelope, last_here: None }
    }

    pub fn entered(&self) -> At {
        At(self.entered)
    }

    pub fn last_here(&self) -> Option<At> {
        self.last_here.map(At)
    }

    /// Since when it may be away: when it was last here, or came in where it does not tell that.
    pub fn away_since(&self) -> At {
        At(self.last_here.unwrap_or(self.entered))
    }

    /// Notes when the device left, to the hour: enough to know it again, and no diary. Whether that is new.
    pub fn leave(&mut self, at: At) -> bool {
        let hour = at.0 - at.0 % HOUR_MILLIS;
        let before = self.last_here.replace(hour.max(self.entered));
        self.last_here != before
    }
}
