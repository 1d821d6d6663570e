//! What is checked of every request before it is routed and before its body is read.
//!
//! In this order: `Host`, `Origin`, what the head says of the body. Nothing else of a request that is refused
//! is looked at.

mod bodies;
pub mod body;
mod forwarded;
mod host;
mod origin;
pub mod proxy_observations;
mod undeclared_proxy;

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;
use warp::http::{HeaderMap, Method, header};

pub use bodies::Bodies;
pub use forwarded::Guest;
pub use host::Hosts;
pub use origin::is_reading;

use crate::domain::Refusal;
use crate::http::guard::proxy_observations::{Trace, Visit};
use crate::net::{Peer, PublicUrl, Scheme, Transport, machine_name, without_port};
use forwarded::Proxies;
use undeclared_proxy::PublicName;

pub struct Head<'a> {
    pub method: &'a Method,
    pub headers: &'a HeaderMap,
    pub aim: Aim,
    pub target: Target,
    pub peer: Option<Peer>,
}

/// The authority in the request target (RFC 9112, section 3.2.2), as compared with `Host`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The same, or none.
    Agrees,
    Disagrees,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// The page or what it loads. It is the same for everybody and nothing in it is anybody's, so it is
    /// served whatever a proxy made of `Host`: only then can the page say what is wrong.
    Page,
    /// The interface for programs, and what is told of the house.
    House,
}

pub struct Guard {
    hosts: Hosts,
    proxies: Proxies,
    public_url: Option<PublicUrl>,
    public_name: Option<PublicName>,
}

impl Guard {
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

    pub fn check(&self, head: &Head<'_>) -> Result<(), Refusal> {
        if head.aim == Aim::Page && head.target == Target::Agrees {
            return body::check(head.method, head.headers);
        }
        let host = self.hosts.checked(head.headers).filter(|_| head.target == Target::Agrees);
        let host = host.ok_or(Refusal::WrongHost)?;
        if !origin::is_ours(head.method, head.headers, self.scheme(head.peer, head.headers, &host), &host) {
            return Err(Refusal::WrongOrigin);
        }
        body::check(head.method, head.headers)
    }

    /// How a visitor from another machine came.
    pub fn visit(&self, head: &Head<'_>) -> Option<Visit> {
        let host = self.hosts.checked(head.headers)?;
        let undeclared = self.undeclared_proxy(head.peer, head.headers);
        let guest = self.guest(head.peer, head.headers);
        let speaks = self.proxies.untrusted_speaks(address(head.peer), head.headers) == Some(true);
        let is_visitor = !guest.address.is_loopback() || speaks || undeclared.is_some();
        // Everybody else chooses freely what the house is called, and the host would be told to write that.
        let is_told = guest.is_inside || self.is_of_links(&host);
        let name = Some(host).filter(|_| is_told);
        is_visitor.then_some(Visit { name, undeclared_proxy: undeclared })
    }

    pub fn traces(&self, head: &Head<'_>) -> Vec<(IpAddr, Trace)> {
        let Some(peer) = self.between(head.peer) else { return Vec::new() };
        let found = [self.host_trace(head.headers), self.speaking_trace(peer, head.headers)];
        found.into_iter().flatten().map(|trace| (peer, trace)).collect()
    }

    /// The peer, where it may be a proxy of the household.
    pub fn between(&self, peer: Option<Peer>) -> Option<IpAddr> {
        Some(address(peer)).filter(|peer| self.proxies.may_be_one(*peer))
    }

