//! What a participant is called.
//!
//! A [`Name`] exists only if it keeps the rules, and [`Names`] only if the people of one chat can be
//! told apart. Names are secrets of the chat: they are not printed and are wiped when dropped.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::Refusal;
use crate::limits::{CHAT_PARTICIPANTS, NAME_BYTES_MAX, NAME_CHARS_MAX};

/// One name: 1 to 40 characters after trimming, in Unicode's form NFC, without control characters,
/// bidirectional overrides (UAX #9) or characters that cannot be seen.
#[derive(Clone, PartialEq, Eq)]
pub struct Name(Zeroizing<String>);

impl Name {
    /// Checks and trims what somebody typed. Refused with [`Refusal::BadName`].
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        if typed.len() > NAME_BYTES_MAX {
            return Err(Refusal::BadName);
        }
        let name = Zeroizing::new(typed.trim().nfc().collect::<String>());
        let count = name.chars().count();
        if count == 0 || count > NAME_CHARS_MAX || name.chars().any(is_hidden) {
            return Err(Refusal::BadName);
        }
        if name.chars().all(is_joiner) {
            return Err(Refusal::BadName);
        }
        Ok(Self(name))
    }

    /// The name as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn folded(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_lowercase().nfc().collect())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(..)")
    }
}

/// The names of one chat, in the order of its participants; no two are equal without regard to case.
#[derive(Clone, Debug)]
pub struct Names(Vec<Name>);

impl Names {
    /// Checks the typed names. Refused with [`Refusal::BadName`], [`Refusal::SameName`] or, when there are
    /// not exactly [`CHAT_PARTICIPANTS`], [`Refusal::Malformed`].
    pub fn parse<S: AsRef<str>>(typed: &[S]) -> Result<Self, Refusal> {
        if typed.len() != CHAT_PARTICIPANTS {
            return Err(Refusal::Malformed(format!("a chat has {CHAT_PARTICIPANTS} names")));
        }
        let names = typed.iter().map(|name| Name::parse(name.as_ref())).collect::<Result<Vec<_>, _>>()?;
        let mut folded: Vec<_> = names.iter().map(Name::folded).collect();
        folded.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        if folded.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Refusal::SameName);
        }
        Ok(Self(names))
    }

    /// The names, in order.
    pub fn as_slice(&self) -> &[Name] {
        &self.0
    }
}

/// Control characters, direction overrides and isolates, and characters without a shape.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        || matches!(
            c,
            '\u{200B}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{3164}'
        )
        || matches!(c, '\u{E0000}'..='\u{E0FFF}' | '\u{00AD}' | '\u{115F}' | '\u{1160}' | '\u{FFA0}')
}

/// Marks that join or direct letters, which names of many scripts and emoji need, but which are no name
/// alone.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{FE0E}' | '\u{FE0F}')
        || c.is_whitespace()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_composed() {
        for (typed, expected) in [
            ("Anny", "Anny"),
            ("  Anny\u{A0}\n", "Anny"),
            ("Ame\u{301}lie", "Am\u{e9}lie"),
            ("A", "A"),
            ("\u{5d0}\u{5d1}", "\u{5d0}\u{5d1}"),
            ("Anny and Bo", "Anny and Bo"),
        ] {
            assert_eq!(Name::parse(typed).unwrap().as_str(), expected, "{typed:?}");
        }
        assert!(Name::parse(&"\u{1F600}".repeat(40)).is_ok());
    }

    #[test]
    fn a_name_that_cannot_be_shown_is_refused() {
        let long = "x".repeat(41);
        let huge = " ".repeat(600);
        for typed in
            ["", "   ", &long, &huge, "a\nb", "a\u{202E}b", "a\u{2067}b", "a\u{200B}b", "\u{200D}", "a\0"]
        {
            assert_eq!(Name::parse(typed).unwrap_err(), Refusal::BadName, "{typed:?}");
        }
    }

    #[test]
    fn two_people_are_told_apart_without_regard_to_case() {
        for (one, other) in [
            ("Anny", "anny"),
            ("\u{c9}va", "e\u{301}va"),
            ("\u{41f}\u{451}\u{442}\u{440}", "\u{43f}\u{401}\u{442}\u{440}"),
        ] {
            assert_eq!(Names::parse(&[one, other]).unwrap_err(), Refusal::SameName, "{one} {other}");
        }
        assert_eq!(Names::parse(&["Anny", "Abhi"]).unwrap().as_slice().len(), 2);
    }

    #[test]
    fn a_chat_has_two_names() {
        assert!(matches!(Names::parse(&["Anny"]), Err(Refusal::Malformed(_))));
        assert!(matches!(Names::parse(&["a", "b", "c"]), Err(Refusal::Malformed(_))));
    }

    #[test]
    fn a_name_is_not_printed() {
        assert_eq!(format!("{:?}", Name::parse("Anny").unwrap()), "Name(..)");
    }
}
