//! The passphrase of a backup: from a file, or asked on the terminal without echo.
//!
//! Never an argument and never a variable: both can be read by every program of this machine. It stays in
//! this process; the house does not see it.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::CliError;
use crate::crypto::Passphrase;
use crate::limits::PASSPHRASE_BYTES_MAX;

/// Where the passphrase comes from.
#[derive(Clone, Debug, clap::Args)]
pub struct PassphraseArgs {
    /// Read the passphrase from the first line of this file, or of standard input if FILE is -
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// How often a person types it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// It is new: a typing error would make a backup that nobody can open.
    Twice,
    /// It is known: a typing error shows at once.
    Once,
}

impl PassphraseArgs {
    pub fn read(&self, typed: Prompt) -> Result<Passphrase, CliError> {
        match &self.passphrase_file {
            Some(path) => {
                let unreadable = |error| CliError::PassphraseUnreadable(path.clone(), error);
                parsed(&first_line(path).map_err(unreadable)?)
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

fn asked(typed: Prompt) -> Result<Passphrase, CliError> {
    let first = ask("Passphrase: ")?;
    // Refused before it is asked for again.
    let passphrase = parsed(&first)?;
    if typed == Prompt::Twice && *ask("Repeat it: ")? != *first {
        return Err(CliError::Usage("the passphrases do not match: try again".to_owned()));
    }
    Ok(passphrase)
}

fn parsed(text: &str) -> Result<Passphrase, CliError> {
    Passphrase::parse(text).map_err(|error| CliError::Usage(error.to_string()))
}

fn ask(words: &str) -> Result<Zeroizing<String>, CliError> {
    rpassword::prompt_password(words).map(Zeroizing::new).map_err(|error| {
        let why = "there is no terminal to ask for the passphrase on";
        CliError::Usage(format!("{why} ({error}): use --passphrase-file FILE"))
    })
}
