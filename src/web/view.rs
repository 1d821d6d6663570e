//! What the store tells, as bodies show it, and the one query that is asked.
//!
//! What frames show as well comes from the room `view`; here is what only HTTP has.

use crate::domain::{Refusal, Seq};
use crate::limits::{PAGE_MESSAGES_DEFAULT, PAGE_MESSAGES_MAX, SEQ_MAX};
use crate::store::{Device, InviteState, Span};
use crate::wire::rest;
use crate::wire::text::{DeviceTagText, Time};

pub use crate::view::{names, opening, row};

/// What is known of an invite.
pub fn status(state: InviteState) -> rest::InviteStatus {
    let state = match state {
        InviteState::Waiting => rest::InviteState::Waiting,
        InviteState::In => rest::InviteState::In,
        InviteState::Ended => rest::InviteState::Ended,
        InviteState::Unknown => rest::InviteState::Unknown,
    };
    rest::InviteStatus { state }
}

/// One device of the list.
pub fn device(device: &Device) -> rest::DeviceRow {
    rest::DeviceRow {
        device: DeviceTagText(device.tag),
        this: device.is_asking,
        since: Time(device.since),
        last_here: device.last_here.map(Time),
    }
}

/// `before`, `after` and `limit`. Refused with [`Refusal::Malformed`] when they are not whole numbers, come
/// twice or exclude each other; a larger `limit` than a page has means a whole page.
pub fn span(query: &str) -> Result<(Span, usize), Refusal> {
    let (mut before, mut after, mut limit) = (None, None, None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let place = match name {
            "before" => &mut before,
            "after" => &mut after,
            "limit" => &mut limit,
            _ => return Err(malformed("the query has `before`, `after` and `limit`")),
        };
        if place.replace(number(value)?).is_some() {
            return Err(malformed("the query has the same name twice"));
        }
    }
    let span = match (before, after) {
        (None, None) => Span::Newest,
        (Some(seq), None) => Span::Before(Seq(seq)),
        (None, Some(seq)) => Span::After(Seq(seq)),
        (Some(_), Some(_)) => return Err(malformed("the query has `before` or `after`")),
    };
    Ok((span, size(limit)?))
}

fn size(limit: Option<u64>) -> Result<usize, Refusal> {
    match limit {
        None => Ok(PAGE_MESSAGES_DEFAULT),
        Some(0) => Err(malformed("`limit` is at least 1")),
        Some(limit) => Ok(usize::try_from(limit).unwrap_or(usize::MAX).min(PAGE_MESSAGES_MAX)),
    }
}

/// Digits only: `parse` alone would take a sign.
fn number(value: &str) -> Result<u64, Refusal> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let number = value.parse().ok().filter(|number| digits && *number <= SEQ_MAX);
    number.ok_or_else(|| malformed("`before`, `after` and `limit` are whole numbers"))
}

fn malformed(place: &str) -> Refusal {
    Refusal::Malformed(place.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_asks_for_one_span_and_a_size() {
        for (query, expected) in [
            ("", Some((Span::Newest, 50))),
            ("before=12", Some((Span::Before(Seq(12)), 50))),
            ("after=0&limit=7", Some((Span::After(Seq(0)), 7))),
            ("limit=100", Some((Span::Newest, 100))),
            ("limit=101", Some((Span::Newest, 100))),
            ("after=9007199254740991", Some((Span::After(Seq(SEQ_MAX)), 50))),
            ("after=9007199254740992", None),
            ("limit=18446744073709551616", None),
            ("limit=0", None),
            ("before=1&after=2", None),
            ("before=1&before=1", None),
            ("before=", None),
            ("before", None),
            ("before=-1", None),
            ("before=+1", None),
            ("before=1.0", None),
            ("before=%31", None),
            ("beffore=1", None),
            ("=1", None),
        ] {
            assert_eq!(span(query).ok(), expected, "{query}");
        }
    }
}
