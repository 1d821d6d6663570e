//! How things were when the house was opened: what grew since then is told by it.

use std::time::Instant;

use crate::domain::At;
use crate::house::House;

/// How things were when the house was opened.
pub struct Baseline {
    pub(super) at: At,
    pub(super) since: Instant,
    pub(super) store_bytes: u64,
}

impl Baseline {
    /// How things are now.
    pub fn now(house: &House) -> Self {
        let store_bytes = house.store.footprint().map_or(0, |footprint| footprint.store_bytes);
        Self { at: (house.clock)(), since: Instant::now(), store_bytes }
    }
}
