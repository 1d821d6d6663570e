//! Whether what links begin with leads to the house.

use std::net::{IpAddr, SocketAddr};

use super::facts::{DoctorFacts, finding};
use crate::net::{PublicPlace, host_name, without_port};
use crate::protocol::admin::{Finding, Weight};

pub fn this_machine_only(facts: &DoctorFacts) -> Option<Finding> {
    if facts.public_url.as_ref().is_some_and(|url| is_this_machine(url.host())) {
        let says = format!("Links begin with {}, which works only on this machine.", facts.url);
        let mend = "Set public_url to an address that phones can reach, or remove public_url.";
        return Some(finding(Weight::Warning, "public-url-localhost", says, mend));
    }
    if !facts.is_only_here {
        return None;
    }
    match why_only_here(&facts.listening, facts.missing) {
        OnlyHere::Loopback(address) => {
            let says =
                format!("Links only work on this machine: listen = \"{address}\" accepts no other device.");
            let mend = format!(
                "If a proxy on this machine forwards to the house, set public_url. If not, write {}",
                facts.everywhere()
            );
            Some(finding(Weight::Warning, "only-this-machine", says, mend))
        }
        // Told as an address that is missing.
        OnlyHere::Missing(_) => None,
        OnlyHere::NoNetwork => {
            let says = "Links only work on this machine: it has no address on a network.";
            let mend = "Connect the machine to the network, or write its address as public_url.";
            Some(finding(Weight::Warning, "no-network", says, mend))
        }
    }
}

/// A `public_url` at which the house does not answer, and by which nobody came: by a proxy somebody will.
pub fn public_url_unserved(facts: &DoctorFacts) -> Option<Finding> {
    let url = facts.public_url.as_ref()?;
    if facts.seen.names.contains_key(url.authority()) {
        return None;
    }
    match facts.public_place {
        PublicPlace::Unknown | PublicPlace::Served => None,
        PublicPlace::Closed => {
            let at: Vec<_> = facts.listening.iter().map(ToString::to_string).collect();
            let says = format!("Links begin with {url}, but the house listens at {}.", at.join(", "));
            let port = url.address().map_or(0, |address| address.port());
            let line = facts.setting(&format!("listen = [\"[::]:{port}\"]"));
            let mend = format!("Unless a proxy on this machine answers there, write {line}");
            Some(finding(Weight::Warning, "public-url-closed", says, mend))
        }
        PublicPlace::Elsewhere => {
            let says = format!("Links begin with {url}, an address that this machine does not have.");
            let mend =
                "Set public_url to this machine's address or remove it, unless a proxy has that address.";
            Some(finding(Weight::Warning, "public-url-elsewhere", says, mend))
        }
    }
}

/// Whether anybody comes by the name that links have.
pub fn public_url_unused(facts: &DoctorFacts) -> Option<Finding> {
    let url = facts.public_url.as_ref().filter(|url| !is_this_machine(url.host()))?;
    if facts.seen.names.contains_key(url.authority()) {
        return None;
    }
    let elsewhere = || facts.seen.names.iter().filter(|(name, _)| !is_this_machine(without_port(name)));
    let (name, times) = elsewhere().max_by_key(|(_, times)| **times)?;
    let says = format!("Links begin with {url}, but visitors use {name}, and nobody uses {url}.");
    let is_of_most = times * 2 > elsewhere().map(|(_, times)| times).sum();
    let line = if is_of_most {
        format!("public_url = \"{}://{name}/\"", facts.scheme.word())
    } else {
        "public_url = the address that works".to_owned()
    };
    let mend = format!("Open {url} on a phone. If that fails, write {}", facts.setting(&line));
    Some(finding(Weight::Warning, "public-url-mismatch", says, mend))
}

fn is_this_machine(host: &str) -> bool {
    let is_loopback = host_name::address(host).is_some_and(|address| address.is_loopback());
    host == "localhost" || host.ends_with(".localhost") || is_loopback
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnlyHere {
    /// It listens at this address alone, which only this machine reaches.
    Loopback(SocketAddr),
    /// It listens at this address, which the machine does not have now.
    Missing(IpAddr),
    NoNetwork,
}

/// Why no other device reaches a house that listens there. `missing` is an address that this machine lacks.
pub fn why_only_here(listening: &[SocketAddr], missing: Option<IpAddr>) -> OnlyHere {
    match (missing, listening.first()) {
        (Some(address), _) => OnlyHere::Missing(address),
        (None, Some(first)) if listening.iter().all(|address| address.ip().is_loopback()) => {
            OnlyHere::Loopback(*first)
        }
        _ => OnlyHere::NoNetwork,
    }
}
