//! How the commands ask the house that runs, and in which form they tell what it said.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::settings::Given;
use super::{Failure, say};
use crate::host::admin;
use crate::protocol::admin::Ask;

/// What every command that asks a house takes.
#[derive(Clone, Debug, clap::Args)]
pub struct Door {
    /// Print one line of JSON, for programs
    #[arg(long)]
    json: bool,
}

impl Door {
    /// Asks, and prints the answer: as JSON, or in the words of `told`.
    pub fn ask<T: Serialize + DeserializeOwned>(
        &self,
        given: &Given,
        ask: &Ask,
        told: impl FnOnce(&T) -> String,
    ) -> Result<T, Failure> {
        let answer: T = admin::ask(&given.socket()?, ask)?;
        self.tell(&answer, told)?;
        Ok(answer)
    }

    /// Prints an answer.
    pub fn tell<T: Serialize>(&self, answer: &T, told: impl FnOnce(&T) -> String) -> Result<(), Failure> {
        say(&if self.json { crate::protocol::admin::write(answer) } else { told(answer) })
    }
}
