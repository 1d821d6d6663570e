//! What a client says on the socket.
//!
//! `session` gives every text frame to [`parse`], the only parser of frames there is. It checks the size
//! first, then that the text is one object with exactly the fields of its type, then each field. A text that
//! is refused changes nothing, and the refusal says which frame it was and never what was in it.

use serde::Deserialize;

use super::fields::{Secret, Whole, Withholds};
use super::object::{self, Object};
use super::text::{IncarnationText, MessageIdText, SeatText};
use crate::crypto::DeviceSecret;
use crate::domain::{
    Beginning, Body, ChangeNumber, Command, Draft, Emoji, Incarnation, MessageChange, MessageId,
    PrivacySettings, Receipt, Refusal, SeatId, Seq, Text,
};
use crate::limits::{EDITS_MAX, FRAME_BYTES_MAX, NEWEST_MESSAGES_MAX, PAGE_MESSAGES_MAX, SEQ_MAX};

/// One frame of a client; `seat` is the one through which it speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientFrame {
    /// The first frame: which device this is.
    Hello {
        device: DeviceSecret,
        /// The run of the store that the client knows.
        seen_incarnation: Option<Incarnation>,
        /// What it does not tell on this socket.
        withheld: PrivacySettings,
        /// Whether it wants to know of news in all of the device's chats.
        watches: bool,
    },
    /// Show the chat from there on.
    Open {
        seat: SeatId,
        beginning: Beginning,
        /// The last change that the client knows of: it is shown what was changed since.
        changed: Option<ChangeNumber>,
    },
    /// Show the chat no more.
    Close {
        seat: SeatId,
    },
    Command {
        seat: SeatId,
        command: Command,
    },
    /// Send older messages.
    Page {
        seat: SeatId,
        /// The oldest message that the client has; from 1.
        before: Seq,
        /// At most so many, 1 to [`PAGE_MESSAGES_MAX`].
        limit: usize,
    },
    /// Tell the others that this person types.
    Typing {
        seat: SeatId,
    },
    Ping,
}

/// Which frame an answer belongs to, as far as the frame named it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameRef {
    /// The frame's type; empty when there is no such type.
    pub of: &'static str,
    pub seat: Option<SeatId>,
    pub about: MessageRef,
}

/// Which message a frame is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageRef {
    #[default]
    None,
    /// One that is to be said.
    Id(MessageId),
    /// One that is there.
    Seq(Seq),
}

impl FrameRef {
    pub fn id(&self) -> Option<MessageId> {
        if let MessageRef::Id(id) = self.about { Some(id) } else { None }
    }

    pub fn seq(&self) -> Option<Seq> {
        if let MessageRef::Seq(seq) = self.about { Some(seq) } else { None }
    }

    pub fn of(of: &'static str) -> Self {
        Self { of, ..Self::default() }
    }
}

type Position = Whole<1, SEQ_MAX>;

/// A frame as it is written. Its `type` is the name of the variant.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum WrittenFrame {
    Hello {
        device: Secret,
        seen_incarnation: Option<IncarnationText>,
        #[serde(default)]
        withholds: Withholds,
        #[serde(default)]
        watch: bool,
    },
    ChatOpen {
        seat: SeatText,
        after: Option<Whole<0, SEQ_MAX>>,
        newest: Option<Whole<1, NEWEST_MESSAGES_MAX>>,
        changed: Option<Whole<0, SEQ_MAX>>,
    },
    ChatClose {
        seat: SeatText,
    },
    ChatSay {
        seat: SeatText,
        id: MessageIdText,
        text: Secret,
        reply_to: Option<Position>,
    },
    ChatEdit {
        seat: SeatText,
        seq: Position,
        base: Whole<0, EDITS_MAX>,
        text: Secret,
    },
    ChatDelete {
        seat: SeatText,
        seq: Position,
    },
    ChatHide {
        seat: SeatText,
        seq: Position,
    },
    ChatReact {
        seat: SeatText,
        seq: Position,
        emoji: Option<Secret>,
    },
    ChatPage {
        seat: SeatText,
        before: Position,
        limit: Whole<1, { PAGE_MESSAGES_MAX as u64 }>,
    },
    ChatDelivered {
        seat: SeatText,
        seq: Position,
    },
    ChatSeen {
        seat: SeatText,
        seq: Position,
    },
    ChatTyping {
        seat: SeatText,
    },
    ChatKeep {
        seat: SeatText,
    },
    ChatEnd {
        seat: SeatText,
    },
    Ping {},
}

