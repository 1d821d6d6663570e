//! How the house speaks HTTPS, and the files that systemd gives it for that.
//!
//! Nothing here looks into a file.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::parse;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsWord {
    Off,
    Files,
    SelfSigned,
}

impl TlsWord {
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

/// Where systemd puts what it hands over (systemd.exec(5)), for each service; hardly anybody else may look.
const HANDED_OVER: &str = "/run/credentials";
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

    pub fn given(directory: &Path) -> Option<Self> {
        Some(Self::within(directory)).filter(|given| given.certificate.exists() && given.key.exists())
    }

    /// What the service is handed, for another command. Nobody else knows whether it is there.
    pub fn of_service() -> Self {
        Self::within(&Path::new(HANDED_OVER).join(SERVICE))
    }
}

pub fn is_handed(path: &Path) -> bool {
    path.starts_with(HANDED_OVER)
}
