//! What will not work in this house, and the one line that mends it.
//!
//! [`examine`] is the whole rule: facts in, findings out. `admin` brings the facts of a running house, `cli`
//! those of one that does not run. What both look for on the machine is looked up here.

mod swap;

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::http::guard::proxy_observations::Seen;
use crate::limits::{CERTIFICATE_LEFT_FEW, FREE_BYTES_FEW, WRITTEN_BYTES_A_DAY_MANY};
use crate::net::{PORT, PublicPlace, PublicUrl, Scheme, without_port};
use crate::protocol::admin::{Diagnosis, Finding, Weight};

pub use swap::Memory;

/// Where the guides for hosts are: with the package, and without one.
const GUIDES: &str = "in /usr/share/doc/parlour/docs, or in docs of the sources";

/// What is known of a house that runs.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The settings file that was read, if there was one.
    pub file: Option<PathBuf>,
    /// What the host said that links begin with.
    pub public_url: Option<PublicUrl>,
    /// What links begin with.
    pub url: String,
    /// What the house speaks itself.
    pub scheme: Scheme,
    /// Whether nobody but this machine can open them.
    pub is_only_here: bool,
    /// How visitors came.
    pub seen: Seen,
    /// The certificate of the house, where somebody else renews it.
    pub certificate: Option<Certificate>,
    /// Whether the kernel says that the clock is synchronised.
    pub is_synchronised: bool,
    /// Whether systemd keeps the clock.
    pub has_time_service: bool,
    /// Bytes that are free on the disk.
    pub free_bytes: u64,
    /// Bytes that are written a day, as far as is known yet.
    pub written_bytes_a_day: Option<u64>,
    /// An address at which it listens, and which the machine does not have.
    pub missing: Option<IpAddr>,
    /// Where it listens for people.
    pub listening: Vec<SocketAddr>,
    /// What is at the address of `public_url`.
    pub public_place: PublicPlace,
    /// Where its memory can come.
    pub memory: Memory,
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

/// Everything that is not as it should be, the graver first.
pub fn examine(facts: &Facts) -> Diagnosis {
    let all = [
        links,
        public_address,
        address,
        ipv6,
        visitors,
        https,
        proxy,
        silent_proxy,
        changed_host,
        lost_upgrade,
        certificate,
        clock,
        disk,
        writes,
        swap,
        privacy,
    ];
    let mut findings: Vec<_> = all.iter().filter_map(|look| look(facts)).collect();
    findings.sort();
    Diagnosis { findings }
}

impl Facts {
    /// Into which file a line of the settings goes, and the line.
    fn setting(&self, line: &str) -> String {
        setting(self.file.as_deref(), line)
    }

    /// Everywhere, at the port that the house has now.
    fn everywhere(&self) -> String {
        let port = self.listening.first().map_or(PORT, SocketAddr::port);
        self.setting(&format!("listen = [\"[::]:{port}\"]"))
    }
}

/// Into which file a line goes. If none was read: the one of the package, and the one of a house without it.
fn setting(file: Option<&Path>, line: &str) -> String {
    match file {
        Some(file) => format!("into {}: {line}", absolute(file)),
        None => format!(
            "into /etc/parlour/parlour.toml (without a package: ~/.config/parlour/parlour.toml): {line}"
        ),
    }
}

/// A path that means the same in every directory.
fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

/// A house that does not take an address: its port is taken, or not for everybody. `file` are its settings.
pub fn cannot_listen(address: SocketAddr, is_taken: bool, file: Option<&Path>) -> Finding {
    let port = address.port();
    let (says, mend) = if is_taken {
        let says = format!("Something else is already listening on {address}.");
        let other = port.checked_add(1).unwrap_or(PORT);
        let line = setting(file, &format!("listen = [\"[::]:{other}\"]"));
        (says, format!("Stop it (ss -ltnp 'sport = :{port}' shows it), or write {line}"))
    } else {
        let says = format!("The house is not allowed to listen at {address}: ports below 1024 are reserved.");
        let line = setting(file, &format!("listen = [\"[::]:{PORT}\"]"));
        (says, format!("Let systemd open the port (parlour-listen.socket), or write {line}"))
    };
    finding(Weight::Fault, if is_taken { "port-taken" } else { "port-forbidden" }, says, mend)
}

