//! What the house says on the socket.
//!
//! Each function writes one frame of `docs/protocol.md` as JSON text. `session` and `hub` call them; a frame
//! of an event is made once for each seat that sees it, so it is written straight into its text. Nothing here
//! decides who may see a frame.

use serde::{Serialize, Serializer};

use super::json;
use super::rest::{self, Ended, MessageAnswer, SeatRow};
use super::text::{IdleText, IncarnationText, MessageIdText, ParticipantText, SeatText, SeqNumber, Time};
use crate::domain::{
    At, ChatId, Event, Idle, Incarnation, Message, MessageId, ParticipantId, Receipt, Refusal, SeatId, Seq,
};

/// Who sees an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The socket that asked for it.
    Origin,
    /// Every other one.
    Other,
}

/// Why the house says good-bye.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// It is stopping.
    Stopping,
    /// It must reopen its store.
    Reconnect,
}

/// The chat as it stands.
pub struct State<'a> {
    /// Through which seat it is seen.
    pub seat: SeatId,
    /// The last message's position.
    pub head: Seq,
    /// The agreed time without use.
    pub idle: Idle,
    /// When the chat is destroyed if nobody uses it.
    pub due: At,
    /// Everybody in it, in order.
    pub participants: Vec<Participant<'a>>,
}

/// One participant as the others see them.
#[derive(Serialize)]
pub struct Participant<'a> {
    /// Who.
    pub participant: ParticipantText,
    /// What they are called.
    pub name: &'a str,
    /// Whether anybody has come in by their invite.
    pub came_in: bool,
    /// Whether they have the chat open now.
    pub here: bool,
    /// When they last left; none while they are here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_here: Option<Time>,
    /// Every message up to here reached a device of theirs.
    pub delivered: SeqNumber,
    /// Every message up to here was on their screen.
    pub seen: SeqNumber,
    /// Wrong codes on their link since somebody last came in by it.
    pub tries: u32,
}

/// Bytes of a frame without its texts.
const FRAME_ROOM: usize = 256;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Frame<'a> {
    Welcome {
        incarnation: IncarnationText,
        now: Time,
        seats: &'a [SeatRow],
    },
    ChatState {
        seat: SeatText,
        me: ParticipantText,
        head: SeqNumber,
        idle: IdleText,
        due: Time,
        participants: &'a [Participant<'a>],
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
    ChatEnded {
        seat: SeatText,
        #[serde(flatten)]
        ended: Ended,
    },
    ChatResync {
        seat: SeatText,
    },
    Refused(Refused<'a>),
    Pong,
    Bye {
        why: Why,
    },
}

/// What was not done. The same parts as an HTTP problem has, and which frame it was.
#[derive(Serialize)]
struct Refused<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    of: &'a str,
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

impl Frame<'_> {
    fn text(&self, room: usize) -> String {
        json(self, room)
    }
}

/// The answer to `hello`.
pub fn welcome(incarnation: Incarnation, now: At, seats: &[SeatRow]) -> String {
    let room = (seats.len() + 1) * FRAME_ROOM;
    Frame::Welcome { incarnation: IncarnationText(incarnation), now: Time(now), seats }.text(room)
}

/// The answer to `chat-open`, before the messages.
pub fn state(state: &State<'_>) -> String {
    let frame = Frame::ChatState {
        seat: SeatText(state.seat),
        me: ParticipantText(state.seat.participant),
        head: SeqNumber(state.head),
        idle: IdleText(state.idle),
        due: Time(state.due),
        participants: &state.participants,
    };
    frame.text((state.participants.len() + 1) * FRAME_ROOM)
}

/// What became true in `chat`, as `viewer` sees it; none for what no client is shown.
pub fn event(event: &Event, chat: ChatId, viewer: ParticipantId, view: View) -> Option<String> {
    let id = SeatId { chat, participant: viewer };
    let seat = SeatText(id);
    let frame = match *event {
        Event::Said(ref message) if view == View::Origin => {
            return Some(said(id, message.id, message.seq, message.at));
        }
        Event::Said(ref message) => return Some(self::message(id, message)),
        Event::Marked { participant, receipt } => return Some(self::receipt(id, participant, receipt)),
        Event::Kept { due } => Frame::ChatKept { seat, due: Time(due) },
        Event::Guessed { participant, tries } => {
            Frame::ChatGuess { seat, participant: ParticipantText(participant), tries }
        }
        Event::Left { .. } => return None,
        Event::Ended(ending) => Frame::ChatEnded { seat, ended: Ended::seen_by(ending, viewer) },
    };
    Some(frame.text(FRAME_ROOM))
}

