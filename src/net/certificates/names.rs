//! The names and addresses of a house, as a certificate has them.
//!
//! `mod` gathers them each time: a laptop changes networks, and a router its prefix.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::limits::LEAF_NAMES_MAX;
use crate::net::host_name::address;

/// Names in order, then addresses in order; each once, and no more than a certificate holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectNames {
    pub hosts: Vec<String>,
    /// Loopback among them.
    pub addresses: Vec<IpAddr>,
}

impl SubjectNames {
    pub fn of(names: &[String], home: &[IpAddr]) -> Self {
        let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
        let found = names.iter().filter_map(|name| address(name));
        let addresses: BTreeSet<_> = found.chain(home.iter().copied()).chain(loopback).collect();
        let hosts: BTreeSet<_> = names.iter().filter(|name| address(name).is_none()).cloned().collect();
        Self { hosts: first(hosts), addresses: first(addresses) }
    }
}

fn first<T>(all: BTreeSet<T>) -> Vec<T> {
    all.into_iter().take(LEAF_NAMES_MAX / 2).collect()
}
