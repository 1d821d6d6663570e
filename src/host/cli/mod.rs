//! The command line: words in, an exit code out.
//!
//! `main` calls [`run`] with the arguments and the environment. One file a command: without one `main` has
//! the house opened, the others ask a house that runs, or look after a backup. The only room that prints.

pub mod backup;
mod banner;
mod chats;
mod check_config;
mod compact;
mod doctor;
mod end;
mod error;
mod invocation;
mod log_level;
mod metrics;
mod passphrase;
mod print;
mod progress;
mod restore;
mod start;
mod status;
mod verify;
mod words;

use std::ffi::OsString;
use std::fmt::Display;
use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

use crate::host::config::Config;
pub use banner::Banner;
use error::CliError;
pub use invocation::Invocation;
use invocation::Variables;
use print::{Output, complain};

/// Private chats for a household: one binary, two links, two codes.
///
/// Without a command, parlour runs the house on port 8080 and keeps its chats in ~/.local/share/parlour. The
/// commands talk to a house that is running on this machine. Settings may come before or after a command.
#[derive(Parser)]
#[command(name = "parlour", version, max_term_width = 100, subcommand_negates_reqs = true)]
#[command(after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Option<CliCommand>,
}

const EXIT_CODES: &str =
    "Exit codes: 0 done; 1 failed, or refused by the house; 2 wrong arguments or settings.";

#[derive(Subcommand)]
enum CliCommand {
    Start(start::Start),
    /// List the chats: ids, ages and sizes, never names or messages
    Chats(Output),
    End(end::End),
    /// Show status: version, chats, devices, memory, disk, last purge, last backup
    Status(Output),
    /// Find what does not work in this house, and how to fix each problem
    ///
    /// The exit code is 1 if there is anything but hints.
    Doctor(Output),
    Backup(backup::Backup),
    Restore(restore::Restore),
    /// Print metrics in the text format of Prometheus
    Metrics(Output),
    /// Rewrite the store without the remains of deleted chats; the house also does this by itself
    Compact(Output),
    LogLevel(log_level::LogLevel),
    /// Check the settings without starting anything: everything that is wrong, or each setting and its source
    CheckConfig(Output),
}

pub fn command() -> clap::Command {
    invocation::on_every_command(Arguments::command())
}

/// Keeps what is in memory to this process, before anything is there: no core is written when it crashes, and
/// nobody but root reads its memory or attaches to it (prctl(2), `PR_SET_DUMPABLE`). Where the kernel says
/// no, things are as they were.
pub fn keep_to_itself() {
    crate::host::admin::open_counters();
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Does what the arguments say; the exit code says how it went. Without a command, `open` opens the house.
pub fn run<E: Display>(
    arguments: impl IntoIterator<Item = OsString>,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
    open: impl FnOnce(Config, Invocation) -> Result<(), E>,
) -> ExitCode {
    match obey(arguments.into_iter().collect(), variables.into_iter().collect(), open) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn obey<E: Display>(
    arguments: Vec<OsString>,
    variables: Variables,
    open: impl FnOnce(Config, Invocation) -> Result<(), E>,
) -> Result<(), CliError> {
    let matches = command().try_get_matches_from(arguments)?;
    let Arguments { command } = Arguments::from_arg_matches(&matches)?;
    let invocation = Invocation::read(&matches, variables)?;
    let Some(command) = command else {
        return open(invocation.config()?, invocation).map_err(|error| CliError::House(error.to_string()));
    };
    match command {
        CliCommand::Start(start) => start.run(&invocation),
        CliCommand::Chats(output) => chats::run(&output, &invocation),
        CliCommand::End(end) => end.run(&invocation),
        CliCommand::Status(output) => status::run(&output, &invocation),
        CliCommand::Doctor(output) => doctor::run(&output, &invocation),
        CliCommand::Backup(backup) => backup.run(&invocation),
        CliCommand::Restore(restore) => restore.run(&invocation),
        CliCommand::Metrics(output) => metrics::run(&output, &invocation),
        CliCommand::Compact(output) => compact::run(&output, &invocation),
        CliCommand::LogLevel(level) => level.run(&invocation),
        CliCommand::CheckConfig(output) => check_config::run(&output, &invocation),
    }
}

fn failed(error: &CliError) -> ExitCode {
    match error {
        // Where the terminal is gone there is nobody to tell.
        CliError::Arguments(error) => drop(error.print()),
        CliError::Found => {}
        // The reader has closed the pipe: `parlour chats | head -1`.
        CliError::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        _ => complain(error),
    }
    ExitCode::from(error.exit_code())
}
