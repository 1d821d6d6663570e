//! When the store is rewritten, so that what was destroyed leaves its file. Until then nobody can read it:
//! its slot was overwritten at once. Rewriting copies all that lives, and wears a flash card; so it waits
//! until nothing more is destroyed, and is rare in a house where much is.
//!
//! All times are what had passed by the house's own count ([`super::Elapsed`]): no clock that is wrong puts
//! it off, and time for which the house was off counts.

use crate::limits::{
    COMPACT_AGAIN_MS, COMPACT_BYTES_A_DAY, COMPACT_LATEST_MS, COMPACT_QUIET_MS, COMPACT_VANISHED_MS,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CompactionTimer {
    /// How much was destroyed since the store was rewritten, and when the first and the last of it was.
    pub dead_rows: u64,
    pub first: u64,
    pub last: u64,
    /// When the first message vanished by itself since the store was rewritten. That alone can wait.
    pub vanished: Option<u64>,
    /// When the store was last rewritten, or that was tried.
    pub tried: Option<u64>,
    /// When the day began in which so many bytes were written.
    pub day: u64,
    pub bytes: u64,
}

impl CompactionTimer {
    pub fn destroy(&mut self, rows: u64, now: u64) {
        if rows == 0 {
            return;
        }
        if self.dead_rows == 0 {
            self.first = now;
        }
        self.last = now;
        self.dead_rows = self.dead_rows.saturating_add(rows);
    }

    pub fn vanish(&mut self, now: u64) {
        self.vanished.get_or_insert(now);
    }

    /// So many bytes were written for a new file of the store, whatever became of it.
    pub fn write(&mut self, bytes: u64, now: u64) {
        if self.bytes == 0 || now.saturating_sub(self.day) >= COMPACT_LATEST_MS {
            (self.day, self.bytes) = (now, 0);
        }
        self.bytes = self.bytes.saturating_add(bytes);
        self.tried = Some(now);
    }

    /// The new file is in its place. In it are so many rows of what was destroyed while it was written.
    #[must_use]
    pub fn done(mut self, bytes: u64, dead_rows: u64, now: u64) -> Self {
        self.write(bytes, now);
        (self.dead_rows, self.vanished) = (0, None);
        self.destroy(dead_rows, now);
        self
    }

    pub fn is_due(&self, now: u64) -> bool {
        let since = |then: u64| now.saturating_sub(then);
        let waited = self.tried.map_or(u64::MAX, since);
        let written = if since(self.day) >= COMPACT_LATEST_MS { 0 } else { self.bytes };
        let may_write = waited >= COMPACT_AGAIN_MS && written < COMPACT_BYTES_A_DAY;
        let is_quiet = since(self.last) >= COMPACT_QUIET_MS && may_write;
        // What failed is not tried all day at any cost, either.
        let is_late = |first| since(first).min(waited) >= COMPACT_LATEST_MS;
        let destroyed = self.dead_rows > 0 && (is_quiet || is_late(self.first));
        let has_vanished = |first| (since(first) >= COMPACT_VANISHED_MS && may_write) || is_late(first);
        destroyed || self.vanished.is_some_and(has_vanished)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;
    const HOUR: u64 = 60 * MINUTE;
    const MB: u64 = 1_000_000;

    /// Something was destroyed then.
    fn destroyed(moments: &[u64]) -> CompactionTimer {
        let mut timer = CompactionTimer::default();
        for now in moments {
            timer.destroy(1, *now);
        }
        timer
    }

    /// The first minute in which it is due.
    fn due(timer: CompactionTimer) -> Option<u64> {
        (0..3 * 24 * 60).find(|minute| timer.is_due(minute * MINUTE))
    }

    #[test]
    fn what_was_destroyed_leaves_the_file_when_nothing_more_was_for_a_minute() {
        let timer = destroyed(&[10 * MINUTE, 11 * MINUTE]);
        assert!(!timer.is_due(12 * MINUTE - 1) && timer.is_due(12 * MINUTE));
        assert_eq!(due(CompactionTimer::default()), None, "nothing was destroyed");
        let again = timer.done(4 * MB, 0, 12 * MINUTE);
        assert_eq!(due(again), None, "nothing is left of it");
        assert_eq!(due(timer.done(4 * MB, 5, 12 * MINUTE)), Some(22), "some was destroyed meanwhile");
    }

    #[test]
    fn the_store_is_written_anew_at_most_every_ten_minutes() {
        let mut timer = destroyed(&[0]).done(4 * MB, 0, 30 * MINUTE);
        timer.destroy(1, 31 * MINUTE);
        assert_eq!(due(timer), Some(40));
        timer.write(0, 40 * MINUTE);
        assert_eq!(due(timer), Some(50), "what fails is tried again");
    }

    #[test]
    fn what_only_vanished_waits_for_six_hours() {
        let mut timer = CompactionTimer::default();
        timer.vanish(10 * MINUTE);
        timer.vanish(5 * HOUR);
        assert_eq!(due(timer), Some(6 * 60 + 10));
        timer.destroy(1, HOUR);
        assert_eq!(due(timer), Some(61), "it leaves with what was deleted");
        assert_eq!(due(timer.done(4 * MB, 0, 61 * MINUTE)), None);
    }

    #[test]
    fn a_house_that_destroys_all_the_time_writes_anew_a_day_after_the_first() {
        let mut timer = destroyed(&[5 * MINUTE]);
        for minute in 6..3 * 24 * 60 {
            let now = minute * MINUTE;
            assert_eq!(timer.is_due(now - 2), now > 24 * HOUR + 5 * MINUTE, "{minute}");
            timer.destroy(1, now - 1);
        }
    }

    #[test]
    fn after_half_a_gigabyte_in_a_day_the_rest_waits_for_the_next_or_for_a_day() {
        let mut timer = destroyed(&[0]).done(499 * MB, 0, HOUR);
        timer.destroy(1, 2 * HOUR);
        assert_eq!(due(timer), Some(2 * 60 + 1), "less than that");
        timer = timer.done(499 * MB, 0, 3 * HOUR);
        timer.destroy(1, 4 * HOUR);
        assert!(!timer.is_due(25 * HOUR - 1) && timer.is_due(25 * HOUR), "the next day");
        // Each day's first time uses it up: then a day after what was destroyed first.
        timer = timer.done(900 * MB, 0, 25 * HOUR);
        timer.destroy(1, 26 * HOUR);
        assert!(!timer.is_due(49 * HOUR - 1) && timer.is_due(49 * HOUR));
        timer.write(900 * MB, 49 * HOUR);
        assert!(!timer.is_due(50 * HOUR), "what failed has worn the card as well");
        assert!(timer.is_due(73 * HOUR));
    }
}
