//! One JSON object that a client sent, as a deserializer for the types that derive [`Deserialize`].
//!
//! It is read in two passes, because `serde_json` alone cannot keep two promises. A refusal names the frame
//! that it belongs to, even where the JSON breaks off later: so the first pass only gathers fields. And a
//! refusal names the field that is wrong and never shows a value: so the second pass, in which the fields
//! become a type, has errors of its own. [`client`](super::client) and [`rest`](super::rest) call this.

use std::borrow::Cow;
use std::{fmt, iter, vec};

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserialize, Deserializer, IgnoredAny, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::fault::Fault;
use crate::domain::Refusal;
use crate::limits::OBJECT_FIELDS_MAX;

/// The field that says which variant of an enum an object is.
const TYPE: &str = "type";

/// An object as it was read. What comes after [`OBJECT_FIELDS_MAX`] fields is not kept: no type has as many,
/// so that one of those that are kept is unknown to it.
pub struct Object<'a> {
    fields: Vec<Field<'a>>,
    /// Why it is not one JSON object.
    fault: Option<Fault>,
}

struct Field<'a> {
    name: Cow<'a, str>,
    value: Value<'a>,
    is_twice: bool,
}

/// What one field holds, as far as any type has a use for it.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Value<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Number(u64),
    Flag(bool),
    List(Vec<String>),
    Other(IgnoredAny),
}

impl<'a> Object<'a> {
    /// Reads `text`, whose size has been checked. Never fails: what is wrong comes out when it is parsed.
    pub fn read(text: &'a str) -> Self {
        let mut fields = Vec::new();
        let mut json = serde_json::Deserializer::from_str(text);
        let read = json.deserialize_map(FirstPass(&mut fields)).and_then(|()| json.end());
        Self { fields, fault: read.err().map(Fault::from) }
    }

    pub fn number(&self, name: &str) -> Option<u64> {
        match self.fields.iter().find(|field| field.name == name)?.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        match &self.fields.iter().find(|field| field.name == name)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The object as a struct. Refused with [`Refusal::Malformed`].
    pub fn parse<T: Deserialize<'a>>(self) -> Result<T, Refusal> {
        let parsed = self.whole().and_then(|fields| T::deserialize(fields.into_deserializer()));
        parsed.map_err(|fault| fault.refusal(&[]))
    }

    /// The object as the variant of an enum that its `type` names. Refused with [`Refusal::Malformed`].
    pub fn parse_tagged<T: Deserialize<'a>>(self) -> Result<T, Refusal> {
        let parsed = self.whole().and_then(|Fields(mut fields)| {
            let tag = fields.iter().position(|field| field.name == TYPE);
            let tag = tag.ok_or_else(|| Fault::Place(format!("`{TYPE}` is missing")))?;
            variant(&String::deserialize(fields.swap_remove(tag))?, Fields(fields))
        });
        parsed.map_err(|fault| fault.refusal(&[TYPE]))
    }

    fn whole(self) -> Result<Fields<'a>, Fault> {
        self.fault.map_or(Ok(Fields(self.fields)), Err)
    }
}

/// The names of the variants of an enum, as serde knows them.
pub fn variants<T: for<'a> Deserialize<'a>>() -> &'static [&'static str] {
    match variant::<T>("", Fields(Vec::new())) {
        Err(Fault::UnknownVariant(known)) => known,
        _ => &[],
    }
}

fn variant<'a, T: Deserialize<'a>>(name: &str, fields: Fields<'a>) -> Result<T, Fault> {
    let map = MapDeserializer::new(iter::once((name, fields)));
    T::deserialize(MapAccessDeserializer::new(map))
}

/// Gathers fields; what was gathered before a fault stays.
struct FirstPass<'o, 'a>(&'o mut Vec<Field<'a>>);

impl<'a> Visitor<'a> for FirstPass<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some((FieldName(name), value)) = map.next_entry()? {
            if let Some(field) = self.0.iter_mut().find(|field| field.name == name) {
                (field.value, field.is_twice) = (value, true);
            } else if self.0.len() < OBJECT_FIELDS_MAX {
                self.0.push(Field { name, value, is_twice: false });
            }
        }
        Ok(())
    }
}

#[derive(serde::Deserialize)]
struct FieldName<'a>(#[serde(borrow)] Cow<'a, str>);

/// The fields of an object, for the second pass.
struct Fields<'a>(Vec<Field<'a>>);

impl<'a> IntoDeserializer<'a, Fault> for Fields<'a> {
    type Deserializer = MapDeserializer<'a, iter::Map<vec::IntoIter<Field<'a>>, Named<'a>>, Fault>;

    fn into_deserializer(self) -> Self::Deserializer {
        let named: Named<'a> = |field| (field.name.clone(), field);
        MapDeserializer::new(self.0.into_iter().map(named))
    }
}

type Named<'a> = fn(Field<'a>) -> (Cow<'a, str>, Field<'a>);

impl<'a> IntoDeserializer<'a, Fault> for Field<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Field<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.is_twice {
            return Err(Fault::Place(format!("`{}` appears twice", self.name)));
        }
        let visited = match self.value {
            Value::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Value::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Value::Number(number) => visitor.visit_u64(number),
            Value::Flag(flag) => visitor.visit_bool(flag),
            Value::List(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter())),
            Value::Other(_) => visitor.visit_unit(),
        };
        visited.map_err(|fault: Fault| fault.of_field(&self.name))
    }

    /// A field without a value is left out, never `null`.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
