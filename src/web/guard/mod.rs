//! What is checked of every request before it is routed and before its body is read.
//!
//! In this order: `Host`, `Origin`, what the head says of the body. The guard is the first route of the
//! table: it takes every request that must be refused and lets the others fall through to the next route.
//! warp tries routes in order, and none of them reads a body before its path has matched: so nothing of a
//! refused request is looked at. A layer around the service would have to name the traits of hyper.

pub mod body;
mod forwarded;
mod host;
mod origin;
mod silent;

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;
use warp::http::{HeaderMap, Method};

pub use forwarded::{Guest, Standing};

use crate::config::{PublicUrl, Scheme, machine_name};
use crate::domain::Refusal;
use crate::listen::{Line, Peer};
use crate::visits::Visit;
use forwarded::Proxies;
use host::Hosts;
use silent::PublicName;

/// What the guard reads of a request.
pub struct Head<'a> {
    /// Its method.
    pub method: &'a Method,
    /// Its header fields.
    pub headers: &'a HeaderMap,
    /// Whether the request target agrees with `Host`.
    pub target: Target,
    /// The other end of its connection.
    pub peer: Option<Peer>,
}

/// The authority in the request target (RFC 9112, section 3.2.2), as compared with `Host`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The same, or none.
    Agrees,
    /// Another one.
    Disagrees,
}

/// What the guard goes by.
pub struct Guard {
    hosts: Hosts,
    proxies: Proxies,
    public_url: Option<PublicUrl>,
    public_name: Option<PublicName>,
}

impl Guard {
    /// A guard for a house with this `public_url`, which speaks `own` itself, with these further names and
    /// these `trusted_proxies`.
    pub fn new(
        public_url: Option<PublicUrl>,
        own: Scheme,
        names: &[String],
        trusted_proxies: Vec<IpNet>,
    ) -> Self {
        let hosts = Hosts::new(public_url.as_ref(), names, machine_name().as_deref());
        let public_name = public_url.as_ref().and_then(|url| PublicName::of(url, own));
        Self { hosts, proxies: Proxies(trusted_proxies), public_url, public_name }
    }

    /// Refuses what does not belong here.
    pub fn check(&self, head: &Head<'_>) -> Result<(), Refusal> {
        let host = self.hosts.checked(head.headers).filter(|_| head.target == Target::Agrees);
        let host = host.ok_or(Refusal::WrongHost)?;
        if !origin::is_ours(head.method, head.headers, self.scheme(head.peer, head.headers, &host), &host) {
            return Err(Refusal::WrongOrigin);
        }
        body::check(head.method, head.headers)
    }

    /// How a visitor came, who is not on this machine.
    pub fn visit(&self, head: &Head<'_>) -> Option<Visit> {
        let host = self.hosts.checked(head.headers)?;
        let untrusted_proxy = self.proxies.untrusted(address(head.peer), head.headers);
        let silent_proxy = self.silent(head.peer, head.headers);
        let guest = self.guest(head.peer, head.headers);
        let is_visitor = !guest.address.is_loopback() || untrusted_proxy.is_some() || silent_proxy.is_some();
        // Everybody else chooses freely what the house is called, and the host would be told to write that.
        let is_told = guest.standing == Standing::Inside || self.is_of_links(&host);
        let name = Some(host).filter(|_| is_told);
        is_visitor.then_some(Visit { name, untrusted_proxy, silent_proxy })
    }

    fn is_of_links(&self, host: &str) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.authority() == host)
    }

    /// The `Host` in its one spelling, if it is ours.
    pub fn host(&self, headers: &HeaderMap) -> Option<String> {
        self.hosts.checked(headers)
    }

    /// Who asks.
    pub fn guest(&self, peer: Option<Peer>, headers: &HeaderMap) -> Guest {
        let guest = self.proxies.guest(address(peer), headers);
        match self.silent(peer, headers) {
            Some(_) => Guest { standing: Standing::Outside, ..guest },
            None => guest,
        }
    }

    /// The peer, where it seems to speak for somebody and does not say so.
    fn silent(&self, peer: Option<Peer>, headers: &HeaderMap) -> Option<IpAddr> {
        let (name, host) = (self.public_name.as_ref()?, self.hosts.checked(headers)?);
        let peer = address(peer);
        (self.proxies.is_silent(peer, headers) && name.is_forwarded(peer, &host)).then_some(peer)
    }

    /// Whether the guest's browser came by HTTPS.
    pub fn is_secure(&self, peer: Option<Peer>, headers: &HeaderMap) -> bool {
        let host = self.hosts.checked(headers);
        host.is_some_and(|host| self.scheme(peer, headers, &host) == Scheme::Https)
    }

    /// What the guest's browser has before `://`.
    fn scheme(&self, peer: Option<Peer>, headers: &HeaderMap, host: &str) -> Scheme {
        let public = self.public_url.as_ref().map(PublicUrl::scheme).filter(|_| self.is_of_links(host));
        if public == Some(Scheme::Https) {
            return Scheme::Https;
        }
        let own = match peer.map(|peer| peer.line) {
            Some(Line::Encrypted) => Scheme::Https,
            Some(Line::Plain) | None => Scheme::Http,
        };
        self.proxies.scheme(address(peer), headers).unwrap_or(own)
    }
}

