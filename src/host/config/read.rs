//! From flags, variables and the file to a [`Config`], or to everything that is wrong.
//!
//! What was said is written as the flags that it means, and clap reads it: file, variable and flag have one
//! parser. Each word is read alone first, so that all that is wrong is told at once.

use std::collections::BTreeMap;
use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::mem;
use std::path::{Path, PathBuf};

use clap::{Arg, FromArgMatches, ValueHint};

use super::effective::{self, Effective};
use super::error::{ConfigError, Location, WrongSettings};
use super::flags::Flags;
use super::home::{Access, Home, SERVICE_DATA, SERVICE_FILE, SettingsFile};
use super::layers::{Layers, Said};
use super::settings::{self, Config, flag, key};
use crate::limits;

impl Config {
    /// Reads file, variables and flags: what is said later wins.
    ///
    /// `variables` is the environment; only `PARLOUR_*`, `HOME`, `XDG_CONFIG_HOME`, `XDG_DATA_HOME`,
    /// `RUNTIME_DIRECTORY` and `CREDENTIALS_DIRECTORY` are looked at. The file is the one that `--config` or
    /// `PARLOUR_CONFIG` names, else the first that exists of `$XDG_CONFIG_HOME/parlour/parlour.toml`
    /// (`~/.config` where that is not set) and `/etc/parlour/parlour.toml`.
    pub fn read(
        flags: &Flags,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, WrongSettings> {
        Ok(read(&Home::new(Access::Open, variables), flags)?.0)
    }

    /// The same for a command that opens no house, with what each setting comes to and where that was said.
    pub fn explain(
        flags: &Flags,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
        access: Access,
    ) -> Result<(Self, Vec<Effective>), WrongSettings> {
        let (config, layers) = read(&Home::new(access, variables), flags)?;
        let effective = effective::of(&config, &layers);
        Ok((config, effective))
    }
}

fn read(home: &Home, flags: &Flags) -> Result<(Config, Layers), WrongSettings> {
    let mut layers = Layers::default();
    let file = home.settings_file(flags);
    if let Some(file) = &file {
        match file.text() {
            Ok(text) => layers.take_file(&file.path, &text),
            Err(error) => layers.faults.push(error),
        }
    }
    layers.take_variables(&home.variables);
    layers.take_flags(flags);
    let mut config = complete(&mut layers, home);
    config.may_be_service = may_be_service(&config.data, &layers, file.as_ref());
    config.file = file.map(|file| file.path);
    WrongSettings::of(mem::take(&mut layers.faults))?;
    Ok((config, layers))
}

/// A setting that is wrong has its default in the result, which nobody sees: reading ends with the errors.
fn complete(layers: &mut Layers, home: &Home) -> Config {
    let doubtful = drop_wrong_words(layers);
    let mut config = from_words(layers, home);
    config.drop_repeated();
    let Layers { said, faults } = layers;
    faults.extend(config.choose_idle_default(said.get("idle_default")));
    if home.data().is_none() && !said.contains_key("data") && !doubtful.contains_key("data") {
        faults.push(ConfigError::NoData);
    }
    if config.admin_socket.as_os_str().len() > limits::SOCKET_PATH_BYTES_MAX {
        faults.push(ConfigError::LongSocket(config.admin_socket.clone()));
    }
    if ["tls", "tls_certificate", "tls_key"].iter().all(|key| !doubtful.contains_key(key)) {
        faults.extend(config.choose_tls(home.credentials(said.get("tls").map(|said| &said.location))));
    }
    let misfits = config.misfits(|key| !doubtful.contains_key(key));
    let said = |key: &str| said.get(key).or_else(|| doubtful.get(key)).filter(|said| !said.words.is_empty());
    faults.extend(misfits.filter_map(|(key, right)| Some(said(key)?.all_wrong(right))));
    config
}

fn drop_wrong_words(layers: &mut Layers) -> BTreeMap<&'static str, Said> {
    let mut doubtful = BTreeMap::new();
    for setting in settings::all() {
        let wrong = layers.said.get(key(setting)).map(|said| wrong_words(setting, said)).unwrap_or_default();
        if !wrong.is_empty() {
            layers.faults.extend(wrong);
            doubtful.extend(layers.said.remove_entry(key(setting)));
        }
    }
    doubtful
}

/// A list that has a default cannot be empty.
fn wrong_words(setting: &Arg, said: &Said) -> Vec<ConfigError> {
    let is_missing = said.words.is_empty() && !setting.get_default_values().is_empty();
    let words = said.words.iter().map(String::as_str).chain(is_missing.then_some(""));
    words.filter_map(|word| Some(said.wrong(word, what_is_right(setting, word, &said.location)?))).collect()
}

/// In a settings file a path must be absolute, because nobody knows where the house will be started.
fn what_is_right(setting: &Arg, word: &str, location: &Location) -> Option<String> {
    let read = settings::command().clone().try_get_matches_from([argument(key(setting), word)]);
    let is_path = matches!(setting.get_value_hint(), ValueHint::DirPath | ValueHint::FilePath);
    match read {
        Err(error) => Some(error.source().map_or_else(|| error.to_string(), ToString::to_string)),
        Ok(_) if is_path && matches!(location, Location::File { .. }) && !Path::new(word).is_absolute() => {
            Some("write a path that begins with /".to_owned())
        }
        Ok(_) => None,
    }
}

fn from_words(Layers { said, .. }: &Layers, home: &Home) -> Config {
    let own_data = || home.data().unwrap_or_else(|| ".".into());
    let data: PathBuf = said.get("data").map_or_else(own_data, |said| said.words.concat().into());
    let defaults = [("admin_socket", home.admin_socket(&data)), ("data", data)];
    let of_one =
        |(key, said): (&&str, &Said)| said.words.iter().map(|word| argument(key, word)).collect::<Vec<_>>();
    let mut arguments: Vec<_> = said.iter().flat_map(of_one).collect();
    let unsaid = defaults.into_iter().filter(|(key, _)| !said.contains_key(key));
    arguments.extend(unsaid.map(|(key, default)| argument(key, default)));
    let matches = settings::command().clone().try_get_matches_from(arguments);
    let config = matches.and_then(|matches| Config::from_arg_matches(&matches));
    config.expect("each word was read alone, and what nobody said has its default")
}

fn argument(key: &str, word: impl AsRef<OsStr>) -> OsString {
    let mut argument = OsString::from(flag(key));
    argument.push("=");
    argument.push(word);
    argument
}

/// A directory, a socket or a settings file that somebody names means another house than the service's.
fn may_be_service(data: &Path, Layers { said, .. }: &Layers, file: Option<&SettingsFile>) -> bool {
    let service = Path::new(SERVICE_FILE);
    let is_its_data = match said.get("data").map(|said| &said.location) {
        Some(location) if location.is_in(service) => true,
        Some(_) => data == Path::new(SERVICE_DATA),
        None => file.is_none_or(|file| file.named_by.is_none() || file.path == service),
    };
    is_its_data && !said.contains_key("admin_socket")
}
