//! The command line: words in, an exit code out.
//!
//! `main` calls [`run`] with the arguments and the environment. One file a command: without one the house is
//! opened, the others ask a house that runs, or look after a backup. The only room that prints.

pub mod backup;
mod chats;
mod check_config;
mod compact;
mod doctor;
mod door;
mod end;
pub mod greeting;
mod log_level;
mod metrics;
pub mod passphrase;
mod progress;
mod restore;
mod settings;
mod start;
mod status;
mod verify;
mod words;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

use crate::host::config::{Config, WrongSettings};
use settings::Given;

/// Private chats for a household: one binary, two links, two codes.
///
/// Without a command, parlour runs the house on port 8080 and keeps its chats in ~/.local/share/parlour. The
/// commands talk to a house that is running on this machine. Settings may come before or after a command.
#[derive(Parser)]
#[command(name = "parlour", version, max_term_width = 100, subcommand_negates_reqs = true)]
#[command(after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

const EXIT_CODES: &str =
    "Exit codes: 0 done; 1 failed, or refused by the house; 2 wrong arguments or settings.";

#[derive(Subcommand)]
enum Command {
    Start(start::Start),
    Chats(chats::Chats),
    End(end::End),
    Status(status::Status),
    Doctor(doctor::Doctor),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Metrics(metrics::Metrics),
    Compact(compact::Compact),
    LogLevel(log_level::LogLevel),
    CheckConfig(check_config::CheckConfig),
}

/// The environment, as `main` hands it in.
type Variables = Vec<(OsString, OsString)>;

/// Why a command did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// The settings are wrong.
    #[error(transparent)]
    Config(#[from] WrongSettings),
    /// The files of a certificate are wrong.
    #[error(transparent)]
    Certificates(#[from] crate::net::certificates::CertificateError),
    /// The house does not answer, or says no.
    #[error(transparent)]
    House(#[from] crate::host::admin::Trouble),
    /// Nobody reads what would be printed.
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
    /// A backup was not made.
    #[error(transparent)]
    Backup(#[from] backup::NotMade),
    /// A backup is of no use.
    #[error(transparent)]
    Verify(#[from] verify::Useless),
    /// A house was not restored.
    #[error(transparent)]
    Restore(#[from] restore::NotRestored),
    /// The words do not fit together.
    #[error("{0}")]
    Words(String),
    /// The answer to the question was not yes.
    #[error("nothing was deleted")]
    NotAgreed,
    /// What was asked about is not as it should be, and that was printed.
    #[error("")]
    Found,
}

/// The words or settings are wrong: the same code that clap uses.
const USAGE: u8 = 2;

/// The command line, for manual pages and completions.
pub fn command() -> clap::Command {
    settings::on_every_command(Arguments::command())
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

/// Reads the settings again.
pub type ReadAgain = Box<dyn Fn() -> Result<Config, WrongSettings> + Send>;

/// What is asked for without a command: that the house be opened.
pub struct Serve {
    /// The settings.
    pub config: Config,
    /// Reads them again, because somebody has changed them.
    pub read_again: ReadAgain,
    /// The names of the sockets that systemd hands over, `LISTEN_FDNAMES`.
    pub sockets: Option<String>,
}

/// Does what the arguments say; `serve` opens the house. 0: done; 1: it failed; 2: the arguments or settings
/// are wrong.
pub fn run<E: std::fmt::Display>(
    arguments: impl IntoIterator<Item = OsString>,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
    serve: impl FnOnce(Serve) -> Result<(), E>,
) -> ExitCode {
    let variables: Variables = variables.into_iter().collect();
    let matches = match command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return usage(&error),
    };
    let command = match Arguments::from_arg_matches(&matches) {
        Ok(Arguments { command, .. }) => command,
        Err(error) => return usage(&error),
    };
    let given = match Given::read(&matches, variables) {
        Ok(given) => given,
        Err(failure) => return failed(&failure),
    };
    match command {
        None => open(given, serve),
        Some(command) => {
            obey(command, &given).map_or_else(|failure| failed(&failure), |()| ExitCode::SUCCESS)
        }
    }
}

fn obey(command: Command, given: &Given) -> Result<(), Failure> {
    match command {
        Command::Start(start) => start.run(given),
        Command::Chats(chats) => chats.run(given),
        Command::End(end) => end.run(given),
        Command::Status(status) => status.run(given),
        Command::Doctor(doctor) => doctor.run(given),
        Command::Backup(backup) => backup.run(given),
        Command::Restore(restore) => say(&restore.run(&given.settings()?.data)?),
        Command::Metrics(metrics) => metrics.run(given),
        Command::Compact(compact) => compact.run(given),
        Command::LogLevel(level) => level.run(given),
        Command::CheckConfig(check) => check.run(given),
    }
}

fn open<E: std::fmt::Display>(
    Given { flags, variables, .. }: Given,
    serve: impl FnOnce(Serve) -> Result<(), E>,
) -> ExitCode {
    let sockets = variables.iter().find(|(name, _)| name == "LISTEN_FDNAMES");
    let sockets = sockets.map(|(_, names)| names.to_string_lossy().into_owned());
    let read_again: ReadAgain = Box::new(move || Config::read(&flags, variables.iter().cloned()));
    let config = match read_again() {
        Ok(config) => config,
        Err(error) => return failed(&error.into()),
    };
    match serve(Serve { config, read_again, sockets }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn failed(failure: &Failure) -> ExitCode {
    match failure {
        Failure::Found => return ExitCode::FAILURE,
        // Whoever reads has closed the pipe: `parlour chats | head -1`.
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        _ => complain(failure),
    }
    if is_usage(failure) { ExitCode::from(USAGE) } else { ExitCode::FAILURE }
}

/// Whether the words or settings are wrong, whoever found it: this process or the house.
fn is_usage(failure: &Failure) -> bool {
    use crate::host::admin::Trouble;
    match failure {
        Failure::Config(_) | Failure::Words(_) => true,
        Failure::House(Trouble::Refused(refused)) => refused.is_of_words(),
        Failure::Backup(backup::NotMade::Passphrase(missing))
        | Failure::Verify(verify::Useless::Passphrase(missing))
        | Failure::Restore(restore::NotRestored::File(verify::Useless::Passphrase(missing))) => {
            missing.is_usage()
        }
        _ => false,
    }
}

fn usage(error: &clap::Error) -> ExitCode {
    // Where the terminal is gone there is nobody to tell.
    drop(error.print());
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(USAGE),
    }
}

/// What a command has to say.
fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// A sentence on standard error, or several where several things are wrong.
#[expect(clippy::print_stderr, reason = "the command line talks to a person")]
fn complain(error: &impl std::fmt::Display) {
    error.to_string().lines().for_each(|line| eprintln!("parlour: {line}"));
}
