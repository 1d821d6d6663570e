//! The bodies of HTTP.
//!
//! What a request asks is [`read`] into a type that has exactly its fields, and `parse` of that type gives
//! values of the domain, or the refusal. What is answered is written by serde. `http` calls both, and
//! describes both. Nothing here knows of addresses or methods, and no status is chosen for a refusal.

mod answer;
mod problem;
mod question;

use serde::Serialize;

use super::json;

pub use answer::{
    BySide, ChatState, DeviceRow, DevicesAnswer, Ended, EnterAnswer, Greeting, Health, HouseAnswer,
    InviteAnswer, InviteState, InviteStatus, KeptAnswer, MessageAnswer, MessagesAnswer, NewsAnswer, Opening,
    Participant, Reach, ReceiptsAnswer, SaidAnswer, SeatAnswer, SeatRow, SeatsAnswer, Started, StatusAnswer,
    Transcript, TranscriptMessage, Warning,
};
pub use problem::{Problem, seconds};
pub use question::{
    EnterQuestion, Nothing, ReceiptsQuestion, ReplaceQuestion, RequestBody, SayQuestion, StartChat,
    StatusQuestion, TokenQuestion, read,
};

/// The body of an answer.
pub trait Body {
    /// As JSON.
    fn text(&self) -> String;
}

impl<T: Serialize> Body for T {
    fn text(&self) -> String {
        json(self, BODY_ROOM)
    }
}

/// Bytes of a body, about.
const BODY_ROOM: usize = 1_024;

#[cfg(test)]
mod tests;
