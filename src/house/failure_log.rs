//! What the log has of things that anybody can make happen again and again: so many lines a minute, and how
//! many were left out.

use std::fmt::Display;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rand::RngExt;

use crate::limits::LOG_LINES_A_MINUTE;

/// The lines that are left of this minute.
pub struct LogBudget(Mutex<Minute>);

struct Minute {
    begun: Instant,
    lines: u32,
    left_out: u64,
}

impl LogBudget {
    pub fn new(now: Instant) -> Self {
        Self(Mutex::new(Minute { begun: now, lines: 0, left_out: 0 }))
    }

    /// Whether there is a line for one more, and how many had none before it.
    pub fn take(&self, now: Instant) -> Option<u64> {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(minute.begun) >= Duration::from_secs(60) {
            (minute.begun, minute.lines) = (now, 0);
        }
        if minute.lines == LOG_LINES_A_MINUTE {
            minute.left_out += 1;
            return None;
        }
        minute.lines += 1;
        Some(std::mem::take(&mut minute.left_out))
    }
}

/// What is our fault, of requests and frames together: on a disk that fails, each of them fails.
pub struct FailureLog(LogBudget);

impl Default for FailureLog {
    fn default() -> Self {
        Self(LogBudget::new(Instant::now()))
    }
}

impl FailureLog {
    /// Logs why `what` failed. The guest is given the reference that is beside the cause in the log.
    pub fn note(&self, what: &str, cause: &dyn Display) -> String {
        let reference = format!("{:08x}", rand::rng().random::<u32>());
        if let Some(left_out) = self.0.take(Instant::now()) {
            if left_out > 0 {
                log::error!(left_out; "{left_out} more requests or frames failed earlier");
            }
            log::error!(reference = reference.as_str(); "{what} failed ({reference}): {cause}");
        }
        reference
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_has_so_many_lines_a_minute_and_says_how_many_it_left_out() {
        let begun = Instant::now();
        let budget = LogBudget::new(begun);
        let told = |seconds| budget.take(begun + Duration::from_secs(seconds));
        for _ in 0..LOG_LINES_A_MINUTE {
            assert_eq!(told(1), Some(0));
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
        assert_eq!(log.0.take(later), Some(100 - u64::from(LOG_LINES_A_MINUTE)));
    }
}
