//! One chat's idle timer: since when nobody has used it, and the final call before it is destroyed. The
//! writer holds an [`IdleTimer`] for each chat and tells it of each use; the purge asks at what [`Stage`] it
//! is. A chat is destroyed only from [`Stage::Over`]: it was due, a final call was told, and the call lasted
//! its time while the house was open.

use super::{At, Elapsed, Idle, UncountedTime};
use crate::limits::{UNENTERED_REST, USE_AGAIN_MS};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FinalCall {
    /// What must have been watched by its end.
    pub over: u64,
    /// When that will be, as people are told.
    pub at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Running,
    /// It has rested too long, and nobody was told yet.
    Due,
    Called,
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// Somebody has come in, or the host started it: it rests as was agreed. A printed card may wait.
    Nobody,
    /// A visitor started it, and nobody has come in: it rests no longer than [`UNENTERED_REST`].
    Anybody,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdleTimer {
    pub idle: Idle,
    /// What had passed when it was last used.
    pub used: u64,
    /// By how much that may have been later: a use is written down once a minute.
    slack: u64,
    /// What had passed at the use that is written down.
    noted: u64,
    pub call: Option<FinalCall>,
    pub awaited: Awaited,
}

impl IdleTimer {
    pub fn new(idle: Idle, used: u64, call: Option<FinalCall>, awaited: Awaited) -> Self {
        Self { idle, used, slack: 0, noted: used, call, awaited }
    }

    /// As it was written down by an earlier run of the house.
    #[must_use]
    pub fn from_earlier_run(self) -> Self {
        Self { slack: USE_AGAIN_MS, ..self }
    }

    /// Somebody used the chat when so much had passed: the idle time begins again, and a final call is taken
    /// away. True where that must be written down: once a minute, where there was a call, and at the first
    /// use in this run of the house, before which there may be time that was not counted.
    pub fn wake(&mut self, passed: u64) -> bool {
        let is_first = std::mem::take(&mut self.slack) > 0;
        let had_call = self.call.take().is_some();
        let is_noted = is_first || had_call || passed.saturating_sub(self.noted) >= USE_AGAIN_MS;
        self.used = self.used.max(passed);
        if is_noted {
            self.noted = self.noted.max(passed);
        }
        is_noted
    }

    /// Time that was not counted is counted now; a chat that was used after it does not age by it. True when
    /// this changes the timer.
    pub fn uncover(&mut self, hidden: UncountedTime) -> bool {
        let is_later = self.used > hidden.after;
        if is_later {
            self.used = self.used.saturating_add(hidden.time);
            self.noted = self.used;
        }
        is_later
    }

    pub fn stage(&self, now: Elapsed) -> Stage {
        let idle = match self.awaited {
            Awaited::Nobody => self.idle.duration(),
            Awaited::Anybody => self.idle.duration().min(UNENTERED_REST),
        };
        let idle = u64::try_from(idle.as_millis()).unwrap_or(u64::MAX);
        match self.call {
            _ if now.passed.saturating_sub(self.used) < idle.saturating_add(self.slack) => Stage::Running,
            None => Stage::Due,
            Some(call) if now.watched < call.over => Stage::Called,
            Some(_) => Stage::Over,
        }
    }

    /// The final call, if it begins now.
    pub fn final_call(&self, now: Elapsed, wall: At) -> FinalCall {
        let lasts = self.idle.final_call();
        let over = now.watched.saturating_add(u64::try_from(lasts.as_millis()).unwrap_or(u64::MAX));
        FinalCall { over, at: wall.plus(lasts) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    fn moment(passed: u64, watched: u64) -> Elapsed {
        Elapsed { passed, watched }
    }

    fn begin_call(timer: &mut IdleTimer, now: Elapsed) -> FinalCall {
        let call = timer.final_call(now, At(5));
        timer.call = Some(call);
        call
    }

    #[test]
    fn a_chat_is_over_only_after_it_was_due_and_its_call_was_watched_to_the_end() {
        let mut rest = IdleTimer::new(Idle::Hour, 0, None, Awaited::Nobody);
        assert_eq!(rest.stage(moment(HOUR - 1, 0)), Stage::Running);
        assert_eq!(rest.stage(moment(HOUR, 0)), Stage::Due);
        let call = begin_call(&mut rest, moment(HOUR, 100));
        assert_eq!(call, FinalCall { over: 100 + HOUR / 6, at: At(5 + HOUR / 6) });
        assert_eq!(rest.stage(moment(u64::MAX, 99 + HOUR / 6)), Stage::Called);
        assert_eq!(rest.stage(moment(HOUR, call.over)), Stage::Over);
    }

    fn resting(used: u64) -> IdleTimer {
        IdleTimer::new(Idle::Hour, used, None, Awaited::Nobody)
    }

    #[test]
    fn a_use_is_written_down_once_a_minute_and_where_it_changes_more_than_the_time() {
        let mut rest = resting(0);
        assert!(!rest.wake(USE_AGAIN_MS - 1));
        assert!(rest.wake(USE_AGAIN_MS));
        assert!(!rest.wake(USE_AGAIN_MS + 1));
        begin_call(&mut rest, moment(HOUR, 0));
        assert!(rest.wake(USE_AGAIN_MS + 2), "it takes a call away");
        assert!(!rest.wake(USE_AGAIN_MS + 3));
        assert!(rest.from_earlier_run().wake(USE_AGAIN_MS + 4), "the first in this run");
    }

    #[test]
    fn a_chat_that_a_visitor_started_and_nobody_entered_is_over_after_a_week() {
        for (idle, awaited, days) in [
            (Idle::HalfYear, Awaited::Anybody, 7),
            (Idle::Month, Awaited::Anybody, 7),
            (Idle::Month, Awaited::Nobody, 31),
        ] {
            let mut rest = IdleTimer::new(idle, 0, None, awaited);
            let day = |days: u64| moment(days * 24 * HOUR, days * 24 * HOUR);
            assert_eq!(rest.stage(moment((days - 1) * 24 * HOUR - 1, 0)), Stage::Running);
            assert_eq!(rest.stage(day(days - 1)), Stage::Due);
            begin_call(&mut rest, day(days - 1));
            assert_eq!(rest.stage(moment(days * 24 * HOUR, days * 24 * HOUR - 1)), Stage::Called);
            assert_eq!(rest.stage(day(days)), Stage::Over);
        }
        let mut rest = IdleTimer::new(Idle::Hour, 0, None, Awaited::Anybody);
        assert_eq!(rest.stage(moment(HOUR, 0)), Stage::Due, "what was agreed is shorter");
        rest = IdleTimer::new(Idle::Month, 0, None, Awaited::Anybody);
        rest.awaited = Awaited::Nobody;
        assert_eq!(rest.stage(moment(8 * 24 * HOUR, 0)), Stage::Running, "somebody has come in");
    }

    #[test]
    fn what_was_hidden_before_a_use_makes_nothing_older() {
        let hidden = UncountedTime { after: 5, time: HOUR };
        let (mut before, mut after) = (resting(5), resting(6));
        assert_eq!((before.uncover(hidden), after.uncover(hidden)), (false, true));
        let now = moment(HOUR + 6, 0);
        assert_eq!((before.stage(now), after.stage(now)), (Stage::Due, Stage::Running));
    }

    #[test]
    fn using_a_chat_takes_its_final_call_away() {
        let mut rest = IdleTimer::new(Idle::Hour, 0, None, Awaited::Nobody);
        begin_call(&mut rest, moment(HOUR, 0));
        rest.wake(HOUR);
        assert_eq!(rest.call, None);
        assert_eq!(rest.stage(moment(2 * HOUR - 1, u64::MAX)), Stage::Running);
        assert_eq!(rest.stage(moment(2 * HOUR, u64::MAX)), Stage::Due);
    }
}
