//! The bodies of HTTP, one file a subject.
//!
//! What a request asks is [`read`] into a type that has exactly its fields, and `parse` of that type gives
//! values of the domain, or the refusal. What is answered is written by serde; a field that has no value is
//! left out. Links, codes and device secrets are in an answer once, on the way to the person who may have
//! them. `http` calls this, and describes the same types to programs. Nothing here knows of addresses or
//! methods, and no status is chosen for a refusal.

/// A type that is only described to programs: what it stands for is a text here, so that a refusal can say
/// what is wrong with it.
macro_rules! described {
    ($(#[$what:meta])* $vis:vis $name:ident: $describe:expr) => {
        $(#[$what])*
        $vis struct $name;

        impl utoipa::ToSchema for $name {}

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let text = utoipa::openapi::ObjectBuilder::new();
                let describe: fn(utoipa::openapi::ObjectBuilder) -> _ = $describe;
                describe(text.schema_type(utoipa::openapi::schema::Type::String)).into()
            }
        }
    };
}

mod chats;
mod house;
mod invites;
mod messages;
mod name;
mod people;
mod problem;
mod seats;
mod settings;

use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::json;
use super::object::Object;
use crate::domain::Refusal;
use crate::limits::BODY_BYTES_MAX;

pub use chats::{StartChat, Started};
pub use house::{Health, HouseAnswer, Reach, Warning};
pub use invites::{
    EnterAnswer, EnterQuestion, Greeting, InviteAnswer, InviteStatus, ReplaceQuestion, StatusAnswer,
    StatusQuestion, TokenQuestion,
};
pub use messages::{
    ChangedAnswer, EditQuestion, MessageAnswer, MessagesAnswer, ReactionQuestion, ReceiptsAnswer,
    ReceiptsQuestion, SaidAnswer, SayQuestion, Transcript, TranscriptMessage,
};
pub use people::{
    AddQuestion, AddedAnswer, GroupQuestion, NameQuestion, RoleQuestion, RosterQuestion, WritersQuestion,
};
pub use problem::{Problem, seconds};
pub use seats::{
    ChatStateAnswer, DeviceRow, DevicesAnswer, Ended, EndedFor, GroupAnswer, KeptAnswer, NewsAnswer, Nothing,
    Opening, Participant, SeatAnswer, SeatSummary, SeatsAnswer,
};
pub use settings::{IdleQuestion, TimerQuestion};

/// The body of a request: what is described is what is read.
pub trait RequestBody: DeserializeOwned + ToSchema {}

impl<T: DeserializeOwned + ToSchema> RequestBody for T {}

/// Reads a request body. Refused with [`Refusal::TooLarge`] or [`Refusal::Malformed`].
pub fn read<T: RequestBody>(body: &[u8]) -> Result<T, Refusal> {
    if body.len() > BODY_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    let text = std::str::from_utf8(body).map_err(|_| Refusal::Malformed("it is not UTF-8".to_owned()))?;
    Object::read(text).parse()
}

/// The body of an answer.
pub trait ResponseBody {
    fn text(&self) -> String;
}

impl<T: Serialize> ResponseBody for T {
    fn text(&self) -> String {
        json(self)
    }
}

#[cfg(test)]
mod tests;
