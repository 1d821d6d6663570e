//! Every setting, declared once.
//!
//! A field of [`Config`] with `#[arg(long)]` is a setting: `public_url` is the key of the file,
//! `PARLOUR_PUBLIC_URL` the variable and `--public-url` the flag. Its comment is what `--help` says of it,
//! its parser reads the words of all three and says what would be right, and `check-config` shows it as it is
//! serialized. [`super::read`] fills it; fields that are skipped here are completed there.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{Arg, Args, ValueHint};
use ipnet::IpNet;
use serde::Serialize;

use super::mdns::Mdns;
use super::tls::TlsWord;
use super::{parse, shown};
use crate::domain::Idle;
use crate::http::MayStart;
use crate::limits;
use crate::net::certificates::CertificateSource;
use crate::net::{PublicUrl, Scheme, host_name, machine_name, own_names};

/// How many houses of one name there may be in one network: `NAME.local`, `NAME-2.local` and so on.
const HOUSES_OF_A_NETWORK: u32 = 9;

/// What the house was told, complete and checked.
#[derive(Clone, Debug, PartialEq, Eq, Args, Serialize)]
#[command(next_help_heading = "Settings")]
pub struct Config {
    // Never empty, each address once. `[::]` means both families.
    /// Listen here: a port, or an address with a port (may be repeated)
    #[arg(long, value_name = "ADDR", value_parser = parse::address("8080, 192.168.1.20:8080 or [::]:8080"))]
    #[arg(default_value = "8080")]
    pub listen: Vec<SocketAddr>,

    // It need not exist yet.
    /// Keep the chats in this directory [default: ~/.local/share/parlour, or the service's]
    #[arg(long, value_name = "DIR", value_parser = parse::path("directory"), value_hint = ValueHint::DirPath)]
    #[arg(required = false)]
    #[serde(serialize_with = "shown::path")]
    pub data: PathBuf,

    // Without one, links are built from this machine's addresses.
    /// Start links with this address [default: this machine's address on the network]
    #[arg(long, value_name = "URL", value_parser = PublicUrl::parse)]
    #[serde(serialize_with = "shown::url")]
    pub public_url: Option<PublicUrl>,

    /// Who may start a chat: network or anyone
    #[arg(long, value_name = "WHO", value_parser = parse::may_start, default_value = "network")]
    #[serde(serialize_with = "shown::may_start")]
    pub may_start: MayStart,

    /// Trust these proxies to say who is asking (may be repeated)
    #[arg(long, value_name = "CIDR", value_parser = parse::network)]
    pub trusted_proxies: Vec<IpNet>,

    // Never empty, each once, the shortest first.
    /// Offer these idle times: some of 1h,1d,1w,1mo,6mo [default: all]
    #[arg(long, value_name = "LIST", value_parser = parse::idle("some of"))]
    #[arg(default_values = Idle::ALL.map(Idle::word), hide_default_value = true)]
    #[serde(serialize_with = "shown::idle_times")]
    pub idle_choices: Vec<Idle>,

    // One of `idle_choices`.
    /// Use this idle time when nobody chooses one
    #[arg(long, value_name = "CHOICE", value_parser = parse::idle("one of the idle choices,"))]
    #[arg(default_value = Idle::Month.word())]
    #[serde(serialize_with = "shown::idle")]
    pub idle_default: Idle,

    /// Log this level and those above it: error, warn, info, debug or trace
    #[arg(long, value_name = "LEVEL", value_parser = parse::level, default_value = "info")]
    #[serde(serialize_with = "shown::level")]
    pub log_level: log::Level,

    // On average; from 1 to `limits::MESSAGES_PER_SECOND_MAX`.
    /// Let one person send this many messages a second
    #[arg(long, value_name = "N", value_parser = parse::messages_per_second)]
    #[arg(default_value_t = limits::MESSAGES_PER_SECOND)]
    pub messages_per_second: u32,

    // As in a `Host` field without a port, beside those that the house finds itself.
    /// Answer to this host name too (may be repeated)
    #[arg(long, value_name = "HOST", value_parser = host_name::parse_or_say)]
    pub names: Vec<String>,

    /// The socket of the host's commands [default: admin.sock in the directory, or the service's]
    #[arg(long, visible_alias = "socket", value_name = "PATH", value_parser = parse::path("socket"))]
    #[arg(value_hint = ValueHint::FilePath, required = false)]
    #[serde(serialize_with = "shown::path")]
    pub admin_socket: PathBuf,

