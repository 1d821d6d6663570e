//! What a client says on the socket.
//!
//! `session` gives every text frame to [`parse`], the only parser of frames there is. It checks the size
//! first, then that the text is one object with exactly the fields of its type, then each field. A text that
//! is refused changes nothing, and the refusal says which frame it was and never what stood in it.

use std::mem;

use super::object::{Object, malformed};
use super::text::{IncarnationText, MessageIdText, SeatText};
use crate::crypto::DeviceSecret;
use crate::domain::{
    Body, Command, Incarnation, MessageId, Receipt, Refusal, SeatId, Seq, Sign, Text, Withheld,
};
use crate::limits::{FRAME_BYTES_MAX, PAGE_MESSAGES_MAX};

/// One frame of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Who it is.
    Hello {
        /// What proves the device.
        device: DeviceSecret,
        /// The run of the store that the client knows.
        seen_incarnation: Option<Incarnation>,
        /// What it does not tell on this socket.
        withheld: Withheld,
    },
    /// Show the chat, and what comes after `after`.
    Open {
        /// Through which seat.
        seat: SeatId,
        /// The last message that the client has; [`Seq::NONE`] when it has none.
        after: Seq,
    },
    /// Show the chat no more.
    Close {
        /// Through which seat.
        seat: SeatId,
    },
    /// Do something in the chat.
    Command {
        /// Through which seat.
        seat: SeatId,
        /// What.
        command: Command,
    },
    /// Older messages.
    Page {
        /// Through which seat.
        seat: SeatId,
        /// The oldest message that the client has; from 1.
        before: Seq,
        /// At most so many, 1 to [`PAGE_MESSAGES_MAX`].
        limit: usize,
    },
    /// Somebody types.
    Typing {
        /// Through which seat.
        seat: SeatId,
    },
    /// Is the house there?
    Ping,
}

/// A frame that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The frame's type; empty when there is no such type.
    pub of: &'static str,
    /// The seat, where the frame named one.
    pub seat: Option<SeatId>,
    /// The message id, where the frame named one.
    pub id: Option<MessageId>,
    /// Why.
    pub refusal: Refusal,
}

const FIELDS: &[&str] = &[
    "type",
    "seat",
    "id",
    "text",
    "seq",
    "after",
    "before",
    "limit",
    "device",
    "seen_incarnation",
    "withholds",
];

/// One type of frame: what it is called, the fields it may have, and how it is made of them.
struct Kind {
    name: &'static str,
    fields: &'static [&'static str],
    make: fn(&mut Object<'_>) -> Result<Frame, Refusal>,
}

const KINDS: [Kind; 11] = [
    Kind { name: "hello", fields: &["type", "device", "seen_incarnation", "withholds"], make: hello },
    Kind { name: "chat-open", fields: &["type", "seat", "after"], make: open },
    Kind { name: "chat-close", fields: &["type", "seat"], make: close },
    Kind { name: "chat-say", fields: &["type", "seat", "id", "text"], make: say },
    Kind { name: "chat-page", fields: &["type", "seat", "before", "limit"], make: page },
    Kind { name: "chat-delivered", fields: &["type", "seat", "seq"], make: delivered },
    Kind { name: "chat-seen", fields: &["type", "seat", "seq"], make: seen },
    Kind { name: "chat-typing", fields: &["type", "seat"], make: typing },
    Kind { name: "chat-keep", fields: &["type", "seat"], make: keep },
    Kind { name: "chat-end", fields: &["type", "seat"], make: end },
    Kind { name: "ping", fields: &["type"], make: |_| Ok(Frame::Ping) },
];

/// Makes a frame of what a client sent. Refused with [`Refusal::TooLarge`], [`Refusal::Malformed`], the
/// refusals of [`Text::parse`], or [`Refusal::NotIn`] when what should prove the device cannot.
pub fn parse(frame: &str) -> Result<Frame, Rejected> {
    if frame.len() > FRAME_BYTES_MAX {
        return Err(Rejected { of: "", seat: None, id: None, refusal: Refusal::TooLarge });
    }
    let mut fields = Object::read(frame, FIELDS);
    let kind = fields.peek("type").and_then(|name| KINDS.iter().find(|kind| kind.name == name));
    let seat = fields.peek("seat").and_then(SeatText::parse).map(|seat| seat.0);
    let id = fields.peek("id").and_then(MessageIdText::parse).map(|id| id.0);
    make(kind, &mut fields).map_err(|refusal| {
        let of = kind.map_or("", |kind| kind.name);
        Rejected { of, seat, id, refusal }
    })
}

impl Frame {
    /// The frame's type, as it is written. Nothing a socket sends makes [`Command::Leave`].
    pub fn name(&self) -> &'static str {
        match self {
            Self::Hello { .. } => "hello",
            Self::Open { .. } => "chat-open",
            Self::Close { .. } => "chat-close",
            Self::Command { command, .. } => command_name(command),
            Self::Page { .. } => "chat-page",
            Self::Typing { .. } => "chat-typing",
            Self::Ping => "ping",
        }
    }

    /// The seat that it names.
    pub fn seat(&self) -> Option<SeatId> {
        match self {
            Self::Hello { .. } | Self::Ping => None,
            Self::Open { seat, .. }
            | Self::Close { seat }
            | Self::Command { seat, .. }
            | Self::Page { seat, .. }
            | Self::Typing { seat } => Some(*seat),
        }
    }

    /// The message id that it names.
    pub fn id(&self) -> Option<MessageId> {
        match self {
            Self::Command { command: Command::Say { id, .. }, .. } => Some(*id),
            _ => None,
        }
    }
}

