//! What is said in a chat, and how far somebody has read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::fields::{Secret, Whole};
use super::super::text::{
    DeviceTagText, GoneByText, IdleText, MessageIdText, ParticipantText, RoleText, RosterText, SeqNumber,
    Time, VanishText, WritersText,
};
use crate::domain::{
    Body, ChangeNumber, Command, DeviceTag, Draft, Emoji, GoneBy, Message, MessageChange, Note,
    ParticipantId, Reaction, ReactionCount, Receipt, Refusal, Seq, Text,
};
use crate::limits::{EDITS_MAX, EMOJI_BYTES_MAX, SEQ_MAX};

/// `POST /seats/{seat}/messages`: somebody says something.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SayQuestion {
    /// Made by the client: the idempotency key.
    #[schema(value_type = String, pattern = "^[0-9a-f]{16}(?!0{16})[0-9a-f]{16}$")]
    id: MessageIdText,
    /// 1 to 4,000 characters, not only white space.
    #[schema(value_type = String, min_length = 1, max_length = 4000)]
    text: Secret,
    /// The message that it answers.
    #[schema(value_type = u64, required = false, minimum = 1, maximum = 9_007_199_254_740_991_u64)]
    reply_to: Option<Whole<1, SEQ_MAX>>,
}

impl SayQuestion {
    /// The command. Refused with what [`Text::parse`] says.
    pub fn parse(self) -> Result<Command, Refusal> {
        let (body, reply_to) = (Body::Text(Text::parse(self.text.0)?), self.reply_to.map(|seq| Seq(seq.0)));
        Ok(Command::Say { id: self.id.0, draft: Draft { body, reply_to } })
    }
}

/// `PATCH /seats/{seat}/messages/{seq}`: one's own message says something else.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditQuestion {
    /// The `edits` that the client knows of this message; 0 where it has none.
    #[schema(value_type = u64, maximum = 4_294_967_295_u64)]
    base: Whole<0, EDITS_MAX>,
    /// 1 to 4,000 characters, not only white space.
    #[schema(value_type = String, min_length = 1, max_length = 4000)]
    text: Secret,
}

impl EditQuestion {
    /// What is to be changed. Refused with what [`Text::parse`] says.
    pub fn parse(self) -> Result<MessageChange, Refusal> {
        let base = u32::try_from(self.base.0).unwrap_or(u32::MAX);
        Ok(MessageChange::Edit { base, text: Text::parse(self.text.0)? })
    }
}

/// `PUT /seats/{seat}/messages/{seq}/reaction`: this participant reacts, in the place of an earlier emoji.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReactionQuestion {
    /// One emoji.
    #[schema(value_type = String, min_length = 1, max_length = 48)]
    emoji: Secret,
}

const _: () = assert!(EMOJI_BYTES_MAX == 48, "the schema above says so");

impl ReactionQuestion {
    /// What is to be changed. Refused with what [`Emoji::parse`] says.
    pub fn parse(&self) -> Result<MessageChange, Refusal> {
        Ok(MessageChange::React(Some(Emoji::parse(self.emoji.as_ref())?)))
    }
}

/// What was asked for is true, by this change or an earlier one.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ChangedAnswer {
    /// The number of the message's last change in the chat; 0 where it never had one.
    pub number: u64,
}

impl From<ChangeNumber> for ChangedAnswer {
    fn from(number: ChangeNumber) -> Self {
        Self { number: number.0 }
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
    /// The id that the sender's client gave it; a note has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false, pattern = "^[0-9a-f]{32}$")]
    pub id: Option<MessageIdText>,
    /// What was said; left out where nothing is to be shown, or this version of Parlour cannot show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub text: Option<&'a str>,
    /// What happened in the chat, where nobody said anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = NoteAnswer, required = false)]
    pub note: Option<NoteAnswer>,
    /// The message that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u64, required = false)]
    pub reply_to: Option<SeqNumber>,
    /// How often its text was edited; left out for never.
    #[serde(skip_serializing_if = "is_zero")]
    #[schema(required = false)]
    pub edits: u32,
    /// When it was last edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub edited: Option<Time>,
    /// When it vanishes by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub vanishes: Option<Time>,
    /// It was deleted for everybody, or has vanished.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = GoneAnswer, required = false)]
    pub gone: Option<GoneAnswer>,
    /// Whether the person who looks has deleted it for themselves; left out for no.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub hidden: bool,
    /// Who reacted and how, in the order of the participants; left out where nobody did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub reactions: Vec<ReactionAnswer<'a>>,
    /// How many people reacted who are not shown to the one who looks, and how; left out where none did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub reaction_counts: Vec<ReactionCountAnswer<'a>>,
    /// The number of its last change; left out while it is as it was said.
    #[serde(skip_serializing_if = "is_zero")]
    #[schema(value_type = u64, required = false)]
    pub changed: u64,
    /// Of one's own message, where it is not sent to everybody alike: by which of one's devices it was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub device: Option<DeviceTagText>,
}

fn is_zero<T: Default + PartialEq>(number: &T) -> bool {
    *number == T::default()
}

/// What happened in a chat. The one who did it is the `from` of the message.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum NoteAnswer {
    /// What is said from now on vanishes after so long.
    Vanish {
        /// `never`, `1h`, `1d`, `1w` or `4w`.
        #[schema(value_type = String)]
        after: VanishText,
    },
    /// The chat is destroyed when nobody uses it for so long.
    Idle {
        /// The time without use.
        #[schema(value_type = String)]
        idle: IdleText,
    },
    /// The link and code of a participant were replaced.
    Replaced {
        /// Whose.
        #[schema(value_type = String)]
        participant: ParticipantText,
    },
    /// One more device of theirs came in.
    NewDevice,
    /// They let somebody into the group.
    Added {
        /// Whom.
        #[schema(value_type = String)]
        participant: ParticipantText,
        /// Whether that person may read what was said before.
        history: bool,
    },
    /// They took somebody out of the group.
    Removed {
        /// Whom.
        #[schema(value_type = String)]
        participant: ParticipantText,
    },
    /// They went out of the group by themselves.
    Left,
    /// They gave somebody another role.
    Role {
        /// Whom.
        #[schema(value_type = String)]
        participant: ParticipantText,
        /// `admin`, `member` or `guest`.
        #[schema(value_type = String)]
        role: RoleText,
    },
    /// They were the last admin and went; somebody else is admin now.
    Heir {
        /// Who.
        #[schema(value_type = String)]
        participant: ParticipantText,
    },
    /// They corrected their name.
    Renamed,
    /// They changed what the group is called or about.
    Described,
    /// They changed who may write.
    Writers {
        /// `everybody` or `admins`.
        #[schema(value_type = String)]
        writers: WritersText,
    },
    /// They hid people from each other, or showed them again.
    Roster {
        /// `everybody` or `admins`.
        #[schema(value_type = String)]
        roster: RosterText,
    },
}

