//! What has been destroyed since the store was rewritten, and how much that wrote. Nobody's secret, and
//! about 20 bytes.

use serde::{Deserialize, Serialize};

use crate::domain::CompactionTimer;

#[derive(Serialize, Deserialize)]
pub struct CompactionRow {
    dead_rows: u64,
    first: u64,
    last: u64,
    vanished: Option<u64>,
    tried: Option<u64>,
    day: u64,
    bytes: u64,
}

impl CompactionRow {
    pub fn new(timer: CompactionTimer) -> Self {
        let CompactionTimer { dead_rows, first, last, vanished, tried, day, bytes } = timer;
        Self { dead_rows, first, last, vanished, tried, day, bytes }
    }

    pub fn timer(&self) -> CompactionTimer {
        let Self { dead_rows, first, last, vanished, tried, day, bytes } = *self;
        CompactionTimer { dead_rows, first, last, vanished, tried, day, bytes }
    }
}
