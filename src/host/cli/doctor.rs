//! `parlour doctor`: what will not work, and how to mend it.
//!
//! A house that runs is asked what it has seen. Where none runs, what would keep it from starting is looked
//! for here.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::MetadataExt;

use rustix::process::geteuid;

use super::Failure;
use super::door::Door;
use super::settings::Given;
use crate::clock::{Machine, RealMachine};
use crate::host::admin::{self, Trouble};
use crate::host::config::Config;
use crate::host::doctor::{self, Facts, Memory};
use crate::http::link::{Base, Reach, public_place};
use crate::net::home_addresses;
use crate::protocol::admin::{Ask, Diagnosis, Finding, Weight};
use crate::store::{Disk, RealDisk};

/// Find what does not work in this house, and how to fix each problem
///
/// The exit code is 1 if there is anything but hints.
#[derive(Clone, Debug, clap::Args)]
pub struct Doctor {
    #[command(flatten)]
    door: Door,
}

impl Doctor {
    /// Asks the house that runs, else looks whether one could.
    pub fn run(self, given: &Given) -> Result<(), Failure> {
        let diagnosis = match admin::ask(&given.socket()?, &Ask::Doctor {}) {
            Err(Trouble::Closed(_)) => before_the_start(&given.settings()?),
            answer => own_settings(given, answer?)?,
        };
        self.door.tell(&diagnosis, told)?;
        let is_ill = diagnosis.findings.iter().any(|finding| finding.weight != Weight::Hint);
        if is_ill { Err(Failure::Found) } else { Ok(()) }
    }
}

/// A house that runs was opened with settings of its own: others say nothing about it.
fn own_settings(given: &Given, diagnosis: Diagnosis) -> Result<Diagnosis, Failure> {
    let Some(flag) = given.beyond_where() else { return Ok(diagnosis) };
    let why = "the house is running with its own settings";
    Err(Failure::Words(format!("doctor cannot use {flag}: {why}. Leave it out, or stop the house first")))
}

/// What would keep a house with these settings from starting, or from being private.
fn before_the_start(config: &Config) -> Diagnosis {
    let mode = fs::metadata(&config.data).ok().map(|data| (config.data.display().to_string(), data.mode()));
    let home = home_addresses();
    let base = Base::of(config.public_url.as_ref(), config.scheme(), None, &config.listen, &home);
    let facts = Facts {
        file: config.file.clone(),
        public_url: config.public_url.clone(),
        scheme: config.scheme(),
        is_only_here: config.public_url.is_none() && base.reach == Reach::Device,
        url: base.url,
        public_place: public_place(config.public_url.as_ref(), &config.listen, &home),
        listening: config.listen.clone(),
        is_synchronised: RealMachine::new().is_synchronised(),
        has_time_service: doctor::has_time_service(),
        free_bytes: RealDisk.free_bytes(&config.data).unwrap_or(u64::MAX),
        missing: doctor::missing(&addresses(config)),
        memory: Memory::of_a_service(),
        data: mode,
        ..Facts::default()
    };
    let mut findings = vec![closed()];
    let is_for_another = geteuid().is_root() && fs::metadata(&config.data).is_ok_and(|data| data.uid() != 0);
    let cannot_listen = |address: &SocketAddr| {
        let is_taken = why_not(*address, is_for_another)?;
        Some(doctor::cannot_listen(*address, is_taken, config.file.as_deref()))
    };
    findings.extend(addresses(config).iter().filter_map(cannot_listen));
    findings.extend(doctor::examine(&facts).findings);
    Diagnosis { findings }
}

/// Every address at which the house listens.
fn addresses(config: &Config) -> Vec<SocketAddr> {
    config.listen.iter().chain(config.beside()).copied().collect()
}

fn closed() -> Finding {
    Finding {
        weight: Weight::Fault,
        code: "closed".to_owned(),
        says: "The house is not running.".to_owned(),
        mend: "Type: sudo systemctl start parlour (or, without a package: parlour)".to_owned(),
    }
}

/// Whether an address is taken, or not for everybody; none where it can be listened at. Root may listen where
/// the owner of the data, for whom root asks, may not.
fn why_not(address: SocketAddr, is_for_another: bool) -> Option<bool> {
    let (is_taken, is_forbidden) = match TcpListener::bind(address) {
        Ok(_) => (false, is_for_another && address.port() < first_free_port()),
        Err(error) => {
            (error.kind() == io::ErrorKind::AddrInUse, error.kind() == io::ErrorKind::PermissionDenied)
        }
    };
    (is_taken || is_forbidden).then_some(is_taken)
}

/// The first port on which everybody may listen (Linux, ip-sysctl: `ip_unprivileged_port_start`).
fn first_free_port() -> u16 {
    let setting = fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    setting.ok().and_then(|first| first.trim().parse().ok()).unwrap_or(1_024)
}

fn told(diagnosis: &Diagnosis) -> String {
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
