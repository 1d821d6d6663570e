//! What an answer looks like: refusals and faults as problems (RFC 9457) or, for a person at a wrong address,
//! as a small page; and the header fields that protect each.
//!
//! The only place that gives a [`Refusal`] its status. Every other file of this room calls it.

use std::time::Duration;

use bytes::Bytes;
use warp::http::{HeaderMap, HeaderValue, StatusCode, header};
use warp::reply::Response;

use super::negotiate;
use crate::domain::Refusal;
use crate::house::failure_log::FailureLog;
use crate::protocol::rest::{Problem, ResponseBody, seconds};
use crate::protocol::sentences;
use crate::store::StoreError;

/// How long to wait when the store has stopped: systemd starts the house again at once.
const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// What an answer is to a browser, and so which header fields protect it: [`AnswerKind::Answer`] where nobody
/// says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// The page. Over plain HTTP browsers complain about the fields that only HTTPS has.
    Page {
        is_secure: bool,
    },
    /// The page at an address that is none of its own: it says from where its references go.
    Lost {
        is_secure: bool,
    },
    Worker,
    File,
    /// What the house says to a program, or to a person at a wrong address.
    Answer,
}

pub type Answer = Result<Response, StoreError>;

type HeaderFields = [(&'static str, &'static str)];

/// The page may only run, show and ask for what is the house's own. `build.rs` says which style is in it.
macro_rules! policy {
    ($base:literal) => {
        concat!(
            "default-src 'none'; script-src 'self'; style-src '",
            env!("PARLOUR_STYLE"),
            "'; img-src 'self' data: blob:; ",
            "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'none'; ",
            "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types parlour; ",
            "base-uri ",
            $base
        )
    };
}

const PAGE: &HeaderFields = &[
    ("content-security-policy", policy!("'none'")),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];
const LOST: &HeaderFields = &[("content-security-policy", policy!("'self'"))];
const SECURE: &HeaderFields = &[("cross-origin-opener-policy", "same-origin")];
const WORKER: &HeaderFields = &[("content-security-policy", "default-src 'none'; connect-src 'self'")];
const ANSWER: &HeaderFields = &[("content-security-policy", "default-src 'none'; frame-ancestors 'none'")];
const ALL: &HeaderFields =
    &[("x-content-type-options", "nosniff"), ("cross-origin-resource-policy", "same-origin")];

pub fn as_kind(mut response: Response, kind: AnswerKind) -> Response {
    response.extensions_mut().insert(kind);
    response
}

