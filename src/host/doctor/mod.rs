//! What will not work in this house, and the one line that mends it.
//!
//! [`examine`] is the whole rule: facts in, findings out. Each finding is one function of its file. [`look`]
//! gathers the facts that a running house and a command both know.

mod advice;
mod facts;
mod https;
mod links;
mod look;
mod machine;
mod network;
mod proxies;
mod swap;
#[cfg(test)]
mod tests;

use crate::protocol::admin::Diagnosis;

pub use facts::{Certificate, Facts};
pub use links::{OnlyHere, why_only_here};
pub use look::look;
pub use network::{PortFault, first_unprivileged_port, missing};
pub use swap::Memory;

/// Everything that is not as it should be, the graver first.
pub fn examine(facts: &Facts) -> Diagnosis {
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
