//! The emoji of a reaction. A secret of the chat, as text is: it is not printed and is wiped when dropped.

use std::fmt;

use unicode_properties::{EmojiStatus, UnicodeEmoji};
use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroizing;

use super::Refusal;
use crate::limits::EMOJI_BYTES_MAX;

/// Asks for the colourful form of the character before it (UTS #51, section 1.4.3).
const EMOJI_STYLE: char = '\u{FE0F}';
/// What makes a key of a digit, `#` or `*`.
const KEYCAP: char = '\u{20E3}';
const JOINER: char = '\u{200D}';

/// One emoji: a single character as a person counts them (UAX #29), of any kind that Unicode has.
#[derive(Clone, PartialEq, Eq)]
pub struct Emoji(Zeroizing<String>);

impl Emoji {
    /// Refused with [`Refusal::NotAnEmoji`]. A heart that was typed in its plain form is the same as the
    /// colourful one.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let is_one = typed.len() <= EMOJI_BYTES_MAX && typed.graphemes(true).count() == 1;
        if !is_one || !typed.chars().all(is_part) {
            return Err(Refusal::NotAnEmoji);
        }
        let mut chars = typed.chars();
        let (first, rest) = (chars.next().ok_or(Refusal::NotAnEmoji)?, chars.as_str());
        if is_colourful(first) || rest.contains([EMOJI_STYLE, KEYCAP]) {
            return Ok(Self::kept(typed.to_owned()));
        }
        if rest.is_empty() && !first.is_ascii() && first.is_emoji_char() {
            return Ok(Self::kept([first, EMOJI_STYLE].iter().collect()));
        }
        Err(Refusal::NotAnEmoji)
    }

    /// One that the house took earlier: what it would take now may be less.
    pub fn kept(emoji: String) -> Self {
        Self(Zeroizing::new(emoji))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Emoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Emoji(..)")
    }
}

fn is_part(c: char) -> bool {
    c.is_emoji_char_or_emoji_component() || matches!(c, EMOJI_STYLE | KEYCAP | JOINER)
}

/// Whether it is shown as an emoji without being asked.
fn is_colourful(c: char) -> bool {
    matches!(
        c.emoji_status(),
        EmojiStatus::EmojiPresentation
            | EmojiStatus::EmojiPresentationAndModifierBase
            | EmojiStatus::EmojiPresentationAndEmojiComponent
            | EmojiStatus::EmojiPresentationAndModifierAndEmojiComponent
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_of_any_kind_is_taken() {
        for typed in [
            "\u{1F44D}",
            "\u{1F44D}\u{1F3FD}",
            "\u{2764}\u{FE0F}",
            "\u{1F1E9}\u{1F1EA}",
            "3\u{FE0F}\u{20E3}",
            "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}",
            "\u{1F469}\u{1F3FD}\u{200D}\u{2764}\u{FE0F}\u{200D}\u{1F48B}\u{200D}\u{1F468}\u{1F3FF}",
            "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        ] {
            assert_eq!(Emoji::parse(typed).as_ref().map(Emoji::as_str), Ok(typed), "{typed:?}");
        }
        assert_eq!(Emoji::parse("\u{2764}"), Emoji::parse("\u{2764}\u{FE0F}"), "a plain heart");
    }

    #[test]
    fn every_emoji_that_the_page_offers_is_taken_as_it_is() {
        let list = include_str!("../../assets/emoji/en.json");
        let offered = list.lines().filter_map(|line| line.strip_prefix("      \"")?.split('"').next());
        let all: Vec<_> = offered.collect();
        assert!(all.len() > 200, "{}", all.len());
        for emoji in all {
            assert_eq!(Emoji::parse(emoji).as_ref().map(Emoji::as_str), Ok(emoji), "{emoji:?}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for typed in [
            "",
            " ",
            "a",
            "1",
            "#",
            "\u{FE0F}",
            "\u{200D}",
            "\u{E0067}",
            "a\u{FE0F}",
            "\u{1F44D}\u{1F44D}",
            "\u{1F44D} ",
            "\u{1F44D}a",
            "ok",
            "\u{1F44D}\u{200D}\u{1F44D}\u{200D}\u{1F44D}\u{200D}\u{1F44D}\u{200D}\u{1F44D}\u{200D}\
             \u{1F44D}\u{200D}\u{1F44D}\u{200D}\u{1F44D}",
        ] {
            assert_eq!(Emoji::parse(typed), Err(Refusal::NotAnEmoji), "{typed:?}");
        }
    }
}
