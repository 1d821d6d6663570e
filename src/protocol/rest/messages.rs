//! What is said in a chat, and how far somebody has read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::fields::{Secret, Whole};
use super::super::text::{MessageIdText, ParticipantText, SeqNumber, Time};
use crate::domain::{Body, Command, Message, Receipt, Refusal, Seq, Text};
use crate::limits::SEQ_MAX;

/// `POST /seats/{seat}/messages`: somebody says something.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SayQuestion {
    /// Made by the client: the idempotency key.
    #[schema(value_type = String, pattern = "^[0-9a-f]{32}$")]
    id: MessageIdText,
    /// 1 to 4,000 characters, not only white space.
    #[schema(value_type = String, min_length = 1, max_length = 4000)]
    text: Secret,
}

impl SayQuestion {
    /// The command. Refused with what [`Text::parse`] says.
    pub fn parse(self) -> Result<Command, Refusal> {
        Ok(Command::Say { id: self.id.0, body: Body::Text(Text::parse(self.text.0)?) })
    }
}

/// `POST /seats/{seat}/receipts`: how far this participant has read. Less than before changes nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptsQuestion {
    /// Every message up to here reached this device.
    #[serde(default)]
    #[schema(value_type = u64, required = false, maximum = 9_007_199_254_740_991_u64)]
    delivered: Whole<0, SEQ_MAX>,
    /// Every message up to here was on the screen, and the others may know.
    #[serde(default)]
    #[schema(value_type = u64, required = false, maximum = 9_007_199_254_740_991_u64)]
    seen: Whole<0, SEQ_MAX>,
    /// Every message up to here was on the screen, which the others are not told.
    #[serde(default)]
    #[schema(value_type = u64, required = false, maximum = 9_007_199_254_740_991_u64)]
    read: Whole<0, SEQ_MAX>,
}

impl ReceiptsQuestion {
    /// The command. What was left out claims nothing.
    pub fn parse(&self) -> Command {
        let [delivered, seen, read] = [self.delivered, self.seen, self.read].map(|number| Seq(number.0));
        Command::Mark(Receipt { delivered, seen, read })
    }
}

/// `GET /seats/{seat}/messages`: a page.
#[derive(Serialize, ToSchema)]
pub struct MessagesAnswer<'a> {
    /// The oldest first.
    pub messages: Vec<MessageAnswer<'a>>,
    /// Whether there are more in the direction that was asked for.
    pub more: bool,
}

/// One message of a chat.
#[derive(Serialize, ToSchema)]
pub struct MessageAnswer<'a> {
    /// Its position in the chat.
    #[schema(value_type = u64, minimum = 1)]
    pub seq: SeqNumber,
    /// Who said it.
    #[schema(value_type = String)]
    pub from: ParticipantText,
    /// When it was committed.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// The id that the sender's client gave it.
    #[schema(value_type = String, pattern = "^[0-9a-f]{32}$")]
    pub id: MessageIdText,
    /// What was said; left out where this version of Parlour cannot show the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub text: Option<&'a str>,
}

impl<'a> From<&'a Message> for MessageAnswer<'a> {
    fn from(message: &'a Message) -> Self {
        Self {
            seq: SeqNumber(message.seq),
            from: ParticipantText(message.from),
            at: Time(message.at),
            id: MessageIdText(message.id),
            text: message.body.text(),
        }
    }
}

/// `POST /seats/{seat}/messages`: it is durable.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SaidAnswer {
    /// Its position in the chat.
    #[schema(value_type = u64, minimum = 1)]
    pub seq: SeqNumber,
    /// When it was committed.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
}

/// `POST /seats/{seat}/receipts`: how far the participant has got now.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ReceiptsAnswer {
    /// Every message up to here reached a device of the participant.
    #[schema(value_type = u64)]
    pub delivered: SeqNumber,
    /// Every message up to here was on the screen, and the others are told so.
    #[schema(value_type = u64)]
    pub seen: SeqNumber,
    /// Every message up to here was on the screen.
    #[schema(value_type = u64)]
    pub read: SeqNumber,
}

/// `GET /seats/{seat}/transcript` as JSON: everything that was said.
#[derive(Serialize, ToSchema)]
pub struct Transcript {
    /// The names, in order.
    pub participants: Vec<String>,
    /// The oldest first.
    pub messages: Vec<TranscriptMessage>,
}

/// One message of a transcript.
#[derive(Serialize, ToSchema)]
pub struct TranscriptMessage {
    /// Its position in the chat.
    #[schema(value_type = u64, minimum = 1)]
    pub seq: SeqNumber,
    /// The sender's name.
    pub from: String,
    /// When it was committed.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// What was said; left out where this version of Parlour cannot show the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub text: Option<String>,
}
