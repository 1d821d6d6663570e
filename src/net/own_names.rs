//! The names by which people may reach the house: `http` answers to them, and `certificates` are for them.

use super::host_name::{parse, without_port};
use super::public_url::PublicUrl;

/// The names that a house answers to: `localhost`, `public_url`'s host, this machine's name, also shortened
/// and with `.local`, and the configured ones, each once.
pub fn own_names(public: Option<&PublicUrl>, configured: &[String], machine: Option<&str>) -> Vec<String> {
    let public = public.map(|url| without_port(url.authority()).to_owned());
    let machine = machine.and_then(parse);
    let short = machine.as_ref().and_then(|name| name.split('.').next()).map(str::to_owned);
    let local = short.as_ref().map(|short| format!("{short}.local"));
    let mut names = vec!["localhost".to_owned()];
    let configured = configured.iter().map(|name| name.to_ascii_lowercase());
    for name in public.into_iter().chain(machine).chain(short).chain(local).chain(configured) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

pub fn machine_name() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}
