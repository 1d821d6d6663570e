//! What each setting comes to, and where that was said: what `parlour check-config` shows.

use std::fmt::Display;

use super::raw::{Key, Raw};
use super::{Config, Place};
use crate::net::certificates::CertificateSource;

/// One setting as the house has it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Effective {
    /// As it is written in the file.
    pub setting: &'static str,
    /// As one could write it; nothing where there is none.
    pub value: Option<String>,
    /// `--listen`, `PARLOUR_LISTEN`, `/etc/parlour/parlour.toml:3` or `default`.
    pub from: String,
}

/// Each, in the order of the example.
pub fn of(config: &Config, raw: &Raw) -> Vec<Effective> {
    let one = |key: Key| {
        let from = raw.place(key).map_or_else(|| "default".to_owned(), Place::short);
        Effective { setting: key.word(), value: value(config, key), from }
    };
    Key::ALL.map(one).into()
}

fn value(config: &Config, key: Key) -> Option<String> {
    let tls = |of: fn(&CertificateSource) -> Option<String>| of(&config.tls);
    match key {
        Key::Listen => list(&config.listen),
        Key::Data => Some(config.data.display().to_string()),
        Key::PublicUrl => config.public_url.as_ref().map(ToString::to_string),
        Key::MayStart => Some(config.may_start.word().to_owned()),
        Key::TrustedProxies => list(&config.trusted_proxies),
        Key::IdleChoices => {
            Some(config.idle_choices.iter().map(|idle| idle.word()).collect::<Vec<_>>().join(","))
        }
        Key::IdleDefault => Some(config.idle_default.word().to_owned()),
        Key::LogLevel => Some(config.log_level.as_str().to_ascii_lowercase()),
        Key::MessagesPerSecond => Some(config.messages_per_second.to_string()),
        Key::Names => list(&config.names),
        Key::AdminSocket => Some(config.admin_socket().display().to_string()),
        Key::MetricsListen => config.metrics_listen.map(|address| address.to_string()),
        Key::Mdns => Some(config.mdns.clone().unwrap_or_else(|| "off".to_owned())),
        Key::Tls => Some(config.tls.word().to_owned()),
        Key::TlsCertificate => tls(|tls| match tls {
            CertificateSource::Files { certificate, .. } => Some(certificate.display().to_string()),
            CertificateSource::Off | CertificateSource::SelfSigned => None,
        }),
        Key::TlsPrivate => tls(|tls| match tls {
            CertificateSource::Files { key, .. } => Some(key.display().to_string()),
            CertificateSource::Off | CertificateSource::SelfSigned => None,
        }),
        Key::RedirectListen => list(&config.redirect_listen),
    }
}

fn list<T: Display>(items: &[T]) -> Option<String> {
    let words: Vec<_> = items.iter().map(ToString::to_string).collect();
    (!words.is_empty()).then(|| words.join(","))
}
