//! One line in the log for each request that failed or took long, and nothing of the others.
//!
//! A route is told by its pattern: what else is in a path may be a seat.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use warp::http::StatusCode;

use crate::limits::{SLOW_LINES_A_MINUTE, SLOW_REQUEST};

/// Looks at each request when its answer begins. Its lines are counted: somebody who is slow on purpose is
/// slow often.
pub struct SlowRequestLog(Mutex<Minute>);

struct Minute {
    begun: Instant,
    lines: u32,
    left_out: u64,
}

impl SlowRequestLog {
    pub fn new(now: Instant) -> Self {
        Self(Mutex::new(Minute { begun: now, lines: 0, left_out: 0 }))
    }

    /// Logs a request if it failed or was slow. One whose body did not come in time is its sender's matter.
    pub fn note(&self, route: &str, status: StatusCode, took: Duration) {
        let is_late = took >= SLOW_REQUEST && status != StatusCode::REQUEST_TIMEOUT;
        if status != StatusCode::INTERNAL_SERVER_ERROR && !is_late {
            return;
        }
        let Some(left_out) = self.take(Instant::now()) else { return };
        if left_out > 0 {
            log::warn!(left_out; "{left_out} more requests failed or were slow earlier");
        }
        let duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let status = status.as_u16();
        log::warn!(route, status, duration_us; "a request failed or was slow");
    }

    /// Whether there is a line for one more, and how many had none before it.
    fn take(&self, now: Instant) -> Option<u64> {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(minute.begun) >= Duration::from_secs(60) {
            (minute.begun, minute.lines) = (now, 0);
        }
        if minute.lines == SLOW_LINES_A_MINUTE {
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
        let begun = Instant::now();
        let log = SlowRequestLog::new(begun);
        let told = |seconds| log.take(begun + Duration::from_secs(seconds));
        for _ in 0..SLOW_LINES_A_MINUTE {
            assert_eq!(told(1), Some(0));
        }
        assert_eq!((told(2), told(59)), (None, None));
        assert_eq!((told(60), told(60)), (Some(2), Some(0)));
    }
}
