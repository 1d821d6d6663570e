//! What file, variables and flags said, before anybody asks what it means.
//!
//! The keys are a closed list: a key or variable that is not on it is refused here, with its place.
//! What is said later overrules what was said before, key by key.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::setting::Read;
use super::{ConfigError, Flags, Place, Said};

/// What every variable of the house begins with.
const PREFIX: &str = "PARLOUR_";
/// The variable that names the settings file; not a setting itself.
pub const CONFIG_VARIABLE: &str = "PARLOUR_CONFIG";

/// From where on a name is taken for a misspelt one: three letters of five are right, and two were left out,
/// put in or swapped. `tsl` is `tls`, and `foo` is not.
const ALIKE: f64 = 0.6;

/// Every setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Where to listen.
    Listen,
    /// Where the store is.
    Data,
    /// What links begin with.
    PublicUrl,
    /// Who may start a chat.
    MayStart,
    /// Whose forwarding fields are believed.
    TrustedProxies,
    /// The idle times on offer.
    IdleChoices,
    /// The idle time chosen when nobody chooses.
    IdleDefault,
    /// What is logged.
    LogLevel,
    /// How fast one seat may send.
    MessagesPerSecond,
    /// More names of the house.
    Names,
    /// Where the host's own way in is.
    AdminSocket,
    /// Where the figures are shown.
    MetricsListen,
    /// By which name the house is found.
    Mdns,
    /// Whether the house speaks HTTPS itself.
    Tls,
    /// Where its certificate is.
    TlsCertificate,
    /// Where the key of that is.
    TlsPrivate,
    /// Where plain HTTP is sent on to HTTPS.
    RedirectListen,
}

/// Whether a setting takes one word or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    One,
    List,
}

impl Key {
    /// Every setting, in the order of `parlour.example.toml`.
    pub const ALL: [Self; 17] = [
        Self::Listen,
        Self::Data,
        Self::PublicUrl,
        Self::MayStart,
        Self::TrustedProxies,
        Self::IdleChoices,
        Self::IdleDefault,
        Self::LogLevel,
        Self::MessagesPerSecond,
        Self::Names,
        Self::AdminSocket,
        Self::MetricsListen,
        Self::Mdns,
        Self::Tls,
        Self::TlsCertificate,
        Self::TlsPrivate,
        Self::RedirectListen,
    ];

    /// As it is written in the file; in upper case after `PARLOUR_` as a variable, with dashes as a flag.
    pub fn word(self) -> &'static str {
        match self {
            Self::Listen => "listen",
            Self::Data => "data",
            Self::PublicUrl => "public_url",
            Self::MayStart => "may_start",
            Self::TrustedProxies => "trusted_proxies",
            Self::IdleChoices => "idle_choices",
            Self::IdleDefault => "idle_default",
            Self::LogLevel => "log_level",
            Self::MessagesPerSecond => "messages_per_second",
            Self::Names => "names",
            Self::AdminSocket => "admin_socket",
            Self::MetricsListen => "metrics_listen",
            Self::Mdns => "mdns",
            Self::Tls => "tls",
            Self::TlsCertificate => "tls_certificate",
            Self::TlsPrivate => "tls_key",
            Self::RedirectListen => "redirect_listen",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.word() == word)
    }

    fn variable(self) -> String {
        format!("{PREFIX}{}", self.word().to_ascii_uppercase())
    }

    fn shape(self) -> Shape {
        match self {
            Self::Listen | Self::TrustedProxies | Self::IdleChoices | Self::Names | Self::RedirectListen => {
                Shape::List
            }
            Self::Data
            | Self::PublicUrl
            | Self::MayStart
            | Self::IdleDefault
            | Self::LogLevel
            | Self::MessagesPerSecond
            | Self::AdminSocket
            | Self::MetricsListen
            | Self::Mdns
            | Self::Tls
            | Self::TlsCertificate
            | Self::TlsPrivate => Shape::One,
        }
    }

    /// The words of a text: one, or those between the commas of a list.
    fn words(self, text: &str) -> Vec<String> {
        match self.shape() {
            Shape::One => vec![text.trim().to_owned()],
            Shape::List => {
                text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
            }
        }
    }
}

/// What was said, each setting at most once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raw(BTreeMap<Key, Said>);

