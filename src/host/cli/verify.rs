//! `parlour backup verify FILE`: whether a backup is whole and can be opened.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use super::passphrase::{NoPassphrase, ToldPassphrase, Typed};
use super::progress;
use crate::crypto::{UnsealError, Unsealing};
use crate::domain::At;
use crate::store::{BackupContents, UnpackError, verify};

/// Check that a backup is whole and can be opened
#[derive(Clone, Debug, clap::Args)]
pub struct Verify {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    passphrase: ToldPassphrase,

    /// Print one line of JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Why a backup is of no use.
#[derive(Debug, thiserror::Error)]
pub enum Useless {
    /// There is no passphrase.
    #[error(transparent)]
    Passphrase(#[from] NoPassphrase),
    /// The file is not there, or may not be read.
    #[error("{0} cannot be read: {1}")]
    Unreadable(PathBuf, #[source] io::Error),
    /// It does not open.
    #[error("{0}: {1}")]
    Sealed(PathBuf, #[source] UnsealError),
    /// It opens, and is not whole.
    #[error("{0}: {1}")]
    Damaged(PathBuf, #[source] UnpackError),
}

impl Verify {
    /// Reads all of it. What is to be printed.
    pub fn run(self) -> Result<String, Useless> {
        let input = open(&self.file, &self.passphrase, "Checking the backup")?;
        let contents = verify(input).map_err(|error| Useless::Damaged(self.file.clone(), error))?;
        Ok(if self.json { format!("{}\n", as_json(&contents)) } else { told(&contents) })
    }
}

/// The file of a backup.
pub fn readable(path: &Path) -> Result<File, Useless> {
    File::open(path).map_err(|error| Useless::Unreadable(path.to_owned(), error))
}

/// Opens a file with its passphrase, and shows how far it was read.
pub fn open(path: &Path, passphrase: &ToldPassphrase, what: &'static str) -> Result<impl Read, Useless> {
    let file = readable(path)?;
    let bytes = file.metadata().map_err(|error| Useless::Unreadable(path.to_owned(), error))?.len();
    let passphrase = passphrase.learn(Typed::Once)?;
    let input = progress::of(bytes, what).wrap_read(io::BufReader::new(file));
    Unsealing::begin(input, &passphrase).map_err(|error| Useless::Sealed(path.to_owned(), error))
}

/// What is in a backup, for programs.
pub fn as_json(contents: &BackupContents) -> Value {
    let BackupContents { at, version, incarnation, chats, messages, devices, ended } = contents;
    let incarnation = format!("{:016x}", incarnation.0);
    json!({
        "at": at.0, "version": version, "incarnation": incarnation,
        "chats": chats, "messages": messages, "devices": devices, "ended": ended,
    })
}

fn told(contents: &BackupContents) -> String {
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
