//! What the house says on the socket.
//!
//! Each function writes one frame of `docs/protocol.md` as JSON text. `session` and `delivery` call them. A
//! frame that names a chat is the same for everybody who is shown the same, and one that names a seat is for
//! that seat alone. Nothing here decides who may see a frame.

use serde::{Serialize, Serializer};

use super::client::FrameRef;
use super::rest::{self, ChatStateAnswer, Ended, EndedFor, MessageAnswer};
use super::text::{
    ChatText, IncarnationText, MessageIdText, ParticipantText, RoleText, RosterText, SeatText, SeqNumber,
    StandingText, Time, WritersText,
};
use super::{json, sentences};
use crate::domain::{
    At, ChangeNumber, ChatId, Description, Ending, Event, Incarnation, Message, MessageId, Name,
    ParticipantId, Progress, Refusal, SeatId, Seq,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    Stopping,
    /// The house must reopen its store.
    Reconnect,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum ServerFrame<'a> {
    Welcome {
        incarnation: IncarnationText,
        now: Time,
        #[serde(serialize_with = "with_chats")]
        seats: &'a [SeatId],
    },
    SeatNews {
        seat: SeatText,
        head: SeqNumber,
        unread: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        last_at: Option<Time>,
    },
    SeatGone {
        seat: SeatText,
    },
    ChatState {
        seat: SeatText,
        #[serde(flatten)]
        chat: &'a ChatStateAnswer<'a>,
    },
    ChatMessage {
        #[serde(flatten)]
        whose: ChatOrSeat,
        #[serde(flatten)]
        message: MessageAnswer<'a>,
    },
    ChatChanged {
        #[serde(flatten)]
        whose: ChatOrSeat,
        number: u64,
        message: MessageAnswer<'a>,
    },
    ChatDone {
        seat: SeatText,
        of: &'static str,
        seq: SeqNumber,
        number: u64,
    },
    ChatSaid {
        seat: SeatText,
        id: MessageIdText,
        seq: SeqNumber,
        at: Time,
    },
    ChatPage {
        seat: SeatText,
        messages: Vec<MessageAnswer<'a>>,
        more: bool,
    },
    ChatReceipt {
        #[serde(flatten)]
        whose: ChatOrSeat,
        participant: ParticipantText,
        delivered: SeqNumber,
        seen: SeqNumber,
    },
    ChatPresence {
        #[serde(flatten)]
        whose: ChatOrSeat,
        participant: ParticipantText,
        here: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        last_here: Option<Time>,
    },
    ChatTyping {
        #[serde(flatten)]
        whose: ChatOrSeat,
        participant: ParticipantText,
    },
    ChatDue {
        #[serde(flatten)]
        whose: ChatOrSeat,
        at: Time,
    },
    ChatKept {
        #[serde(flatten)]
        whose: ChatOrSeat,
        due: Time,
    },
    ChatGuess {
        #[serde(flatten)]
        whose: ChatOrSeat,
        participant: ParticipantText,
        tries: u32,
    },
    ChatInvited {
        #[serde(flatten)]
        whose: ChatOrSeat,
        participant: ParticipantText,
        by: ParticipantText,
        due: Time,
    },
    ChatPerson {
        #[serde(flatten)]
        whose: ChatOrSeat,
        participant: ParticipantText,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<&'a str>,
        role: RoleText,
        state: StandingText,
        #[serde(skip_serializing_if = "Option::is_none")]
        since: Option<SeqNumber>,
    },
    ChatGroup {
        #[serde(flatten)]
        whose: ChatOrSeat,
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        about: Option<&'a str>,
        writers: WritersText,
        roster: RosterText,
    },
    ChatEnded {
        #[serde(flatten)]
        whose: ChatOrSeat,
        #[serde(flatten)]
        ended: Ended,
    },
    ChatResync {
        seat: SeatText,
        #[serde(skip_serializing_if = "Option::is_none")]
        afresh: Option<bool>,
    },
    Refused(Refused),
    Pong,
    Bye {
        why: Why,
    },
}

/// For whom a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everybody in the chat who is shown the same.
    Chat(ChatId),
    Seat(SeatId),
}

/// The same as it is written.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum ChatOrSeat {
    Chat(ChatText),
    Seat(SeatText),
}

