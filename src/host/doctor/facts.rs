//! What the doctor looks at. `admin` brings the facts of a running house, `cli` those of one that does not
//! run.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::advice::setting;
use super::swap::Memory;
use crate::http::guard::proxy_observations::Seen;
use crate::net::{PORT, PublicPlace, PublicUrl, Scheme};

/// What is known of a house that runs.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The settings file that was read, if there was one.
    pub file: Option<PathBuf>,
    /// What the host said that links begin with.
    pub public_url: Option<PublicUrl>,
    /// What links begin with.
    pub url: String,
    /// What the house speaks itself.
    pub scheme: Scheme,
    /// Whether nobody but this machine can open them.
    pub is_only_here: bool,
    /// How visitors came.
    pub seen: Seen,
    /// The certificate of the house, where somebody else renews it.
    pub certificate: Option<Certificate>,
    /// Whether the kernel says that the clock is synchronised.
    pub is_synchronised: bool,
    /// Whether systemd keeps the clock.
    pub has_time_service: bool,
    /// Bytes that are free on the disk.
    pub free_bytes: u64,
    /// Bytes that are written a day, as far as is known yet.
    pub written_bytes_a_day: Option<u64>,
    /// An address at which it listens, and which the machine does not have.
    pub missing: Option<IpAddr>,
    /// Where it listens for people.
    pub listening: Vec<SocketAddr>,
    /// What is at the address of `public_url`.
    pub public_place: PublicPlace,
    /// Where its memory can come.
    pub memory: Memory,
    /// The data directory, and its mode.
    pub data: Option<(String, u32)>,
}

/// A certificate that somebody else renews.
#[derive(Clone, Copy, Debug)]
pub struct Certificate {
    /// What is left of it; nothing when it has ended.
    pub left: Duration,
    /// Whether systemd hands it over, which it does only when it starts the house.
    pub is_handed: bool,
}

impl Facts {
    /// Into which file a line of the settings goes, and the line.
    pub fn setting(&self, line: &str) -> String {
        setting(self.file.as_deref(), line)
    }

    /// Everywhere, at the port that the house has now.
    pub fn everywhere(&self) -> String {
        let port = self.listening.first().map_or(PORT, SocketAddr::port);
        self.setting(&format!("listen = [\"[::]:{port}\"]"))
    }
}
