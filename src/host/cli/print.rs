//! The only places that write to the terminal, but for questions and the address of a house that opens.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use super::error::CliError;
use crate::http::qr;
use crate::protocol::admin;

/// What every command takes that prints an answer.
#[derive(Clone, Debug, clap::Args)]
pub struct Output {
    /// Print one line of JSON, for programs
    #[arg(long)]
    json: bool,
}

impl Output {
    pub fn print<T: Serialize>(&self, answer: &T, text: impl FnOnce(&T) -> String) -> Result<(), CliError> {
        say(&if self.json { admin::write(answer) } else { text(answer) })
    }
}

pub fn say(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// A sentence on standard error, or several where several things are wrong.
#[expect(clippy::print_stderr, reason = "the command line talks to a person")]
pub fn complain(error: &impl Display) {
    error.to_string().lines().for_each(|line| eprintln!("parlour: {line}"));
}

pub fn qr_code(link: &str) -> Option<String> {
    io::stdout().is_terminal().then(|| qr::terminal(link).ok())?
}