impl From<Whose> for ChatOrSeat {
    fn from(whose: Whose) -> Self {
        match whose {
            Whose::Chat(chat) => Self::Chat(ChatText(chat)),
            Whose::Seat(seat) => Self::Seat(SeatText(seat)),
        }
    }
}

/// What was not done. The same parts as an HTTP problem has, and which frame it was.
#[derive(Serialize)]
struct Refused {
    #[serde(skip_serializing_if = "str::is_empty")]
    of: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    seat: Option<SeatText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<MessageIdText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<SeqNumber>,
    code: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<MessageIdText>,
    #[serde(flatten)]
    ended: Option<EndedFor>,
}

impl Refused {
    fn of(frame: FrameRef, code: &'static str, detail: String) -> Self {
        let (of, seat) = (frame.of, frame.seat.map(SeatText));
        let (id, seq) = (frame.id().map(MessageIdText), frame.seq().map(SeqNumber));
        Self { of, seat, id, seq, code, detail, retry_after: None, expected: None, ended: None }
    }
}

/// The answer to `hello`.
pub fn welcome(incarnation: Incarnation, now: At, seats: &[SeatId]) -> String {
    json(&ServerFrame::Welcome { incarnation: IncarnationText(incarnation), now: Time(now), seats })
}

/// What changed in a chat, for a client that watches.
pub fn seat_news(seat: SeatId, head: Seq, unread: u64, last_at: Option<At>) -> String {
    let (seat, head, last_at) = (SeatText(seat), SeqNumber(head), last_at.map(Time));
    json(&ServerFrame::SeatNews { seat, head, unread, last_at })
}

/// The device does not have the seat any more.
pub fn seat_gone(seat: SeatId) -> String {
    json(&ServerFrame::SeatGone { seat: SeatText(seat) })
}

/// The answer to `chat-open`, before the messages.
pub fn state(seat: SeatId, chat: &ChatStateAnswer<'_>) -> String {
    json(&ServerFrame::ChatState { seat: SeatText(seat), chat })
}

/// What became true; none for what not all are shown alike.
pub fn event(event: &Event, to: Whose) -> Option<String> {
    let whose = to.into();
    let frame = match *event {
        Event::Said(ref message) => return Some(self::message(to, message)),
        Event::Changed(ref message) => return Some(changed(to, message)),
        Event::Called { at } => ServerFrame::ChatDue { whose, at: Time(at) },
        Event::Kept { due } => ServerFrame::ChatKept { whose, due: Time(due) },
        Event::Guessed { participant, tries } => {
            ServerFrame::ChatGuess { whose, participant: ParticipantText(participant), tries }
        }
        Event::Invited { participant, by, due } => {
            let (participant, by) = (ParticipantText(participant), ParticipantText(by));
            ServerFrame::ChatInvited { whose, participant, by, due: Time(due) }
        }
        Event::Person { participant, person, ref name } => ServerFrame::ChatPerson {
            whose,
            participant: ParticipantText(participant),
            name: name.as_deref().map(Name::as_str),
            role: RoleText(person.role),
            state: StandingText(person.standing),
            since: Some(SeqNumber(person.since)).filter(|_| person.since > Seq(1)),
        },
        Event::Described { ref change, writers, roster } => ServerFrame::ChatGroup {
            whose,
            title: change.title.as_ref().map(Name::as_str),
            about: change.about.as_ref().map(Description::as_str),
            writers: WritersText(writers),
            roster: RosterText(roster),
        },
        Event::Ended(ending) => ServerFrame::ChatEnded { whose, ended: Ended::from(ending) },
        Event::HiddenFor { .. }
        | Event::Marked { .. }
        | Event::SightChanged
        | Event::Entered { .. }
        | Event::Left { .. } => return None,
    };
    Some(json(&frame))
}

pub fn message(whose: Whose, message: &Message) -> String {
    let message = of(whose, message);
    json(&ServerFrame::ChatMessage { whose: whose.into(), message })
}

/// A message of the backlog, where only one seat hears of the chat.
pub fn message_of_seat(seat: SeatId, message: &Message) -> String {
    let (whose, message) = (Whose::Chat(seat.chat), MessageAnswer::of_seat(message, seat.participant));
    json(&ServerFrame::ChatMessage { whose: whose.into(), message })
}

/// A message looks like this now.
pub fn changed(whose: Whose, message: &Message) -> String {
    let message = of(whose, message);
    json(&ServerFrame::ChatChanged { whose: whose.into(), number: message.changed, message })
}

