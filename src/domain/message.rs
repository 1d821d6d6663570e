//! What a participant said. A [`Message`] has its place ([`Seq`]) already; what somebody wants to say is a
//! [`Body`] in a `Command`. Text is a secret of the chat: it is not printed and is wiped when dropped.

use std::fmt;

use zeroize::Zeroizing;

use super::unseen::is_blank;
use super::{At, DeviceTag, MessageId, ParticipantId, Refusal, Seq};
use crate::limits::{MESSAGE_BYTES_MAX, MESSAGE_CHARS_MAX};

/// The text of a message: 1 to 4,000 characters (Unicode scalar values), with something to see in it, kept as
/// it was typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Zeroizing<String>);

impl Text {
    /// Checks what somebody typed. Refused with [`Refusal::EmptyMessage`] or [`Refusal::MessageTooLong`].
    pub fn parse(typed: String) -> Result<Self, Refusal> {
        let typed = Zeroizing::new(typed);
        if typed.len() > MESSAGE_BYTES_MAX || typed.chars().count() > MESSAGE_CHARS_MAX {
            return Err(Refusal::MessageTooLong);
        }
        if typed.chars().all(is_blank) {
            return Err(Refusal::EmptyMessage);
        }
        Ok(Self(typed))
    }

    /// One that the house took earlier: what it would take now may be less.
    pub fn kept(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(..)")
    }
}

/// What a message is, by its number in a stored row. No number is used again for another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text = 1,
}

impl Kind {
    pub fn of(number: u8) -> Option<Self> {
        [Self::Text].into_iter().find(|kind| kind.number() == number)
    }

    pub fn number(self) -> u8 {
        self as u8
    }
}

/// What a message is made of: a variant for each [`Kind`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Text(Text),
    /// A kind that this version does not know. The message is there, and cannot be shown.
    Unsupported,
}

impl Body {
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.as_str()),
            Self::Unsupported => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub seq: Seq,
    pub from: ParticipantId,
    /// Through which of the sender's devices; only they are told.
    pub device: DeviceTag,
    /// When it was committed.
    pub at: At,
    pub id: MessageId,
    pub body: Body,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn text_is_kept_as_it_was_typed() {
        for typed in ["a", " a ", "a\n\nb\t", "\u{1F468}\u{200D}\u{1F469}", "\u{202E}abc"] {
            assert_eq!(Text::parse(typed.to_owned()).unwrap().as_str(), typed);
        }
        assert!(Text::parse("\u{1F600}".repeat(4_000)).is_ok());
    }

    #[test]
    fn a_message_has_something_to_see() {
        let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tables/messages.json"));
        let rows: Vec<(String, String, String)> = serde_json::from_str(table).unwrap();
        assert!(rows.len() >= 40);
        for (why, typed, expected) in rows {
            let found = Text::parse(typed.clone()).map_or_else(|refusal| refusal.code(), |_| "ok");
            assert_eq!(found, expected, "{why}: {typed:?}");
        }
    }

    #[test]
    fn text_has_bounds() {
        for (typed, expected) in [
            (String::new(), Refusal::EmptyMessage),
            (" \n\u{A0}".to_owned(), Refusal::EmptyMessage),
            ("x".repeat(4_001), Refusal::MessageTooLong),
            (" ".repeat(20_000), Refusal::MessageTooLong),
        ] {
            assert_eq!(Text::parse(typed).unwrap_err(), expected);
        }
    }
}
