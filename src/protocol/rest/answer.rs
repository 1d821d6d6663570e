//! What requests are answered: one type for each body.
//!
//! `web` fills them in with what the store handed out; frames hold some of them too. A field that has no
//! value is left out. Links, codes and device secrets are in an answer once, on the way to who may have them.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::text::{
    DeviceTagText, IdleText, IncarnationText, MessageIdText, ParticipantText, SeatText, SeqNumber, Time,
};
use crate::domain::{EndedBy, Ending, Message, ParticipantId, Refusal};

/// `GET /house`: what the start page needs to know.
#[derive(Debug, Serialize, ToSchema)]
pub struct HouseAnswer {
    /// Parlour's version.
    pub version: String,
    /// Whether a chat may be started from where the question came.
    pub may_start: bool,
    /// The times without use that the house offers, the shortest first.
    #[schema(value_type = Vec<String>)]
    pub idles: Vec<IdleText>,
    /// The one that is proposed.
    #[schema(value_type = String)]
    pub idle_default: IdleText,
    /// How far a link made now works.
    pub reach: Reach,
    /// What does not work in the house, for the host: told only to visitors on its own machine.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub warnings: Vec<Warning>,
}

/// Something that does not work in the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// Its stable name, as `parlour doctor --json` has it.
    pub code: String,
    /// What, in English.
    pub says: String,
    /// What mends it.
    pub mend: String,
}

/// How far a link works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// From anywhere: `public_url` is set.
    Anywhere,
    /// In the home network.
    Network,
    /// On this machine only: nothing better is known.
    Device,
}

/// `POST /chats`: the only time that links and codes are told.
#[derive(Serialize, ToSchema)]
pub struct Started {
    /// The agreed time without use.
    #[schema(value_type = String)]
    pub idle: IdleText,
    /// How far the links work.
    pub reach: Reach,
    /// One for each name, in order.
    pub invites: Vec<InviteAnswer>,
}

/// What lets one person in. Also the answer to `POST /seats/{seat}/invites`.
#[derive(Serialize, ToSchema)]
pub struct InviteAnswer {
    /// Whose.
    pub name: String,
    /// The link, with the token in its fragment.
    pub link: String,
    /// The code, in two groups.
    pub code: String,
    /// The link's QR code without its quiet zone: its rows from the top, each in hexadecimal with a bit for
    /// each module. The last bit is the rightmost module, 1 is dark.
    pub qr: Vec<String>,
}

/// `POST /invites/greeting`: whose link it is.
#[derive(Serialize, ToSchema)]
pub struct Greeting {
    /// The name.
    pub name: String,
}

/// `POST /invites/status`: who has come in.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusAnswer {
    /// In the order in which they were asked for.
    pub invites: Vec<InviteStatus>,
}

/// What has become of one invite.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct InviteStatus {
    /// What is known.
    pub state: InviteState,
}

/// What is known of an invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum InviteState {
    /// Nobody has come in by it yet.
    Waiting,
    /// Somebody has.
    In,
    /// The chat was ended.
    Ended,
    /// It leads nowhere.
    Unknown,
}

/// `POST /invites/enter`: this device is in.
#[derive(Serialize, ToSchema)]
pub struct EnterAnswer<'a> {
    /// The device secret, when the device had none: told once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub device: Option<String>,
    /// The seat.
    #[schema(value_type = String)]
    pub seat: SeatText,
    /// The participant's own name.
    pub name: String,
    /// The names of the others, in order.
    pub others: Vec<String>,
    /// The chat, unless it could not be read: the device is in all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Opening, required = false)]
    pub chat: Option<Opening<'a>>,
}

/// What is shown of a chat first, without a further question.
#[derive(Serialize, ToSchema)]
pub struct Opening<'a> {
    /// How it stands.
    #[serde(flatten)]
    pub state: ChatState<'a>,
    /// The newest messages, the oldest of them first.
    pub messages: Vec<MessageAnswer<'a>>,
}

/// A chat as it stands, as one of its participants sees it.
#[derive(Serialize, ToSchema)]
pub struct ChatState<'a> {
    /// Which of the participants that is.
    #[schema(value_type = String)]
    pub me: ParticipantText,
    /// The last message's position; 0 when there is none.
    #[schema(value_type = u64)]
    pub head: SeqNumber,
    /// The agreed time without use.
    #[schema(value_type = String)]
    pub idle: IdleText,
    /// When the chat is destroyed if nobody uses it.
    #[schema(value_type = String, format = DateTime)]
    pub due: Time,
    /// When it is destroyed unless somebody uses it: there was a final call.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub final_call: Option<Time>,
    /// Everybody in it, in order.
    pub participants: Vec<Participant<'a>>,
}

