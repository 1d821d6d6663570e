//! The chats of a device: how they are now, who is in them, and how they end.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::text::{
    DeviceTagText, EndedByText, IdleText, IncarnationText, ParticipantText, RoleText, RosterText, SeatText,
    SeqNumber, StandingText, Time, VanishText, WritersText,
};
use super::messages::MessageAnswer;
use crate::domain::{Ending, Refusal};

/// `GET /seats`: this device's chats.
#[derive(Serialize, ToSchema)]
pub struct SeatsAnswer {
    /// The most recently used first.
    pub seats: Vec<SeatSummary>,
}

/// One row of "your chats".
#[derive(Serialize, ToSchema)]
#[schema(as = SeatRow)]
pub struct SeatSummary {
    /// The seat of this device in the chat.
    #[schema(value_type = String)]
    pub seat: SeatText,
    /// What the group is called; left out for a chat of two.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub title: Option<String>,
    /// The participant's own name.
    pub name: String,
    /// The names of the others, in order.
    pub others: Vec<String>,
    /// The last message's position; 0 when there is none.
    #[schema(value_type = u64)]
    pub head: SeqNumber,
    /// Messages of others that the participant has not read; 100 means 100 or more.
    pub unread: u64,
    /// The last message's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub last_at: Option<Time>,
    /// When this device entered.
    #[schema(value_type = String, format = DateTime)]
    pub entered: Time,
    /// The agreed time without use.
    #[schema(value_type = String)]
    pub idle: IdleText,
    /// When the chat is destroyed if nobody uses it.
    #[schema(value_type = String, format = DateTime)]
    pub due: Time,
}

/// `GET /seats/{seat}`: how one chat is now.
#[derive(Serialize, ToSchema)]
pub struct SeatAnswer<'a> {
    /// The seat of this device in the chat.
    #[schema(value_type = String)]
    pub seat: SeatText,
    /// The participant's own name.
    pub name: &'a str,
    /// How the chat is now.
    #[serde(flatten)]
    pub state: ChatStateAnswer<'a>,
}

/// A chat as it is now, as one of its participants sees it.
#[derive(Serialize, ToSchema)]
pub struct ChatStateAnswer<'a> {
    /// Which of the participants that is.
    #[schema(value_type = String)]
    pub me: ParticipantText,
    /// The last message's position; 0 when there is none.
    #[schema(value_type = u64)]
    pub head: SeqNumber,
    /// The first message that this participant may read; left out for the first of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u64, required = false)]
    pub since: Option<SeqNumber>,
    /// The number of the last change of a message; 0 when there was none.
    pub changed: u64,
    /// How long what is said from now on stays: `never` vanishing, `1h`, `1d`, `1w` or `4w`.
    #[schema(value_type = String)]
    pub vanish: VanishText,
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
    /// What a group has and a chat of two has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = GroupAnswer, required = false)]
    pub group: Option<GroupAnswer<'a>>,
    /// Everybody who is or was in it, in order; where people are hidden, the admins and oneself.
    pub participants: Vec<Participant<'a>>,
}

/// What a group has and a chat of two has not.
#[derive(Serialize, ToSchema)]
pub struct GroupAnswer<'a> {
    /// What it is called.
    pub title: &'a str,
    /// What it is about; empty where nobody said it.
    pub about: &'a str,
    /// Who may write: `everybody` or `admins`.
    #[schema(value_type = String)]
    pub writers: WritersText,
    /// Whom members and guests are shown: `everybody`, or `admins` and themselves.
    #[schema(value_type = String)]
    pub roster: RosterText,
}

/// One participant, as far as the one who looks is told.
#[derive(Serialize, ToSchema)]
#[allow(clippy::struct_field_names, reason = "the protocol calls it `participant` everywhere")]
pub struct Participant<'a> {
    /// The participant's number in the chat.
    #[schema(value_type = String)]
    pub participant: ParticipantText,
    /// What they are called.
    pub name: &'a str,
    /// Whether anybody has come in by their invite.
    pub came_in: bool,
    /// In a group: `admin`, `member` or `guest`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub role: Option<RoleText>,
    /// In a group: `invited`, `in`, `left` or `removed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub state: Option<StandingText>,
    /// The first message that they may read; left out for the first of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u64, required = false)]
    pub since: Option<SeqNumber>,
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

/// What is shown of a chat first, without a further question.
#[derive(Serialize, ToSchema)]
pub struct Opening<'a> {
    /// How the chat is now.
    #[serde(flatten)]
    pub state: ChatStateAnswer<'a>,
    /// The newest messages, the oldest of them first.
    pub messages: Vec<MessageAnswer<'a>>,
}

/// `GET /seats/{seat}/news`: what a client without a socket does not know yet.
#[derive(Serialize, ToSchema)]
pub struct NewsAnswer<'a> {
    /// Which run of the store: when it is another one, what is kept is to be forgotten.
    #[schema(value_type = String)]
    pub incarnation: IncarnationText,
    /// How the chat is now.
    pub state: SeatAnswer<'a>,
    /// What was said after the message that was named, the oldest first.
    pub messages: Vec<MessageAnswer<'a>>,
    /// Whether there are more.
    pub more: bool,
    /// Where `changed` was named: earlier messages that were changed since, as they are now, in the order of
    /// their last changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<MessageAnswer>, required = false)]
    pub changes: Option<Vec<MessageAnswer<'a>>>,
    /// No change up to this number is missing there. Where it is less than `changed` of the state, ask again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u64, required = false)]
    pub changes_up_to: Option<u64>,
    /// Too much was changed since: what the client has is to be forgotten and read again. Left out for no.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub afresh: bool,
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

/// `POST /seats/{seat}/keep` and `POST /seats/{seat}/end`: an object without fields.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// `POST /seats/{seat}/keep`: the idle time starts again.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct KeptAnswer {
    /// When the chat is destroyed if nobody uses it.
    #[schema(value_type = String, format = DateTime)]
    pub due: Time,
}

/// `POST /seats/{seat}/end`, and part of the refusal `ended`: how a chat ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ended {
    /// When the chat ended.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// `clock`, `host`, or the number of the participant who ended it.
    #[schema(value_type = String)]
    pub by: EndedByText,
    /// How many messages were destroyed.
    pub messages: u64,
}

impl From<Ending> for Ended {
    fn from(Ending { at, by, messages }: Ending) -> Self {
        Self { at: Time(at), by: EndedByText(by), messages }
    }
}

/// The refusal `ended`: how the chat ended, and which of its participants asked.
#[derive(Clone, Copy, Serialize)]
pub struct EndedFor {
    #[serde(flatten)]
    pub ended: Ended,
    pub me: ParticipantText,
}

impl EndedFor {
    /// What a refusal tells of it, where that is the reason.
    pub fn of(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::Ended { ending, asked_by } => {
                Some(Self { ended: Ended::from(*ending), me: ParticipantText(*asked_by) })
            }
            _ => None,
        }
    }
}
