#![allow(clippy::unwrap_used)]
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::http::guard::proxy_observations::{Seen, Trace};
use crate::limits::{CERTIFICATE_LEFT_FEW, FREE_BYTES_FEW, WRITTEN_BYTES_A_DAY_MANY};
use crate::net::{PublicPlace, PublicUrl, Scheme};
use crate::protocol::admin::Weight;
use crate::store::{Loss, LostFile};

fn well() -> DoctorFacts {
    DoctorFacts {
        public_url: Some(PublicUrl::parse("https://home.example/").unwrap()),
        url: "https://home.example/".to_owned(),
        is_synchronised: true,
        free_bytes: FREE_BYTES_FEW,
        data: Some(("/var/lib/parlour".to_owned(), 0o40_700)),
        ..DoctorFacts::default()
    }
}

fn seen(names: &[(&str, u64)]) -> Seen {
    let names = names.iter().map(|(name, times)| ((*name).to_owned(), *times)).collect();
    Seen { names, ..Seen::default() }
}

fn with_url(url: &str) -> DoctorFacts {
    DoctorFacts { public_url: Some(PublicUrl::parse(url).unwrap()), url: url.to_owned(), ..well() }
}

#[track_caller]
fn check(facts: &DoctorFacts, codes: &[&str]) {
    let found: Vec<_> = examine(facts).findings.into_iter().map(|finding| finding.code).collect();
    assert_eq!(found, codes, "{facts:?}");
}

#[test]
fn a_house_that_is_well_has_nothing() {
    check(&well(), &[]);
    check(&DoctorFacts { seen: seen(&[("home.example", 1), ("192.168.1.20:8080", 9)]), ..well() }, &[]);
    check(&DoctorFacts { seen: seen(&[("localhost:8080", 9)]), ..well() }, &[]);
}

#[test]
fn each_thing_that_does_not_work_is_found() {
    check(&with_url("https://localhost:8080/"), &["public-url-localhost"]);
    check(&with_url("https://127.0.0.1/"), &["public-url-localhost"]);
    check(&with_url("https://[::1]:80/"), &["public-url-localhost"]);
    check(&with_url("http://home.example/"), &["no-https"]);
    let home = DoctorFacts { public_url: None, url: "http://192.168.1.20:8080/".to_owned(), ..well() };
    check(&home, &["no-https"]);
    let alone = DoctorFacts { is_only_here: true, ..home };
    let only =
        |facts: DoctorFacts| DoctorFacts { listening: vec!["127.0.0.1:8080".parse().unwrap()], ..facts };
    check(&only(alone.clone()), &["only-this-machine", "no-https"]);
    let missing = DoctorFacts { missing: Some([10, 99, 99, 99].into()), ..alone.clone() };
    check(&missing, &["address-missing", "no-https"]);
    check(&alone, &["no-network", "no-https"]);
    let at = |public_place| DoctorFacts { public_place, ..with_url("https://192.168.1.20/") };
    check(&at(PublicPlace::Elsewhere), &["public-url-elsewhere"]);
    check(&only(at(PublicPlace::Closed)), &["public-url-closed"]);
    check(&at(PublicPlace::Served), &[]);
    check(&at(PublicPlace::Unknown), &[]);
    check(&DoctorFacts { seen: seen(&[("192.168.1.20", 1)]), ..at(PublicPlace::Closed) }, &[]);
    let near = Seen { refused_network: Some("2001:db8:1:2::".parse().unwrap()), ..Seen::default() };
    check(&DoctorFacts { seen: near, ..well() }, &["ipv6-not-home"]);
    check(&DoctorFacts { seen: seen(&[("parlour.local:8080", 3)]), ..well() }, &["public-url-mismatch"]);
    for (trace, code) in [
        (Trace::Spoke, "untrusted-proxy"),
        (Trace::HostChanged, "host-not-passed"),
        (Trace::Polled, "upgrade-not-passed"),
    ] {
        let ways = [([127, 0, 0, 1].into(), [trace].into())].into();
        check(&DoctorFacts { seen: Seen { ways, ..Seen::default() }, ..well() }, &[code]);
    }
    let silent = Seen { undeclared_proxy: Some([127, 0, 0, 1].into()), ..Seen::default() };
    check(&DoctorFacts { seen: silent, ..well() }, &["silent-proxy"]);
    let lost = LostFile { path: "/data/keys.slots".into(), loss: Loss::Deleted };
    check(&DoctorFacts { lost: vec![lost], ..well() }, &["files-lost"]);
    let blocked_socket = Some("/run/parlour/admin.sock".into());
    check(&DoctorFacts { blocked_socket, ..well() }, &["socket-blocked"]);
    let left = |left| Some(Certificate { left, is_handed: false });
    check(&DoctorFacts { certificate: left(CERTIFICATE_LEFT_FEW), ..well() }, &["certificate-ends"]);
    let enough = left(CERTIFICATE_LEFT_FEW + Duration::from_secs(1));
    check(&DoctorFacts { certificate: enough, ..well() }, &[]);
    check(&DoctorFacts { is_synchronised: false, ..well() }, &["clock-not-synchronised"]);
    check(&DoctorFacts { free_bytes: FREE_BYTES_FEW - 1, ..well() }, &["disk-nearly-full"]);
    let many = Some(WRITTEN_BYTES_A_DAY_MANY + 1);
    check(&DoctorFacts { written_bytes_a_day: many, ..well() }, &["many-writes"]);
    check(&DoctorFacts { missing: Some([192, 168, 1, 20].into()), ..well() }, &["address-missing"]);
    check(&DoctorFacts { may_be_swapped: true, ..well() }, &["swapped"]);
    check(&DoctorFacts { data: Some(("/srv".to_owned(), 0o40_755)), ..well() }, &["data-readable"]);
}