/// The answer with what its kind needs; what says nothing else is not kept anywhere.
pub fn with_security_headers(mut response: Response) -> Response {
    // What is kept has its fields already, and 304 only says that it is good (RFC 9110, section 15.4.5).
    if [StatusCode::SWITCHING_PROTOCOLS, StatusCode::NOT_MODIFIED].contains(&response.status()) {
        return response;
    }
    let secure = |is_secure: bool| if is_secure { SECURE } else { &[] };
    let own: [&HeaderFields; 3] = match response.extensions_mut().remove().unwrap_or(AnswerKind::Answer) {
        AnswerKind::Page { is_secure } => [PAGE, secure(is_secure), &[]],
        AnswerKind::Lost { is_secure } => [PAGE, secure(is_secure), LOST],
        AnswerKind::Worker => [WORKER, &[], &[]],
        AnswerKind::File => [&[], &[], &[]],
        AnswerKind::Answer => [ANSWER, &[], &[]],
    };
    let fields = response.headers_mut();
    for (name, value) in own.into_iter().flatten().chain(ALL) {
        fields.insert(*name, HeaderValue::from_static(value));
    }
    fields.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

pub fn content(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(body.into().into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// 200 with a body of `protocol`.
pub fn json(body: &impl ResponseBody) -> Response {
    content(StatusCode::OK, "application/json", body.text())
}

pub fn created(body: &impl ResponseBody) -> Response {
    content(StatusCode::CREATED, "application/json", body.text())
}

pub fn done() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// What is asked for is at `target`, for good. The method stays (RFC 9110, section 15.4.9).
pub fn redirect(target: &str) -> Response {
    let mut response = Response::default();
    match HeaderValue::from_str(target) {
        Ok(target) => {
            *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
            response.headers_mut().insert(header::LOCATION, target);
        }
        Err(_) => *response.status_mut() = StatusCode::BAD_REQUEST,
    }
    response
}

/// What is our fault is told by a number, beside which the log has the cause.
pub fn fault(fault: &StoreError, log: &FailureLog) -> Response {
    match fault {
        StoreError::Refused(refusal) => self::refusal(refusal),
        StoreError::Unknown => unknown(),
        StoreError::Failed(cause) => {
            let problem = Problem::failed(&log.note("a request", &cause));
            self::problem(StatusCode::INTERNAL_SERVER_ERROR, &problem)
        }
    }
}

pub fn refusal(refusal: &Refusal) -> Response {
    refusal_as(status(refusal), refusal)
}

pub fn refusal_as(status: StatusCode, refusal: &Refusal) -> Response {
    log::debug!(code = refusal.code(); "refused");
    let title = status.canonical_reason().unwrap_or_default();
    let mut response = problem(status, &Problem::of(refusal, status.as_u16(), title));
    if let Some(wait) = refusal.retry_after() {
        retry_after(response.headers_mut(), wait);
    }
    if *refusal == Refusal::NotIn {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// A refusal as a page for a person who opened an address, and as a problem for a program.
pub fn refusal_for(headers: &HeaderMap, start: &str, refusal: &Refusal) -> Response {
    if !wants_page(headers) {
        return self::refusal(refusal);
    }
    log::debug!(code = refusal.code(); "refused");
    content(status(refusal), "text/html; charset=utf-8", page(&sentences::refused(refusal), start))
}

/// Whether somebody opened the address in a browser: a program does not prefer a page.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    negotiate::media(accept, &["application/problem+json", "text/html"]) == Some("text/html")
}

/// The one page that needs no assets. `detail` is a sentence of ours and `start` a checked path.
fn page(detail: &str, start: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Parlour</title>\
         <main><h1>Parlour</h1><p>{detail}</p>\
         <p><a href=\"{start}j\">Open a link</a> <a href=\"{start}\">Start page</a></p></main></html>"
    )
}

/// What `net` says to a peer whose words are no request: the whole answer with this status, which the
/// parser of HTTP chose. It has the header fields of every other, and the last on its connection.
pub fn unparsed(status: u16) -> Option<Vec<u8>> {
    let status = StatusCode::from_u16(status).ok()?;
    let refusal = match status {
        StatusCode::BAD_REQUEST => Refusal::Malformed("this is not an HTTP/1.1 request".to_owned()),
        StatusCode::URI_TOO_LONG | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => Refusal::TooLarge,
        _ => return None,
    };
    let title = status.canonical_reason().unwrap_or_default();
    let body = Problem::of(&refusal, status.as_u16(), title).text();
    let security_headers = ANSWER.iter().chain(ALL).map(|(name, value)| format!("{name}: {value}\r\n"));
    let security_headers: String = security_headers.collect();
    let head = format!(
        "HTTP/1.1 {} {title}\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nconnection: close\r\n{security_headers}\r\n",
        status.as_u16(),
        body.len()
    );
    Some((head + &body).into_bytes())
}

fn unknown() -> Response {
    let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, &Problem::reconnect());
    retry_after(response.headers_mut(), RECONNECT_AFTER);
    response
}

fn problem(status: StatusCode, problem: &Problem) -> Response {
    content(status, "application/problem+json", problem.text())
}

fn retry_after(fields: &mut HeaderMap, wait: Duration) {
    fields.insert(header::RETRY_AFTER, HeaderValue::from(seconds(wait)));
}

fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Malformed(_) => StatusCode::BAD_REQUEST,
        Refusal::WrongCode { .. } | Refusal::NotIn => StatusCode::UNAUTHORIZED,
        Refusal::NotHere
        | Refusal::WrongOrigin
        | Refusal::NotYours
        | Refusal::OnlyAdmins
        | Refusal::OnlyAdminsTalk => StatusCode::FORBIDDEN,
        Refusal::NoSuchLink
        | Refusal::NoSuchSeat
        | Refusal::NoSuchDevice
        | Refusal::NoSuchMessage
        | Refusal::NoSuchParticipant
        | Refusal::NoSuchPage => StatusCode::NOT_FOUND,
        Refusal::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
        Refusal::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        Refusal::TooSlow => StatusCode::REQUEST_TIMEOUT,
        Refusal::TooManySeats
        | Refusal::NotAGroup
        | Refusal::NoMorePlaces
        | Refusal::LastAdmin
        | Refusal::PeopleHidden
        | Refusal::OutOfOrder { .. }
        | Refusal::IdTaken
        | Refusal::AlreadyTaken
        | Refusal::ChangedMeanwhile
        | Refusal::TooLate => StatusCode::CONFLICT,
        Refusal::Ended { .. } | Refusal::Gone => StatusCode::GONE,
        Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::WrongMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Refusal::WrongHost => StatusCode::MISDIRECTED_REQUEST,
        Refusal::BadName { .. }
        | Refusal::SameName { .. }
        | Refusal::BadIdle
        | Refusal::BadCode
        | Refusal::EmptyMessage
        | Refusal::NotAnEmoji
        | Refusal::DescriptionTooLong
        | Refusal::MessageTooLong => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::InviteClosed => StatusCode::LOCKED,
        Refusal::TooManyTries { .. }
        | Refusal::Busy { .. }
        | Refusal::SlowDown { .. }
        | Refusal::HelloFirst
        | Refusal::TooManySockets => StatusCode::TOO_MANY_REQUESTS,
        Refusal::HouseFull => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::DiskFull { .. } => StatusCode::INSUFFICIENT_STORAGE,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use warp::reply::Reply;

    use super::*;

    fn field<'a>(response: &'a Response, name: &str) -> &'a str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[test]
    fn a_refusal_says_how_long_to_wait_and_how_to_prove_oneself() {
        for (wait, expected) in [(1, "1"), (1_000, "1"), (1_001, "2"), (30_000, "30")] {
            let response = refusal(&Refusal::Busy { retry_after: Duration::from_millis(wait) });
            assert_eq!(field(&response, "retry-after"), expected);
        }
        assert_eq!(field(&refusal(&Refusal::WrongCode { retry_after: None }), "retry-after"), "");
        assert_eq!(field(&refusal(&Refusal::NotIn), "www-authenticate"), "Bearer");
        assert_eq!(field(&refusal(&Refusal::NotIn), "content-type"), "application/problem+json");
    }

    #[test]
    fn a_person_gets_a_page_and_a_program_a_problem() {
        for (accept, expected) in [
            ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
            ("*/*", "application/problem+json"),
            ("application/json", "application/problem+json"),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            let response = refusal_for(&headers, "/", &Refusal::NoSuchPage);
            assert_eq!(
                (response.status(), field(&response, "content-type")),
                (StatusCode::NOT_FOUND, expected)
            );
        }
    }

    #[test]
    fn what_is_only_good_still_is_told_without_what_is_kept_with_it() {
        let response =
            as_kind(StatusCode::NOT_MODIFIED.into_response(), AnswerKind::Page { is_secure: true });
        assert!(with_security_headers(response).headers().is_empty());
    }

    #[test]
    fn each_answer_has_the_header_fields_that_its_kind_needs() {
        let (csp, coop) = ("content-security-policy", "cross-origin-opener-policy");
        for (kind, policy, opener) in [
            (
                AnswerKind::Page { is_secure: false },
                "default-src 'none'; script-src 'self'; style-src 'sha256-",
                "",
            ),
            (
                AnswerKind::Page { is_secure: true },
                "default-src 'none'; script-src 'self'; style-src",
                "same-origin",
            ),
            (AnswerKind::Worker, "default-src 'none'; connect-src 'self'", ""),
            (AnswerKind::Answer, "default-src 'none'; frame-ancestors 'none'", ""),
            (AnswerKind::File, "", ""),
        ] {
            let response = with_security_headers(as_kind(done(), kind));
            assert_eq!(field(&response, "x-content-type-options"), "nosniff", "{kind:?}");
            assert_eq!(field(&response, "cross-origin-resource-policy"), "same-origin", "{kind:?}");
            assert!(field(&response, csp).starts_with(policy), "{kind:?}");
            assert_eq!(field(&response, csp).is_empty(), policy.is_empty(), "{kind:?}");
            assert_eq!(field(&response, coop), opener, "{kind:?}");
            assert_eq!(
                response.headers().contains_key("permissions-policy"),
                matches!(kind, AnswerKind::Page { .. })
            );
        }
        assert_eq!(
            with_security_headers(done()).headers(),
            with_security_headers(as_kind(done(), AnswerKind::Answer)).headers()
        );
    }

    #[test]
    fn what_does_not_say_so_is_kept_nowhere() {
        assert_eq!(field(&with_security_headers(done()), "cache-control"), "no-store");
        let mut kept = done();
        kept.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        assert_eq!(field(&with_security_headers(kept), "cache-control"), "no-cache");
    }

    #[test]
    fn what_is_no_request_is_told_as_a_problem() {
        for (status, code) in [(400, "malformed"), (414, "too_large"), (431, "too_large")] {
            let answer = String::from_utf8(unparsed(status).unwrap()).unwrap();
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
            assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
            assert!(head.contains("x-content-type-options: nosniff"), "{head}");
            let problem: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!((&problem["status"], &problem["code"]), (&status.into(), &code.into()));
        }
        assert_eq!(unparsed(505), None);
    }

    #[test]
    fn what_is_our_fault_is_told_by_number_only() {
        let log = FailureLog::default();
        let response = fault(&"the disk of /home/anny is gone".into(), &log);
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let response = fault(&StoreError::Unknown, &log);
        assert_eq!(
            (response.status(), field(&response, "retry-after")),
            (StatusCode::SERVICE_UNAVAILABLE, "1")
        );
    }
}
