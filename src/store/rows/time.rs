//! How much time has passed, and the readings that say so. Nobody's secret, and about 80 bytes. Written in
//! every transaction, so that what is stamped with a moment is never on the disk without it.

use serde::{Deserialize, Serialize};

use crate::domain::{At, Elapsed, Reading, TrustedClock};

#[derive(Serialize, Deserialize)]
pub struct TimeRow {
    passed: u64,
    watched: u64,
    last: Option<ReadingRow>,
    mark: Option<(ReadingRow, u64)>,
    doubted: u64,
    /// Nothing is destroyed by the clock before this much was watched.
    pub purge_held_until: u64,
}

/// The wall clock, the boot, the time since it, and whether the wall clock is synchronised.
type ReadingRow = (u64, u128, u64, bool);

impl TimeRow {
    pub fn new(clock: &TrustedClock, purge_held_until: u64) -> Self {
        let row = |Reading { wall, boot, up, synchronised }| (wall.0, boot, up, synchronised);
        let mark = clock.mark.map(|(mark, by_then)| (row(mark), by_then));
        let Elapsed { passed, watched } = clock.elapsed;
        Self { passed, watched, last: clock.last.map(row), mark, doubted: clock.doubted, purge_held_until }
    }

    pub fn clock(&self) -> TrustedClock {
        let reading =
            |(wall, boot, up, synchronised): ReadingRow| Reading { wall: At(wall), boot, up, synchronised };
        TrustedClock {
            elapsed: Elapsed { passed: self.passed, watched: self.watched },
            last: self.last.map(reading),
            mark: self.mark.map(|(mark, by_then)| (reading(mark), by_then)),
            doubted: self.doubted,
        }
    }
}
