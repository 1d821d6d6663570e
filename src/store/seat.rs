//! The proven right of one device to act as one participant.

use std::sync::Arc;

use crate::crypto::ChatKey;
use crate::domain::{DeviceId, DeviceTag, SeatId, Sight};

/// A seat, with the key of its chat. Only the store makes one.
#[derive(Clone)]
pub struct Seat {
    pub(super) id: SeatId,
    pub(super) device: DeviceId,
    /// What the device is called in this seat.
    pub(super) tag: DeviceTag,
    pub(super) key: Arc<ChatKey>,
    pub(super) opening: u64,
    pub(super) sight: Sight,
}

impl Seat {
    pub(super) fn new((id, sight): (SeatId, Sight), device: DeviceId, key: ChatKey, opening: u64) -> Self {
        let tag = key.device_tag(id, device);
        Self { id, device, tag, key: Arc::new(key), opening, sight }
    }

    pub fn id(&self) -> SeatId {
        self.id
    }

    /// What the participant was shown when the seat was looked up. Only whom they see can change.
    pub fn sight(&self) -> Sight {
        self.sight
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
