//! One device's seat: the chat's key, wrapped for it.

use serde::{Deserialize, Serialize};

use crate::domain::At;

#[derive(Serialize, Deserialize)]
pub struct SeatRow {
    entered: u64,
    /// The chat's key, wrapped for device and slots.
    pub envelope: Vec<u8>,
    last_here: Option<u64>,
    /// Where its own slot key is.
    pub slot: u32,
}

impl SeatRow {
    pub fn new(now: At, slot: u32, envelope: Vec<u8>) -> Self {
        Self { entered: now.0, envelope, last_here: None, slot }
    }

    pub fn entered(&self) -> At {
        At(self.entered)
    }

    pub fn last_here(&self) -> Option<At> {
        self.last_here.map(At)
    }

    pub fn leave(&mut self, at: At) {
        self.last_here = Some(at.0);
    }
}
