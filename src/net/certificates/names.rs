//! The names and addresses of a house, as a certificate has them.
//!
//! `mod` gathers them anew each time: a laptop changes networks, and a router its prefix.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::limits::LEAF_NAMES_MAX;

/// Names in order, then addresses in order; each once, and no more than a certificate holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// In lower case.
    pub hosts: Vec<String>,
    /// Loopback among them.
    pub addresses: Vec<IpAddr>,
}

impl Names {
    /// Of names, some of which may be addresses, and the addresses of this machine.
    pub fn of(names: &[String], home: &[IpAddr]) -> Self {
        let mut of = Self::default();
        let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
        of.addresses.extend(loopback);
        for name in names {
            match address(name) {
                Some(address) => of.addresses.push(address),
                None => of.hosts.push(name.clone()),
            }
        }
        of.addresses.extend(home);
        of.hosts.sort_unstable();
        of.hosts.dedup();
        of.addresses.sort_unstable();
        of.addresses.dedup();
        of.hosts.truncate(LEAF_NAMES_MAX / 2);
        of.addresses.truncate(LEAF_NAMES_MAX / 2);
        of
    }
}

fn address(name: &str) -> Option<IpAddr> {
    name.trim_start_matches('[').trim_end_matches(']').parse().ok()
}
