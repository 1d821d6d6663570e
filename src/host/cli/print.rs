//! The only two places that write to the terminal, but for questions and the address of a house that opens.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use super::error::CliError;
use crate::http::qr;

/// The answer of a command, on standard output.
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

/// The QR code of a link, where a terminal shows it.
pub fn qr_code(link: &str) -> Option<String> {
    io::stdout().is_terminal().then(|| qr::terminal(link).ok())?
}
