//! What file, variables and flags said, before anybody asks what it means.
//!
//! Each of the three is a layer, and a later one wins, key by key. A key or variable that is no setting is
//! refused here, with its location.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::slice;
use std::sync::Arc;

use clap::{Arg, ArgAction};
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, Location};
use super::flags::Flags;
use super::settings::{self, flag, key};

const PREFIX: &str = "PARLOUR_";
/// The variable that names the settings file; not a setting itself.
pub const CONFIG_VARIABLE: &str = "PARLOUR_CONFIG";

/// From where on a name is taken for a misspelt one: three letters of five are right, and two were left out,
/// put in or swapped. `tsl` is `tls`, and `foo` is not.
const ALIKE: f64 = 0.6;

/// What was said so far, by the keys of the settings, and what is wrong with it. What is said later wins.
#[derive(Default)]
pub struct Layers {
    pub said: BTreeMap<&'static str, Said>,
    pub faults: Vec<ConfigError>,
}

/// What was said of one setting: one word, or any number where the setting is a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Without spaces around them.
    pub words: Vec<String>,
    pub location: Location,
}

impl Said {
    pub fn wrong(&self, word: impl Into<String>, right: impl Into<String>) -> ConfigError {
        wrong(self.location.clone(), word, right)
    }

    pub fn all_wrong(&self, right: &str) -> ConfigError {
        self.wrong(self.words.join(","), right)
    }
}

impl Layers {
    /// The settings of a file. `path` is only for the errors.
    pub fn take_file(&mut self, path: &Path, text: &str) {
        let line = |offset: usize| text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1;
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let (path, line) = (path.to_owned(), line(error.span().map_or(0, |span| span.start)));
                return self.faults.push(ConfigError::Syntax {
                    path,
                    line,
                    what: error.message().to_owned(),
                });
            }
        };
        let path = Arc::new(path.to_owned());
        for (name, value) in table.get_ref() {
            let (line, name) = (line(name.span().start), name.get_ref().as_ref());
            let location = Location::File { path: Arc::clone(&path), line, key: name.to_owned() };
            match settings::all().find(|setting| key(setting) == name) {
                Some(setting) => self.take(setting, of_value(setting, value.get_ref(), location)),
                None => self.faults.push(unknown(name, location, "", str::to_owned)),
            }
        }
    }

    /// The settings of the environment. An empty variable says nothing, as if it were not there.
    pub fn take_variables(&mut self, variables: &BTreeMap<OsString, OsString>) {
        for (name, text) in variables {
            let name = name.to_string_lossy();
            if !name.starts_with(PREFIX) || name == CONFIG_VARIABLE {
                continue;
            }
            let location = Location::Variable(name.clone().into_owned());
            match settings::all().find(|setting| variable(key(setting)) == name) {
                Some(_) if text.is_empty() => {}
                Some(setting) => self.take(setting, of_texts(setting, slice::from_ref(text), location)),
                None => self.faults.push(unknown(&name, location, PREFIX, variable)),
            }
        }
    }

    pub fn take_flags(&mut self, flags: &Flags) {
        for (setting, texts) in flags.settings() {
            self.take(setting, of_texts(setting, texts, Location::Flag(flag(key(setting)))));
        }
    }

    fn take(&mut self, setting: &'static Arg, said: Result<Said, ConfigError>) {
        match said {
            Ok(said) => drop(self.said.insert(key(setting), said)),
            Err(error) => self.faults.push(error),
        }
    }
}

fn wrong(location: Location, word: impl Into<String>, right: impl Into<String>) -> ConfigError {
    ConfigError::Value { location, word: word.into(), right: right.into() }
}

fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_ascii_uppercase())
}

/// A text is one word, or those between the commas of a list.
fn words(setting: &Arg, text: &str) -> Vec<String> {
    match setting.get_action() {
        ArgAction::Append => {
            text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        }
        _ => vec![text.trim().to_owned()],
    }
}

fn of_texts(setting: &Arg, texts: &[OsString], location: Location) -> Result<Said, ConfigError> {
    let utf8 = |text: &OsString| match text.to_str() {
        Some(text) => Ok(words(setting, text)),
        None => Err(wrong(location.clone(), text.to_string_lossy(), "write it in UTF-8")),
    };
    let words = texts.iter().map(utf8).collect::<Result<Vec<_>, _>>()?.concat();
    Ok(Said { words, location })
}

fn of_value(setting: &Arg, value: &DeValue<'_>, location: Location) -> Result<Said, ConfigError> {
    match (setting.get_action(), value) {
        (ArgAction::Append, DeValue::Array(items)) => {
            let words = items.iter().map(|item| scalar(item.get_ref())).collect::<Option<_>>();
            match words {
                Some(words) => Ok(Said { words, location }),
                None => Err(wrong(location, "[...]", "write a list of texts, [\"...\", \"...\"]")),
            }
        }
        (_, value) => match scalar(value) {
            Some(text) => Ok(Said { words: words(setting, &text), location }),
            None => Err(wrong(location, "...", "write one text in quotes, or a number")),
        },
    }
}

/// A text as it is, and a number or a truth as it was written: the setting says whether it fits.
fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.trim().to_owned()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(truth) => Some(truth.to_string()),
        DeValue::Datetime(time) => Some(time.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// `prefix` is what every name begins with, and what tells none apart.
fn unknown(name: &str, location: Location, prefix: &str, spelling: impl Fn(&str) -> String) -> ConfigError {
    let spellings: Vec<_> = settings::all().map(|setting| spelling(key(setting))).collect();
    let bare = |word: &str| word.strip_prefix(prefix).unwrap_or(word).to_ascii_lowercase();
    let likeness = |spelling: &String| strsim::normalized_damerau_levenshtein(&bare(name), &bare(spelling));
    let near = spellings.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let right = match near.filter(|near| likeness(near) >= ALIKE) {
        Some(near) => format!("write {near}"),
        None => format!("there are {}", spellings.join(", ")),
    };
    ConfigError::Key { location, right }
}