impl From<Note> for NoteAnswer {
    fn from(note: Note) -> Self {
        match note {
            Note::VanishAfter(after) => Self::Vanish { after: VanishText(after) },
            Note::Idle(idle) => Self::Idle { idle: IdleText(idle) },
            Note::Replaced(participant) => Self::Replaced { participant: ParticipantText(participant) },
            Note::NewDevice => Self::NewDevice,
            Note::Added { participant, reads_history } => {
                Self::Added { participant: ParticipantText(participant), history: reads_history }
            }
            Note::Removed(participant) => Self::Removed { participant: ParticipantText(participant) },
            Note::Left => Self::Left,
            Note::Role(participant, role) => {
                Self::Role { participant: ParticipantText(participant), role: RoleText(role) }
            }
            Note::Heir(participant) => Self::Heir { participant: ParticipantText(participant) },
            Note::Renamed => Self::Renamed,
            Note::Described => Self::Described,
            Note::Writers(writers) => Self::Writers { writers: WritersText(writers) },
            Note::Roster(roster) => Self::Roster { roster: RosterText(roster) },
        }
    }
}

/// How a message ceased to be.
#[derive(Clone, Copy, Serialize, ToSchema)]
pub struct GoneAnswer {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Time,
    /// The participant who deleted it, or `clock`.
    #[schema(value_type = String)]
    pub by: GoneByText,
    /// Whether it had reached another person, who is to be shown for a day that something was there.
    pub stub: bool,
}

/// One participant's reaction.
#[derive(Clone, Copy, Serialize, ToSchema)]
pub struct ReactionAnswer<'a> {
    /// Who reacted.
    #[schema(value_type = String)]
    pub from: ParticipantText,
    /// One emoji.
    pub emoji: &'a str,
}

/// Reactions of people who are not shown.
#[derive(Clone, Copy, Serialize, ToSchema)]
pub struct ReactionCountAnswer<'a> {
    /// One emoji.
    pub emoji: &'a str,
    /// How many reacted with it.
    #[schema(minimum = 1)]
    pub count: u32,
}

impl<'a> MessageAnswer<'a> {
    /// For the devices of one participant: of their own messages it says from which device they came.
    pub fn of_seat(message: &'a Message, participant: ParticipantId) -> Self {
        let is_own = message.from == participant && message.device != DeviceTag::UNKNOWN;
        Self { device: is_own.then_some(DeviceTagText(message.device)), ..Self::from(message) }
    }
}

impl<'a> From<&'a Message> for MessageAnswer<'a> {
    fn from(message: &'a Message) -> Self {
        let note = if let Body::Note(note) = message.body { Some(note.into()) } else { None };
        let gone = if let Body::Gone(gone) = message.body { Some(gone) } else { None };
        Self {
            seq: SeqNumber(message.seq),
            from: ParticipantText(message.from),
            at: Time(message.at),
            id: (message.id != Message::NO_ID).then_some(MessageIdText(message.id)),
            text: message.body.text(),
            note,
            reply_to: message.reply_to.map(SeqNumber),
            edits: message.edits.count,
            edited: message.edits.at.map(Time),
            vanishes: message.vanishes.map(|vanishing| Time(vanishing.at)),
            gone: gone.map(|gone| GoneAnswer {
                at: Time(gone.at),
                by: GoneByText(gone.by),
                stub: matches!(gone.by, GoneBy::Participant { leaves_stub: true, .. }),
            }),
            hidden: message.body == Body::HiddenForViewer,
            reactions: message.reactions.iter().map(reaction).collect(),
            reaction_counts: message.reaction_counts.iter().map(reaction_count).collect(),
            changed: message.changed.0,
            device: None,
        }
    }
}

fn reaction(Reaction { from, emoji }: &Reaction) -> ReactionAnswer<'_> {
    ReactionAnswer { from: ParticipantText(*from), emoji: emoji.as_str() }
}

fn reaction_count(ReactionCount { emoji, count }: &ReactionCount) -> ReactionCountAnswer<'_> {
    ReactionCountAnswer { emoji: emoji.as_str(), count: *count }
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
    /// The message that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u64, required = false)]
    pub reply_to: Option<SeqNumber>,
    /// When it was last edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime, required = false)]
    pub edited: Option<Time>,
}