/// The first of these addresses that this machine does not have now.
pub fn missing(listening: &[SocketAddr]) -> Option<IpAddr> {
    let is_missing = |address: &IpAddr| {
        UdpSocket::bind((*address, 0)).is_err_and(|error| error.kind() == ErrorKind::AddrNotAvailable)
    };
    listening.iter().map(SocketAddr::ip).filter(|address| !address.is_unspecified()).find(is_missing)
}

/// Whether systemd-timesyncd keeps the clock of this machine.
pub fn has_time_service() -> bool {
    Path::new("/run/systemd/timesync").exists()
}

fn finding(weight: Weight, code: &str, says: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding { weight, code: code.to_owned(), says: says.into(), mend: mend.into() }
}

fn links(facts: &Facts) -> Option<Finding> {
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

/// Why no other device reaches the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnlyHere {
    /// It listens at this address alone, which only this machine reaches.
    Loopback(SocketAddr),
    /// It listens at this address, which the machine does not have now.
    Missing(IpAddr),
    /// The machine has no address that others reach.
    NoNetwork,
}

/// Why no other device reaches a house that listens there. `missing` is what [`missing`] finds.
pub fn why_only_here(listening: &[SocketAddr], missing: Option<IpAddr>) -> OnlyHere {
    match (missing, listening.first()) {
        (Some(address), _) => OnlyHere::Missing(address),
        (None, Some(first)) if listening.iter().all(|address| address.ip().is_loopback()) => {
            OnlyHere::Loopback(*first)
        }
        _ => OnlyHere::NoNetwork,
    }
}