#[test]
fn an_address_that_the_machine_does_not_have_is_found() {
    let listening = ["[::]:8080", "127.0.0.1:8080", "198.51.100.1:8080"].map(|at| at.parse().unwrap());
    assert_eq!(missing(&listening[..2]), None);
    assert_eq!(missing(&listening), Some([198, 51, 100, 1].into()));
}

#[test]
fn each_finding_says_what_to_do() {
    let told = examine(&DoctorFacts { seen: seen(&[("parlour.local:8080", 3)]), ..well() });
    assert!(told.findings[0].mend.contains("http://parlour.local:8080/"), "{told:?}");
    let encrypted = DoctorFacts { scheme: Scheme::Https, seen: seen(&[("parlour.local", 3)]), ..well() };
    assert!(examine(&encrypted).findings[0].mend.contains("https://parlour.local/"));
    let divided = seen(&[("parlour.local:8080", 3), ("192.168.1.20:8080", 3)]);
    let told = examine(&DoctorFacts { seen: divided, ..well() });
    assert_eq!(told.findings[0].code, "public-url-mismatch");
    assert!(!told.findings[0].mend.contains("8080"), "{told:?}");
    for (is_handed, verb) in [(true, "restart"), (false, "reload")] {
        let certificate = Some(Certificate { left: Duration::ZERO, is_handed });
        let told = examine(&DoctorFacts { certificate, ..well() });
        assert_eq!(told.findings[0].weight, Weight::Fault);
        assert!(told.findings[0].mend.ends_with(&format!("systemctl {verb} parlour")), "{told:?}");
    }
}

#[test]
fn what_is_to_be_written_keeps_the_port_and_names_its_file() {
    let file = PathBuf::from("/srv/parlour.toml");
    let at = |address: &str| -> Vec<SocketAddr> { vec![address.parse().unwrap()] };
    let mend = |facts: DoctorFacts| examine(&facts).findings.remove(0).mend;
    let here = DoctorFacts { file: Some(file.clone()), ..well() };
    let alone = DoctorFacts { public_url: None, is_only_here: true, ..here.clone() };
    let line = "into /srv/parlour.toml: listen = [\"[::]:9999\"]";
    let told = mend(DoctorFacts { listening: at("127.0.0.1:9999"), ..alone });
    assert!(told.ends_with(line), "{told}");
    let away =
        DoctorFacts { missing: Some([192, 168, 1, 20].into()), listening: at("192.168.1.20:9999"), ..here };
    let told = mend(away.clone());
    assert!(told.ends_with(line), "{told}");
    let told = mend(DoctorFacts { file: None, ..away });
    assert!(told.contains("into /etc/parlour/parlour.toml") && told.contains("~/.config/"), "{told}");
    for (address, fault, line) in [
        ("[::]:80", PortFault::Forbidden, "listen = [\"[::]:8080\"]"),
        ("[::]:9999", PortFault::Taken, "listen = [\"[::]:10000\"]"),
        ("[::]:65535", PortFault::Taken, "listen = [\"[::]:8080\"]"),
    ] {
        let told = fault.finding(address.parse().unwrap(), Some(&file)).mend;
        assert!(told.ends_with(&format!("into /srv/parlour.toml: {line}")), "{told}");
    }
}

#[test]
fn advice_can_be_followed_from_every_directory_and_with_the_package() {
    let mend = |facts: DoctorFacts| examine(&facts).findings.remove(0).mend;
    let told = mend(DoctorFacts { data: Some(("chats".to_owned(), 0o40_755)), ..well() });
    let here = std::env::current_dir().unwrap().join("chats");
    assert_eq!(told, format!("Type: sudo chmod 700 {}", here.display()));
    let told = mend(DoctorFacts { is_synchronised: false, ..well() });
    assert!(told.contains("sudo apt install systemd-timesyncd"), "{told}");
    let swapped = mend(DoctorFacts { may_be_swapped: true, ..well() });
    for told in [told, swapped, mend(with_url("http://home.example/"))] {
        assert!(told.contains("/usr/share/doc/parlour/docs") && told.contains(".md"), "{told}");
    }
}
