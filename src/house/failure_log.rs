//! What the log has of requests and frames that fail or are slow: so many lines a minute, since on a disk
//! that fails each of them fails, and somebody who is slow on purpose is slow often.

use std::fmt::Display;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rand::RngExt;

use crate::limits::LOG_LINES_A_MINUTE;

#[derive(Default)]
pub struct FailureLog {
    causes: LogBudget,
    requests: LogBudget,
}

impl FailureLog {
    /// Logs why `what` failed. The guest is given the reference that is beside the cause in the log.
    pub fn note(&self, what: &str, cause: &dyn Display) -> String {
        let reference = format!("{:08x}", rand::rng().random::<u32>());
        if self.causes.has_line("requests or frames failed") {
            log::error!(reference = reference.as_str(); "{what} failed ({reference}): {cause}");
        }
        reference
    }

    /// A route is told by its pattern: what else is in a path may be a seat.
    pub fn note_request(&self, route: &str, status: u16, took: Duration) {
        if self.requests.has_line("requests failed or were slow") {
            let duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            log::warn!(route, status, duration_us; "a request failed or was slow");
        }
    }
}

/// The lines that are left of this minute.
#[derive(Default)]
struct LogBudget(Mutex<Minute>);

#[derive(Default)]
struct Minute {
    begun: Option<Instant>,
    lines: u32,
    left_out: u64,
}

impl LogBudget {
    /// Whether there is a line for one more. Logs how many had none before it.
    fn has_line(&self, of_what: &str) -> bool {
        let left_out = self.take(Instant::now());
        if let Some(left_out @ 1..) = left_out {
            log::warn!(left_out; "{left_out} more {of_what} earlier");
        }
        left_out.is_some()
    }

    fn take(&self, now: Instant) -> Option<u64> {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.begun.is_none_or(|begun| now.duration_since(begun) >= Duration::from_secs(60)) {
            (minute.begun, minute.lines) = (Some(now), 0);
        }
        if minute.lines == LOG_LINES_A_MINUTE {
            minute.left_out += 1;
            return None;
        }
        minute.lines += 1;
        Some(std::mem::take(&mut minute.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_has_so_many_lines_a_minute_and_says_how_many_it_left_out() {
        let (budget, begun) = (LogBudget::default(), Instant::now());
        let told = |seconds| budget.take(begun + Duration::from_secs(seconds));
        for _ in 0..LOG_LINES_A_MINUTE {
            assert_eq!(told(0), Some(0));
        }
        assert_eq!((told(2), told(59)), (None, None));
        assert_eq!((told(60), told(60)), (Some(2), Some(0)));
    }

    #[test]
    fn requests_and_frames_that_fail_have_their_lines_together_and_each_its_reference() {
        let log = FailureLog::default();
        let whats = ["a request", "chat-say"].into_iter().cycle();
        let references: Vec<_> = whats.take(100).map(|what| log.note(what, &"the disk is gone")).collect();
        assert!(references.iter().all(|reference| reference.len() == 8));
        let later = Instant::now() + Duration::from_secs(60);
        assert_eq!(log.causes.take(later), Some(100 - u64::from(LOG_LINES_A_MINUTE)));
    }
}