    /// Whether `Host` is the one that the browser sent, where that can be known: `Origin` is the page's own,
    /// by the settings or, without them, by the word of the browser (W3C Fetch Metadata), which no other
    /// site's page can have it say.
    fn host_trace(&self, headers: &HeaderMap) -> Option<Trace> {
        let origin = PublicUrl::parse(host::single(headers, &header::ORIGIN)?).ok()?;
        let is_ours = match &self.public_url {
            Some(url) => url.origin() == origin.origin(),
            None => headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin"),
        };
        if !is_ours {
            return None;
        }
        let host = host::single(headers, &header::HOST)?;
        let host = PublicUrl::parse(&format!("{}://{host}", origin.scheme().word()));
        let is_kept = host.is_ok_and(|host| host.authority() == origin.authority());
        Some(if is_kept { Trace::HostKept } else { Trace::HostChanged })
    }

    /// Whether a peer that is not trusted speaks for others by the name that links have. Where nothing says
    /// how links begin, any name will do that is not this machine's own and no address.
    fn speaking_trace(&self, peer: IpAddr, headers: &HeaderMap) -> Option<Trace> {
        let host = self.hosts.checked(headers)?;
        let name = without_port(&host);
        let is_of_links = match &self.public_url {
            Some(_) => self.is_of_links(&host),
            None => name != "localhost" && host::address(name).is_none(),
        };
        let speaks = self.proxies.untrusted_speaks(peer, headers).filter(|_| is_of_links)?;
        Some(if speaks { Trace::Spoke } else { Trace::DidNotSpeak })
    }

