//! The command line: words in, an exit code out.
//!
//! `main` calls [`run`] with the arguments and the environment. One file a command; so far there is one,
//! which
//! opens the house. The only room that prints.

mod serve;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::config::{Config, Flags};

/// Private chats for a household: one binary, two links, two codes.
///
/// Without a flag the house opens on port 8080 and keeps its chats in ~/.local/share/parlour.
#[derive(Parser)]
#[command(name = "parlour", version, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    flags: Flags,
}

/// The words or settings are wrong: the same code that clap uses.
const USAGE: u8 = 2;

/// Does what the arguments say. 0: done; 1: it failed; 2: the arguments or settings are wrong.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    match Config::read(&arguments.flags, variables) {
        Ok(config) => serve::run(config),
        Err(error) => {
            complain(&error);
            ExitCode::from(USAGE)
        }
    }
}

/// All that the command line understands: manual pages and completions are made of it.
pub fn command() -> clap::Command {
    Arguments::command()
}

fn usage(error: &clap::Error) -> ExitCode {
    // Where the terminal is gone there is nobody to tell.
    drop(error.print());
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(USAGE),
    }
}

/// One sentence on standard error.
#[expect(clippy::print_stderr, reason = "the command line talks to a person")]
fn complain(error: &impl std::fmt::Display) {
    eprintln!("parlour: {error}");
}
