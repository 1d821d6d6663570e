//! Whether a request is meant for this house, by its `Host`.
//!
//! A page of another site can make a browser send requests here under a name of its own (DNS rebinding);
//! it cannot choose the `Host`. So only names that are ours are answered, and addresses, which no
//! name server has a say in. The port does not matter: proxies and containers move it.

use std::net::IpAddr;

use warp::http::{HeaderMap, header};

use crate::net::{PublicUrl, Scheme, host_name, is_home, own_names, without_port};

#[derive(Clone, Debug)]
pub struct Hosts {
    names: Vec<String>,
}

impl Hosts {
    pub fn new(public_url: Option<&PublicUrl>, configured: &[String], machine: Option<&str>) -> Self {
        Self { names: own_names(public_url, configured, machine) }
    }

    /// The `Host` of a request in its one spelling, if there is exactly one and it is ours.
    pub fn checked(&self, headers: &HeaderMap) -> Option<String> {
        self.spelled(headers, |_| true)
    }

    /// The same, where an address must be one of home networks, or `local`, at which the request arrived: an
    /// answer that leads somewhere must not lead to anybody else.
    pub fn checked_here(&self, headers: &HeaderMap, local: Option<IpAddr>) -> Option<String> {
        self.spelled(headers, |address| is_home(address) || Some(address) == local)
    }

    fn spelled(&self, headers: &HeaderMap, is_ours: impl Fn(IpAddr) -> bool) -> Option<String> {
        let authority = authority(single(headers, &header::HOST)?)?;
        let name = without_port(&authority);
        let ours = self.names.iter().any(|own| own == name) || address(name).is_some_and(is_ours);
        ours.then_some(authority)
    }
}

/// The value of a field that is there exactly once.
pub fn single<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())?.to_str().ok()
}

/// Host and port in the spelling of browsers, the port of plain HTTP left out; nothing if it is not a host.
fn authority(host: &str) -> Option<String> {
    if host.contains('/') {
        return None;
    }
    PublicUrl::parse(&format!("{}://{host}", Scheme::Http.word())).ok().map(|url| url.authority().to_owned())
}

pub fn address(name: &str) -> Option<IpAddr> {
    host_name::address(name).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use warp::http::HeaderValue;

    fn check(hosts: &[&str], expected: Option<&str>) {
        let url = PublicUrl::parse("https://home.example:8443/parlour/").unwrap();
        let ours = Hosts::new(Some(&url), &["Attic".to_owned()], Some("raspi.lan"));
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, HeaderValue::from_str(host).unwrap());
        }
        assert_eq!(ours.checked(&headers).as_deref(), expected, "{hosts:?}");
    }

    #[test]
    fn the_house_answers_to_its_names_and_to_addresses() {
        for (host, expected) in [
            ("home.example:8443", "home.example:8443"),
            ("Home.Example", "home.example"),
            ("home.example.:99", "home.example:99"),
            ("localhost", "localhost"),
            ("localhost:8080", "localhost:8080"),
            ("raspi", "raspi"),
            ("raspi.lan:8080", "raspi.lan:8080"),
            ("RASPI.local:80", "raspi.local"),
            ("attic:1", "attic:1"),
            ("192.168.1.20:8080", "192.168.1.20:8080"),
            ("203.0.113.7", "203.0.113.7"),
            ("[FD00::1]:8080", "[fd00::1]:8080"),
            ("[::1]", "[::1]"),
        ] {
            check(&[host], Some(expected));
        }
    }

    #[test]
    fn the_house_answers_to_nothing_else() {
        for host in [
            "",
            "evil.example",
            "home.example.evil.example",
            "xhome.example",
            "raspi.evil",
            "attic.local",
            "localhost.",
            "a@localhost",
            "localhost/",
            "localhost:",
            "localhost:0",
            "localhost:99999",
            "localhost, localhost",
            "http://localhost",
            "[localhost]",
            "1.2.3",
            "[fe80::1%25eth0]",
            "127.0.0.1.evil.example",
            "evil:localhost",
        ] {
            check(&[host], (host == "localhost.").then_some("localhost"));
        }
    }

    #[test]
    fn what_leads_somewhere_leads_to_no_address_of_others() {
        let ours = Hosts::new(None, &["203.0.113.8".to_owned()], Some("raspi.lan"));
        let local = Some([203, 0, 113, 7].into());
        for (host, expected) in [
            ("raspi.lan:80", Some("raspi.lan")),
            ("localhost:8080", Some("localhost:8080")),
            ("127.0.0.1", Some("127.0.0.1")),
            ("192.168.1.20", Some("192.168.1.20")),
            ("[fd00::1]", Some("[fd00::1]")),
            ("203.0.113.7:80", Some("203.0.113.7")),
            ("203.0.113.8", Some("203.0.113.8")),
            ("203.0.113.9", None),
            ("[2001:db8::1]", None),
            ("evil.example", None),
        ] {
            let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
            assert_eq!(ours.checked_here(&headers, local).as_deref(), expected, "{host}");
        }
    }

    #[test]
    fn there_is_exactly_one_host() {
        check(&[], None);
        check(&["localhost", "localhost"], None);
    }
}
