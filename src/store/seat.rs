//! The proven right of one device to act as one participant.

use std::sync::Arc;

use crate::crypto::ChatKey;
use crate::domain::{DeviceId, SeatId};

/// A seat, with the key of its chat. Only the store makes one.
#[derive(Clone)]
pub struct Seat {
    pub(super) id: SeatId,
    pub(super) device: DeviceId,
    pub(super) key: Arc<ChatKey>,
    pub(super) opening: u64,
}

impl Seat {
    pub fn id(&self) -> SeatId {
        self.id
    }

    #[cfg(feature = "test-support")]
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Which opening of the files gave it. Once they were reopened it is not known what was done of what was
    /// asked through it: that may still be on its way to be lost, must not be overtaken, and nothing more is
    /// done through this seat.
    pub fn opening(&self) -> u64 {
        self.opening
    }
}
