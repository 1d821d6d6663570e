//! Settings on the command line: accepted before a command and after it alike, with one meaning.
//!
//! Which of them a command can use is one table, [`used`]. What it cannot use is refused in a sentence and
//! never ignored: a house that is not meant must not be touched.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches};
use serde::de::DeserializeOwned;

use super::error::CliError;
use crate::host::admin;
use crate::host::config::{Access, Config, ConfigError, Effective, Flags, WrongSettings, flag};
use crate::protocol::admin::AdminRequest;

const SERVICE: &str = "/run/parlour/admin.sock";

/// The settings that say which house is meant.
const WHERE: [&str; 3] = ["config", "data", "admin_socket"];

/// The environment, as `main` hands it in.
pub type Variables = Vec<(OsString, OsString)>;

/// What was said of the settings, on the command line and in the environment.
pub struct Invocation {
    command: String,
    flags: Flags,
    variables: Variables,
}

/// The keys of the settings that a command can use; every one where there is no list.
fn used(command: &str) -> Option<&'static [&'static str]> {
    match command {
        // Opening a house, and looking at how one would open.
        "parlour" | "check-config" | "doctor" => None,
        "restore" => Some(&["config", "data"]),
        "verify" | "backup verify" => Some(&[]),
        _ => Some(&WHERE),
    }
}

/// The command line with the settings before and behind each command. Help shows only those that it can use.
pub fn on_every_command(command: clap::Command) -> clap::Command {
    let used = used(command.get_name());
    let is_shown = |flag: &Arg| used.is_none_or(|used| used.contains(&flag.get_id().as_str()));
    let flags = Flags::arguments().map(|flag| if is_shown(&flag) { flag } else { flag.hide(true) });
    command.args(flags).mut_subcommands(on_every_command)
}

impl Invocation {
    pub fn read(matches: &ArgMatches, variables: Variables) -> Result<Self, CliError> {
        let mut invocation = Self { command: "parlour".to_owned(), flags: Flags::of(matches), variables };
        let mut within = matches;
        while let Some((name, below)) = within.subcommand() {
            invocation = invocation.with(name, below)?;
            within = below;
        }
        invocation.check()
    }

    fn with(self, command: &str, below: &ArgMatches) -> Result<Self, CliError> {
        let command = match self.command.as_str() {
            "parlour" => command.to_owned(),
            above => format!("{above} {command}"),
        };
        let flags = self.flags.and(Flags::of(below)).map_err(|twice| {
            CliError::Usage(format!("{} is given twice: leave one of them out", flag(&twice)))
        })?;
        Ok(Self { command, flags, variables: self.variables })
    }

    fn check(self) -> Result<Self, CliError> {
        let Some(used) = used(&self.command) else { return Ok(self) };
        let Some(key) = self.flags.keys().find(|key| !used.contains(key)) else { return Ok(self) };
        let right = match used {
            [] => String::new(),
            used => format!(". It takes {}", used.iter().map(|key| flag(key)).collect::<Vec<_>>().join(", ")),
        };
        Err(CliError::Usage(format!("{} cannot use {}: leave it out{right}", self.command, flag(key))))
    }

    /// A flag that says more than which house is meant: a house that runs has its own settings.
    pub fn beyond_where(&self) -> Option<String> {
        self.flags.keys().find(|key| !WHERE.contains(key)).map(flag)
    }

    /// The settings of the house that is opened with these words.
    pub fn config(&self) -> Result<Config, WrongSettings> {
        Config::read(&self.flags, self.variables.iter().cloned())
    }

    pub fn variable(&self, name: &str) -> Option<String> {
        let found = self.variables.iter().find(|(variable, _)| variable == name);
        found.map(|(_, value)| value.to_string_lossy().into_owned())
    }

    /// The settings that a house with the same words would have.
    pub fn settings(&self) -> Result<Config, WrongSettings> {
        Ok(self.explained(Access::Look)?.0)
    }

    pub fn explained(&self, access: Access) -> Result<(Config, Vec<Effective>), WrongSettings> {
        Config::explain(&self.flags, self.variables.iter().cloned(), access)
    }

    pub fn ask<T: DeserializeOwned>(&self, request: &AdminRequest) -> Result<T, CliError> {
        Ok(admin::ask(&self.socket()?, request)?)
    }

    /// The service's where nobody names another house and there is a service.
    pub fn socket(&self) -> Result<PathBuf, CliError> {
        let keys: Vec<_> = self.flags.keys().collect();
        match self.explained(Access::Look) {
            Ok((config, _)) if config.may_be_service && has_service() => Ok(SERVICE.into()),
            Ok((config, effective)) => self.of_one_house(config, &effective),
            // Who names the socket needs neither a home nor a right to read the settings of the service.
            Err(wrong) if keys == ["admin_socket"] && wrong.each().all(is_not_known) => {
                Ok(self.flags.text("admin_socket").unwrap_or_default().into())
            }
            Err(wrong) if keys.is_empty() && wrong.each().all(is_no_home) && has_service() => {
                Ok(SERVICE.into())
            }
            Err(wrong) => Err(wrong.into()),
        }
    }

    /// A socket of the settings beside `--data` may be another house's, which is not to be touched.
    fn of_one_house(&self, config: Config, effective: &[Effective]) -> Result<PathBuf, CliError> {
        let is_doubtful = self.flags.text("data").is_some() && self.flags.text("admin_socket").is_none();
        let socket = effective.iter().find(|setting| setting.setting == "admin_socket");
        match socket.map(|socket| socket.from.as_str()) {
            Some(from) if is_doubtful && from != "default" => {
                let (data, socket) = (config.data.display(), config.admin_socket.display());
                Err(CliError::Usage(format!(
                    "--data means the house in {data}, but {from} names the socket {socket}, which may be \
                     another house's. Add --socket PATH to say which house is meant, or leave --data out"
                )))
            }
            _ => Ok(config.admin_socket),
        }
    }
}

fn is_no_home(error: &ConfigError) -> bool {
    matches!(error, ConfigError::NoData)
}

fn is_not_known(error: &ConfigError) -> bool {
    is_no_home(error) || matches!(error, ConfigError::Unreadable { .. })
}

/// Whether a service is there. Who may not look is told so when they ask it.
fn has_service() -> bool {
    Path::new(SERVICE).try_exists().unwrap_or(true)
}