/// A connection that nobody described comes from nowhere that is trusted.
fn address(peer: Option<Peer>) -> IpAddr {
    peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.address)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(
        peer: &str,
        target: Target,
        fields: &[(&'static str, &'static str)],
        expected: &Result<(), Refusal>,
    ) {
        let public = PublicUrl::parse("https://home.example/").unwrap();
        let guard = Guard::new(Some(public), Scheme::Http, &[], vec!["10.0.0.1/32".parse().unwrap()]);
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        let end = |address: &str| format!("{address}:8080").parse().unwrap();
        let peer = Some(Peer::new(end(peer), end("192.168.1.20"), Line::Plain));
        let head = Head { method: &Method::GET, headers: &headers, target, peer };
        assert_eq!(guard.check(&head), *expected, "{fields:?}");
    }

    #[test]
    fn a_name_counts_of_who_comes_from_the_home_network_and_the_name_of_links_of_everybody() {
        let public = PublicUrl::parse("https://home.example/").unwrap();
        let guard = Guard::new(Some(public), Scheme::Http, &[], Vec::new());
        let end = |address: &str| format!("{address}:8080").parse().unwrap();
        for (peer, host, name, silent) in [
            ("192.168.1.5", "192.168.1.20:8080", Some("192.168.1.20:8080"), false),
            ("203.0.113.9", "6.6.6.6:9", None, false),
            ("203.0.113.9", "home.example", Some("home.example"), false),
            ("192.168.1.2", "home.example", Some("home.example"), true),
            ("127.0.0.1", "home.example", Some("home.example"), true),
        ] {
            let headers = HeaderMap::from_iter([(warp::http::header::HOST, host.parse().unwrap())]);
            let peer = Peer::new(end(peer), end("192.168.1.20"), Line::Plain);
            let (method, target) = (&Method::GET, Target::Agrees);
            let visit = guard.visit(&Head { method, headers: &headers, target, peer: Some(peer) }).unwrap();
            assert_eq!(visit.name.as_deref(), name, "{host}");
            assert_eq!(visit.silent_proxy, silent.then_some(peer.address), "{host}");
        }
    }

    #[test]
    fn host_comes_before_origin_and_origin_before_the_body() {
        let host = ("host", "home.example");
        let alien = ("origin", "https://evil.example");
        let packed = ("content-encoding", "gzip");
        check("192.168.1.5", Target::Agrees, &[alien, packed], &Err(Refusal::WrongHost));
        check("192.168.1.5", Target::Disagrees, &[host, alien, packed], &Err(Refusal::WrongHost));
        check("192.168.1.5", Target::Agrees, &[host, alien, packed], &Err(Refusal::WrongOrigin));
        check("192.168.1.5", Target::Agrees, &[host, packed], &Err(Refusal::WrongMediaType));
        check("192.168.1.5", Target::Agrees, &[host], &Ok(()));
    }

    #[test]
    fn the_scheme_is_that_of_the_public_url_or_what_a_trusted_proxy_says() {
        let at = |peer, fields: &[_], expected| check(peer, Target::Agrees, fields, expected);
        let wrong = Err(Refusal::WrongOrigin);
        at("192.168.1.5", &[("host", "home.example"), ("origin", "https://home.example")], &Ok(()));
        at("192.168.1.5", &[("host", "home.example"), ("origin", "http://home.example")], &wrong);
        at("192.168.1.5", &[("host", "192.168.1.20:8080"), ("origin", "http://192.168.1.20:8080")], &Ok(()));
        let proxied =
            [("host", "localhost"), ("origin", "https://localhost"), ("x-forwarded-proto", "https")];
        at("10.0.0.1", &proxied, &Ok(()));
        at("10.0.0.2", &proxied, &wrong);
    }
}
