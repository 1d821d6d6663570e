//! Host, Origin, method and media type, each with each: the first that is wrong is what is told.
//!
//! One line a value, with what it is worth; every combination is one request. What comes out is not
//! computed by anything of the house: these tables are the other opinion.

use super::{Asked, Wire, all_as_expected};
use crate::support::house::House;

/// What is wrong with a value, by its refusal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Worth {
    Right,
    Wrong,
}

use Worth::{Right, Wrong};

const HOSTS: &[(&[&str], Worth)] = &[
    (&["$"], Right),
    (&["localhost"], Right),
    (&["LOCALHOST:8080"], Right),
    (&["[fd00::1]:8080"], Right),
    (&[], Wrong),
    (&[""], Wrong),
    (&["$", "$"], Wrong),
    (&["evil.example"], Wrong),
    (&["127.0.0.1.evil.example:80"], Wrong),
];

/// `%` is the Host of the same request, as a browser writes it.
const ORIGINS: &[(&[&str], Worth)] = &[
    (&[], Right),
    (&["http://%"], Right),
    (&["https://%"], Wrong),
    (&["http://evil.example"], Wrong),
    (&["http://%.evil.example"], Wrong),
    (&["null"], Wrong),
    (&[""], Wrong),
    (&["http://%", "http://%"], Wrong),
];

/// Fields that tell of a body, and whether a POST may have them, and a request without a body.
const TYPES: &[(&[&str], Worth, Worth)] = &[
    (&[], Wrong, Right),
    (&["Content-Type: application/json"], Right, Right),
    (&["Content-Type: Application/JSON; charset=UTF-8"], Right, Right),
    (&["Content-Type: application/json; charset=latin1"], Wrong, Right),
    (&["Content-Type: text/plain"], Wrong, Right),
    (&["Content-Type: application/x-www-form-urlencoded"], Wrong, Right),
    (&["Content-Type: application/json", "Content-Type: text/plain"], Wrong, Right),
    (&["Content-Type: application/json", "Content-Encoding: gzip"], Wrong, Wrong),
];

/// First line, body, and what comes where nothing is wrong.
const METHODS: &[(&str, &str, &str)] = &[
    ("GET /api/v1/seats", "", "401:not_in"),
    ("HEAD /api/v1/seats", "", "401"),
    ("POST /api/v1/invites/greeting", r#"{"token":"x"}"#, "404:no_such_link"),
    ("POST /api/v1/seats/x/end", "{}", "401:not_in"),
    ("DELETE /api/v1/seats/x", "", "401:not_in"),
    ("PUT /api/v1/seats", "", "405:wrong_method"),
];

struct Request {
    text: String,
    asked: Asked,
    expected: String,
}

fn request(
    address: &str,
    (method, body, done): (&str, &str, &str),
    (hosts, host): (&[&str], Worth),
    (origins, origin): (&[&str], Worth),
    (types, sent, unsent): (&[&str], Worth, Worth),
) -> Request {
    let own = hosts.first().map_or(address, |host| host).replace('$', address).to_lowercase();
    let mut lines = vec![format!("{method} HTTP/1.1")];
    lines.extend(hosts.iter().map(|host| format!("Host: {}", host.replace('$', address))));
    lines.extend(origins.iter().map(|origin| format!("Origin: {}", origin.replace('%', &own))));
    lines.extend(types.iter().map(|line| (*line).to_owned()));
    if !body.is_empty() {
        lines.push(format!("Content-Length: {}", body.len()));
    }
    let media = if body.is_empty() { unsent } else { sent };
    let expected = match (host, origin, media) {
        (Wrong, ..) => "421:wrong_host",
        (_, Wrong, _) => "403:wrong_origin",
        (.., Wrong) => "415:wrong_media_type",
        _ => done,
    };
    let asked = if method.starts_with("HEAD") { Asked::Head } else { Asked::Whole };
    // An answer without its body tells no code.
    let expected = if asked == Asked::Head { &expected[..3] } else { expected };
    Request { text: format!("{}\r\n\r\n{body}", lines.join("\r\n")), asked, expected: expected.to_owned() }
}

fn requests(address: &str) -> Vec<Request> {
    let mut requests = Vec::new();
    for method in METHODS {
        for host in HOSTS {
            for origin in ORIGINS {
                requests.extend(TYPES.iter().map(|types| request(address, *method, *host, *origin, *types)));
            }
        }
    }
    requests
}

#[tokio::test]
async fn the_first_of_host_origin_and_type_that_is_wrong_is_told_for_every_method() {
    let house = House::open().await;
    let requests = requests(&house.address.to_string());
    let mut faults = Vec::new();
    // All requests of a connection are one pipeline: there are thousands.
    for together in requests.chunks(100) {
        let mut wire = Wire::to(house.address).await;
        let text: String = together.iter().map(|request| request.text.as_str()).collect();
        wire.sends(text.as_bytes()).await;
        for request in together {
            let came = wire.answer(request.asked).await;
            if came != request.expected {
                faults.push(format!("{came} instead of {}: {}", request.expected, request.text));
            }
        }
    }
    assert_eq!(requests.len(), METHODS.len() * HOSTS.len() * ORIGINS.len() * TYPES.len());
    all_as_expected(&faults[..faults.len().min(20)]);
}

/// A browser that leaves `Origin` out says in another way that a page of another site asks.
const FETCHED: &[(&str, &str, &str)] = &[
    ("POST /api/v1/invites/greeting", "same-origin", "404:no_such_link"),
    ("POST /api/v1/invites/greeting", "same-site", "403:wrong_origin"),
    ("POST /api/v1/invites/greeting", "cross-site", "403:wrong_origin"),
    ("POST /api/v1/invites/greeting", "none", "403:wrong_origin"),
    ("DELETE /api/v1/seats/x", "same-origin", "401:not_in"),
    ("DELETE /api/v1/seats/x", "cross-site", "403:wrong_origin"),
    ("GET /api/v1/seats", "cross-site", "401:not_in"),
];

#[tokio::test]
async fn a_browser_without_origin_that_comes_from_another_site_may_only_read() {
    let house = House::open().await;
    for (method, site, expected) in FETCHED {
        let mut wire = Wire::to(house.address).await;
        let body = if method.starts_with("POST") { r#"{"token":"x"}"# } else { "" };
        let head = format!("{method} HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: {site}\r\n", house.address);
        let rest = format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        wire.sends((head + &rest).as_bytes()).await;
        assert_eq!(wire.answer(Asked::Whole).await, *expected, "{method} {site}");
    }
}
