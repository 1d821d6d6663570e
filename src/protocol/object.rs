//! One JSON object that a client sent, read once.
//!
//! [`client`](super::client) and [`rest`](super::rest) take its fields out one by one. Whatever it holds,
//! reading it is finished where that is possible, so that a refusal can name the frame that it belongs to.
//! What is wrong is told by the name of the field and never by what stood in it: that may be a secret.

use std::fmt;
use std::ops::Deref;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use zeroize::Zeroizing;

use crate::domain::{Refusal, Seq};
use crate::limits::{FIELDS_MAX, SEQ_MAX, STATUS_TOKENS_MAX};

/// A text out of a client's JSON, wiped when dropped where it had to be copied.
pub enum Words<'a> {
    Borrowed(&'a str),
    Owned(Zeroizing<String>),
}

impl Words<'_> {
    pub(super) fn into_owned(self) -> Zeroizing<String> {
        match self {
            Self::Borrowed(text) => Zeroizing::new(text.to_owned()),
            Self::Owned(text) => text,
        }
    }
}

impl Deref for Words<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Owned(text) => text,
        }
    }
}

/// What one field holds.
enum Value<'a> {
    Missing,
    Text(Words<'a>),
    Number(u64),
    Flag(bool),
    List(Vec<Words<'a>>),
    Other,
}

/// An object whose fields are among `names`, of which there are at most [`FIELDS_MAX`].
pub struct Object<'a> {
    names: &'static [&'static str],
    values: [Value<'a>; FIELDS_MAX],
    /// The first thing that was wrong with the object as such.
    fault: Option<Refusal>,
    unknown: bool,
}

impl<'a> Object<'a> {
    /// Reads `text`, whose size has been checked. Never fails: [`Object::check`] tells what was wrong.
    pub(super) fn read(text: &'a str, names: &'static [&'static str]) -> Self {
        let mut object =
            Self { names, values: [const { Value::Missing }; FIELDS_MAX], fault: None, unknown: false };
        let mut json = serde_json::Deserializer::from_str(text);
        let read = json.deserialize_map(Fields(&mut object)).and_then(|()| json.end());
        if let Err(error) = read {
            object.fault = Some(malformed(place(&error)));
        }
        object
    }

    /// Refused with [`Refusal::Malformed`] when it is not one object that has each field once and all of them
    /// in `allowed`.
    pub(super) fn check(&self, allowed: &[&str]) -> Result<(), Refusal> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let mut present =
            self.names.iter().zip(&self.values).filter(|(_, value)| !matches!(value, Value::Missing));
        if self.unknown || present.any(|(name, _)| !allowed.contains(name)) {
            return Err(malformed(known_fields(allowed)));
        }
        Ok(())
    }

