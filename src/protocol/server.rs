//! What the house says on the socket.
//!
//! Each function writes one frame of `docs/protocol.md` as JSON text. `session` and `delivery` call them; a
//! frame of an event is made once for each viewer that sees it, so it is written straight into its text.
//! Nothing here decides who may see a frame; what a viewer is shown of a receipt is a rule of the domain.

use serde::{Serialize, Serializer};

use super::client::FrameRef;
use super::rest::{self, ChatState, Ended, MessageAnswer, SeatSummary};
use super::text::{IncarnationText, MessageIdText, ParticipantText, SeatText, SeqNumber, Time};
use super::{json, sentences};
use crate::domain::{
    At, ChatId, Event, Incarnation, Message, MessageId, ParticipantId, Refusal, SeatId, Seq, Viewer,
};

/// Who sees an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The socket that asked for it.
    Origin,
    /// Every other one.
    Other,
}

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
        seats: &'a [SeatSummary],
    },
    ChatState {
        seat: SeatText,
        #[serde(flatten)]
        chat: &'a ChatState<'a>,
    },
    ChatMessage {
        seat: SeatText,
        #[serde(flatten)]
        message: MessageAnswer<'a>,
    },
    ChatSaid {
        seat: SeatText,
        id: MessageIdText,
        seq: SeqNumber,
        at: Time,
    },
    ChatPage {
        seat: SeatText,
        #[serde(serialize_with = "in_order")]
        messages: &'a [Message],
        more: bool,
    },
    ChatReceipt {
        seat: SeatText,
        participant: ParticipantText,
        delivered: SeqNumber,
        seen: SeqNumber,
    },
    ChatPresence {
        seat: SeatText,
        participant: ParticipantText,
        here: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        last_here: Option<Time>,
    },
    ChatTyping {
        seat: SeatText,
        participant: ParticipantText,
    },
    ChatDue {
        seat: SeatText,
        at: Time,
    },
    ChatKept {
        seat: SeatText,
        due: Time,
    },
    ChatGuess {
        seat: SeatText,
        participant: ParticipantText,
        tries: u32,
    },
    ChatInvited {
        seat: SeatText,
        participant: ParticipantText,
        by: ParticipantText,
        due: Time,
    },
    ChatEnded {
        seat: SeatText,
        #[serde(flatten)]
        ended: Ended,
    },
    ChatResync {
        seat: SeatText,
    },
    Refused(Refused),
    Pong,
    Bye {
        why: Why,
    },
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
    code: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(flatten)]
    ended: Option<Ended>,
}

impl Refused {
    fn of(FrameRef { of, seat, id }: FrameRef, code: &'static str, detail: String) -> Self {
        let (seat, id) = (seat.map(SeatText), id.map(MessageIdText));
        Self { of, seat, id, code, detail, retry_after: None, ended: None }
    }
}

/// The answer to `hello`.
pub fn welcome(incarnation: Incarnation, now: At, seats: &[SeatSummary]) -> String {
    json(&ServerFrame::Welcome { incarnation: IncarnationText(incarnation), now: Time(now), seats })
}

/// The answer to `chat-open`, before the messages.
pub fn state(seat: SeatId, chat: &ChatState<'_>) -> String {
    json(&ServerFrame::ChatState { seat: SeatText(seat), chat })
}

/// What became true in `chat`, as `viewer` sees it; none for what this viewer is not shown.
pub fn event(event: &Event, chat: ChatId, viewer: Viewer, recipient: Recipient) -> Option<String> {
    let id = SeatId { chat, participant: viewer.participant };
    let seat = SeatText(id);
    let frame = match *event {
        Event::Said(ref message) if recipient == Recipient::Origin => {
            return Some(said(id, message.id, message.seq, message.at));
        }
        Event::Said(ref message) => return Some(self::message(id, message)),
        Event::Marked { participant, before, receipt } => {
            let shown = viewer.progress(participant, receipt);
            if shown == viewer.progress(participant, before) {
                return None;
            }
            let participant = ParticipantText(participant);
            let (delivered, seen) = (SeqNumber(shown.delivered), SeqNumber(shown.seen));
            ServerFrame::ChatReceipt { seat, participant, delivered, seen }
        }
        Event::Called { at } => ServerFrame::ChatDue { seat, at: Time(at) },
        Event::Kept { due } => ServerFrame::ChatKept { seat, due: Time(due) },
        Event::Guessed { participant, tries } => {
            ServerFrame::ChatGuess { seat, participant: ParticipantText(participant), tries }
        }
        Event::Invited { participant, by, due } => {
            let (participant, by) = (ParticipantText(participant), ParticipantText(by));
            ServerFrame::ChatInvited { seat, participant, by, due: Time(due) }
        }
        Event::Left { .. } => return None,
        Event::Ended(ending) => {
            ServerFrame::ChatEnded { seat, ended: Ended::seen_by(ending, viewer.participant) }
        }
    };
    Some(json(&frame))
}

/// One message, for every socket but the one that sent it.
pub fn message(seat: SeatId, message: &Message) -> String {
    json(&ServerFrame::ChatMessage { seat: SeatText(seat), message: MessageAnswer::from(message) })
}

/// The answer to `chat-say`: it is durable.
pub fn said(seat: SeatId, id: MessageId, seq: Seq, at: At) -> String {
    let (seat, id, seq, at) = (SeatText(seat), MessageIdText(id), SeqNumber(seq), Time(at));
    json(&ServerFrame::ChatSaid { seat, id, seq, at })
}

/// The answer to `chat-page`: messages in order, the oldest first, and whether there are older ones.
pub fn page(seat: SeatId, messages: &[Message], more: bool) -> String {
    json(&ServerFrame::ChatPage { seat: SeatText(seat), messages, more })
}

/// Whether `participant` is here, and when they last left otherwise.
pub fn presence(seat: SeatId, participant: ParticipantId, here: bool, last_here: Option<At>) -> String {
    let (seat, participant) = (SeatText(seat), ParticipantText(participant));
    json(&ServerFrame::ChatPresence { seat, participant, here, last_here: last_here.map(Time) })
}

pub fn typing(seat: SeatId, participant: ParticipantId) -> String {
    json(&ServerFrame::ChatTyping { seat: SeatText(seat), participant: ParticipantText(participant) })
}

/// This socket gets no more of the chat until it opens it again.
pub fn resync(seat: SeatId) -> String {
    json(&ServerFrame::ChatResync { seat: SeatText(seat) })
}

pub fn refused(frame: FrameRef, refusal: &Refusal) -> String {
    json(&ServerFrame::Refused(Refused {
        retry_after: refusal.retry_after().map(rest::seconds),
        ended: Ended::of(refusal),
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

fn in_order<S: Serializer>(messages: &[Message], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(messages.iter().map(MessageAnswer::from))
}

#[cfg(test)]
mod tests;