/// One message, for every socket but the one that sent it.
pub fn message(seat: SeatId, message: &Message) -> String {
    let message = MessageAnswer::from(message);
    let room = FRAME_ROOM + message.text.len();
    Frame::ChatMessage { seat: SeatText(seat), message }.text(room)
}

/// The answer to `chat-say`: it is durable.
pub fn said(seat: SeatId, id: MessageId, seq: Seq, at: At) -> String {
    let (seat, id, seq, at) = (SeatText(seat), MessageIdText(id), SeqNumber(seq), Time(at));
    Frame::ChatSaid { seat, id, seq, at }.text(FRAME_ROOM)
}

/// The answer to `chat-page`: messages in order, the oldest first, and whether there are older ones.
pub fn page(seat: SeatId, messages: &[Message], more: bool) -> String {
    let texts: usize =
        messages.iter().map(|message| MessageAnswer::from(message).text.len() + FRAME_ROOM).sum();
    Frame::ChatPage { seat: SeatText(seat), messages, more }.text(FRAME_ROOM + texts)
}

/// Whether `participant` is here, and when they last left otherwise.
pub fn presence(seat: SeatId, participant: ParticipantId, here: bool, last_here: Option<At>) -> String {
    let (seat, participant) = (SeatText(seat), ParticipantText(participant));
    Frame::ChatPresence { seat, participant, here, last_here: last_here.map(Time) }.text(FRAME_ROOM)
}

/// `participant` types.
pub fn typing(seat: SeatId, participant: ParticipantId) -> String {
    Frame::ChatTyping { seat: SeatText(seat), participant: ParticipantText(participant) }.text(FRAME_ROOM)
}

/// A final call: the chat is destroyed at `at` unless somebody uses it.
pub fn due(seat: SeatId, at: At) -> String {
    Frame::ChatDue { seat: SeatText(seat), at: Time(at) }.text(FRAME_ROOM)
}

/// This socket gets no more of the chat until it opens it again.
pub fn resync(seat: SeatId) -> String {
    Frame::ChatResync { seat: SeatText(seat) }.text(FRAME_ROOM)
}

/// The frame of type `of` was refused. `of` is empty where the type is not known.
pub fn refused(of: &str, seat: Option<SeatId>, id: Option<MessageId>, refusal: &Refusal) -> String {
    let refused = Refused {
        of,
        seat: seat.map(SeatText),
        id: id.map(MessageIdText),
        code: refusal.code(),
        detail: refusal.detail(),
        retry_after: refusal.retry_after().map(rest::seconds),
        ended: Ended::of(refusal),
    };
    Frame::Refused(refused).text(FRAME_ROOM * 2)
}

/// The frame of type `of` failed, and that is the house's fault; `reference` stands in its log.
pub fn failed(of: &str, seat: Option<SeatId>, id: Option<MessageId>, reference: &str) -> String {
    let (seat, id) = (seat.map(SeatText), id.map(MessageIdText));
    let detail = rest::failed_detail(reference);
    Frame::Refused(Refused { of, seat, id, code: rest::FAILED, detail, retry_after: None, ended: None })
        .text(FRAME_ROOM * 2)
}

/// The answer to `ping`.
pub fn pong() -> String {
    Frame::Pong.text(FRAME_ROOM)
}

/// The last frame before the house closes the socket.
pub fn bye(why: Why) -> String {
    Frame::Bye { why }.text(FRAME_ROOM)
}

fn receipt(seat: SeatId, participant: ParticipantId, receipt: Receipt) -> String {
    let (seat, participant) = (SeatText(seat), ParticipantText(participant));
    let (delivered, seen) = (SeqNumber(receipt.delivered), SeqNumber(receipt.seen));
    Frame::ChatReceipt { seat, participant, delivered, seen }.text(FRAME_ROOM)
}

fn in_order<S: Serializer>(messages: &[Message], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(messages.iter().map(MessageAnswer::from))
}

#[cfg(test)]
mod tests;
