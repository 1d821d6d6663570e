//! What the settings mean together, and what does not go together.
//!
//! `read` calls it once, with settings that are right one by one.

use std::net::{IpAddr, SocketAddr};

use super::error::ConfigError;
use super::layers::Said;
use super::settings::Config;
use super::tls::{Credentials, TlsWord};
use crate::domain::Idle;
use crate::net::Scheme;
use crate::net::certificates::CertificateSource;

impl Config {
    /// Each once, and idle times from the shortest on; the order of the rest is the host's.
    pub(super) fn drop_repeated(&mut self) {
        drop_repeated(&mut self.listen);
        drop_repeated(&mut self.redirect_listen);
        drop_repeated(&mut self.names);
        self.idle_choices.sort_unstable();
        self.idle_choices.dedup();
    }

    /// Without a word of the host, it is the longest choice up to a month.
    pub(super) fn choose_idle_default(&mut self, said: Option<&Said>) -> Option<ConfigError> {
        if self.idle_choices.contains(&self.idle_default) {
            return None;
        }
        let Some(said) = said else {
            self.idle_default = Idle::by_default(&self.idle_choices).unwrap_or(self.idle_default);
            return None;
        };
        let choices: Vec<_> = self.idle_choices.iter().map(|idle| idle.word()).collect();
        Some(said.all_wrong(&format!("write one of the idle choices, {}", choices.join(", "))))
    }

    /// What the settings about HTTPS come to; systemd may hand over what no setting names.
    pub(super) fn choose_tls(&mut self, credentials: Option<Credentials>) -> Option<ConfigError> {
        if self.tls_word == TlsWord::Files && (self.tls_certificate.is_none() || self.tls_key.is_none()) {
            let Some(Credentials { certificate, key }) = credentials else {
                return Some(ConfigError::NoCertificate);
            };
            self.tls_certificate.get_or_insert(certificate);
            self.tls_key.get_or_insert(key);
        }
        self.tls = match (self.tls_word, self.tls_certificate.clone(), self.tls_key.clone()) {
            (TlsWord::Files, Some(certificate), Some(key)) => CertificateSource::Files { certificate, key },
            (TlsWord::SelfSigned, ..) => CertificateSource::SelfSigned,
            (TlsWord::Off | TlsWord::Files, ..) => CertificateSource::Off,
        };
        None
    }

    /// The keys of the settings that mean nothing, or the wrong thing, beside another, and what would be
    /// right. A setting that could not be read is not judged, and neither is what depends on it.
    pub(super) fn misfits(
        &self,
        is_known: impl Fn(&str) -> bool,
    ) -> impl Iterator<Item = (&'static str, &'static str)> {
        let is_tls_known = ["tls", "tls_certificate", "tls_key"].into_iter().all(&is_known);
        let (is_https, has_files) = (self.tls_word != TlsWord::Off, self.tls_word == TlsWord::Files);
        let is_plain_url = self.public_url.as_ref().is_some_and(|url| url.scheme() == Scheme::Http);
        let own: &[SocketAddr] = if is_known("listen") { &self.listen } else { &[] };
        let is_taken = |address: &SocketAddr| covers_any(own, *address);
        let is_taken_for_metrics =
            |address: &SocketAddr| is_taken(address) || covers_any(&self.redirect_listen, *address);
        let files = "write tls = \"files\" as well, or leave this out";
        let redirect = "there is no HTTPS to send anybody to: write tls = \"self-signed\" or tls = \"files\" \
                        as well, or leave this out";
        let url = "the house speaks HTTPS: write it from https:// on";
        let taken = "the house itself listens there: write another port";
        let rules = [
            ("redirect_listen", self.redirect_listen.iter().any(is_taken), taken),
            ("metrics_listen", self.metrics_listen.iter().any(is_taken_for_metrics), taken),
            ("tls_certificate", is_tls_known && !has_files, files),
            ("tls_key", is_tls_known && !has_files, files),
            ("redirect_listen", is_tls_known && !is_https, redirect),
            ("public_url", is_tls_known && is_https && is_plain_url, url),
        ];
        rules.into_iter().filter(|(_, is_misfit, _)| *is_misfit).map(|(key, _, right)| (key, right))
    }
}

/// Whether nothing else can listen at an address beside one of these. Port 0 is a free one.
fn covers_any(own: &[SocketAddr], address: SocketAddr) -> bool {
    let covers = |one: IpAddr, other: IpAddr| {
        one == other || one.is_unspecified() && (one.is_ipv6() || other.is_ipv4())
    };
    let (ip, port) = (address.ip(), address.port());
    own.iter().any(|own| own.port() == port && port != 0 && (covers(own.ip(), ip) || covers(ip, own.ip())))
}

fn drop_repeated<T: PartialEq>(list: &mut Vec<T>) {
    let mut kept = Vec::with_capacity(list.len());
    for item in list.drain(..) {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    *list = kept;
}