    fn is_of_links(&self, host: &str) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.authority() == host)
    }

    #[cfg(feature = "test-support")]
    pub fn host(&self, headers: &HeaderMap) -> Option<String> {
        self.hosts.checked(headers)
    }

    pub fn guest(&self, peer: Option<Peer>, headers: &HeaderMap) -> Guest {
        let guest = self.proxies.guest(address(peer), headers);
        match self.undeclared_proxy(peer, headers) {
            Some(_) => Guest { is_inside: false, ..guest },
            None => guest,
        }
    }

    /// The `Host` in its one spelling, if it leads nowhere but to this house: see [`Hosts::checked_here`].
    pub fn host_here(&self, peer: Option<Peer>, headers: &HeaderMap) -> Option<String> {
        self.hosts.checked_here(headers, peer.map(|peer| peer.local.ip()))
    }

    /// The peer, where it seems to speak for somebody and does not say so.
    fn undeclared_proxy(&self, peer: Option<Peer>, headers: &HeaderMap) -> Option<IpAddr> {
        let (name, host) = (self.public_name.as_ref()?, self.hosts.checked(headers)?);
        let peer = address(peer);
        (self.proxies.is_undeclared(peer, headers) && name.is_forwarded(peer, &host)).then_some(peer)
    }

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
        let own = match peer.map(|peer| peer.transport) {
            Some(Transport::Encrypted) => Scheme::Https,
            Some(Transport::Plain) | None => Scheme::Http,
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

    fn guard() -> Guard {
        let public = PublicUrl::parse("https://home.example/").unwrap();
        Guard::new(Some(public), Scheme::Http, &[], vec!["10.0.0.1/32".parse().unwrap()])
    }

    fn sent(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[allow(clippy::unnecessary_wraps)]
    fn peer(address: &str) -> Option<Peer> {
        let end = |address: &str| format!("{address}:8080").parse().unwrap();
        Some(Peer::new(end(address), end("192.168.1.20"), Transport::Plain))
    }

    fn check(
        peer: &str,
        target: Target,
        fields: &[(&'static str, &'static str)],
        expected: &Result<(), Refusal>,
    ) {
        let (headers, aim) = (sent(fields), Aim::House);
        let head = Head { method: &Method::GET, headers: &headers, aim, target, peer: self::peer(peer) };
        assert_eq!(guard().check(&head), *expected, "{fields:?}");
        let of_the_page = match target {
            Target::Disagrees => Err(Refusal::WrongHost),
            Target::Agrees if fields.contains(&PACKED) => Err(Refusal::WrongMediaType),
            Target::Agrees => Ok(()),
        };
        assert_eq!(guard().check(&Head { aim: Aim::Page, ..head }), of_the_page, "{fields:?}");
    }

    const PACKED: (&str, &str) = ("content-encoding", "gzip");

    #[test]
    fn a_proxy_that_does_not_pass_host_on_is_seen_by_what_only_the_own_page_says() {
        use Trace::{HostChanged, HostKept};
        let (public, alien) = ("https://home.example", "https://evil.example");
        let same = ("sec-fetch-site", "same-origin");
        for (peer_address, fields, expected) in [
            ("127.0.0.1", &[("origin", public), ("host", "127.0.0.1:8080")][..], Some(HostChanged)),
            ("10.0.0.1", &[("origin", public), ("host", "parlour_up")], Some(HostChanged)),
            ("127.0.0.1", &[("origin", public), ("host", "home.example")], Some(HostKept)),
            ("127.0.0.1", &[("origin", public), ("host", "home.example:443")], Some(HostKept)),
            ("127.0.0.1", &[("origin", alien), ("host", "127.0.0.1:8080")], None),
            ("127.0.0.1", &[("origin", "https://other.example"), ("host", "up"), same], None),
            ("127.0.0.1", &[("host", "127.0.0.1:8080"), same], None),
            ("203.0.113.9", &[("origin", public), ("host", "127.0.0.1:8080")], None),
        ] {
            let (headers, method) = (sent(fields), &Method::POST);
            let (aim, target, peer) = (Aim::House, Target::Agrees, peer(peer_address));
            let traces = guard().traces(&Head { method, headers: &headers, aim, target, peer });
            let of_host = traces.iter().find(|(_, trace)| matches!(trace, HostChanged | HostKept));
            assert_eq!(of_host.map(|(_, trace)| *trace), expected, "{peer_address} {fields:?}");
        }
        let unnamed = Guard::new(None, Scheme::Http, &[], Vec::new());
        let headers = sent(&[("origin", "https://other.example"), ("host", "up"), same]);
        assert_eq!(
            unnamed.host_trace(&headers),
            Some(HostChanged),
            "the word of the browser is all there is"
        );
    }

    #[test]
    fn a_peer_that_speaks_for_others_counts_by_the_name_of_links_only() {
        use Trace::{DidNotSpeak, Spoke};
        let forwarded = ("x-forwarded-for", "203.0.113.9");
        for (peer_address, fields, expected) in [
            ("127.0.0.1", &[("host", "home.example"), forwarded][..], Some(Spoke)),
            ("192.168.1.5", &[("host", "home.example"), forwarded], Some(Spoke)),
            ("192.168.1.5", &[("host", "home.example")], Some(DidNotSpeak)),
            ("192.168.1.5", &[("host", "192.168.1.20:8080"), forwarded], None),
            ("10.0.0.1", &[("host", "home.example"), forwarded], None),
            ("203.0.113.9", &[("host", "home.example"), forwarded], None),
        ] {
            let (headers, method) = (sent(fields), &Method::GET);
            let (aim, target, peer) = (Aim::House, Target::Agrees, peer(peer_address));
            let traces = guard().traces(&Head { method, headers: &headers, aim, target, peer });
            assert_eq!(traces.first().map(|(_, trace)| *trace), expected, "{peer_address} {fields:?}");
        }
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
            let peer = Peer::new(end(peer), end("192.168.1.20"), Transport::Plain);
            let (method, aim, target) = (&Method::GET, Aim::House, Target::Agrees);
            let head = Head { method, headers: &headers, aim, target, peer: Some(peer) };
            let visit = guard.visit(&head).unwrap();
            assert_eq!(visit.name.as_deref(), name, "{host}");
            assert_eq!(visit.undeclared_proxy, silent.then_some(peer.address), "{host}");
        }
    }

    #[test]
    fn host_comes_before_origin_and_origin_before_the_body() {
        let host = ("host", "home.example");
        let alien = ("origin", "https://evil.example");
        let packed = PACKED;
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
