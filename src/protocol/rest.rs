//! The bodies of HTTP.
//!
//! What a request asks is [`read`] into a type that has exactly its fields, and `parse` of that type gives
//! values of the domain, or the refusal. What is answered is written by serde. `web` calls both;
//! [`openapi`](super::openapi) describes both. Nothing here knows of addresses or methods, and no status is
//! chosen for a refusal.

mod answer;
mod problem;
mod question;

pub use answer::{
    BySide, ChatState, DeviceRow, DevicesAnswer, Ended, EnterAnswer, Greeting, Health, HouseAnswer,
    InviteAnswer, InviteState, InviteStatus, KeptAnswer, MessageAnswer, MessagesAnswer, NewsAnswer, Opening,
    Participant, Reach, ReceiptsAnswer, SaidAnswer, SeatAnswer, SeatRow, SeatsAnswer, Started, StatusAnswer,
    Transcript, TranscriptMessage, Warning,
};
pub(super) use problem::FAILED;
pub use problem::{Problem, failed_detail, seconds};
pub use question::{
    EnterQuestion, Nothing, ReceiptsQuestion, ReplaceQuestion, SayQuestion, StartChat, StatusQuestion,
    TokenQuestion, read,
};

#[cfg(test)]
mod tests;
