//! Settings on the command line: accepted before a command and after it alike, with one meaning.
//!
//! Which of them a command can use is one table, [`used`]. What it cannot use is refused in a sentence and
//! never ignored: a house that is not meant must not be touched.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::builder::Resettable;
use clap::{ArgMatches, Args, FromArgMatches};

use super::{Failure, Variables};
use crate::host::config::{Config, ConfigError, Effective, Flags, WrongSettings};

/// Where the service has its socket.
const SERVICE: &str = "/run/parlour/admin.sock";

/// The settings that say which house is meant.
const WHERE: [&str; 3] = ["config", "data", "admin_socket"];

/// What was said of the settings, on the command line and in the environment.
pub struct Given {
    /// The command that will use them.
    command: String,
    /// The ids of the flags that were said.
    said: BTreeSet<String>,
    pub flags: Flags,
    pub variables: Variables,
}

/// The ids of the settings that a command can use; every one where there is no list.
fn used(command: &str) -> Option<&'static [&'static str]> {
    match command {
        // Opening a house, and looking at how one would open.
        "parlour" | "check-config" | "doctor" => None,
        "restore" => Some(&["config", "data"]),
        "verify" | "backup verify" => Some(&[]),
        _ => Some(&WHERE),
    }
}

/// The command line with the settings behind each command as well. Help shows only those that it can use.
pub fn behind_commands(command: clap::Command) -> clap::Command {
    command.mut_subcommands(|below| {
        let used = used(below.get_name());
        let ids = ids();
        let is_of_no_use = |id: &str| ids.contains(id) && used.is_some_and(|used| !used.contains(&id));
        // What the flags are as a group would take the place of what the command does.
        let (about, long) = (below.get_about().cloned(), below.get_long_about().cloned());
        let below = Flags::augment_args(below);
        let below = below.about(Resettable::from(about)).long_about(Resettable::from(long));
        behind_commands(below.mut_args(|argument| {
            let is_hidden = is_of_no_use(argument.get_id().as_str());
            if is_hidden { argument.hide(true) } else { argument }
        }))
    })
}

fn ids() -> BTreeSet<String> {
    let flags = Flags::augment_args(clap::Command::new("parlour"));
    flags.get_arguments().map(|argument| argument.get_id().to_string()).collect()
}

fn flag(id: &str) -> String {
    format!("--{}", id.replace('_', "-"))
}

impl Given {
    /// Reads what was said before the command and behind it.
    pub fn read(matches: &ArgMatches, variables: Variables) -> Result<Self, Failure> {
        let mut given =
            Self { command: "parlour".to_owned(), said: said(matches), flags: flags(matches)?, variables };
        let mut within = matches;
        while let Some((name, below)) = within.subcommand() {
            given = given.with(name, below)?;
            within = below;
        }
        given.check()
    }

    fn with(self, command: &str, below: &ArgMatches) -> Result<Self, Failure> {
        let (before, after) = (self.said, said(below));
        let twice = before.intersection(&after).find(|id| !takes_several(id));
        if let Some(id) = twice {
            let flag = flag(id);
            return Err(Failure::Words(format!("{flag} is given twice: leave one of them out")));
        }
        let command = match self.command.as_str() {
            "parlour" => command.to_owned(),
            above => format!("{above} {command}"),
        };
        Ok(Self {
            command,
            said: before.union(&after).cloned().collect(),
            flags: self.flags.and(flags(below)?),
            variables: self.variables,
        })
    }

    fn check(self) -> Result<Self, Failure> {
        let Some(used) = used(&self.command) else { return Ok(self) };
        let Some(id) = self.said.iter().find(|id| !used.contains(&id.as_str())) else { return Ok(self) };
        let right = match used {
            [] => String::new(),
            used => format!(". It takes {}", used.iter().map(|id| flag(id)).collect::<Vec<_>>().join(", ")),
        };
        let (command, flag) = (&self.command, flag(id));
        Err(Failure::Words(format!("{command} cannot use {flag}: leave it out{right}")))
    }

    /// A flag that says more than which house is meant: a house that runs has its own settings.
    pub fn beyond_where(&self) -> Option<String> {
        self.said.iter().find(|id| !WHERE.contains(&id.as_str())).map(|id| flag(id))
    }

    /// The settings that a house with the same words would have.
    pub fn settings(&self) -> Result<Config, WrongSettings> {
        Config::look(&self.flags, self.variables.iter().cloned())
    }

    /// The same, with what each comes to and where it was said.
    pub fn explained(&self) -> Result<(Config, Vec<Effective>), WrongSettings> {
        Config::explain(&self.flags, self.variables.iter().cloned())
    }

    /// The socket of the house that is meant: that of the service where nobody says another house and there
    /// is one.
    pub fn socket(&self) -> Result<PathBuf, WrongSettings> {
        match self.settings() {
            Ok(config) if config.admin_socket.is_none() && config.may_be_service && has_service() => {
                Ok(SERVICE.into())
            }
            Ok(config) => Ok(config.admin_socket()),
            // Who names the socket needs neither a home nor a right to read the settings of the service.
            Err(wrong) if self.names_only_a_socket() && wrong.each().all(is_not_known) => {
                Ok(self.flags.admin_socket.clone().unwrap_or_default().into())
            }
            Err(wrong) if self.said.is_empty() && wrong.each().all(is_no_home) && has_service() => {
                Ok(SERVICE.into())
            }
            Err(wrong) => Err(wrong),
        }
    }

    fn names_only_a_socket(&self) -> bool {
        self.said.iter().map(String::as_str).eq(["admin_socket"])
    }
}

fn flags(matches: &ArgMatches) -> Result<Flags, Failure> {
    Flags::from_arg_matches(matches).map_err(|error| Failure::Words(error.to_string()))
}

fn said(matches: &ArgMatches) -> BTreeSet<String> {
    let ids = ids();
    matches.ids().map(ToString::to_string).filter(|id| ids.contains(id)).collect()
}

fn takes_several(id: &str) -> bool {
    let flags = Flags::augment_args(clap::Command::new("parlour"));
    let mut arguments = flags.get_arguments();
    arguments
        .any(|argument| argument.get_id() == id && matches!(argument.get_action(), clap::ArgAction::Append))
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