    /// The text in `name`, if there is one; it stays where it is.
    pub(super) fn peek(&self, name: &str) -> Option<&str> {
        match &self.values[self.index(name)?] {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Takes the text out of `name`.
    pub(super) fn text(&mut self, name: &'static str) -> Result<Words<'a>, Refusal> {
        self.text_if_any(name)?.ok_or_else(|| missing(name))
    }

    /// Takes the text out of `name`, which may be left out.
    pub(super) fn text_if_any(&mut self, name: &'static str) -> Result<Option<Words<'a>>, Refusal> {
        match self.take(name) {
            Value::Missing => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            _ => Err(malformed(format!("`{name}` is not a string"))),
        }
    }

    /// Takes the list of texts out of `name`.
    pub(super) fn list(&mut self, name: &'static str) -> Result<Vec<Words<'a>>, Refusal> {
        self.list_if_any(name)?.ok_or_else(|| missing(name))
    }

    /// Takes the list of texts out of `name`, which may be left out.
    pub(super) fn list_if_any(&mut self, name: &'static str) -> Result<Option<Vec<Words<'a>>>, Refusal> {
        match self.take(name) {
            Value::Missing => Ok(None),
            Value::List(list) => Ok(Some(list)),
            _ => Err(malformed(format!("`{name}` is not a list of at most {STATUS_TOKENS_MAX} strings"))),
        }
    }

    /// Takes the position out of `name`, which is at least `least`.
    pub(super) fn seq(&mut self, name: &'static str, least: Seq) -> Result<Seq, Refusal> {
        self.seq_if_any(name, least)?.ok_or_else(|| missing(name))
    }

    /// Takes the position out of `name`, which may be left out.
    pub(super) fn seq_if_any(&mut self, name: &'static str, least: Seq) -> Result<Option<Seq>, Refusal> {
        Ok(self.number_if_any(name, least.0, SEQ_MAX)?.map(Seq))
    }

    /// Takes the number out of `name`, from 1 to `most`.
    pub(super) fn count(&mut self, name: &'static str, most: usize) -> Result<usize, Refusal> {
        let count = self.number_if_any(name, 1, most as u64)?.ok_or_else(|| missing(name))?;
        usize::try_from(count).map_err(|_| not_a_number(name, 1, most as u64))
    }

    /// Takes what is `true` or `false` out of `name`, which may be left out.
    pub(super) fn flag_if_any(&mut self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.take(name) {
            Value::Missing => Ok(None),
            Value::Flag(flag) => Ok(Some(flag)),
            _ => Err(malformed(format!("`{name}` is neither true nor false"))),
        }
    }

    fn number_if_any(&mut self, name: &'static str, least: u64, most: u64) -> Result<Option<u64>, Refusal> {
        match self.take(name) {
            Value::Missing => Ok(None),
            Value::Number(number) if (least..=most).contains(&number) => Ok(Some(number)),
            _ => Err(not_a_number(name, least, most)),
        }
    }

    fn take(&mut self, name: &str) -> Value<'a> {
        match self.index(name) {
            Some(index) => std::mem::replace(&mut self.values[index], Value::Missing),
            None => Value::Missing,
        }
    }

    fn place_of(&self, key: &Value<'_>) -> Option<usize> {
        match key {
            Value::Text(name) => self.index(name),
            _ => None,
        }
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.names.iter().take(FIELDS_MAX).position(|known| *known == name)
    }
}

/// A refusal that names the place.
pub(super) fn malformed(place: impl Into<String>) -> Refusal {
    Refusal::Malformed(place.into())
}

/// A number that is none, or out of its bounds.
pub(super) fn not_a_number(name: &str, least: u64, most: u64) -> Refusal {
    malformed(format!("`{name}` is not a whole number from {least} to {most}"))
}

fn missing(name: &str) -> Refusal {
    malformed(format!("`{name}` is missing"))
}

fn known_fields(allowed: &[&str]) -> String {
    match allowed {
        [] => "this takes no fields".to_owned(),
        _ => format!("there is a field beside `{}`, which are all that this takes", allowed.join("`, `")),
    }
}

/// Where the JSON is wrong. The words of serde's error are not used: they may show what the client sent.
fn place(error: &serde_json::Error) -> String {
    match error.classify() {
        Category::Data => "it is not a JSON object".to_owned(),
        Category::Eof => "the JSON ends too early".to_owned(),
        Category::Syntax if is_half_a_character(error) => {
            "it has half of a character (a surrogate alone): send whole ones".to_owned()
        }
        Category::Syntax | Category::Io => {
            format!("it is not JSON at line {}, column {}", error.line(), error.column())
        }
    }
}

/// `\ud83d` without its other half, as old programs write an emoji that they cut in two.
fn is_half_a_character(error: &serde_json::Error) -> bool {
    let said = error.to_string();
    ["lone leading surrogate", "unexpected end of hex escape"].iter().any(|start| said.starts_with(start))
}

struct Fields<'o, 'a>(&'o mut Object<'a>);

impl<'a> Visitor<'a> for Fields<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key_seed(Any)? {
            let Some(index) = self.0.place_of(&key) else {
                self.0.unknown = true;
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value = map.next_value_seed(Any)?;
            if !matches!(self.0.values[index], Value::Missing) {
                let fault = malformed(format!("`{}` appears twice", self.0.names[index]));
                self.0.fault.get_or_insert(fault);
            }
            self.0.values[index] = value;
        }
        Ok(())
    }
}

/// Reads whatever is there, and keeps it where it can be of use.
struct Any;

impl<'a> DeserializeSeed<'a> for Any {
    type Value = Value<'a>;

    fn deserialize<D: Deserializer<'a>>(self, from: D) -> Result<Value<'a>, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Any {
    type Value = Value<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Value<'a>, E> {
        Ok(Value::Text(Words::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'a>, E> {
        Ok(Value::Text(Words::Owned(Zeroizing::new(text.to_owned()))))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'a>, E> {
        Ok(Value::Number(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value<'a>, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value<'a>, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value<'a>, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_unit<E>(self) -> Result<Value<'a>, E> {
        Ok(Value::Other)
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut seq: S) -> Result<Value<'a>, S::Error> {
        let mut list = Vec::new();
        while let Some(entry) = seq.next_element_seed(Any)? {
            match entry {
                Value::Text(text) if list.len() < STATUS_TOKENS_MAX => list.push(text),
                _ => {
                    while seq.next_element::<IgnoredAny>()?.is_some() {}
                    return Ok(Value::Other);
                }
            }
        }
        Ok(Value::List(list))
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<Value<'a>, M::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }
}
