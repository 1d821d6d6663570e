//! The name by which a house is found on its network.

use std::fmt;

use serde::{Serialize, Serializer};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mdns {
    Off,
    /// As this name with `.local`.
    Name(String),
}

impl Mdns {
    /// Reads `off` or one label of a host name; the error says what would be right.
    pub fn parse(word: &str) -> Result<Self, &'static str> {
        let is_label = (1..=63).contains(&word.len()) && !word.starts_with('-') && !word.ends_with('-');
        let is_plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        match word {
            "off" => Ok(Self::Off),
            name if is_label && is_plain => Ok(Self::Name(name.to_ascii_lowercase())),
            _ => Err("write a name of letters, digits and -, without dots, such as parlour for \
                      parlour.local, or off"),
        }
    }

    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Off => None,
            Self::Name(name) => Some(name),
        }
    }
}

impl fmt::Display for Mdns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name().unwrap_or("off"))
    }
}

impl Serialize for Mdns {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