fn of(whose: Whose, message: &Message) -> MessageAnswer<'_> {
    match whose {
        Whose::Chat(_) => message.into(),
        Whose::Seat(seat) => MessageAnswer::of_seat(message, seat.participant),
    }
}

/// The answer to what changes a message: it is durable.
pub fn done(seat: SeatId, of: &'static str, seq: Seq, number: ChangeNumber) -> String {
    json(&ServerFrame::ChatDone { seat: SeatText(seat), of, seq: SeqNumber(seq), number: number.0 })
}

/// The idle time begins again.
pub fn kept(chat: ChatId, due: At) -> String {
    json(&ServerFrame::ChatKept { whose: Whose::Chat(chat).into(), due: Time(due) })
}

/// The chat is destroyed: its last frame.
pub fn ended(chat: ChatId, ending: Ending) -> String {
    json(&ServerFrame::ChatEnded { whose: Whose::Chat(chat).into(), ended: Ended::from(ending) })
}

/// How far somebody has got.
pub fn receipt(whose: Whose, participant: ParticipantId, shown: Progress) -> String {
    let (participant, delivered, seen) =
        (ParticipantText(participant), SeqNumber(shown.delivered), SeqNumber(shown.seen));
    json(&ServerFrame::ChatReceipt { whose: whose.into(), participant, delivered, seen })
}

/// The answer to `chat-say` where the message itself does not come: it is durable.
pub fn said(seat: SeatId, id: MessageId, seq: Seq, at: At) -> String {
    let (seat, id, seq, at) = (SeatText(seat), MessageIdText(id), SeqNumber(seq), Time(at));
    json(&ServerFrame::ChatSaid { seat, id, seq, at })
}

/// The answer to `chat-page`: messages in order, the oldest first, and whether there are older ones.
pub fn page(seat: SeatId, messages: &[Message], more: bool) -> String {
    let messages = messages.iter().map(|message| MessageAnswer::of_seat(message, seat.participant));
    json(&ServerFrame::ChatPage { seat: SeatText(seat), messages: messages.collect(), more })
}

/// Whether `participant` is here, and when they last left otherwise.
pub fn presence(whose: Whose, participant: ParticipantId, here: bool, last_here: Option<At>) -> String {
    let (whose, participant) = (whose.into(), ParticipantText(participant));
    json(&ServerFrame::ChatPresence { whose, participant, here, last_here: last_here.map(Time) })
}

pub fn typing(whose: Whose, participant: ParticipantId) -> String {
    json(&ServerFrame::ChatTyping { whose: whose.into(), participant: ParticipantText(participant) })
}

/// This socket gets no more of the chat until it opens it again.
pub fn resync(seat: SeatId) -> String {
    json(&ServerFrame::ChatResync { seat: SeatText(seat), afresh: None })
}

/// The client forgets what it has of the chat and reads it again: too much was changed, or it is shown other
/// people.
pub fn resync_afresh(seat: SeatId) -> String {
    json(&ServerFrame::ChatResync { seat: SeatText(seat), afresh: Some(true) })
}

pub fn refused(frame: FrameRef, refusal: &Refusal) -> String {
    json(&ServerFrame::Refused(Refused {
        retry_after: refusal.retry_after().map(rest::seconds),
        expected: refusal.expected().map(MessageIdText),
        ended: EndedFor::of(refusal),
        ..Refused::of(frame, refusal.code(), sentences::refused(refusal))
    }))
}

/// The frame failed, and that is the house's fault; `reference` is in its log.
pub fn failed(frame: FrameRef, reference: &str) -> String {
    json(&ServerFrame::Refused(Refused::of(frame, sentences::FAILED, sentences::failed(reference))))
}

/// The answer to `ping`.
pub fn pong() -> String {
    json(&ServerFrame::Pong)
}

/// The last frame before the house closes the socket.
pub fn bye(why: Why) -> String {
    json(&ServerFrame::Bye { why })
}

#[derive(Serialize)]
struct SeatOfChat {
    seat: SeatText,
    chat: ChatText,
}

fn with_chats<S: Serializer>(seats: &[SeatId], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(seats.iter().map(|seat| SeatOfChat { seat: SeatText(*seat), chat: ChatText(seat.chat) }))
}

#[cfg(test)]
mod tests;