/// One participant, as far as the one who looks is told.
#[derive(Serialize, ToSchema)]
pub struct Participant<'a> {
    /// Who.
    #[schema(value_type = String)]
    pub participant: ParticipantText,
    /// What they are called.
    pub name: &'a str,
    /// Whether anybody has come in by their invite.
    pub came_in: bool,
    /// Whether they have the chat open now.
    pub here: bool,
    /// When they last left; none while they are here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub last_here: Option<Time>,
    /// Every message up to here reached a device of theirs.
    #[schema(value_type = u64)]
    pub delivered: SeqNumber,
    /// Every message up to here was on their screen.
    #[schema(value_type = u64)]
    pub seen: SeqNumber,
    /// Wrong codes on their link since somebody last came in by it.
    pub tries: u32,
}

/// `GET /seats`: this device's chats.
#[derive(Serialize, ToSchema)]
pub struct SeatsAnswer {
    /// The most recently used first.
    pub seats: Vec<SeatRow>,
}

/// One row of "your chats".
#[derive(Serialize, ToSchema)]
pub struct SeatRow {
    /// Which seat.
    #[schema(value_type = String)]
    pub seat: SeatText,
    /// The participant's own name.
    pub name: String,
    /// The names of the others, in order.
    pub others: Vec<String>,
    /// The last message's position; 0 when there is none.
    #[schema(value_type = u64)]
    pub head: SeqNumber,
    /// Messages of others that the participant has not read; 100 stands for 100 or more.
    pub unread: u64,
    /// The last message's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub last_at: Option<Time>,
    /// The agreed time without use.
    #[schema(value_type = String)]
    pub idle: IdleText,
    /// When the chat is destroyed if nobody uses it.
    #[schema(value_type = String, format = DateTime)]
    pub due: Time,
}

/// `GET /seats/{seat}`: how one chat stands.
#[derive(Serialize, ToSchema)]
pub struct SeatAnswer<'a> {
    /// Which seat.
    #[schema(value_type = String)]
    pub seat: SeatText,
    /// The participant's own name.
    pub name: &'a str,
    /// How the chat stands.
    #[serde(flatten)]
    pub state: ChatState<'a>,
}

/// `GET /seats/{seat}/news`: what a client without a socket does not know yet.
#[derive(Serialize, ToSchema)]
pub struct NewsAnswer<'a> {
    /// Which run of the store: when it is another one, what is kept is to be forgotten.
    #[schema(value_type = String)]
    pub incarnation: IncarnationText,
    /// How the chat stands.
    pub state: SeatAnswer<'a>,
    /// What was said after the message that was named, the oldest first.
    pub messages: Vec<MessageAnswer<'a>>,
    /// Whether there are more.
    pub more: bool,
}

/// `GET /seats/{seat}/devices`: the devices of one's own seat.
#[derive(Debug, Serialize, ToSchema)]
pub struct DevicesAnswer {
    /// The one that came in first before the others.
    pub devices: Vec<DeviceRow>,
}

/// One device that is in at a seat.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct DeviceRow {
    /// What it is called here.
    #[schema(value_type = String)]
    pub device: DeviceTagText,
    /// Whether it is the one that asks.
    pub this: bool,
    /// When it came in.
    #[schema(value_type = String, format = DateTime)]
    pub since: Time,
    /// When it was last here, to the hour; none where that was never noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub last_here: Option<Time>,
}

/// `GET /seats/{seat}/messages`: a page.
#[derive(Serialize, ToSchema)]
pub struct MessagesAnswer<'a> {
    /// The oldest first.
    pub messages: Vec<MessageAnswer<'a>>,
    /// Whether there are more in the direction that was asked for.
    pub more: bool,
}

/// One message.
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

/// `POST /seats/{seat}/keep`: the idle clock was started anew.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct KeptAnswer {
    /// When the chat is destroyed if nobody uses it.
    #[schema(value_type = String, format = DateTime)]
    pub due: Time,
}

/// `POST /seats/{seat}/end`, and part of the refusal `ended`: how a chat ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ended {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// By whom, as seen by who asks.
    pub by: BySide,
    /// How many messages were destroyed.
    pub messages: u64,
}

impl Ended {
    /// As seen by one participant.
    pub fn seen_by(ending: Ending, viewer: ParticipantId) -> Self {
        Self { at: Time(ending.at), by: BySide::of(ending.by, viewer), messages: ending.messages }
    }

    /// What a refusal tells of it, where that is the reason.
    pub fn of(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::Ended { ending, asked_by } => Some(Self::seen_by(*ending, *asked_by)),
            _ => None,
        }
    }
}

/// Who ended a chat, as seen by one participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum BySide {
    /// The one who looks.
    You,
    /// Another one.
    Other,
    /// Nobody used it for as long as they had agreed.
    Clock,
    /// The person who runs the house.
    Host,
}

impl BySide {
    /// As seen by `viewer`.
    pub fn of(by: EndedBy, viewer: ParticipantId) -> Self {
        match by {
            EndedBy::Participant(participant) if participant == viewer => Self::You,
            EndedBy::Participant(_) => Self::Other,
            EndedBy::Clock => Self::Clock,
            EndedBy::Host => Self::Host,
        }
    }
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

/// `GET /healthz`: a read through the real store works.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: &'static str,
}
