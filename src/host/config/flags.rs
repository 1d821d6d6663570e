//! What the command line says of the settings. `cli` adds the flags to every command and collects them.
//!
//! They are text here: what they mean is read together with file and variables.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, ValueHint, value_parser};

use super::settings::{self, Config};

/// The flag that names the settings file; not a setting itself.
pub const CONFIG: &str = "config";

/// Settings on the command line, by their keys. They win over `PARLOUR_*` variables, and those over the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags(BTreeMap<String, Vec<OsString>>);

impl Flags {
    /// `--config` and every setting, as arguments that take any text.
    pub fn arguments() -> impl Iterator<Item = Arg> {
        let file = Arg::new(CONFIG).long(CONFIG).value_name("FILE").value_hint(ValueHint::FilePath);
        let file = file.help("Read settings from this file").help_heading("Settings");
        let all = Config::augment_args(Command::new("settings").arg(file));
        let texts = all.get_arguments().map(|flag| flag.clone().value_parser(value_parser!(OsString)));
        texts.collect::<Vec<_>>().into_iter()
    }

    /// What was said before the subcommand of `matches`, if it has one.
    pub fn of(matches: &ArgMatches) -> Self {
        let keys = std::iter::once(CONFIG).chain(settings::all().map(settings::key));
        let said = keys.filter(|key| matches.value_source(key) == Some(ValueSource::CommandLine));
        let texts = |key: &str| matches.get_many(key).into_iter().flatten().cloned().collect();
        Self(said.map(|key| (key.to_owned(), texts(key))).collect())
    }

    #[must_use]
    pub fn with(mut self, key: &str, text: impl Into<OsString>) -> Self {
        self.0.entry(key.to_owned()).or_default().push(text.into());
        self
    }

    /// The same with what was said after the command as well: lists go on. The error is the key of what can
    /// be said only once, and was said twice.
    pub fn and(mut self, after: Self) -> Result<Self, String> {
        for (key, texts) in after.0 {
            if self.0.contains_key(&key) && !takes_several(&key) {
                return Err(key);
            }
            self.0.entry(key).or_default().extend(texts);
        }
        Ok(self)
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn text(&self, key: &str) -> Option<&OsStr> {
        self.0.get(key)?.first().map(OsString::as_os_str)
    }

    /// What was said of the settings, without the file.
    pub(super) fn settings(&self) -> impl Iterator<Item = (&'static Arg, &[OsString])> {
        settings::all().filter_map(|setting| Some((setting, self.0.get(settings::key(setting))?.as_slice())))
    }
}

fn takes_several(key: &str) -> bool {
    settings::all().any(|flag| settings::key(flag) == key && matches!(flag.get_action(), ArgAction::Append))
}
