//! Why the house does not start with what it was told. Each sentence says where, and what to write instead.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::limits::SOCKET_PATH_BYTES_MAX;

/// All that is wrong with the settings: in the file, by its lines, then in the environment, then the flags.
#[derive(Debug)]
pub struct WrongSettings(Vec<ConfigError>);

impl WrongSettings {
    pub(super) fn of(mut wrong: Vec<ConfigError>) -> Result<(), Self> {
        // Nobody knows what a file says that cannot be read.
        if wrong.iter().any(ConfigError::is_of_whole_file) {
            wrong.retain(|error| !matches!(error, ConfigError::NoData | ConfigError::NoCertificate));
        }
        wrong.sort_by_key(ConfigError::order);
        if wrong.is_empty() { Ok(()) } else { Err(Self(wrong)) }
    }

    pub(crate) fn each(&self) -> impl Iterator<Item = &ConfigError> {
        self.0.iter()
    }
}

impl fmt::Display for WrongSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentences: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&sentences.join("\n"))
    }
}

impl std::error::Error for WrongSettings {}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// `by` is `--config` or `PARLOUR_CONFIG`.
    #[error(
        "{by} names {}, but there is no such file: write the path of one, or leave {by} out",
        .path.display()
    )]
    NoFile { path: PathBuf, by: &'static str },
    #[error("{}: {}", .path.display(), unreadable(.source))]
    Unreadable { path: PathBuf, source: io::Error },
    /// The settings file is not TOML. Lines count from 1.
    #[error("{}:{line}: {what}", .path.display())]
    Syntax { path: PathBuf, line: usize, what: String },
    #[error("{location} ...: there is no such setting; {right}")]
    Key { location: Location, right: String },
    #[error("{location} {word:?}: {right}")]
    Value { location: Location, word: String, right: String },
    #[error(
        "there is no place for the chats, because neither XDG_DATA_HOME nor HOME is set: write --data DIR"
    )]
    NoData,
    #[error(
        "tls = \"files\" needs a certificate and its key: write tls_certificate and tls_key, or give both to \
         the service with LoadCredential=tls-certificate:PATH and LoadCredential=tls-key:PATH"
    )]
    NoCertificate,
    /// The socket that nobody named, in a data directory with a long path.
    #[error(
        "{}: this path is too long for the admin socket: set admin_socket to a path of at most \
         {SOCKET_PATH_BYTES_MAX} bytes", .0.display()
    )]
    LongSocket(PathBuf),
}

fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "you may not read these settings: use sudo, or run this as the house's user".to_owned()
        }
        io::ErrorKind::IsADirectory => {
            "this is a directory: move it away, or name the settings file with --config".to_owned()
        }
        _ => format!("the settings cannot be read: {error}"),
    }
}

impl ConfigError {
    fn is_of_whole_file(&self) -> bool {
        matches!(self, Self::NoFile { .. } | Self::Unreadable { .. } | Self::Syntax { .. })
    }

    fn order(&self) -> (u8, usize) {
        match self {
            Self::NoFile { .. } | Self::Unreadable { .. } => (0, 0),
            Self::Syntax { line, .. } => (0, *line),
            Self::Key { location, .. } | Self::Value { location, .. } => location.order(),
            Self::NoData | Self::NoCertificate | Self::LongSocket(_) => (3, 0),
        }
    }

    /// `parlour.toml:3`, `PARLOUR_DATA` or `--data`, where it was said anywhere.
    pub fn location(&self) -> Option<String> {
        match self {
            Self::NoFile { path, .. } | Self::Unreadable { path, .. } => Some(path.display().to_string()),
            Self::Syntax { path, line, .. } => Some(format!("{}:{line}", path.display())),
            Self::Key { location, .. } | Self::Value { location, .. } => Some(location.short()),
            Self::NoData | Self::NoCertificate | Self::LongSocket(_) => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In a settings file; lines count from 1.
    File {
        path: Arc<PathBuf>,
        line: usize,
        key: String,
    },
    Variable(String),
    /// On the command line, as this flag with its dashes.
    Flag(String),
}

impl Location {
    /// The file by its lines, then the environment, then the command line.
    pub fn order(&self) -> (u8, usize) {
        match self {
            Self::File { line, .. } => (0, *line),
            Self::Variable(_) => (1, 0),
            Self::Flag(_) => (2, 0),
        }
    }

    pub fn is_in(&self, file: &Path) -> bool {
        matches!(self, Self::File { path, .. } if path.as_path() == file)
    }

    /// Without the key, where another word names the setting.
    pub fn short(&self) -> String {
        match self {
            Self::File { path, line, .. } => format!("{}:{line}", path.display()),
            Self::Variable(name) | Self::Flag(name) => name.clone(),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, key } => write!(f, "{}:{line}: {key} =", path.display()),
            Self::Variable(name) => write!(f, "{name} ="),
            Self::Flag(name) => f.write_str(name),
        }
    }
}
