//! Why a command did not do what it was asked for, and the exit code that says so.

use std::io;
use std::path::PathBuf;

use crate::crypto::UnsealError;
use crate::host::admin::AdminError;
use crate::host::config::WrongSettings;
use crate::net::certificates::CertificateError;
use crate::store::{OpenError, RestoreError, UnpackError};

/// Each sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// Clap's own, with the usage; also where help or the version was asked for.
    #[error(transparent)]
    Arguments(#[from] clap::Error),
    #[error("{0}")]
    House(String),
    #[error(transparent)]
    Settings(#[from] WrongSettings),
    #[error(transparent)]
    Certificates(#[from] CertificateError),
    #[error(transparent)]
    Data(#[from] OpenError),
    #[error(transparent)]
    Admin(#[from] AdminError),
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
    #[error("what was typed cannot be read: {0}")]
    Input(#[source] io::Error),
    #[error("{0}")]
    Usage(String),
    #[error("the passphrase cannot be read from {0}: {1}")]
    PassphraseUnreadable(PathBuf, #[source] io::Error),
    #[error("{0} already exists: use --force to replace it, or name another file")]
    FileExists(PathBuf),
    #[error("{0} is no file: name one, or a new one")]
    NoFile(PathBuf),
    #[error("{0} cannot be written: {1}")]
    FileUnwritable(PathBuf, #[source] io::Error),
    #[error("{0} cannot be read: {1}")]
    FileUnreadable(PathBuf, #[source] io::Error),
    #[error("the house did not send all of it, and nothing was written: {0}")]
    BackupIncomplete(#[source] UnpackError),
    #[error("{0}: {1}")]
    BackupSealed(PathBuf, #[source] UnsealError),
    #[error("{0}: {1}")]
    BackupDamaged(PathBuf, #[source] UnpackError),
    #[error(transparent)]
    Restore(RestoreError),
    #[error("nothing was deleted")]
    NotAgreed,
    /// What was asked about is not as it should be, and that was printed.
    #[error("")]
    Found,
}

/// The arguments or settings are wrong: the same code that clap uses.
const USAGE: u8 = 2;
const FAILED: u8 = 1;

impl CliError {
    /// What the process says when it ends with this, whether this process or the house found it.
    pub fn exit_code(&self) -> u8 {
        match self {
            // Help was asked for.
            Self::Arguments(error) if !error.use_stderr() => 0,
            Self::Admin(AdminError::Refused(refusal)) if refusal.is_usage() => USAGE,
            Self::Arguments(_) | Self::Settings(_) | Self::Usage(_) => USAGE,
            Self::House(_)
            | Self::Certificates(_)
            | Self::Data(_)
            | Self::Admin(_)
            | Self::Output(_)
            | Self::PassphraseUnreadable(..)
            | Self::FileExists(_)
            | Self::Input(_)
            | Self::NoFile(_)
            | Self::FileUnwritable(..)
            | Self::FileUnreadable(..)
            | Self::BackupIncomplete(_)
            | Self::BackupSealed(..)
            | Self::BackupDamaged(..)
            | Self::Restore(_)
            | Self::NotAgreed
            | Self::Found => FAILED,
        }
    }
}