/// What a frame names, as far as it can be read, and the frame. Refused with [`Refusal::TooLarge`],
/// [`Refusal::Malformed`], the refusals of [`Text::parse`], or [`Refusal::NotIn`] when what should prove the
/// device cannot.
pub fn parse(frame: &str) -> (FrameRef, Result<ClientFrame, Refusal>) {
    if frame.len() > FRAME_BYTES_MAX {
        return (FrameRef::default(), Err(Refusal::TooLarge));
    }
    let object = Object::read(frame);
    (named(&object), object.parse_tagged::<WrittenFrame>().and_then(ClientFrame::try_from))
}

/// The name of every frame that there is.
#[cfg(any(test, feature = "test-support"))]
pub fn frame_types() -> &'static [&'static str] {
    object::variants::<WrittenFrame>()
}

fn named(object: &Object<'_>) -> FrameRef {
    let known = |name: &str| object::variants::<WrittenFrame>().iter().find(|known| **known == name);
    FrameRef {
        of: object.text("type").and_then(known).copied().unwrap_or_default(),
        seat: object.text("seat").and_then(SeatText::parse).map(|seat| seat.0),
        about: about(object),
    }
}

fn about(object: &Object<'_>) -> MessageRef {
    if let Some(id) = object.text("id").and_then(MessageIdText::parse) {
        return MessageRef::Id(id.0);
    }
    let seq = object.number("seq").filter(|seq| (1..=SEQ_MAX).contains(seq));
    seq.map_or(MessageRef::None, |seq| MessageRef::Seq(Seq(seq)))
}

impl TryFrom<WrittenFrame> for ClientFrame {
    type Error = Refusal;

    fn try_from(written: WrittenFrame) -> Result<Self, Refusal> {
        let command = |SeatText(seat), command| Self::Command { seat, command };
        let change = |seat, seq: Position, change| command(seat, Command::Change { seq: Seq(seq.0), change });
        Ok(match written {
            WrittenFrame::Hello { device, seen_incarnation, withholds: Withholds(withheld), watch } => {
                let device = DeviceSecret::parse(device.as_ref()).map_err(|_| Refusal::NotIn)?;
                let seen_incarnation = seen_incarnation.map(|incarnation| incarnation.0);
                Self::Hello { device, seen_incarnation, withheld, watches: watch }
            }
            WrittenFrame::ChatOpen { seat, after, newest, changed } => {
                let beginning = match (after, newest) {
                    (Some(after), None) => Beginning::After(Seq(after.0)),
                    (None, Some(newest)) => Beginning::Newest(newest.0),
                    _ => return Err(Refusal::Malformed("it takes one of `after` and `newest`".to_owned())),
                };
                Self::Open { seat: seat.0, beginning, changed: changed.map(|number| ChangeNumber(number.0)) }
            }
            WrittenFrame::ChatClose { seat } => Self::Close { seat: seat.0 },
            WrittenFrame::ChatSay { seat, id, text, reply_to } => {
                let (body, reply_to) = (Body::Text(Text::parse(text.0)?), reply_to.map(|seq| Seq(seq.0)));
                command(seat, Command::Say { id: id.0, draft: Draft { body, reply_to } })
            }
            WrittenFrame::ChatEdit { seat, seq, base, text } => {
                let (base, text) = (u32::try_from(base.0).unwrap_or(u32::MAX), Text::parse(text.0)?);
                change(seat, seq, MessageChange::Edit { base, text })
            }
            WrittenFrame::ChatDelete { seat, seq } => change(seat, seq, MessageChange::Delete),
            WrittenFrame::ChatHide { seat, seq } => change(seat, seq, MessageChange::Hide),
            WrittenFrame::ChatReact { seat, seq, emoji } => {
                let emoji = emoji.map(|emoji| Emoji::parse(emoji.as_ref())).transpose()?;
                change(seat, seq, MessageChange::React(emoji))
            }
            WrittenFrame::ChatPage { seat, before, limit } => {
                let limit = usize::try_from(limit.0).unwrap_or(PAGE_MESSAGES_MAX);
                Self::Page { seat: seat.0, before: Seq(before.0), limit }
            }
            WrittenFrame::ChatDelivered { seat, seq } => {
                command(seat, Command::Mark(Receipt { delivered: Seq(seq.0), ..Receipt::default() }))
            }
            WrittenFrame::ChatSeen { seat, seq } => {
                let seen = Seq(seq.0);
                command(seat, Command::Mark(Receipt { delivered: seen, seen, read: seen }))
            }
            WrittenFrame::ChatTyping { seat } => Self::Typing { seat: seat.0 },
            WrittenFrame::ChatKeep { seat } => command(seat, Command::Keep),
            WrittenFrame::ChatEnd { seat } => command(seat, Command::End),
            WrittenFrame::Ping {} => Self::Ping,
        })
    }
}

#[cfg(test)]
mod tests;
