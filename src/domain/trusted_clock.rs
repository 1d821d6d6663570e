//! How much time has passed, from clocks that may be wrong.
//!
//! The store feeds a [`TrustedClock`] with what the machine's clocks say, at each commit and each purge, and
//! stamps every use of a chat with the [`Elapsed`] that comes out. Ages are differences of moments, never of
//! wall clocks. Pure: the clocks come in as a [`Reading`], and what must outlive a restart is a plain value.
//!
//! The rule errs on one side only. While the machine runs, time grows by the smaller of what the wall clock
//! and the boot clock say. What passed while it was off is known from the wall clock alone, and counts once
//! the wall clock is trusted: not before the program was built, not behind the latest time that was trusted,
//! and synchronised as the kernel says. Until then it counts as nothing, and chats live longer, not shorter.

use super::At;
use crate::limits::{TRUST_AGAIN_MS, WATCH_STEP_MS};

/// What the machine's clocks say at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub wall: At,
    /// Which start of the machine this is.
    pub boot: u128,
    /// Milliseconds since that start, those of suspension included.
    pub up: u64,
    pub synchronised: bool,
}

/// How much time has passed, in milliseconds since the house was made. Never shrinks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elapsed {
    /// Time that is known to have passed: what chats age by.
    pub passed: u64,
    /// Time during which this house was open and could be asked: what a final call lasts by.
    pub watched: u64,
}

/// Time that nobody knew to have passed, and that a trusted wall clock has brought to light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UncountedTime {
    /// It passed somewhere after this much had passed.
    pub after: u64,
    pub time: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrustedClock {
    pub elapsed: Elapsed,
    /// The reading before, of this process or of an earlier one.
    pub last: Option<Reading>,
    /// The latest reading whose wall clock was trusted, and what had passed by then.
    pub mark: Option<(Reading, u64)>,
    /// For how long, watched, no wall clock was trusted.
    pub doubted: u64,
}

impl TrustedClock {
    /// What is known when a house opens. Nothing was watched since the last reading.
    pub fn open(&mut self, reading: Reading, built: At) -> Option<UncountedTime> {
        let watched = self.elapsed.watched;
        let hidden = self.observe(reading, built);
        self.elapsed.watched = watched;
        hidden
    }

    /// Takes one reading in. `built` is when the program was built: no true wall clock is before it. A chat
    /// that was used after `after` of what was hidden may have been used after all of it, and must be told.
    #[must_use]
    pub fn observe(&mut self, reading: Reading, built: At) -> Option<UncountedTime> {
        if let Some(last) = self.last.replace(reading)
            && last.boot == reading.boot
        {
            self.grow(least(last, reading));
        }
        let hidden = (reading.synchronised && reading.wall >= built).then(|| self.believe(reading)).flatten();
        self.set_apart(reading);
        hidden
    }

    /// What is used while nothing is trusted is used after the mark, even if no time is known to have passed.
    fn set_apart(&mut self, reading: Reading) {
        if let Some((mark, by_then)) = self.mark
            && mark != reading
        {
            self.elapsed.passed = self.elapsed.passed.max(by_then.saturating_add(1));
        }
    }

    fn grow(&mut self, step: u64) {
        self.elapsed.passed = self.elapsed.passed.saturating_add(step);
        // Nobody can be asked while the machine is suspended.
        let watched = step.min(WATCH_STEP_MS);
        self.elapsed.watched = self.elapsed.watched.saturating_add(watched);
        self.doubted = self.doubted.saturating_add(watched);
    }

    /// A synchronised wall clock says how much passed since the mark, unless it is behind the mark. One
    /// that does so for a day is right and the mark was wrong: it becomes the mark, and nothing is counted.
    fn believe(&mut self, reading: Reading) -> Option<UncountedTime> {
        let mut hidden = None;
        if let Some((mark, after)) = self.mark {
            if reading.wall < mark.wall && self.doubted < TRUST_AGAIN_MS {
                return None;
            }
            let by_wall = reading.wall.0.saturating_sub(mark.wall.0);
            let since = if mark.boot == reading.boot { least(mark, reading) } else { by_wall };
            let time = after.saturating_add(since).saturating_sub(self.elapsed.passed);
            hidden = (time > 0).then_some(UncountedTime { after, time });
            self.elapsed.passed = self.elapsed.passed.saturating_add(time);
        }
        self.mark = Some((reading, self.elapsed.passed));
        self.doubted = 0;
        hidden
    }
}

