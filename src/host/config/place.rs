//! Where something was said: what an error of this room begins with.
//!
//! `raw` makes these, `setting` reads the words, and [`super::ConfigError`] shows the place.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Where a setting was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a settings file; lines count from 1.
    File {
        /// The file.
        path: Arc<PathBuf>,
        /// The line.
        line: usize,
        /// The key on that line.
        key: String,
    },
    /// In a variable of the environment.
    Variable(String),
    /// On the command line; without the dashes.
    Flag(String),
}

impl Place {
    /// The file by its lines, then the environment, then the command line.
    pub(super) fn order(&self) -> (u8, usize) {
        match self {
            Self::File { line, .. } => (0, *line),
            Self::Variable(_) => (1, 0),
            Self::Flag(_) => (2, 0),
        }
    }

    /// Without the name of the setting, where another word names the place.
    pub fn short(&self) -> String {
        match self {
            Self::File { path, line, .. } => format!("{}:{line}", path.display()),
            Self::Variable(name) => name.clone(),
            Self::Flag(name) => format!("--{name}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, key } => write!(f, "{}:{line}: {key} =", path.display()),
            Self::Variable(name) => write!(f, "{name} ="),
            Self::Flag(name) => write!(f, "--{name}"),
        }
    }
}

/// Who named the settings file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// `--config`.
    ByFlag,
    /// `PARLOUR_CONFIG`.
    ByVariable,
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByFlag => "--config",
            Self::ByVariable => super::raw::CONFIG_VARIABLE,
        })
    }
}

/// What was said about one setting: one word, or several where the setting is a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The words, trimmed. A list may be empty.
    pub words: Vec<String>,
    /// Where.
    pub place: Place,
}

impl Said {
    /// The error that shows `word` at this place and says what is right.
    pub fn wrong(&self, word: impl Into<String>, right: impl Into<String>) -> super::ConfigError {
        super::ConfigError::Value { place: self.place.clone(), word: word.into(), right: right.into() }
    }
}
