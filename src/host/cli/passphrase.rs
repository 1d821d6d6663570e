//! The passphrase of a backup: from a file, or asked on the terminal without echo.
//!
//! Never an argument and never a variable: both can be read by every program of this machine. It stays in
//! this process; the house does not see it.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::crypto::{Passphrase, PassphraseError};
use crate::limits::PASSPHRASE_BYTES_MAX;

/// How the passphrase is told.
#[derive(Clone, Debug, clap::Args)]
pub struct ToldPassphrase {
    /// Read the passphrase from the first line of this file, or of standard input if FILE is -
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// Whether it is new, and must be typed twice, or known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A typing error would make the backup one that nobody can open.
    Twice,
    /// A typing error is told.
    Once,
}

/// Why there is no passphrase.
#[derive(Debug, thiserror::Error)]
pub enum NoPassphrase {
    /// The file cannot be read.
    #[error("the passphrase cannot be read from {0}: {1}")]
    Unreadable(PathBuf, #[source] io::Error),
    /// Nobody can be asked.
    #[error("there is no terminal to ask for the passphrase on ({0}): use --passphrase-file FILE")]
    NoTerminal(#[source] io::Error),
    /// What was typed first is not what was typed then.
    #[error("the passphrases do not match: try again")]
    Differ,
    /// It is not taken.
    #[error(transparent)]
    Refused(#[from] PassphraseError),
}

impl NoPassphrase {
    /// Whether what was typed is wrong, and not the file or the machine.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::NoTerminal(_) | Self::Differ | Self::Refused(_) => true,
            Self::Unreadable(..) => false,
        }
    }
}

impl ToldPassphrase {
    /// Reads or asks.
    pub fn learn(&self, typed: Typed) -> Result<Passphrase, NoPassphrase> {
        match &self.passphrase_file {
            Some(path) => {
                let unreadable = |error| NoPassphrase::Unreadable(path.clone(), error);
                Ok(Passphrase::parse(&first_line(path).map_err(unreadable)?)?)
            }
            None => asked(typed),
        }
    }
}

fn first_line(path: &Path) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    // With a line's end, and one more, by which a longer one is noticed.
    let most = PASSPHRASE_BYTES_MAX as u64 + 3;
    if path == Path::new("-") {
        io::stdin().lock().take(most).read_to_string(&mut text)?;
    } else {
        File::open(path)?.take(most).read_to_string(&mut text)?;
    }
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}

fn asked(typed: Typed) -> Result<Passphrase, NoPassphrase> {
    let first = ask("Passphrase: ")?;
    // Refused before it is asked for again.
    let passphrase = Passphrase::parse(&first)?;
    if typed == Typed::Twice && *ask("Repeat it: ")? != *first {
        return Err(NoPassphrase::Differ);
    }
    Ok(passphrase)
}

fn ask(words: &str) -> Result<Zeroizing<String>, NoPassphrase> {
    rpassword::prompt_password(words).map(Zeroizing::new).map_err(NoPassphrase::NoTerminal)
}
