//! Where a setting was said: what an error of this room begins with.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Where a setting was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a settings file; lines count from 1.
    File { path: Arc<PathBuf>, line: usize, key: String },
    /// In a variable of the environment, with this name.
    Variable(String),
    /// On the command line, as this flag with its dashes.
    Flag(String),
}

impl Place {
    /// The file by its lines, then the environment, then the command line.
    pub fn order(&self) -> (u8, usize) {
        match self {
            Self::File { line, .. } => (0, *line),
            Self::Variable(_) => (1, 0),
            Self::Flag(_) => (2, 0),
        }
    }

    /// Without the key, where another word names the setting.
    pub fn short(&self) -> String {
        match self {
            Self::File { path, line, .. } => format!("{}:{line}", path.display()),
            Self::Variable(name) | Self::Flag(name) => name.clone(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, key } => write!(f, "{}:{line}: {key} =", path.display()),
            Self::Variable(name) => write!(f, "{name} ="),
            Self::Flag(name) => f.write_str(name),
        }
    }
}
