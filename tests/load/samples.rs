//! Durations that were measured, and what is told of them.

use std::time::Duration;

/// The unit in which durations are kept: 32 bits of it are seven minutes.
const UNIT: Duration = Duration::from_nanos(100);

/// Measured durations.
#[derive(Default)]
pub struct Samples(Vec<u32>);

impl Samples {
    /// Keeps one.
    pub fn push(&mut self, duration: Duration) {
        self.0.push(u32::try_from(duration.as_nanos() / UNIT.as_nanos()).unwrap_or(u32::MAX));
    }

    /// Takes in those of another.
    pub fn append(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The value below which that share of them lies, by the nearest rank; `None` when there are none.
    pub fn percentile(&mut self, percent: usize) -> Option<Duration> {
        let rank = (self.0.len() * percent).div_ceil(100).checked_sub(1)?;
        let (_, value, _) = self.0.select_nth_unstable(rank);
        Some(UNIT * *value)
    }
}
