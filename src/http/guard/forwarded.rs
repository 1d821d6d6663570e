//! Who asks: the address behind the proxies that the host trusts, and whether it is of the home network.
//!
//! What a proxy says counts only from `trusted_proxies`, and one that does not say for whom it speaks may
//! speak for anybody. A request that shows signs of a proxy nobody trusts is served, but never taken for one
//! from the home network: that proxy may stand at the edge of the internet and look like this machine.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use warp::http::HeaderMap;

use crate::net::{Scheme, host_name, is_home, is_neighbour};

/// What proxies add. The first two are in the contract of `may_start = network`; the others are what proxies
/// and networks in front of them are known to say instead. No browser sends any of them by itself.
const PROXY_HEADERS: [&str; 22] = [
    "forwarded",
    FORWARDED_FOR,
    "x-forwarded-host",
    FORWARDED_PROTO,
    "x-real-ip",
    "cf-connecting-ip",
    "via",
    "true-client-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-forwarded",
    "forwarded-for",
    "x-original-forwarded-for",
    "x-original-host",
    "x-forwarded-port",
    "x-forwarded-server",
    "x-envoy-external-address",
    "cf-connecting-ipv6",
    "fastly-client-ip",
    "fly-client-ip",
    "x-azure-clientip",
    "x-appengine-user-ip",
];
const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guest {
    /// The address that is charged for what it does.
    pub address: IpAddr,
    /// On this machine or in its network; not where nobody knows.
    pub is_inside: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Proxies(pub Vec<IpNet>);

impl Proxies {
    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|net| net.contains(&address))
    }

    /// Who is behind `peer`: the right-most hop that is not a trusted proxy.
    pub fn guest(&self, peer: IpAddr, headers: &HeaderMap) -> Guest {
        let peer = peer.to_canonical();
        let known =
            if self.trust(peer) { self.hop(headers) } else { Some(peer).filter(|_| !speaks(headers)) };
        let is_inside = known.is_some_and(|address| is_home(address) || is_neighbour(address));
        Guest { address: known.unwrap_or(peer), is_inside }
    }

    /// Whether the peer may be a proxy of the household: one from the home network, or one that is trusted.
    /// Anybody else who acts like a proxy would choose what the host is advised.
    pub fn may_be_one(&self, peer: IpAddr) -> bool {
        is_home(peer) || self.trust(peer.to_canonical())
    }

    /// Whether the peer speaks for somebody though nobody trusts it; nothing where it is trusted.
    pub fn untrusted_speaks(&self, peer: IpAddr, headers: &HeaderMap) -> Option<bool> {
        (!self.trust(peer.to_canonical())).then(|| speaks(headers))
    }

    /// Whether the peer does not say for whom it speaks, if it speaks for somebody.
    pub fn is_undeclared(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        if self.trust(peer.to_canonical()) { self.hop(headers).is_none() } else { !speaks(headers) }
    }

    /// How the guest's browser reached the edge: what a trusted proxy says.
    pub fn scheme(&self, peer: IpAddr, headers: &HeaderMap) -> Option<Scheme> {
        if !self.trust(peer.to_canonical()) {
            return None;
        }
        let said = headers.get_all(FORWARDED_PROTO).iter().next_back()?.to_str().ok()?;
        match said.rsplit(',').next()?.trim() {
            word if word.eq_ignore_ascii_case(Scheme::Https.word()) => Some(Scheme::Https),
            word if word.eq_ignore_ascii_case(Scheme::Http.word()) => Some(Scheme::Http),
            _ => None,
        }
    }

    /// Nobody, where nothing is said or it cannot be read.
    fn hop(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let mut last = None;
        for field in headers.get_all(FORWARDED_FOR).iter().rev() {
            for word in field.to_str().ok()?.rsplit(',') {
                let address = address(word.trim())?;
                last = Some(address);
                if !self.trust(address) {
                    return last;
                }
            }
        }
        last
    }
}

fn speaks(headers: &HeaderMap) -> bool {
    PROXY_HEADERS.iter().any(|name| headers.contains_key(*name))
}

