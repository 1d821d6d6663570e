//! What is wrong with an object that a client sent, told without anything of what it sent.
//!
//! serde's own errors quote the value that does not fit, and that may be a secret. [`object`](super::object)
//! makes these instead, and turns them into the refusal `malformed`.

use std::fmt;

use serde::de::{self, Expected, Unexpected};
use serde_json::error::Category;

use crate::domain::Refusal;

#[derive(Debug)]
pub enum Fault {
    /// A value is not what was expected; the name of its field is not known yet.
    Value(String),
    /// What is wrong, in words.
    Place(String),
    /// There is a field beside these.
    UnknownField(&'static [&'static str]),
    /// The variant that is named is none of these.
    UnknownVariant(&'static [&'static str]),
}

impl Fault {
    /// That a value of the field `name` is wrong. The name is one that a type has, and so no secret.
    pub fn of_field(self, name: &str) -> Self {
        match self {
            Self::Value(expected) => Self::Place(format!("`{name}` is not {expected}")),
            other => other,
        }
    }

    /// As a refusal. `also` are fields that the object may have beside those of its type.
    pub fn refusal(self, also: &[&str]) -> Refusal {
        Refusal::Malformed(match self {
            Self::Value(expected) => format!("it is not {expected}"),
            Self::Place(place) => place,
            Self::UnknownVariant(_) => "`type` is not the type of a frame".to_owned(),
            Self::UnknownField(known) => match [also, known].concat().join("`, `") {
                none if none.is_empty() => "this takes no fields".to_owned(),
                all => format!("there is a field beside `{all}`, which are all that this takes"),
            },
        })
    }
}

/// Where the JSON itself is wrong.
impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Place(match error.classify() {
            Category::Data => "it is not a JSON object".to_owned(),
            Category::Eof => "the JSON ends too early".to_owned(),
            Category::Syntax if is_half_a_character(&error) => {
                "it has half of a character (a surrogate alone): send whole ones".to_owned()
            }
            Category::Syntax | Category::Io => {
                format!("it is not JSON at line {}, column {}", error.line(), error.column())
            }
        })
    }
}

/// `\ud83d` without its other half, as old programs write an emoji that they cut in two.
fn is_half_a_character(error: &serde_json::Error) -> bool {
    let said = error.to_string();
    ["lone leading surrogate", "unexpected end of hex escape"].iter().any(|start| said.starts_with(start))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is not the object that was expected")
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(expected: T) -> Self {
        Self::Value(expected.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Value(expected.to_string())
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Value(expected.to_string())
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::Value(expected.to_string())
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self::UnknownVariant(known)
    }

    fn unknown_field(_: &str, known: &'static [&'static str]) -> Self {
        Self::UnknownField(known)
    }

    fn missing_field(name: &'static str) -> Self {
        Self::Place(format!("`{name}` is missing"))
    }
}
