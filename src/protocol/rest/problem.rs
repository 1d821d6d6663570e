//! What was not done, as RFC 9457 writes it.
//!
//! `http::reply` makes one of each refusal and fault, and gives a refusal its status; `protocol::server`
//! says the same in a frame. What went wrong inside the house is never told: the guest gets a number that
//! is in the log too.

use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

use super::super::sentences::{self, FAILED, RECONNECT};
use super::super::text::{EndedByText, MessageIdText, ParticipantText, Time};
use super::seats::EndedFor;
use crate::domain::Refusal;

/// A refusal, or the house's own fault: `application/problem+json` (RFC 9457, section 3).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `about:blank` (RFC 9457, section 4.2.1): `code` says more.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The stable name of the reason.
    #[schema(value_type = ProblemCode)]
    code: &'static str,
    /// One sentence for a person.
    detail: String,
    /// Whole seconds to wait before trying again, where waiting helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u64, required = false)]
    retry_after: Option<u64>,
    /// Which of the names that were sent is the bad one, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u8, required = false)]
    place: Option<u8>,
    /// What the house takes next of this message's producer, where the order is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    expected: Option<MessageIdText>,
    /// When the chat ended, where that is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    at: Option<Time>,
    /// `clock`, `host`, or the number of the participant who ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    by: Option<EndedByText>,
    /// How many messages were destroyed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u64, required = false)]
    messages: Option<u64>,
    /// The participant of the ended chat whose link or seat was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    me: Option<ParticipantText>,
}

described! {
    /// Every code that a problem may have.
    ProblemCode: |text| {
        let codes = Refusal::each().into_iter().map(|refusal| refusal.code()).chain([FAILED, RECONNECT]);
        text.enum_values(Some(codes))
    }
}

impl Problem {
    /// A refusal, with its HTTP status and what that is called.
    pub fn of(refusal: &Refusal, status: u16, title: &'static str) -> Self {
        let ended = EndedFor::of(refusal);
        let named = if let Refusal::BadName { place } | Refusal::SameName { place } = refusal {
            *place
        } else {
            None
        };
        Self {
            retry_after: refusal.retry_after().map(seconds),
            place: named,
            expected: refusal.expected().map(MessageIdText),
            at: ended.map(|how| how.ended.at),
            by: ended.map(|how| how.ended.by),
            messages: ended.map(|how| how.ended.messages),
            me: ended.map(|how| how.me),
            ..Self::new(status, title, refusal.code(), sentences::refused(refusal))
        }
    }

    /// The house's own fault, 500; `reference` is in its log.
    pub fn failed(reference: &str) -> Self {
        Self::new(500, "Internal Server Error", FAILED, sentences::failed(reference))
    }

    /// The store has stopped, 503: it is not known whether what was asked was done.
    pub fn reconnect() -> Self {
        Self::new(503, "Service Unavailable", RECONNECT, sentences::reconnect())
    }

    fn new(status: u16, title: &'static str, code: &'static str, detail: String) -> Self {
        let kind = "about:blank";
        let (retry_after, place, expected, at, by, messages, me) = (None, None, None, None, None, None, None);
        Self { kind, title, status, code, detail, retry_after, place, expected, at, by, messages, me }
    }
}

/// Whole seconds, never fewer than asked for and one at least: what `retry_after` and the header field
/// `Retry-After` (RFC 9110, section 10.2.3) say.
pub fn seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).max(1)
}