/// A `public_url` at which the house does not answer, and by which nobody came: by a proxy somebody will.
fn public_address(facts: &Facts) -> Option<Finding> {
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

/// Somebody nearby was not let start a chat, because nothing says that their network is a home.
fn ipv6(facts: &Facts) -> Option<Finding> {
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

fn address(facts: &Facts) -> Option<Finding> {
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

/// Whether anybody comes by the name that links have.
fn visitors(facts: &Facts) -> Option<Finding> {
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

fn https(facts: &Facts) -> Option<Finding> {
    let is_secure = match &facts.public_url {
        Some(url) => url.scheme() == Scheme::Https,
        None => facts.url.starts_with("https:"),
    };
    if is_secure {
        return None;
    }
    let says = "Without HTTPS, anybody on the network can read your chats, and phones \
                can't show notifications or install the page as an app.";
    let line = facts.setting("tls = \"self-signed\"");
    let mend = format!("Put a proxy with a certificate in front (https.md {GUIDES}), or write {line}");
    Some(finding(Weight::Hint, "no-https", says, mend))
}

fn proxy(facts: &Facts) -> Option<Finding> {
    let proxy = facts.seen.untrusted_proxy()?;
    let says = format!("A proxy at {proxy} is not trusted: every visitor counts as that one address.");
    let line = facts.setting(&format!("trusted_proxies = [\"{proxy}\"]"));
    let mend = format!("If it is yours, write {line}");
    Some(finding(Weight::Warning, "untrusted-proxy", says, mend))
}

fn silent_proxy(facts: &Facts) -> Option<Finding> {
    let (proxy, url) = (facts.seen.silent_proxy?, facts.public_url.as_ref()?);
    let says = format!(
        "Visitors use {url} through {proxy}, which does not say who they are: they all count as strangers."
    );
    let line = facts.setting(&format!("trusted_proxies = [\"{proxy}\"]"));
    let mend = format!("If it's your proxy, make it send X-Forwarded-For, and write {line}");
    Some(finding(Weight::Warning, "silent-proxy", says, mend))
}

fn changed_host(facts: &Facts) -> Option<Finding> {
    let proxy = facts.seen.host_changer()?;
    let says = format!(
        "The proxy at {proxy} does not pass on the name that visitors typed (Host): the page opens but \
         doesn't work."
    );
    let mend =
        format!("nginx: add proxy_set_header Host $http_host; next to proxy_pass (https.md {GUIDES}).");
    Some(finding(Weight::Warning, "host-not-passed", says, mend))
}

fn lost_upgrade(facts: &Facts) -> Option<Finding> {
    let proxy = facts.seen.upgrade_loser()?;
    let says = format!(
        "Pages come through the proxy at {proxy}, but WebSockets don't: messages arrive seconds late, and \
         nobody sees who is typing."
    );
    let mend = format!(
        "nginx: add proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header \
         Connection \"upgrade\"; next to proxy_pass (https.md {GUIDES})."
    );
    Some(finding(Weight::Warning, "upgrade-not-passed", says, mend))
}

fn certificate(facts: &Facts) -> Option<Finding> {
    let Certificate { left, is_handed } = facts.certificate?;
    if left > CERTIFICATE_LEFT_FEW {
        return None;
    }
    let (weight, says) = if left.is_zero() {
        (Weight::Fault, "The certificate has expired, so browsers warn about the house.".to_owned())
    } else {
        let when = match left.as_secs() / (24 * 3_600) {
            0 => "in less than a day".to_owned(),
            1 => "in 1 day".to_owned(),
            days => format!("in {days} days"),
        };
        let says = format!("The certificate expires {when}. After that, browsers warn about the house.");
        (Weight::Warning, says)
    };
    let verb = if is_handed { "restart" } else { "reload" };
    let mend = format!("Renew it, then type: sudo systemctl {verb} parlour");
    Some(finding(weight, "certificate-ends", says, mend))
}

fn clock(facts: &Facts) -> Option<Finding> {
    if facts.is_synchronised {
        return None;
    }
    let says = "The clock is not synchronised: times may be wrong, and chats may be kept longer than agreed.";
    let mend = if facts.has_time_service {
        "Type: sudo timedatectl set-ntp true".to_owned()
    } else {
        format!(
            "Parlour finds no time service. Type: sudo apt install systemd-timesyncd. If chrony or the host \
             of a container keeps the clock, see \"A clock kept by something else\" in install.md, {GUIDES}."
        )
    };
    Some(finding(Weight::Warning, "clock-not-synchronised", says, mend))
}

fn disk(facts: &Facts) -> Option<Finding> {
    if facts.free_bytes >= FREE_BYTES_FEW {
        return None;
    }
    let says = format!("The disk is nearly full: only {} MB are free.", facts.free_bytes / 1_000_000);
    let mend = "Free some space. Until then new chats may be refused.";
    Some(finding(Weight::Warning, "disk-nearly-full", says, mend))
}

fn writes(facts: &Facts) -> Option<Finding> {
    let written = facts.written_bytes_a_day.filter(|bytes| *bytes > WRITTEN_BYTES_A_DAY_MANY)?;
    let says = format!("The house writes {:.1} GB a day, which wears out a flash card.", gigabytes(written));
    let mend = "Move the data to a disk or SSD: set data to a directory there.";
    Some(finding(Weight::Warning, "many-writes", says, mend))
}

#[expect(clippy::cast_precision_loss, reason = "a figure with one decimal")]
fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}

fn swap(facts: &Facts) -> Option<Finding> {
    if facts.memory == Memory::Stays {
        return None;
    }
    let says = "The house's memory, with names and messages, can be swapped to a disk.";
    let mend = format!(
        "Type: sudo swapoff -a, and remove swap from /etc/fstab (Raspberry Pi: see Swap in install.md, \
         {GUIDES})."
    );
    Some(finding(Weight::Warning, "swapped", says, mend))
}

fn privacy(facts: &Facts) -> Option<Finding> {
    let (data, mode) = facts.data.as_ref().filter(|(_, mode)| mode & 0o077 != 0)?;
    let data = absolute(Path::new(data));
    let says = format!("Other users of this machine can read {data} (mode {:o}).", mode & 0o777);
    Some(finding(Weight::Warning, "data-readable", says, format!("Type: sudo chmod 700 {data}")))
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::http::guard::proxy_observations::Trace;

    fn well() -> Facts {
        Facts {
            public_url: Some(PublicUrl::parse("https://home.example/").unwrap()),
            url: "https://home.example/".to_owned(),
            is_synchronised: true,
            free_bytes: FREE_BYTES_FEW,
            data: Some(("/var/lib/parlour".to_owned(), 0o40_700)),
            ..Facts::default()
        }
    }

    fn seen(names: &[(&str, u64)]) -> Seen {
        let names = names.iter().map(|(name, times)| ((*name).to_owned(), *times)).collect();
        Seen { names, ..Seen::default() }
    }

    fn with_url(url: &str) -> Facts {
        Facts { public_url: Some(PublicUrl::parse(url).unwrap()), url: url.to_owned(), ..well() }
    }

    #[track_caller]
    fn check(facts: &Facts, codes: &[&str]) {
        let found: Vec<_> = examine(facts).findings.into_iter().map(|finding| finding.code).collect();
        assert_eq!(found, codes, "{facts:?}");
    }

    #[test]
    fn a_house_that_is_well_has_nothing() {
        check(&well(), &[]);
        check(&Facts { seen: seen(&[("home.example", 1), ("192.168.1.20:8080", 9)]), ..well() }, &[]);
        check(&Facts { seen: seen(&[("localhost:8080", 9)]), ..well() }, &[]);
    }

    #[test]
    fn each_thing_that_does_not_work_is_found() {
        check(&with_url("https://localhost:8080/"), &["public-url-localhost"]);
        check(&with_url("https://127.0.0.1/"), &["public-url-localhost"]);
        check(&with_url("https://[::1]:80/"), &["public-url-localhost"]);
        check(&with_url("http://home.example/"), &["no-https"]);
        let home = Facts { public_url: None, url: "http://192.168.1.20:8080/".to_owned(), ..well() };
        check(&home, &["no-https"]);
        let alone = Facts { is_only_here: true, ..home };
        let only = |facts: Facts| Facts { listening: vec!["127.0.0.1:8080".parse().unwrap()], ..facts };
        check(&only(alone.clone()), &["only-this-machine", "no-https"]);
        let missing = Facts { missing: Some([10, 99, 99, 99].into()), ..alone.clone() };
        check(&missing, &["address-missing", "no-https"]);
        check(&alone, &["no-network", "no-https"]);
        let at = |public_place| Facts { public_place, ..with_url("https://192.168.1.20/") };
        check(&at(PublicPlace::Elsewhere), &["public-url-elsewhere"]);
        check(&only(at(PublicPlace::Closed)), &["public-url-closed"]);
        check(&at(PublicPlace::Served), &[]);
        check(&at(PublicPlace::Unknown), &[]);
        check(&Facts { seen: seen(&[("192.168.1.20", 1)]), ..at(PublicPlace::Closed) }, &[]);
        let near = Seen { refused_network: Some("2001:db8:1:2::".parse().unwrap()), ..Seen::default() };
        check(&Facts { seen: near, ..well() }, &["ipv6-not-home"]);
        check(&Facts { seen: seen(&[("parlour.local:8080", 3)]), ..well() }, &["public-url-mismatch"]);
        for (trace, code) in [
            (Trace::Spoke, "untrusted-proxy"),
            (Trace::HostChanged, "host-not-passed"),
            (Trace::Polled, "upgrade-not-passed"),
        ] {
            let ways = [([127, 0, 0, 1].into(), [trace].into())].into();
            check(&Facts { seen: Seen { ways, ..Seen::default() }, ..well() }, &[code]);
        }
        let silent = Seen { silent_proxy: Some([127, 0, 0, 1].into()), ..Seen::default() };
        check(&Facts { seen: silent, ..well() }, &["silent-proxy"]);
        let left = |left| Some(Certificate { left, is_handed: false });
        check(&Facts { certificate: left(CERTIFICATE_LEFT_FEW), ..well() }, &["certificate-ends"]);
        let enough = left(CERTIFICATE_LEFT_FEW + Duration::from_secs(1));
        check(&Facts { certificate: enough, ..well() }, &[]);
        check(&Facts { is_synchronised: false, ..well() }, &["clock-not-synchronised"]);
        check(&Facts { free_bytes: FREE_BYTES_FEW - 1, ..well() }, &["disk-nearly-full"]);
        let many = Some(WRITTEN_BYTES_A_DAY_MANY + 1);
        check(&Facts { written_bytes_a_day: many, ..well() }, &["many-writes"]);
        check(&Facts { missing: Some([192, 168, 1, 20].into()), ..well() }, &["address-missing"]);
        check(&Facts { memory: Memory::MayBeSwapped, ..well() }, &["swapped"]);
        check(&Facts { data: Some(("/srv".to_owned(), 0o40_755)), ..well() }, &["data-readable"]);
    }

    #[test]
    fn an_address_that_the_machine_does_not_have_is_found() {
        let listening = ["[::]:8080", "127.0.0.1:8080", "198.51.100.1:8080"].map(|at| at.parse().unwrap());
        assert_eq!(missing(&listening[..2]), None);
        assert_eq!(missing(&listening), Some([198, 51, 100, 1].into()));
    }

    #[test]
    fn each_finding_says_what_to_do() {
        let told = examine(&Facts { seen: seen(&[("parlour.local:8080", 3)]), ..well() });
        assert!(told.findings[0].mend.contains("http://parlour.local:8080/"), "{told:?}");
        let encrypted = Facts { scheme: Scheme::Https, seen: seen(&[("parlour.local", 3)]), ..well() };
        assert!(examine(&encrypted).findings[0].mend.contains("https://parlour.local/"));
        let divided = seen(&[("parlour.local:8080", 3), ("192.168.1.20:8080", 3)]);
        let told = examine(&Facts { seen: divided, ..well() });
        assert_eq!(told.findings[0].code, "public-url-mismatch");
        assert!(!told.findings[0].mend.contains("8080"), "{told:?}");
        for (is_handed, verb) in [(true, "restart"), (false, "reload")] {
            let certificate = Some(Certificate { left: Duration::ZERO, is_handed });
            let told = examine(&Facts { certificate, ..well() });
            assert_eq!(told.findings[0].weight, Weight::Fault);
            assert!(told.findings[0].mend.ends_with(&format!("systemctl {verb} parlour")), "{told:?}");
        }
    }

    #[test]
    fn what_is_to_be_written_keeps_the_port_and_names_its_file() {
        let file = PathBuf::from("/srv/parlour.toml");
        let at = |address: &str| -> Vec<SocketAddr> { vec![address.parse().unwrap()] };
        let mend = |facts: Facts| examine(&facts).findings.remove(0).mend;
        let here = Facts { file: Some(file.clone()), ..well() };
        let alone = Facts { public_url: None, is_only_here: true, ..here.clone() };
        let line = "into /srv/parlour.toml: listen = [\"[::]:9999\"]";
        let told = mend(Facts { listening: at("127.0.0.1:9999"), ..alone });
        assert!(told.ends_with(line), "{told}");
        let away =
            Facts { missing: Some([192, 168, 1, 20].into()), listening: at("192.168.1.20:9999"), ..here };
        let told = mend(away.clone());
        assert!(told.ends_with(line), "{told}");
        let told = mend(Facts { file: None, ..away });
        assert!(told.contains("into /etc/parlour/parlour.toml") && told.contains("~/.config/"), "{told}");
        for (address, is_taken, line) in [
            ("[::]:80", false, "listen = [\"[::]:8080\"]"),
            ("[::]:9999", true, "listen = [\"[::]:10000\"]"),
            ("[::]:65535", true, "listen = [\"[::]:8080\"]"),
        ] {
            let told = cannot_listen(address.parse().unwrap(), is_taken, Some(&file)).mend;
            assert!(told.ends_with(&format!("into /srv/parlour.toml: {line}")), "{told}");
        }
    }

    #[test]
    fn advice_can_be_followed_from_every_directory_and_with_the_package() {
        let mend = |facts: Facts| examine(&facts).findings.remove(0).mend;
        let told = mend(Facts { data: Some(("chats".to_owned(), 0o40_755)), ..well() });
        let here = std::env::current_dir().unwrap().join("chats");
        assert_eq!(told, format!("Type: sudo chmod 700 {}", here.display()));
        let told = mend(Facts { is_synchronised: false, ..well() });
        assert!(told.contains("sudo apt install systemd-timesyncd"), "{told}");
        let swapped = mend(Facts { memory: Memory::MayBeSwapped, ..well() });
        for told in [told, swapped, mend(with_url("http://home.example/"))] {
            assert!(told.contains("/usr/share/doc/parlour/docs") && told.contains(".md"), "{told}");
        }
    }
}
