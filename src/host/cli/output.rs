//! In which form a command prints the answer of the house.

use serde::Serialize;

use super::error::CliError;
use super::print::say;
use crate::protocol::admin;

/// What every command takes that prints an answer.
#[derive(Clone, Debug, clap::Args)]
pub struct Output {
    /// Print one line of JSON, for programs
    #[arg(long)]
    json: bool,
}

impl Output {
    /// Prints JSON, or the words of `text`.
    pub fn print<T: Serialize>(&self, answer: &T, text: impl FnOnce(&T) -> String) -> Result<(), CliError> {
        say(&if self.json { admin::write(answer) } else { text(answer) })
    }
}