/// An address as proxies write it: bare, in brackets, or with a port.
fn address(word: &str) -> Option<IpAddr> {
    let socket = || word.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    host_name::address(word).or_else(socket).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TRUSTED: &str = "10.0.0.0/24";
    const INSIDE: bool = true;
    const OUTSIDE: bool = false;

    fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn check(peer: &str, fields: &[(&'static str, &'static str)], address: &str, is_inside: bool) {
        let proxies = Proxies(vec![TRUSTED.parse().unwrap()]);
        let guest = proxies.guest(peer.parse().unwrap(), &headers(fields));
        assert_eq!(guest, Guest { address: address.parse().unwrap(), is_inside }, "{peer} {fields:?}");
    }

    #[test]
    fn without_a_proxy_the_peer_is_the_guest() {
        check("192.168.1.5", &[], "192.168.1.5", INSIDE);
        check("::ffff:192.168.1.5", &[], "192.168.1.5", INSIDE);
        check("127.0.0.1", &[], "127.0.0.1", INSIDE);
        check("::1", &[], "::1", INSIDE);
        check("fd00::5", &[], "fd00::5", INSIDE);
        check("203.0.113.9", &[], "203.0.113.9", OUTSIDE);
        check("2001:db8::1", &[], "2001:db8::1", OUTSIDE);
    }

    #[test]
    fn what_a_stranger_says_moves_nobody_inside_or_elsewhere() {
        check("127.0.0.1", &[("x-forwarded-for", "192.168.1.9")], "127.0.0.1", OUTSIDE);
        check("192.168.1.5", &[("forwarded", "for=192.168.1.9")], "192.168.1.5", OUTSIDE);
        check("192.168.1.5", &[("x-forwarded-for", "")], "192.168.1.5", OUTSIDE);
        check("127.0.0.1", &[("via", "1.1 edge")], "127.0.0.1", OUTSIDE);
        for sign in PROXY_HEADERS {
            check("192.168.1.5", &[(sign, "192.168.1.9")], "192.168.1.5", OUTSIDE);
        }
        check("203.0.113.9", &[("x-forwarded-for", "127.0.0.1")], "203.0.113.9", OUTSIDE);
    }

    #[test]
    fn behind_trusted_proxies_the_right_most_other_hop_is_the_guest() {
        let behind =
            |said, address, is_inside| check("10.0.0.1", &[("x-forwarded-for", said)], address, is_inside);
        behind("203.0.113.9", "203.0.113.9", OUTSIDE);
        behind("192.168.1.9", "192.168.1.9", INSIDE);
        behind("127.0.0.1, 203.0.113.9", "203.0.113.9", OUTSIDE);
        behind("127.0.0.1, 203.0.113.9, 10.0.0.2", "203.0.113.9", OUTSIDE);
        behind("10.0.0.3, 10.0.0.2", "10.0.0.3", INSIDE);
        behind("203.0.113.9:4711", "203.0.113.9", OUTSIDE);
        behind("[2001:db8::1]:4711", "2001:db8::1", OUTSIDE);
        behind("2001:db8::1", "2001:db8::1", OUTSIDE);
        behind("192.168.1.9, nonsense", "10.0.0.1", OUTSIDE);
        behind("unknown", "10.0.0.1", OUTSIDE);
        behind("", "10.0.0.1", OUTSIDE);
        let twice = [("x-forwarded-for", "127.0.0.1"), ("x-forwarded-for", "203.0.113.9")];
        check("10.0.0.1", &twice, "203.0.113.9", OUTSIDE);
        check("10.0.0.1", &[], "10.0.0.1", OUTSIDE);
        check("10.0.0.1", &[("forwarded", "for=192.168.1.9")], "10.0.0.1", OUTSIDE);
    }

    #[test]
    fn only_a_trusted_proxy_says_how_it_was_reached() {
        let proxies = Proxies(vec![TRUSTED.parse().unwrap()]);
        for (peer, said, expected) in [
            ("10.0.0.1", "https", Some(Scheme::Https)),
            ("10.0.0.1", "HTTPS", Some(Scheme::Https)),
            ("10.0.0.1", "https, http", Some(Scheme::Http)),
            ("10.0.0.1", "wss", None),
            ("127.0.0.1", "https", None),
        ] {
            let scheme = proxies.scheme(peer.parse().unwrap(), &headers(&[("x-forwarded-proto", said)]));
            assert_eq!(scheme, expected, "{peer} {said}");
        }
    }
}