/// The type of the frame that a command came in.
pub fn command_name(command: &Command) -> &'static str {
    match command {
        Command::Say { .. } => "chat-say",
        Command::Mark(receipt) if receipt.seen == Seq::NONE => "chat-delivered",
        Command::Mark(_) => "chat-seen",
        Command::Keep => "chat-keep",
        Command::End => "chat-end",
        Command::Leave => "",
    }
}

fn make(kind: Option<&Kind>, fields: &mut Object<'_>) -> Result<Frame, Refusal> {
    let Some(kind) = kind else {
        fields.check(FIELDS)?;
        fields.text("type")?;
        return Err(malformed("`type` is not the type of a frame"));
    };
    fields.check(kind.fields)?;
    (kind.make)(fields)
}

fn hello(fields: &mut Object<'_>) -> Result<Frame, Refusal> {
    let seen = fields.text_if_any("seen_incarnation")?;
    let seen_incarnation = seen.map(|seen| incarnation(&seen)).transpose()?;
    let withheld = withheld(fields)?;
    let device = DeviceSecret::parse(&fields.text("device")?).map_err(|_| Refusal::NotIn)?;
    Ok(Frame::Hello { device, seen_incarnation, withheld })
}

fn open(fields: &mut Object<'_>) -> Result<Frame, Refusal> {
    Ok(Frame::Open { seat: seat(fields)?, after: fields.seq("after", Seq::NONE)? })
}

fn close(fields: &mut Object<'_>) -> Result<Frame, Refusal> {
    Ok(Frame::Close { seat: seat(fields)? })
}

fn say(fields: &mut Object<'_>) -> Result<Frame, Refusal> {
    let seat = seat(fields)?;
    let id = message_id(fields)?;
    let text = Text::parse(mem::take(&mut *fields.text("text")?.into_owned()))?;
    Ok(Frame::Command { seat, command: Command::Say { id, body: Body::Text(text) } })
}

fn page(fields: &mut Object<'_>) -> Result<Frame, Refusal> {
    let seat = seat(fields)?;
    let before = fields.seq("before", Seq(1))?;
    Ok(Frame::Page { seat, before, limit: fields.count("limit", PAGE_MESSAGES_MAX)? })
}

fn delivered(fields: &mut Object<'_>) -> Result<Frame, Refusal> {
    let seat = seat(fields)?;
    let delivered = fields.seq("seq", Seq(1))?;
    Ok(Frame::Command { seat, command: Command::Mark(Receipt { delivered, ..Receipt::default() }) })
}

fn seen(fields: &mut Object<'_>) -> Result<Frame, Refusal> {
    let seat = seat(fields)?;
    let seen = fields.seq("seq", Seq(1))?;
    Ok(Frame::Command { seat, command: Command::Mark(Receipt { delivered: seen, seen, read: seen }) })
}

fn typing(fields: &mut Object<'_>) -> Result<Frame, Refusal> {
    Ok(Frame::Typing { seat: seat(fields)? })
}

fn keep(fields: &mut Object<'_>) -> Result<Frame, Refusal> {
    Ok(Frame::Command { seat: seat(fields)?, command: Command::Keep })
}

fn end(fields: &mut Object<'_>) -> Result<Frame, Refusal> {
    Ok(Frame::Command { seat: seat(fields)?, command: Command::End })
}

fn seat(fields: &mut Object<'_>) -> Result<SeatId, Refusal> {
    let seat = SeatText::parse(&fields.text("seat")?);
    seat.map(|seat| seat.0).ok_or_else(|| malformed("`seat` is not a seat"))
}

fn incarnation(text: &str) -> Result<Incarnation, Refusal> {
    let incarnation = IncarnationText::parse(text).map(|incarnation| incarnation.0);
    incarnation.ok_or_else(|| malformed("`seen_incarnation` is not 16 lower-case hexadecimal digits"))
}

/// Takes a message id out of `id`.
pub(super) fn message_id(fields: &mut Object<'_>) -> Result<MessageId, Refusal> {
    let id = MessageIdText::parse(&fields.text("id")?).map(|id| id.0);
    id.ok_or_else(|| malformed("`id` is not 32 lower-case hexadecimal digits"))
}

/// Takes what is not told out of `withholds`, which may be left out.
pub(super) fn withheld(fields: &mut Object<'_>) -> Result<Withheld, Refusal> {
    let words = fields.list_if_any("withholds")?.unwrap_or_default();
    let mut signs = words.iter().map(|word| Sign::parse(word));
    let withheld = signs.try_fold(Withheld::NOTHING, |withheld, sign| withheld.and(sign?));
    withheld
        .ok_or_else(|| malformed("`withholds` is not a list of `typing`, `seen`, `here`, each at most once"))
}

#[cfg(test)]
mod tests;
