//! How the commands reach the house that runs, and in which form they tell what it said.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Failure, Variables, say};
use crate::admin;
use crate::config::{Config, ConfigError, Flags};
use crate::wire::admin::Ask;

/// Where the service has its socket.
const SERVICE: &str = "/run/parlour/admin.sock";

/// What every command that asks a house takes.
#[derive(Clone, Debug, clap::Args)]
pub struct Door {
    /// Ask the house whose admin socket this is
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,

    /// Ask the house that has its data in this directory
    #[arg(long, value_name = "DIR")]
    data: Option<String>,

    /// Read from this settings file where the house is
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Tell it as JSON, for programs
    #[arg(long)]
    json: bool,
}

impl Door {
    /// Asks, and prints the answer: as JSON, or in the words of `told`.
    pub fn ask<T: Serialize + DeserializeOwned>(
        &self,
        variables: Variables,
        ask: &Ask,
        told: impl FnOnce(&T) -> String,
    ) -> Result<T, Failure> {
        let answer: T = admin::ask(&self.socket(variables)?, ask)?;
        self.tell(&answer, told)?;
        Ok(answer)
    }

    /// Prints an answer.
    pub fn tell<T: Serialize>(&self, answer: &T, told: impl FnOnce(&T) -> String) -> Result<(), Failure> {
        say(&if self.json { crate::wire::admin::write(answer) } else { told(answer) })
    }

    /// The settings that a house with the same words would have.
    pub fn settings(&self, variables: Variables) -> Result<Config, Failure> {
        let flags = Flags { data: self.data.clone(), config: self.config.clone(), ..Flags::default() };
        Ok(Config::look(&flags, variables)?)
    }

    /// The socket that was named, else that of the service where there is one, else that of the settings.
    pub fn socket(&self, variables: Variables) -> Result<PathBuf, Failure> {
        if let Some(socket) = &self.socket {
            return Ok(socket.clone());
        }
        let is_service = self.data.is_none() && has_service();
        match self.settings(variables) {
            Ok(config) if is_service && config.admin_socket.is_none() => Ok(SERVICE.into()),
            Err(Failure::Config(ConfigError::NoData)) if is_service => Ok(SERVICE.into()),
            settings => Ok(settings?.admin_socket()),
        }
    }
}

/// Whether a service is there. Who may not look is told so when they ask it.
fn has_service() -> bool {
    Path::new(SERVICE).try_exists().unwrap_or(true)
}
