//! What the doctor looks at, and how it says what to do. `admin` brings the facts of a running house, `cli`
//! those of one that does not run.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::http::guard::proxy_observations::Seen;
use crate::net::{PORT, PublicPlace, PublicUrl, Scheme};
use crate::protocol::admin::{Finding, Weight};
use crate::store::LostFile;

/// What is known of a house that runs.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct DoctorFacts {
    pub file: Option<PathBuf>,
    pub public_url: Option<PublicUrl>,
    /// What links begin with.
    pub url: String,
    pub scheme: Scheme,
    /// Whether nobody but this machine can open them.
    pub is_only_here: bool,
    pub seen: Seen,
    pub certificate: Option<Certificate>,
    pub is_synchronised: bool,
    /// Whether systemd keeps the clock.
    pub has_time_service: bool,
    pub free_bytes: u64,
    pub written_bytes_a_day: Option<u64>,
    /// An address at which it listens, and which the machine does not have.
    pub missing: Option<IpAddr>,
    pub listening: Vec<SocketAddr>,
    pub public_place: PublicPlace,
    pub may_be_swapped: bool,
    /// Files of the store that are not in their place any more while the house is open.
    pub lost: Vec<LostFile>,
    /// Where the socket for the host's commands should be, if something else is there.
    pub blocked_socket: Option<PathBuf>,
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

impl DoctorFacts {
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

/// Where the guides for hosts are: with the package, and without one.
pub const GUIDES: &str = "in /usr/share/doc/parlour/docs, or in docs of the sources";

pub fn finding(weight: Weight, code: &str, says: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding { weight, code: code.to_owned(), says: says.into(), mend: mend.into() }
}

/// Into which file a line goes. If none was read: the one of the package, and the one of a house without it.
pub fn setting(file: Option<&Path>, line: &str) -> String {
    match file {
        Some(file) => format!("into {}: {line}", absolute(file)),
        None => format!(
            "into /etc/parlour/parlour.toml (without a package: ~/.config/parlour/parlour.toml): {line}"
        ),
    }
}

/// A path that means the same in every directory.
pub fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}
