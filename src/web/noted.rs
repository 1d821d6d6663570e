//! What the log says of requests: of those that failed or took long, one line each, and nothing of the
//! others.
//!
//! `mod` puts it around the whole table. A route is told by its fixed words only: what else stands in a path
//! may be a seat.

use warp::http::StatusCode;
use warp::log::{Info, Log};

use crate::limits::SLOW_REQUEST;

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

/// Looks at each request when its answer begins.
pub fn noted() -> Log<impl Fn(Info<'_>) + Clone> {
    warp::log::custom(|info| {
        let (status, took) = (info.status(), info.elapsed());
        if status != StatusCode::INTERNAL_SERVER_ERROR && took < SLOW_REQUEST {
            return;
        }
        let (route, status) = (route(info.path()), status.as_u16());
        let duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let route = route.as_str();
        log::warn!(route, status, duration_us; "a request failed or was slow");
    })
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
    fn a_route_says_nothing_of_who_asked() {
        for (path, expected) in [
            ("/", "/"),
            ("/api/v1/seats/SECRET/messages", "/api/v1/seats/*/messages"),
            ("/parlour/api/v1/seats/A/devices/B", "/*/api/v1/seats/*/devices/*"),
            ("/assets/app/parlour.123.js", "/assets/*/*"),
        ] {
            assert_eq!(route(path), expected);
        }
    }
}
