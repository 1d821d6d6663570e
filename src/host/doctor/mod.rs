//! What will not work in this house, and the one line that mends it.
//!
//! [`examine`] is the whole rule: facts in, findings out. Each finding is one function of its file. [`look`]
//! gathers the facts that a running house and a command both know.

mod facts;
mod https;
mod links;
mod machine;
mod network;
mod proxies;
mod swap;
#[cfg(test)]
mod tests;

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt;

use crate::clock::Machine;
use crate::host::config::{Config, is_blocked};
use crate::http::link::{Base, Reach, public_place};
use crate::net::home_addresses;
use crate::protocol::admin::Diagnosis;

pub use facts::{Certificate, DoctorFacts, finding};
pub use links::{OnlyHere, why_only_here};
pub use network::{PortFault, first_unprivileged_port, missing};
pub use swap::{may_be_swapped, service_may_be_swapped};

/// Everything that is not as it should be, the graver first.
pub fn examine(facts: &DoctorFacts) -> Diagnosis {
    let all = [
        links::this_machine_only,
        links::public_url_unserved,
        links::public_url_unused,
        network::address_missing,
        network::ipv6_not_home,
        https::no_https,
        https::certificate_ends,
        proxies::untrusted,
        proxies::silent,
        proxies::host_not_passed,
        proxies::upgrade_not_passed,
        machine::lost_files,
        machine::blocked_socket,
        machine::clock,
        machine::disk,
        machine::writes,
        machine::swap,
        machine::privacy,
    ];
    let mut findings: Vec<_> = all.iter().filter_map(|look| look(facts)).collect();
    findings.sort();
    Diagnosis { findings }
}

/// What the settings and the machine say, for a house that runs and for one that does not: what only one of
/// the two knows is left out. `listening` is where the house listens for people.
pub fn look(config: &Config, listening: Vec<SocketAddr>, time: &dyn Machine) -> DoctorFacts {
    let (public_url, home) = (config.public_url.clone(), home_addresses());
    let base = Base::of(public_url.as_ref(), config.scheme(), None, &listening, &home);
    let everywhere: Vec<_> = listening.iter().chain(config.beside()).copied().collect();
    let mode = fs::metadata(&config.data).ok().map(|data| data.mode());
    DoctorFacts {
        file: config.file.clone(),
        scheme: config.scheme(),
        is_only_here: public_url.is_none() && base.reach == Reach::Device,
        url: base.url,
        public_place: public_place(public_url.as_ref(), &listening, &home),
        missing: network::missing(&everywhere),
        is_synchronised: time.is_synchronised(),
        has_time_service: machine::has_time_service(),
        blocked_socket: is_blocked(&config.admin_socket).then(|| config.admin_socket.clone()),
        data: mode.map(|mode| (config.data.display().to_string(), mode)),
        public_url,
        listening,
        ..DoctorFacts::default()
    }
}
