//! What a participant is called. A [`Name`] exists only if it keeps the rules, and [`Names`] only if the
//! people of one chat can be told apart. Names are secrets of the chat: they are not printed and are wiped
//! when dropped.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;
use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroizing;

use super::Refusal;
use super::unseen::is_ignorable;
use crate::limits::{GROUP_PEOPLE_MAX, NAME_BYTES_MAX, NAME_CHARS_MAX, NAME_MARKS_MAX, PAIR_PEOPLE};

/// One name: 1 to 40 characters as a person counts them (UAX #29), in Unicode's form NFC, with single spaces
/// between words and nothing in it that cannot be seen but what joins its letters or emoji.
#[derive(Clone, PartialEq, Eq)]
pub struct Name(Zeroizing<String>);

impl Name {
    /// Tidies what somebody typed or pasted. Refused with [`Refusal::BadName`].
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        if typed.len() > NAME_BYTES_MAX {
            return Err(Refusal::BadName { place: None });
        }
        let seen = seen(typed).ok_or(Refusal::BadName { place: None })?;
        let name = Zeroizing::new(seen.nfc().collect::<String>());
        let is_short = name.len() <= NAME_BYTES_MAX && name.graphemes(true).count() <= NAME_CHARS_MAX;
        if name.is_empty() || !is_short || is_tower(&name) {
            return Err(Refusal::BadName { place: None });
        }
        Ok(Self(name))
    }

    /// One that the house took earlier: what it would take now may be less.
    pub fn kept(name: &str) -> Self {
        Self(Zeroizing::new(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether people could take one for the other: as they are, or in capitals, or in small letters.
    pub fn looks_like(&self, other: &Self) -> bool {
        let small = |name: &Self| Zeroizing::new(name.0.to_lowercase());
        let skeletons = |one: &str, other: &str| skeleton(one).eq(skeleton(other));
        let drawn = |name: &Self| Zeroizing::new(skeleton(&name.0).collect::<String>().to_lowercase());
        skeletons(&small(self), &small(other)) || drawn(self) == drawn(other)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(..)")
    }
}

/// The names of one chat, in the order of its participants; no two look alike (UTS #39), whatever their case.
#[derive(Clone, Debug)]
pub struct Names(Vec<Name>);

impl Names {
    /// Checks the typed names of a pair. Refused with [`Refusal::BadName`], [`Refusal::SameName`] or, when
    /// there are not exactly [`PAIR_PEOPLE`], [`Refusal::Malformed`].
    pub fn parse<S: AsRef<str>>(typed: &[S]) -> Result<Self, Refusal> {
        if typed.len() != PAIR_PEOPLE {
            return Err(Refusal::Malformed(format!("a chat needs {PAIR_PEOPLE} names")));
        }
        Self::apart(typed)
    }

    /// The same for a group, which has up to [`GROUP_PEOPLE_MAX`].
    pub fn parse_group<S: AsRef<str>>(typed: &[S]) -> Result<Self, Refusal> {
        if !(PAIR_PEOPLE..=GROUP_PEOPLE_MAX).contains(&typed.len()) {
            let said = format!("a group needs {PAIR_PEOPLE} to {GROUP_PEOPLE_MAX} names");
            return Err(Refusal::Malformed(said));
        }
        Self::apart(typed)
    }

    fn apart<S: AsRef<str>>(typed: &[S]) -> Result<Self, Refusal> {
        let placed = typed.iter().zip(1..);
        let names = placed
            .map(|(name, place)| {
                Name::parse(name.as_ref()).map_err(|_| Refusal::BadName { place: Some(place) })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let is_taken = |at: usize, one: &Name| names[..at].iter().any(|other| one.looks_like(other));
        let taken = names.iter().enumerate().zip(1..).find(|((at, one), _)| is_taken(*at, one));
        if let Some((_, place)) = taken {
            return Err(Refusal::SameName { place: Some(place) });
        }
        Ok(Self(names))
    }

    pub fn as_slice(&self) -> &[Name] {
        &self.0
    }
}

/// What of it can be seen, with single spaces between words; none if a control character is in it.
fn seen(typed: &str) -> Option<Zeroizing<String>> {
    let mut seen = Zeroizing::new(String::with_capacity(typed.len() * 3));
    let mut is_apart = false;
    let mut rest = typed.nfc().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        if c.is_whitespace() || c == '\u{2800}' {
            is_apart = true;
        } else if c.is_control() {
            return None;
        } else if !is_ignorable(c) || (!is_apart && belongs(seen.chars().next_back(), c, next)) {
            if is_apart && !seen.is_empty() {
                seen.push(' ');
            }
            is_apart = false;
            seen.push(c);
        }
    }
    Some(seen)
}

/// Whether so many marks stand on one letter that they would be drawn over what is around it.
fn is_tower(name: &str) -> bool {
    let mut marks = name.split(|c| !is_combining_mark(c)).map(|run| run.chars().count());
    marks.any(|run| run > NAME_MARKS_MAX)
}

/// Whether an ignorable character changes how its neighbours are drawn: a joiner inside a word of another
/// script or inside an emoji, a variant of the sign before it, a tag of a flag.
fn belongs(before: Option<char>, c: char, next: char) -> bool {
    let is_selector = matches!(next, '\u{FE00}'..='\u{FE0F}');
    let is_inside = !next.is_whitespace() && !next.is_ascii() && (is_selector || !is_ignorable(next));
    let Some(before) = before else { return false };
    match c {
        '\u{E0020}'..='\u{E007F}' => matches!(before, '\u{1F3F4}' | '\u{E0020}'..='\u{E007F}'),
        '\u{200C}' | '\u{200D}' => !before.is_ascii() && is_inside,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180F}' => {
            !before.is_ascii() || (c == '\u{FE0F}' && next == '\u{20E3}')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The rows of a table in `tests/tables`.
    fn table<T: serde::de::DeserializeOwned>(text: &str) -> Vec<T> {
        let rows: Vec<T> = serde_json::from_str(text).unwrap();
        assert!(rows.len() >= 40);
        rows
    }

    #[test]
    fn a_name_is_what_can_be_seen_of_it() {
        let rows = table(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tables/names.json")));
        for (why, typed, shown) in rows {
            let (why, typed, shown): (String, String, Option<String>) = (why, typed, shown);
            let name = Name::parse(&typed).ok().map(|name| name.as_str().to_owned());
            assert_eq!(name, shown, "{why}: {typed:?}");
            if let Some(name) = shown {
                assert_eq!(Name::parse(&name).unwrap().as_str(), name, "{why}: what is tidy stays");
            }
        }
    }

    #[test]
    fn a_name_is_as_long_as_a_person_counts() {
        for (sign, count) in
            [("x", 40), ("\u{1F600}", 40), ("e\u{301}\u{323}", 40), ("\u{915}\u{94D}\u{937}", 40)]
        {
            assert!(Name::parse(&sign.repeat(count)).is_ok(), "{sign}");
            assert_eq!(Name::parse(&sign.repeat(count + 1)), Err(Refusal::BadName { place: None }), "{sign}");
        }
        let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}";
        assert!(Name::parse(&family.repeat(20)).is_ok());
        assert_eq!(Name::parse(&" ".repeat(NAME_BYTES_MAX + 1)), Err(Refusal::BadName { place: None }));
        assert_eq!(
            Name::parse(&format!("e{}", "\u{301}".repeat(NAME_BYTES_MAX))),
            Err(Refusal::BadName { place: None })
        );
    }

    #[test]
    fn two_names_that_look_alike_are_the_same() {
        let rows = table(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tables/two-names.json")));
        for (why, one, other, expected) in rows {
            let (why, one, other, expected): (String, String, String, String) = (why, one, other, expected);
            for names in [[&one, &other], [&other, &one]] {
                let found = Names::parse(&names).map_or_else(|refusal| refusal.code(), |_| "ok");
                assert_eq!(found, expected, "{why}: {names:?}");
            }
        }
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