    /// Serve metrics for Prometheus here, at /metrics [default: nowhere]
    #[arg(long, value_name = "ADDR", value_parser = parse::address("127.0.0.1:9464"))]
    pub metrics_listen: Option<SocketAddr>,

    /// Announce the house on the network as NAME.local, or off
    #[arg(long, value_name = "NAME", value_parser = Mdns::parse, default_value = "parlour")]
    pub mdns: Mdns,

    // What it means is in `tls`.
    /// Serve HTTPS: off, files or self-signed
    #[arg(id = "tls", long = "tls", value_name = "HOW", value_parser = TlsWord::parse)]
    #[arg(default_value = "off")]
    #[serde(rename = "tls")]
    pub(super) tls_word: TlsWord,

    /// The certificate: a PEM file, the house's own first (with --tls files)
    #[arg(long, value_name = "FILE", value_parser = parse::path("file"), value_hint = ValueHint::FilePath)]
    #[serde(serialize_with = "shown::path")]
    pub(super) tls_certificate: Option<PathBuf>,

    /// The key of the certificate: a PEM file (with --tls files)
    #[arg(long, value_name = "FILE", value_parser = parse::path("file"), value_hint = ValueHint::FilePath)]
    #[serde(serialize_with = "shown::path")]
    pub(super) tls_key: Option<PathBuf>,

    // Empty without TLS.
    /// Redirect plain HTTP from here to HTTPS (may be repeated)
    #[arg(long, value_name = "ADDR", value_parser = parse::address("80 or [::]:80"))]
    pub redirect_listen: Vec<SocketAddr>,

    /// Whether the house speaks HTTPS itself, and with which certificate.
    #[arg(skip)]
    #[serde(skip)]
    pub tls: CertificateSource,

    /// The settings file that was read, if there was one.
    #[arg(skip)]
    #[serde(skip)]
    pub file: Option<PathBuf>,

    /// Whether the house of the service is meant, where there is one: nobody said another.
    #[arg(skip)]
    #[serde(skip)]
    pub may_be_service: bool,
}

impl Config {
    /// Where the house listens beside its own addresses: for redirects to HTTPS, and for metrics.
    pub fn beside(&self) -> impl Iterator<Item = &SocketAddr> {
        self.redirect_listen.iter().chain(&self.metrics_listen)
    }

    /// What is before `://` in a link that does not begin with `public_url`.
    pub fn scheme(&self) -> Scheme {
        if self.tls == CertificateSource::Off { Scheme::Http } else { Scheme::Https }
    }

    /// The names that the host gave the house, and those by which it may be found in its network: another
    /// house may have had the first one, and then a number is added (RFC 6762, section 9).
    pub fn answers_to(&self) -> Vec<String> {
        let found = self.mdns.name().into_iter().flat_map(|name| {
            let others = (2..=HOUSES_OF_A_NETWORK).map(move |number| format!("{name}-{number}.local"));
            std::iter::once(format!("{name}.local")).chain(others)
        });
        self.names.iter().cloned().chain(found).collect()
    }

    /// Every name that the house answers to, this machine's among them.
    pub fn own_names(&self) -> Vec<String> {
        own_names(self.public_url.as_ref(), &self.answers_to(), machine_name().as_deref())
    }

    /// Messages that one seat may send at once: what it may send in three seconds.
    pub fn messages_burst(&self) -> u32 {
        self.messages_per_second * limits::MESSAGES_BURST_SECONDS
    }
}

/// A command that takes the settings and nothing else.
pub fn command() -> &'static clap::Command {
    static COMMAND: LazyLock<clap::Command> =
        LazyLock::new(|| Config::augment_args(clap::Command::new("settings").no_binary_name(true)));
    &COMMAND
}

/// Every setting, in the order of `parlour.example.toml`.
pub fn all() -> impl Iterator<Item = &'static Arg> {
    command().get_arguments()
}

/// As it is written in the file.
pub fn key(setting: &Arg) -> &str {
    setting.get_id().as_str()
}

/// `--public-url` of `public_url`.
pub fn flag(key: &str) -> String {
    format!("--{}", key.replace('_', "-"))
}
