//! How the house speaks HTTPS: what the four settings about it mean together.
//!
//! [`super::Config`] calls it once. It looks whether a credential is there, and never into a file.

use std::path::{Path, PathBuf};

use super::ConfigError;
use super::raw::{Key, Raw};
use super::setting::{self, Read, TlsWord};
use crate::net::Scheme;
use crate::net::certificates::CertificateSource;

/// What systemd's `LoadCredential=` must call the two files.
const CREDENTIALS: [&str; 2] = ["tls-certificate", "tls-key"];

/// Where systemd puts what it hands over (systemd.exec(5)), for each service; hardly anybody else may look.
const HANDED_OVER: &str = "/run/credentials";
/// The service of the package.
const SERVICE: &str = "parlour.service";

/// A certificate and its key, as systemd hands them over.
pub type Handed = [PathBuf; 2];

/// What is there in the directory that systemd has named.
pub fn handed(directory: &Path) -> Option<Handed> {
    let paths = CREDENTIALS.map(|name| directory.join(name));
    paths.iter().all(|path| path.exists()).then_some(paths)
}

/// What the service is handed, for who is not the service. Nobody else knows whether it is there.
pub fn handed_to_service() -> Handed {
    CREDENTIALS.map(|name| Path::new(HANDED_OVER).join(SERVICE).join(name))
}

/// Whether systemd hands this file over.
pub fn is_handed(path: &Path) -> bool {
    path.starts_with(HANDED_OVER)
}

/// What was said of HTTPS, checked against each other.
pub fn tls(raw: &Raw, handed: Option<Handed>) -> Read<CertificateSource> {
    let tls = match raw.value(Key::Tls, setting::tls)?.unwrap_or(TlsWord::Off) {
        TlsWord::Off => CertificateSource::Off,
        TlsWord::SelfSigned => CertificateSource::SelfSigned,
        TlsWord::Files => files(raw, handed)?,
    };
    let wrong = misfits(raw, &tls);
    if wrong.is_empty() { Ok(tls) } else { Err(wrong) }
}

fn files(raw: &Raw, handed: Option<Handed>) -> Read<CertificateSource> {
    let paths = match [Key::TlsCertificate, Key::TlsPrivate].map(|key| raw.value(key, setting::file)) {
        [Ok(certificate), Ok(key)] => [certificate, key],
        wrong => return Err(wrong.into_iter().filter_map(Result::err).flatten().collect()),
    };
    if let [Some(certificate), Some(key)] = paths {
        return Ok(CertificateSource::Files { certificate, key });
    }
    let [certificate, key] = handed.ok_or_else(|| vec![ConfigError::NoCertificate])?;
    let [named_certificate, named_key] = paths;
    Ok(CertificateSource::Files {
        certificate: named_certificate.unwrap_or(certificate),
        key: named_key.unwrap_or(key),
    })
}

/// The settings that mean nothing, or the wrong thing, beside this.
fn misfits(raw: &Raw, tls: &CertificateSource) -> Vec<ConfigError> {
    let mut wrong = Vec::new();
    if !matches!(tls, CertificateSource::Files { .. }) {
        let right = "write tls = \"files\" as well, or leave this out";
        wrong.extend([Key::TlsCertificate, Key::TlsPrivate].iter().filter_map(|key| raw.wrong(*key, right)));
    }
    if *tls == CertificateSource::Off {
        let right = "there is no HTTPS to send anybody to: write tls = \"self-signed\" or tls = \"files\" as \
                     well, or leave this out";
        wrong.extend(raw.wrong(Key::RedirectListen, right));
        return wrong;
    }
    // What is wrong with the address itself is told where it is read.
    let public = raw.value(Key::PublicUrl, setting::public_url).ok().flatten();
    if public.is_some_and(|url| url.scheme() == Scheme::Http) {
        wrong.extend(raw.wrong(Key::PublicUrl, "the house speaks HTTPS: write it from https:// on"));
    }
    wrong
}
