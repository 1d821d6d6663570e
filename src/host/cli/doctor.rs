//! `parlour doctor`: what will not work, and how to mend it.
//!
//! A house that runs is asked what it has seen; for one that does not, what would keep it from starting.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt;

use rustix::process::geteuid;

use super::error::CliError;
use super::invocation::Invocation;
use super::print::Output;
use crate::clock::RealMachine;
use crate::host::admin::{self, AdminError};
use crate::host::config::Config;
use crate::host::doctor::{self, DoctorFacts, PortFault};
use crate::protocol::admin::{AdminRequest, Diagnosis, Finding, Weight};
use crate::store::{Disk, RealDisk};

/// Asks the house that runs, else looks whether one could.
pub fn run(output: &Output, invocation: &Invocation) -> Result<(), CliError> {
    let diagnosis = match admin::ask(&invocation.socket()?, &AdminRequest::Doctor {}) {
        Err(AdminError::Closed(_) | AdminError::Blocked(_)) => before_the_start(&invocation.settings()?),
        answer => own_settings(invocation, answer?)?,
    };
    output.print(&diagnosis, text)?;
    let is_ill = diagnosis.findings.iter().any(|finding| finding.weight != Weight::Hint);
    if is_ill { Err(CliError::Found) } else { Ok(()) }
}

/// A house that runs was opened with settings of its own: others say nothing about it.
fn own_settings(invocation: &Invocation, diagnosis: Diagnosis) -> Result<Diagnosis, CliError> {
    let Some(flag) = invocation.beyond_where() else { return Ok(diagnosis) };
    let why = "the house is running with its own settings";
    Err(CliError::Usage(format!("doctor cannot use {flag}: {why}. Leave it out, or stop the house first")))
}

/// What would keep a house with these settings from starting, or from being private.
fn before_the_start(config: &Config) -> Diagnosis {
    let facts = DoctorFacts {
        free_bytes: RealDisk.free_bytes(&config.data).unwrap_or(u64::MAX),
        may_be_swapped: doctor::service_may_be_swapped(),
        ..doctor::look(config, config.listen.clone(), &RealMachine::default())
    };
    if facts.blocked_socket.is_some() {
        // Nobody can ask whether it runs, and its own ports would look taken.
        return doctor::examine(&facts);
    }
    let mut findings = vec![closed()];
    // Root may listen where the owner of the data, for whom root asks, may not.
    let is_for_another = geteuid().is_root() && fs::metadata(&config.data).is_ok_and(|data| data.uid() != 0);
    let first_allowed = if is_for_another { doctor::first_unprivileged_port() } else { 0 };
    let cannot_listen = |address: &SocketAddr| {
        let fault = PortFault::of(*address, first_allowed)?;
        Some(fault.finding(*address, config.file.as_deref()))
    };
    findings.extend(config.listen.iter().chain(config.beside()).filter_map(cannot_listen));
    findings.extend(doctor::examine(&facts).findings);
    Diagnosis { findings }
}

fn closed() -> Finding {
    let mend = "Type: sudo systemctl start parlour (or, without a package: parlour)";
    doctor::finding(Weight::Fault, "closed", "The house is not running.", mend)
}

fn text(diagnosis: &Diagnosis) -> String {
    if diagnosis.findings.is_empty() {
        return "All is well.\n".to_owned();
    }
    diagnosis.findings.iter().map(line).collect()
}

fn line(Finding { weight, says, mend, .. }: &Finding) -> String {
    let weight = match weight {
        Weight::Fault => "fault",
        Weight::Warning => "warning",
        Weight::Hint => "hint",
    };
    format!("{weight:8} {says}\n         {mend}\n")
}
