//! How the house speaks HTTPS, and the files that systemd gives it for that.
//!
//! Nothing here looks into a file.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

/// The setting `tls`, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsWord {
    /// See [`Tls::Off`].
    Off,
    /// See [`Tls::Files`].
    Files,
    /// See [`Tls::SelfSigned`].
    SelfSigned,
}

/// Whether the house speaks HTTPS itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// It does not: at home without it, or behind a proxy that does.
    #[default]
    Off,
    /// With a certificate that somebody else renews.
    Files {
        /// The PEM file of the certificate, its own first, then those between it and the root.
        certificate: PathBuf,
        /// The PEM file of its key.
        key: PathBuf,
    },
    /// With certificates that the house makes for its own names and addresses.
    SelfSigned,
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
