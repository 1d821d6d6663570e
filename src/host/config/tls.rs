//! How the house speaks HTTPS, and the files that systemd gives it for that.
//!
//! Nothing here looks into a file.

use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

use super::parse;

/// The setting `tls`, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsWord {
    Off,
    Files,
    SelfSigned,
}

impl TlsWord {
    /// Reads the word; the error says what would be right.
    pub fn parse(word: &str) -> Result<Self, String> {
        parse::one_of([Self::Off, Self::Files, Self::SelfSigned], Self::word, word)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Files => "files",
            Self::SelfSigned => "self-signed",
        }
    }
}

impl Serialize for TlsWord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// Where systemd puts what it hands over (systemd.exec(5)), for each service; hardly anybody else may look.
const HANDED_OVER: &str = "/run/credentials";
/// The service of the package.
const SERVICE: &str = "parlour.service";

/// A certificate and its key, as systemd hands them over.
pub struct Credentials {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Credentials {
    /// By the names that `LoadCredential=` must give them.
    fn within(directory: &Path) -> Self {
        Self { certificate: directory.join("tls-certificate"), key: directory.join("tls-key") }
    }

    /// In the directory that systemd has named, if they are there.
    pub fn given(directory: &Path) -> Option<Self> {
        Some(Self::within(directory)).filter(|given| given.certificate.exists() && given.key.exists())
    }

    /// What the service is handed, for a command that is not the service. Nobody else knows whether it is
    /// there.
    pub fn of_service() -> Self {
        Self::within(&Path::new(HANDED_OVER).join(SERVICE))
    }
}

/// Whether systemd hands this file over.
pub fn is_handed(path: &Path) -> bool {
    path.starts_with(HANDED_OVER)
}
