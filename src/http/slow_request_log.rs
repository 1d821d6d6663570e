//! One line in the log for each request that failed or took long, and nothing of the others.
//!
//! A route is told by its pattern: what else is in a path may be a seat.

use std::time::{Duration, Instant};

use warp::http::StatusCode;

use crate::house::failure_log::LogBudget;
use crate::limits::SLOW_REQUEST;

/// Looks at each request when its answer begins. Its lines are counted: somebody who is slow on purpose is
/// slow often.
pub struct SlowRequestLog(LogBudget);

impl SlowRequestLog {
    pub fn new(now: Instant) -> Self {
        Self(LogBudget::new(now))
    }

    /// Logs a request if it failed or was slow. One whose body did not come in time is its sender's matter.
    pub fn note(&self, route: &str, status: StatusCode, took: Duration) {
        let is_late = took >= SLOW_REQUEST && status != StatusCode::REQUEST_TIMEOUT;
        if status != StatusCode::INTERNAL_SERVER_ERROR && !is_late {
            return;
        }
        let Some(left_out) = self.0.take(Instant::now()) else { return };
        if left_out > 0 {
            log::warn!(left_out; "{left_out} more requests failed or were slow earlier");
        }
        let duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let status = status.as_u16();
        log::warn!(route, status, duration_us; "a request failed or was slow");
    }
}
