//! What the log says of requests: of those that failed or took long, one line each, and nothing of the
//! others.
//!
//! `mod` puts it around the whole table. A route is told by its fixed words only: what else stands in a path
//! may be a seat.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use warp::http::StatusCode;
use warp::log::{Info, Log};

use crate::limits::{SLOW_LINES_A_MINUTE, SLOW_REQUEST};

/// The words of the table; everything else in a path is somebody's.
const WORDS: [&str; 27] = [
    "api",
    "v1",
    "house",
    "openapi.json",
    "chats",
    "invites",
    "greeting",
    "status",
    "qr",
    "enter",
    "seats",
    "messages",
    "news",
    "receipts",
    "keep",
    "end",
    "transcript",
    "devices",
    "socket",
    "healthz",
    "assets",
    "trust",
    "parlour-house.crt",
    "j",
    "c",
    "sw.js",
    "manifest.webmanifest",
];

/// Looks at each request when its answer begins. One whose body did not come in time is its sender's matter.
pub fn noted() -> Log<impl Fn(Info<'_>) + Clone> {
    let budget = Arc::new(Budget::new(Instant::now()));
    warp::log::custom(move |info| {
        let (status, took) = (info.status(), info.elapsed());
        let is_late = took >= SLOW_REQUEST && status != StatusCode::REQUEST_TIMEOUT;
        if status != StatusCode::INTERNAL_SERVER_ERROR && !is_late {
            return;
        }
        let Some(left_out) = budget.take(Instant::now()) else { return };
        if left_out > 0 {
            log::warn!(left_out; "{left_out} more requests failed or were slow earlier");
        }
        let (route, status) = (route(info.path()), status.as_u16());
        let duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let route = route.as_str();
        log::warn!(route, status, duration_us; "a request failed or was slow");
    })
}

/// How many lines the log still takes. Whoever is slow on purpose can be so very often.
struct Budget(Mutex<Minute>);

struct Minute {
    begun: Instant,
    lines: u32,
    left_out: u64,
}

impl Budget {
    fn new(now: Instant) -> Self {
        Self(Mutex::new(Minute { begun: now, lines: 0, left_out: 0 }))
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

fn route(path: &str) -> String {
    let told =
        |word: &str| if word.is_empty() || WORDS.contains(&word) { word.to_owned() } else { "*".to_owned() };
    path.split('/').map(told).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_has_so_many_lines_a_minute_and_says_how_many_it_left_out() {
        let begun = Instant::now();
        let budget = Budget::new(begun);
        let told = |seconds| budget.take(begun + Duration::from_secs(seconds));
        for _ in 0..SLOW_LINES_A_MINUTE {
            assert_eq!(told(1), Some(0));
        }
        assert_eq!((told(2), told(59)), (None, None));
        assert_eq!((told(60), told(60)), (Some(2), Some(0)));
    }

    #[test]
    fn a_route_says_nothing_of_who_asked() {
        for (path, expected) in [
            ("/", "/"),
            ("/api/v1/seats/SECRET/messages", "/api/v1/seats/*/messages"),
            ("/parlour/api/v1/seats/A/devices/B", "/*/api/v1/seats/*/devices/*"),
            ("/assets/app/app.123.js", "/assets/*/*"),
        ] {
            assert_eq!(route(path), expected);
        }
    }
}