/// What passed between two readings of one start of the machine: what the slower clock says.
fn least(before: Reading, after: Reading) -> u64 {
    let by_wall = after.wall.0.saturating_sub(before.wall.0);
    by_wall.min(after.up.saturating_sub(before.up))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT: At = At(1_000_000);
    const DAY: u64 = 86_400_000;

    fn reading(boot: u128, up: u64, wall: u64, synchronised: bool) -> Reading {
        Reading { wall: At(wall), boot, up, synchronised }
    }

    /// What has passed after these readings, and what the last of them brought to light.
    fn passed(readings: &[Reading]) -> (u64, Option<UncountedTime>) {
        let mut clock = TrustedClock::default();
        let hidden = readings.iter().map(|reading| clock.observe(*reading, BUILT)).last().flatten();
        (clock.elapsed.passed, hidden)
    }

    fn hidden(after: u64, time: u64) -> UncountedTime {
        UncountedTime { after, time }
    }

    #[test]
    fn while_the_machine_runs_the_slower_clock_counts() {
        let start = reading(1, 0, DAY, true);
        for (up, wall, grown) in [
            (60_000, DAY + 60_000, 60_000),
            (60_000, DAY * 400, 60_000),
            (60_000, DAY + 5, 5),
            (60_000, 0, 1),
            (0, DAY * 2, 0),
        ] {
            assert_eq!(passed(&[start, reading(1, up, wall, true)]), (grown, None), "{up} {wall}");
        }
    }

    #[test]
    fn what_passed_while_the_machine_was_off_counts_once_the_clock_is_synchronised() {
        let (start, off) = (reading(1, 0, DAY, true), reading(2, 0, 9 * DAY, false));
        assert_eq!(passed(&[start, off]), (1, None));
        let right = reading(2, 10, 9 * DAY + 10, true);
        assert_eq!(passed(&[start, off, right]), (8 * DAY + 10, Some(hidden(0, 8 * DAY - 1))));
        assert_eq!(passed(&[start, reading(2, 0, BUILT.0 - 1, true)]).0, 1, "before the program was built");
        assert_eq!(passed(&[start, reading(2, 0, DAY - 1, true)]).0, 1, "behind what was trusted");
    }

    #[test]
    fn what_a_wrong_clock_hid_while_the_machine_ran_is_counted_when_it_is_right_again() {
        let (start, wrong) = (reading(1, 0, DAY, true), reading(1, 3_600_000, 5, false));
        assert_eq!(passed(&[start, wrong]), (1, None));
        let right = reading(1, 7_200_000, DAY + 7_200_000, true);
        assert_eq!(passed(&[start, wrong, right]), (7_200_000, Some(hidden(0, 3_599_999))));
    }

    #[test]
    fn a_mark_that_was_wrong_is_given_up_after_a_day_and_nothing_is_counted() {
        let mut clock = TrustedClock::default();
        let mut hidden = clock.observe(reading(1, 0, 40_000 * DAY, true), BUILT);
        for minute in 0..=DAY / 60_000 {
            let reading = reading(2, minute * 60_000, 30_000 * DAY + minute * 60_000, true);
            hidden = hidden.or(clock.observe(reading, BUILT));
        }
        assert_eq!((clock.elapsed.passed, hidden), (DAY + 1, None));
        assert!(clock.observe(reading(3, 0, 30_004 * DAY, true), BUILT).is_some());
        assert_eq!(clock.elapsed.passed, 4 * DAY + 1, "from then on it counts again");
    }

    #[test]
    fn what_was_not_watched_does_not_count_as_watched() {
        let mut clock = TrustedClock::default();
        for up in [0, DAY] {
            assert_eq!(clock.observe(reading(1, up, DAY + up, true), BUILT), None);
        }
        assert_eq!(clock.elapsed, Elapsed { passed: DAY, watched: WATCH_STEP_MS });
        assert_eq!(clock.open(reading(1, DAY + 60_000, 2 * DAY + 60_000, true), BUILT), None);
        assert_eq!(clock.elapsed, Elapsed { passed: DAY + 60_000, watched: WATCH_STEP_MS });
    }
}
