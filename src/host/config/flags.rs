//! The flags that say a setting. `cli` flattens them into the commands that open the house.
//!
//! They are text here: what they mean is decided together with file and variables, in `setting`.

use std::path::PathBuf;

/// Settings on the command line. They win over `PARLOUR_*` variables, and those over the settings file.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Settings")]
pub struct Flags {
    /// Read settings from this file
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Keep the chats in this directory [default: ~/.local/share/parlour, or the service's]
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,

    /// Listen here: a port, or an address with a port [default: 8080] (may be repeated)
    #[arg(long, value_name = "ADDR")]
    pub listen: Vec<String>,

    /// Start links with this address [default: this machine's address on the network]
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,

    /// Who may start a chat: network or anyone [default: network]
    #[arg(long, value_name = "WHO")]
    pub may_start: Option<String>,

    /// Trust these proxies to say who is asking (may be repeated)
    #[arg(long, value_name = "CIDR")]
    pub trusted_proxies: Vec<String>,

    /// Offer these idle times: some of 1h,1d,1w,1mo,6mo [default: all]
    #[arg(long, value_name = "LIST")]
    pub idle_choices: Vec<String>,

    /// Use this idle time when nobody chooses one [default: 1mo]
    #[arg(long, value_name = "CHOICE")]
    pub idle_default: Option<String>,

    /// Log this level and those above it: error, warn, info, debug or trace [default: info]
    #[arg(long, value_name = "LEVEL")]
    pub log_level: Option<String>,

    /// Let one person send this many messages a second [default: 10]
    #[arg(long, value_name = "N")]
    pub messages_per_second: Option<String>,

    /// Answer to this host name too (may be repeated)
    #[arg(long, value_name = "HOST")]
    pub names: Vec<String>,

    /// The socket of the host's commands [default: admin.sock in the directory, or the service's]
    #[arg(long, visible_alias = "socket", value_name = "PATH")]
    pub admin_socket: Option<String>,

    /// Serve metrics for Prometheus here, at /metrics [default: nowhere]
    #[arg(long, value_name = "ADDR")]
    pub metrics_listen: Option<String>,

    /// Announce the house on the network as NAME.local, or off [default: parlour]
    #[arg(long, value_name = "NAME")]
    pub mdns: Option<String>,

    /// Serve HTTPS: off, files or self-signed [default: off]
    #[arg(long, value_name = "HOW")]
    pub tls: Option<String>,

    /// The certificate: a PEM file, the house's own first (with --tls files)
    #[arg(long, value_name = "FILE")]
    pub tls_certificate: Option<String>,

    /// The key of the certificate: a PEM file (with --tls files)
    #[arg(long, value_name = "FILE")]
    pub tls_key: Option<String>,

    /// Redirect plain HTTP from here to HTTPS (may be repeated)
    #[arg(long, value_name = "ADDR")]
    pub redirect_listen: Vec<String>,
}

impl Flags {
    /// The same with what was said after the command as well: lists go on.
    #[must_use]
    pub fn and(self, after: Self) -> Self {
        Self {
            config: self.config.or(after.config),
            data: self.data.or(after.data),
            listen: [self.listen, after.listen].concat(),
            public_url: self.public_url.or(after.public_url),
            may_start: self.may_start.or(after.may_start),
            trusted_proxies: [self.trusted_proxies, after.trusted_proxies].concat(),
            idle_choices: [self.idle_choices, after.idle_choices].concat(),
            idle_default: self.idle_default.or(after.idle_default),
            log_level: self.log_level.or(after.log_level),
            messages_per_second: self.messages_per_second.or(after.messages_per_second),
            names: [self.names, after.names].concat(),
            admin_socket: self.admin_socket.or(after.admin_socket),
            metrics_listen: self.metrics_listen.or(after.metrics_listen),
            mdns: self.mdns.or(after.mdns),
            tls: self.tls.or(after.tls),
            tls_certificate: self.tls_certificate.or(after.tls_certificate),
            tls_key: self.tls_key.or(after.tls_key),
            redirect_listen: [self.redirect_listen, after.redirect_listen].concat(),
        }
    }
}
