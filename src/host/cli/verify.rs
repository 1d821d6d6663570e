//! `parlour backup verify FILE`: whether a backup is whole and can be opened.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use super::error::CliError;
use super::passphrase::{PassphraseArgs, Prompt};
use super::print::Output;
use super::progress;
use crate::crypto::Unsealing;
use crate::domain::At;
use crate::store::{BackupContents, verify};

/// Check that a backup is whole and can be opened
#[derive(Clone, Debug, clap::Args)]
pub struct Verify {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    passphrase: PassphraseArgs,

    #[command(flatten)]
    output: Output,
}

impl Verify {
    pub fn run(self) -> Result<(), CliError> {
        let input = open(&self.file, &self.passphrase, "Checking the backup")?;
        let contents = verify(input).map_err(|error| CliError::BackupDamaged(self.file, error))?;
        self.output.print(&as_json(&contents), |_| text(&contents))
    }
}

pub fn readable(path: &Path) -> Result<File, CliError> {
    File::open(path).map_err(|error| CliError::FileUnreadable(path.to_owned(), error))
}

/// Opens a file with its passphrase, and shows how far it was read.
pub fn open(path: &Path, passphrase: &PassphraseArgs, what: &'static str) -> Result<impl Read, CliError> {
    let file = readable(path)?;
    let bytes = file.metadata().map_err(|error| CliError::FileUnreadable(path.to_owned(), error))?.len();
    let passphrase = passphrase.read(Prompt::Once)?;
    let input = progress::of(bytes, what).wrap_read(io::BufReader::new(file));
    Unsealing::begin(input, &passphrase).map_err(|error| CliError::BackupSealed(path.to_owned(), error))
}

pub fn as_json(contents: &BackupContents) -> Value {
    let BackupContents { at, version, incarnation, chats, messages, devices, ended } = contents;
    let incarnation = format!("{:016x}", incarnation.0);
    json!({
        "at": at.0, "version": version, "incarnation": incarnation,
        "chats": chats, "messages": messages, "devices": devices, "ended": ended,
    })
}

fn text(contents: &BackupContents) -> String {
    let BackupContents { at, version, incarnation, chats, messages, devices, ended } = contents;
    format!(
        "The backup is whole.\nmade         {} by parlour {version}\nincarnation  {:016x}\n\
         chats        {chats}\nmessages     {messages}\ndevices      {devices}\nended        {ended}\n",
        moment(*at),
        incarnation.0
    )
}

/// A moment, for people who may be anywhere.
pub fn moment(at: At) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000_000).ok();
    moment.and_then(|moment| moment.format(format).ok()).unwrap_or_else(|| at.0.to_string())
}
