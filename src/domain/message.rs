//! What a participant said. A [`Message`] has its place ([`Seq`]) already; what somebody wants to say is a
//! [`Body`] in a `Command`. Its place never changes; what it looks like does, when it is edited, deleted or
//! reacted to. Text is a secret of the chat: it is not printed and is wiped when dropped.

use std::fmt;

use zeroize::Zeroizing;

use super::unseen::is_blank;
use super::{At, ChangeNumber, DeviceTag, Emoji, MessageId, Note, ParticipantId, Refusal, Seq};
use crate::limits::{DESCRIPTION_CHARS_MAX, MESSAGE_BYTES_MAX, MESSAGE_CHARS_MAX};

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

/// What a group is about: up to 500 characters, kept as they were typed; nothing but white space is nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Description(Zeroizing<String>);

impl Description {
    /// Checks what somebody typed. Refused with [`Refusal::DescriptionTooLong`].
    pub fn parse(typed: String) -> Result<Self, Refusal> {
        let typed = Zeroizing::new(typed);
        if typed.len() > DESCRIPTION_CHARS_MAX * 4 || typed.chars().count() > DESCRIPTION_CHARS_MAX {
            return Err(Refusal::DescriptionTooLong);
        }
        if typed.chars().all(is_blank) { Ok(Self(Zeroizing::default())) } else { Ok(Self(typed)) }
    }

    /// One that the house took earlier: what it would take now may be less.
    pub fn kept(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Description(..)")
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
    Note = 2,
}

impl Kind {
    pub fn of(number: u8) -> Option<Self> {
        [Self::Text, Self::Note].into_iter().find(|kind| kind.number() == number)
    }

    pub fn number(self) -> u8 {
        self as u8
    }
}

/// What a message shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Text(Text),
    /// Something that happened in the chat and that people should read. Nobody said it.
    Note(Note),
    /// Nothing: it was deleted for everybody, or its time is over.
    Gone(Gone),
    /// Nothing: the one who looks has deleted it for themselves.
    HiddenForViewer,
    /// A kind that this version does not know. The message is there, and cannot be shown.
    Unsupported,
}

impl Body {
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.as_str()),
            Self::Note(_) | Self::Gone(_) | Self::HiddenForViewer | Self::Unsupported => None,
        }
    }
}

/// How a message ceased to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    pub at: At,
    pub by: GoneBy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoneBy {
    Participant {
        participant: ParticipantId,
        /// Whether it had reached another person, who is told that something was there.
        leaves_stub: bool,
    },
    /// It was said while messages were set to vanish.
    Clock,
}

/// When a message vanishes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vanishing {
    /// What will have passed by the house's own count.
    pub passed: u64,
    /// When that will be, as people are told.
    pub at: At,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    pub from: ParticipantId,
    pub emoji: Emoji,
}

/// So many people have reacted with this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReactionCount {
    pub emoji: Emoji,
    pub count: u32,
}

/// Its text was changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// How often.
    pub count: u32,
    /// When that was last.
    pub at: Option<At>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub seq: Seq,
    pub from: ParticipantId,
    /// Through which of the sender's devices; only they are told.
    pub device: DeviceTag,
    /// When it was committed.
    pub at: At,
    /// What had passed by then, by the house's own count.
    pub said: u64,
    /// A note has none: [`Self::NO_ID`].
    pub id: MessageId,
    pub body: Body,
    /// The message that it answers.
    pub reply_to: Option<Seq>,
    pub edits: Edits,
    pub vanishes: Option<Vanishing>,
    /// One a participant at most, in their order.
    pub reactions: Vec<Reaction>,
    /// How many reacted whom the viewer is not shown, and how.
    pub reaction_counts: Vec<ReactionCount>,
    /// Its last change; [`ChangeNumber::NONE`] while it is as it was said.
    pub changed: ChangeNumber,
}

impl Message {
    pub const NO_ID: MessageId = MessageId(0);

    /// As it is said, and stays if nothing happens to it.
    pub fn new(
        seq: Seq,
        (from, device): (ParticipantId, DeviceTag),
        at: At,
        id: MessageId,
        body: Body,
    ) -> Self {
        Self {
            seq,
            from,
            device,
            at,
            said: 0,
            id,
            body,
            reply_to: None,
            edits: Edits::default(),
            vanishes: None,
            reactions: Vec::new(),
            reaction_counts: Vec::new(),
            changed: ChangeNumber::NONE,
        }
    }

    pub fn is_note(&self) -> bool {
        matches!(self.body, Body::Note(_))
    }

    /// What a participant is shown of it who has deleted it for themselves, by that change.
    #[must_use]
    pub fn hidden(&self, number: ChangeNumber) -> Self {
        let from = (self.from, DeviceTag::UNKNOWN);
        let changed = self.changed.max(number);
        Self { changed, ..Self::new(self.seq, from, self.at, self.id, Body::HiddenForViewer) }
    }

    /// Whom it names, but for those who wrote it or took it away.
    pub fn names(&self) -> Vec<ParticipantId> {
        match self.body {
            Body::Note(note) => note.names().into_iter().chain([self.from]).collect(),
            _ => self.reactions.iter().map(|reaction| reaction.from).collect(),
        }
    }

    /// What a viewer is shown of it to whom some people are hidden: no note that names one of them, and of
    /// their reactions only how many there are.
    #[must_use]
    pub fn without(mut self, is_hidden: impl Fn(ParticipantId) -> bool) -> Self {
        if self.is_note() && self.names().into_iter().any(&is_hidden) {
            let from = (ParticipantId::NOBODY, DeviceTag::UNKNOWN);
            return Self::new(self.seq, from, self.at, Self::NO_ID, Body::HiddenForViewer);
        }
        for Reaction { emoji, .. } in self.reactions.extract_if(.., |reaction| is_hidden(reaction.from)) {
            match self.reaction_counts.iter_mut().find(|counted| counted.emoji == emoji) {
                Some(counted) => counted.count += 1,
                None => self.reaction_counts.push(ReactionCount { emoji, count: 1 }),
            }
        }
        self
    }

    /// What is left of it when its time is over: nobody reads it, however late it is removed.
    #[must_use]
    pub fn at_passed(mut self, passed: u64) -> Self {
        if let Some(vanishing) = self.vanishes.filter(|vanishing| vanishing.passed <= passed)
            && !matches!(self.body, Body::Gone(_))
        {
            self.body = Body::Gone(vanishing.gone());
            self.reactions.clear();
        }
        self
    }
}

impl Vanishing {
    pub fn gone(self) -> Gone {
        Gone { at: self.at, by: GoneBy::Clock }
    }
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
