//! Whether the house can listen where it should, and who counts as near.

use std::fs;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;

use super::facts::{DoctorFacts, finding, setting};
use crate::net::PORT;
use crate::protocol::admin::{Finding, Weight};

pub fn address_missing(facts: &DoctorFacts) -> Option<Finding> {
    let says = format!(
        "The house listens on {}, an address that this machine doesn't have right now.",
        facts.missing?
    );
    let mend = format!(
        "Connect the network with that address. Or write one that this machine has, or write {}",
        facts.everywhere()
    );
    Some(finding(Weight::Warning, "address-missing", says, mend))
}

/// Somebody nearby was not let start a chat, because nothing says that their network is a home.
pub fn ipv6_not_home(facts: &DoctorFacts) -> Option<Finding> {
    let network = facts.seen.refused_network?;
    let says = format!(
        "A device in {network}/64 could not start a chat: this network doesn't count as a home unless the \
         house also has a private IPv4 address there."
    );
    let mend = format!(
        "Open the house over IPv4, or, if anybody at all may start chats, write {}",
        facts.setting("may_start = \"anyone\"")
    );
    Some(finding(Weight::Warning, "ipv6-not-home", says, mend))
}

/// Why the house cannot listen at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortFault {
    Taken,
    Forbidden,
}

impl PortFault {
    /// `first_allowed` is the first port that the house's user may use: the one who asks may be allowed more.
    pub fn of(address: SocketAddr, first_allowed: u16) -> Option<Self> {
        match TcpListener::bind(address).map_err(|error| error.kind()) {
            Ok(_) if address.port() < first_allowed => Some(Self::Forbidden),
            Err(ErrorKind::PermissionDenied) => Some(Self::Forbidden),
            Err(ErrorKind::AddrInUse) => Some(Self::Taken),
            Ok(_) | Err(_) => None,
        }
    }

    pub fn finding(self, address: SocketAddr, file: Option<&Path>) -> Finding {
        let port = address.port();
        let listen = |port: u16| setting(file, &format!("listen = [\"[::]:{port}\"]"));
        match self {
            Self::Taken => {
                let says = format!("Something else is already listening on {address}.");
                let line = listen(port.checked_add(1).unwrap_or(PORT));
                let mend = format!("Stop it (ss -ltnp 'sport = :{port}' shows it), or write {line}");
                finding(Weight::Fault, "port-taken", says, mend)
            }
            Self::Forbidden => {
                let says = format!(
                    "The house is not allowed to listen at {address}: ports below 1024 are reserved."
                );
                let line = listen(PORT);
                let mend = format!("Let systemd open the port (parlour-listen.socket), or write {line}");
                finding(Weight::Fault, "port-forbidden", says, mend)
            }
        }
    }
}

/// The first port on which everybody may listen (Linux, ip-sysctl: `ip_unprivileged_port_start`).
pub fn first_unprivileged_port() -> u16 {
    let first = fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    first.ok().and_then(|first| first.trim().parse().ok()).unwrap_or(1_024)
}

pub fn missing(listening: &[SocketAddr]) -> Option<IpAddr> {
    let is_missing = |address: &IpAddr| {
        UdpSocket::bind((*address, 0)).is_err_and(|error| error.kind() == ErrorKind::AddrNotAvailable)
    };
    listening.iter().map(SocketAddr::ip).filter(|address| !address.is_unspecified()).find(is_missing)
}
