//! What the fields of a client's objects may hold: how each is read, and what a refusal says of it.
//!
//! [`client`](super::client) and [`rest`](super::rest) build their types of these. An error says what was
//! expected and nothing else; [`object`](super::object) puts the name of the field in front.

use std::fmt;

use serde::de::{Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::text::{IncarnationText, MessageIdText, ParticipantText, SeatText};
use crate::domain::{PrivacySettings, Signal};
use crate::limits::STATUS_TOKENS_MAX;

/// A text that may be a secret: it is not printed.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl AsRef<str> for Secret {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

macro_rules! spelled {
    ($($name:ident: $expected:literal,)*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str(Spelling { parse: Self::parse, expected: $expected })
            }
        }
    )*};
}

spelled! {
    SeatText: "a seat",
    ParticipantText: "a participant",
    MessageIdText: "32 lower-case hexadecimal digits, of which the last 16 are not all 0",
    IncarnationText: "16 lower-case hexadecimal digits",
}

/// Reads what has one spelling.
struct Spelling<T> {
    parse: fn(&str) -> Option<T>,
    expected: &'static str,
}

impl<T> Visitor<'_> for Spelling<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::custom(self.expected))
    }
}

/// A whole number within its bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Whole<const LEAST: u64, const MOST: u64>(pub u64);

impl<'de, const LEAST: u64, const MOST: u64> Deserialize<'de> for Whole<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_u64(Self(LEAST))
    }
}

impl<const LEAST: u64, const MOST: u64> Visitor<'_> for Whole<LEAST, MOST> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from {LEAST} to {MOST}")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self, E> {
        let is_within = (LEAST..=MOST).contains(&number);
        is_within.then_some(Self(number)).ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }
}

/// A list of texts, of which there are at most [`STATUS_TOKENS_MAX`].
#[derive(Debug, Default)]
pub struct List(pub Vec<Secret>);

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(Self::default())
    }
}

impl<'de> Visitor<'de> for List {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {STATUS_TOKENS_MAX} strings")
    }

    fn visit_seq<S: SeqAccess<'de>>(mut self, mut items: S) -> Result<Self, S::Error> {
        while let Some(item) = items.next_element()? {
            self.0.push(item);
        }
        if self.0.len() > STATUS_TOKENS_MAX {
            Err(S::Error::invalid_length(self.0.len(), &self))
        } else {
            Ok(self)
        }
    }
}

/// What a device does not tell, each signal at most once.
#[derive(Clone, Copy, Debug)]
pub struct Withholds(pub PrivacySettings);

impl Default for Withholds {
    fn default() -> Self {
        Self(PrivacySettings::NOTHING)
    }
}

impl<'de> Deserialize<'de> for Withholds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(Self::default())
    }
}

impl<'de> Visitor<'de> for Withholds {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        List::default().expecting(f)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, items: S) -> Result<Self, S::Error> {
        let List(words) = List::default().visit_seq(items)?;
        let mut signals = words.iter().map(|word| Signal::parse(word.as_ref()));
        let withheld = signals.try_fold(PrivacySettings::NOTHING, |withheld, signal| withheld.and(signal?));
        let expected = "a list of `typing`, `seen`, `here`, each at most once";
        withheld.map(Self).ok_or_else(|| S::Error::custom(expected))
    }
}

impl ToSchema for Withholds {}

impl PartialSchema for Withholds {
    fn schema() -> RefOr<Schema> {
        let words =
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some(Signal::ALL.map(Signal::word)));
        ArrayBuilder::new().items(words).max_items(Some(Signal::ALL.len())).unique_items(true).into()
    }
}
