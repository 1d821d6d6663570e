//! Why the house does not start with what it was told. Each sentence says where, and what to write instead.

use std::io;
use std::path::PathBuf;

use super::{Named, Place};

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The settings file that was named is not there.
    #[error(
        "{named} names {}, but there is no such file: write the path of one, or leave {named} out",
        .path.display()
    )]
    NoFile {
        /// The path as it was given.
        path: PathBuf,
        /// Who named it.
        named: Named,
    },
    /// The settings file is there, but cannot be read.
    #[error("{}: the settings cannot be read: {source}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The settings file is not TOML.
    #[error("{}:{line}: {what}", .path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        what: String,
    },
    /// There is no such setting.
    #[error("{place} ...: there is no such setting; {right}")]
    Key {
        /// Where.
        place: Place,
        /// What there is instead.
        right: String,
    },
    /// A setting has a value that it cannot have.
    #[error("{place} {word:?}: {right}")]
    Value {
        /// Where.
        place: Place,
        /// What was said.
        word: String,
        /// What would be right.
        right: String,
    },
    /// Nobody said where the store is, and there is no home directory to put it into.
    #[error("where are the chats to be kept? Neither XDG_DATA_HOME nor HOME is set: write --data DIR")]
    NoData,
    /// HTTPS from files, and nobody said which.
    #[error(
        "tls = \"files\" needs a certificate and its key: write tls_certificate and tls_key, or give both to \
         the service with LoadCredential=tls-certificate:PATH and LoadCredential=tls-key:PATH"
    )]
    NoCertificate,
}
