//! The command line: words in, an exit code out.
//!
//! `main` calls [`run`] with the arguments and the environment. One file a command: without one the house is
//! opened. The only room that prints.

pub mod backup;
pub mod passphrase;
mod progress;
mod restore;
mod serve;
mod verify;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::config::{Config, Flags};

/// Private chats for a household: one binary, two links, two codes.
///
/// Without a flag the house opens on port 8080 and keeps its chats in ~/.local/share/parlour.
#[derive(Parser)]
#[command(name = "parlour", version, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Backup(backup::Backup),
    Restore(restore::Restore),
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
    match arguments.command {
        None => with(&arguments.flags, variables, serve::run),
        Some(Command::Backup(backup)) => match backup.other {
            Some(backup::Other::Verify(verify)) => told(verify.run()),
            None => told(Err("a house that is open cannot be reached by this version: only verify works")),
        },
        Some(Command::Restore(restore)) => {
            with(&restore.flags(), variables, |config| told(restore.run(&config.data)))
        }
    }
}

fn with(
    flags: &Flags,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
    run: impl FnOnce(Config) -> ExitCode,
) -> ExitCode {
    match Config::read(flags, variables) {
        Ok(config) => run(config),
        Err(error) => {
            complain(&error);
            ExitCode::from(USAGE)
        }
    }
}

/// What a command has to say, or why it did nothing.
fn told(done: Result<String, impl std::fmt::Display>) -> ExitCode {
    let printed = match done {
        Ok(text) => io::stdout().lock().write_all(text.as_bytes()),
        Err(error) => {
            complain(&error);
            return ExitCode::FAILURE;
        }
    };
    if printed.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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