impl Raw {
    /// The settings of a file, and what is wrong with them. `path` is only for the errors.
    pub fn from_toml(path: &Path, text: &str, wrong: &mut Vec<ConfigError>) -> Self {
        let mut raw = Self::default();
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let line = line(text, error.span().map_or(0, |span| span.start));
                let what = error.message().to_owned();
                wrong.push(ConfigError::Syntax { path: path.to_owned(), line, what });
                return raw;
            }
        };
        let path = Arc::new(path.to_owned());
        for (name, value) in table.get_ref() {
            let place = in_file(&path, line(text, name.span().start), name.get_ref());
            let Some(key) = Key::parse(name.get_ref()) else {
                wrong.push(unknown(name.get_ref(), place, |key| key.word().to_owned(), ""));
                continue;
            };
            match from_value(key, value.get_ref(), &place) {
                Ok(said) => drop(raw.0.insert(key, said)),
                Err(error) => wrong.push(error),
            }
        }
        raw
    }

    /// The settings of the environment. An empty variable says nothing, as if it were not there.
    pub fn from_variables(variables: &BTreeMap<OsString, OsString>, wrong: &mut Vec<ConfigError>) -> Self {
        let mut raw = Self::default();
        for (name, value) in variables {
            let name = name.to_string_lossy();
            if name.starts_with(PREFIX) && name != CONFIG_VARIABLE {
                wrong.extend(raw.take_variable(&name, value).err());
            }
        }
        raw
    }

    /// The settings of the command line.
    pub fn from_flags(flags: &Flags) -> Self {
        let mut raw = Self::default();
        let one = |flag: &Option<String>| flag.iter().cloned().collect::<Vec<_>>();
        raw.take_flag(Key::Listen, &flags.listen);
        raw.take_flag(Key::Data, &one(&flags.data));
        raw.take_flag(Key::PublicUrl, &one(&flags.public_url));
        raw.take_flag(Key::MayStart, &one(&flags.may_start));
        raw.take_flag(Key::TrustedProxies, &flags.trusted_proxies);
        raw.take_flag(Key::IdleChoices, &flags.idle_choices);
        raw.take_flag(Key::IdleDefault, &one(&flags.idle_default));
        raw.take_flag(Key::LogLevel, &one(&flags.log_level));
        raw.take_flag(Key::MessagesPerSecond, &one(&flags.messages_per_second));
        raw.take_flag(Key::Names, &flags.names);
        raw.take_flag(Key::AdminSocket, &one(&flags.admin_socket));
        raw.take_flag(Key::MetricsListen, &one(&flags.metrics_listen));
        raw.take_flag(Key::Mdns, &one(&flags.mdns));
        raw.take_flag(Key::Tls, &one(&flags.tls));
        raw.take_flag(Key::TlsCertificate, &one(&flags.tls_certificate));
        raw.take_flag(Key::TlsPrivate, &one(&flags.tls_key));
        raw.take_flag(Key::RedirectListen, &flags.redirect_listen);
        raw
    }

    /// What `later` says wins.
    pub fn overrule(&mut self, later: Self) {
        self.0.extend(later.0);
    }

    /// What `key` means, if anything was said about it.
    pub fn value<T>(&self, key: Key, parse: impl FnOnce(&Said) -> Read<T>) -> Read<Option<T>> {
        self.0.get(&key).map(parse).transpose()
    }

    /// Where it was said, if it was.
    pub fn place(&self, key: Key) -> Option<&Place> {
        self.0.get(&key).map(|said| &said.place)
    }

    /// The error for a setting that was said and does not go with another.
    pub fn wrong(&self, key: Key, right: &str) -> Option<ConfigError> {
        let said = self.0.get(&key).filter(|said| !said.words.is_empty());
        said.map(|said| said.wrong(said.words.join(","), right))
    }

    fn take_variable(&mut self, name: &str, value: &OsString) -> Result<(), ConfigError> {
        let place = Place::Variable(name.to_owned());
        let meant = Key::ALL.into_iter().find(|key| key.variable() == name);
        let key = meant.ok_or_else(|| unknown(name, place.clone(), Key::variable, PREFIX))?;
        let Some(text) = value.to_str() else {
            let said = Said { words: Vec::new(), place };
            return Err(said.wrong(value.to_string_lossy(), "write it in UTF-8"));
        };
        if !text.is_empty() {
            self.0.insert(key, Said { words: key.words(text), place });
        }
        Ok(())
    }

    fn take_flag(&mut self, key: Key, texts: &[String]) {
        if !texts.is_empty() {
            let words = texts.iter().flat_map(|text| key.words(text)).collect();
            self.0.insert(key, Said { words, place: Place::Flag(key.word().replace('_', "-")) });
        }
    }
}

fn from_value(key: Key, value: &DeValue<'_>, place: &Place) -> Result<Said, ConfigError> {
    let said = |words| Said { words, place: place.clone() };
    match (key.shape(), value) {
        (Shape::List, DeValue::Array(items)) => {
            let words = items.iter().map(|item| scalar(item.get_ref())).collect::<Option<_>>();
            words
                .map(said)
                .ok_or_else(|| said(Vec::new()).wrong("[...]", "write a list of texts, [\"...\", \"...\"]"))
        }
        (_, value) => match scalar(value) {
            Some(text) => Ok(said(key.words(&text))),
            None => Err(said(Vec::new()).wrong("...", "write one text in quotes, or a number")),
        },
    }
}

/// A text as it is, and a number or a truth as it was written: whether it fits is the setting's to say.
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

fn in_file(path: &Arc<PathBuf>, line: usize, key: &str) -> Place {
    Place::File { path: Arc::clone(path), line, key: key.to_owned() }
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// `prefix` is what every name begins with, and what tells none apart.
fn unknown(name: &str, place: Place, spelling: impl Fn(Key) -> String, prefix: &str) -> ConfigError {
    let spellings = Key::ALL.map(spelling);
    let bare = |word: &str| word.strip_prefix(prefix).unwrap_or(word).to_ascii_lowercase();
    let likeness = |spelling: &String| strsim::normalized_damerau_levenshtein(&bare(name), &bare(spelling));
    let near = spellings.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let right = match near.filter(|near| likeness(near) >= ALIKE) {
        Some(near) => format!("write {near}"),
        None => format!("there are {}", spellings.join(", ")),
    };
    ConfigError::Key { place, right }
}
