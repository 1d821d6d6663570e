//! What links begin with, and how far they work.
//!
//! Called by `http::request`, and by `host::cli` for the address that it prints. A link is made from
//! `public_url`; without one, from an address of this machine that others can reach. The `Host` of a
//! request is never taken: the client chooses it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::net::{PORT, PublicPlace, PublicUrl, Scheme, is_home};
pub use crate::protocol::rest::Reach;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// A URL that ends with `/`.
    pub url: String,
    pub reach: Reach,
}

impl Base {
    /// The best that is known. `scheme` is what the house speaks where no `public_url` says so; `local` is
    /// the address on which the request came in, where there was one; `listening` are the addresses on which
    /// the house listens; `home` are those of this machine, the best first.
    pub fn of(
        public: Option<&PublicUrl>,
        scheme: Scheme,
        local: Option<SocketAddr>,
        listening: &[SocketAddr],
        home: &[IpAddr],
    ) -> Self {
        if let Some(public) = public {
            return Self { url: public.to_string(), reach: reach_of(public.host()) };
        }
        let came_in = local.map(canonical).filter(|address| is_reachable(address.ip()));
        if let Some(address) = came_in.or_else(|| at_home(listening, home)) {
            return Self { url: url(scheme, address), reach: Reach::Network };
        }
        Self { url: url(scheme, own(local, listening)), reach: Reach::Device }
    }

    /// The link of an invite. The token is behind the `#`, which browsers keep to themselves.
    pub fn invite(&self, token: &str) -> String {
        format!("{}j#{token}", self.url)
    }
}

/// How far a link to this host works, as far as the host tells.
pub fn reach_of(host: &str) -> Reach {
    let (is_only_here, is_only_at_home) = match host.parse::<IpAddr>() {
        Ok(address) => (!is_reachable(address.to_canonical()), is_home(address)),
        Err(_) => (is_below(host, &["localhost"]), !host.contains('.') || is_below(host, HOME_ZONES)),
    };
    match (is_only_here, is_only_at_home) {
        (true, _) => Reach::Device,
        (false, true) => Reach::Network,
        (false, false) => Reach::Anywhere,
    }
}

/// Names that only a home network knows: RFC 6762, RFC 8375, ICANN's `internal`, and what routers use.
const HOME_ZONES: &[&str] = &["local", "home.arpa", "internal", "lan", "home"];

/// Whether a name is one of these zones or is below one, as `localhost` (RFC 6761 section 6.3) does.
fn is_below(name: &str, zones: &[&str]) -> bool {
    let stands_below = |zone: &&str| name.strip_suffix(*zone).is_some_and(|rest| rest.ends_with('.'));
    zones.iter().any(|zone| name == *zone || stands_below(zone))
}

/// An address at which this machine reaches the house. Where it listens only at one that the machine does not
/// have now, that one: nothing answers at another.
fn own(local: Option<SocketAddr>, listening: &[SocketAddr]) -> SocketAddr {
    let loopback: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    if let Some(local) = local.map(canonical).filter(|local| local.ip().is_loopback()) {
        return local;
    }
    let bound = listening.iter().chain(&local).map(|bound| canonical(*bound));
    let here = bound.clone().find_map(|bound| {
        let address = loopback.into_iter().find(|address| serves(bound, *address));
        address.or(Some(bound.ip()).filter(IpAddr::is_loopback)).map(|address| (address, bound.port()).into())
    });
    let there = || bound.clone().find(|bound| is_reachable(bound.ip()));
    let port = listening.first().map_or(PORT, SocketAddr::port);
    here.or_else(there).unwrap_or((Ipv4Addr::LOCALHOST, port).into())
}

/// What is at `public_url`'s address, for a house that listens there on a machine with these addresses.
pub fn public_place(public: Option<&PublicUrl>, listening: &[SocketAddr], home: &[IpAddr]) -> PublicPlace {
    let Some(address) = public.and_then(PublicUrl::address).map(canonical) else {
        return PublicPlace::Unknown;
    };
    let is_at = |bound: &SocketAddr| bound.port() == address.port() && serves(*bound, address.ip());
    if listening.iter().any(is_at) {
        PublicPlace::Served
    } else if home.contains(&address.ip()) {
        PublicPlace::Closed
    } else if is_home(address.ip()) && !address.ip().is_loopback() {
        PublicPlace::Elsewhere
    } else {
        PublicPlace::Unknown
    }
}

/// The first address of this machine on which the house really listens. `home` has the best first.
fn at_home(listening: &[SocketAddr], home: &[IpAddr]) -> Option<SocketAddr> {
    let mut reachable = home.iter().map(IpAddr::to_canonical).filter(|address| is_reachable(*address));
    let served = |address: IpAddr| listening.iter().find(|bound| serves(**bound, address));
    reachable.find_map(|address| served(address).map(|bound| (address, bound.port()).into()))
}

/// Whether a listener bound to `bound` takes connections to `address`. `[::]` takes both families.
fn serves(bound: SocketAddr, address: IpAddr) -> bool {
    match bound.ip() {
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => true,
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => address.is_ipv4(),
        bound => bound.to_canonical() == address,
    }
}

/// Whether another device can use it in a link. A link-local IPv6 address needs a zone, which no link has.
fn is_reachable(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !address.is_loopback() && !address.is_unspecified(),
        IpAddr::V6(address) => {
            !address.is_loopback() && !address.is_unspecified() && !address.is_unicast_link_local()
        }
    }
}

fn canonical(address: SocketAddr) -> SocketAddr {
    (address.ip().to_canonical(), address.port()).into()
}

fn url(scheme: Scheme, address: SocketAddr) -> String {
    let (word, authority) = (scheme.word(), address.to_string());
    let own_port = format!(":{}", scheme.port());
    format!("{word}://{}/", authority.strip_suffix(&own_port).unwrap_or(&authority))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(local: &str, listening: &str, home: &[&str], url: &str, reach: Reach) {
        let home: Vec<_> = home.iter().map(|address| address.parse().unwrap()).collect();
        let base = Base::of(None, Scheme::Http, local.parse().ok(), &[listening.parse().unwrap()], &home);
        assert_eq!(base, Base { url: url.to_owned(), reach }, "{local} {listening} {home:?}");
    }

    #[test]
    fn a_public_url_is_what_links_begin_with() {
        let public = PublicUrl::parse("https://home.example/parlour").unwrap();
        let base = Base::of(Some(&public), Scheme::Http, "192.168.1.20:8080".parse().ok(), &[], &[]);
        assert_eq!(base, Base { url: "https://home.example/parlour/".to_owned(), reach: Reach::Anywhere });
        assert_eq!(base.invite("T"), "https://home.example/parlour/j#T");
    }

    #[test]
    fn a_public_url_works_as_far_as_its_host() {
        for (url, reach) in [
            ("https://home.example/", Reach::Anywhere),
            ("http://203.0.113.9:8080/", Reach::Anywhere),
            ("http://[2001:db8::1]/", Reach::Anywhere),
            ("http://192.168.1.20:8080/", Reach::Network),
            ("https://[fd00::20]:8443/", Reach::Network),
            ("https://parlour.local/", Reach::Network),
            ("https://parlour.home.arpa/parlour", Reach::Network),
            ("http://raspberrypi:8080/", Reach::Network),
            ("http://localhost:8080/", Reach::Device),
            ("http://parlour.localhost/", Reach::Device),
            ("http://127.0.0.1:8080/", Reach::Device),
            ("http://[::1]:8080/", Reach::Device),
        ] {
            let public = PublicUrl::parse(url).unwrap();
            assert_eq!(Base::of(Some(&public), Scheme::Http, None, &[], &[]).reach, reach, "{url}");
        }
    }

    #[test]
    fn else_the_address_that_the_request_came_in_by() {
        use Reach::Network;
        check("192.168.1.20:8080", "[::]:8080", &["10.0.0.1"], "http://192.168.1.20:8080/", Network);
        check("[::ffff:192.168.1.20]:8080", "[::]:8080", &[], "http://192.168.1.20:8080/", Network);
        check("[fd00::20]:8080", "[::]:8080", &["10.0.0.1"], "http://[fd00::20]:8080/", Network);
        check("192.168.1.20:80", "[::]:80", &[], "http://192.168.1.20/", Network);
        check("[fd00::20]:80", "[::]:80", &[], "http://[fd00::20]/", Network);
    }

    #[test]
    fn a_house_that_speaks_https_says_so_in_its_links() {
        for (listening, url) in [("[::]:8443", "https://10.0.0.1:8443/"), ("[::]:443", "https://10.0.0.1/")] {
            let home = ["10.0.0.1".parse().unwrap()];
            let base = Base::of(None, Scheme::Https, None, &[listening.parse().unwrap()], &home);
            assert_eq!(base.url, url);
        }
        let base = Base::of(None, Scheme::Https, "[fd00::1]:80".parse().ok(), &[], &[]);
        assert_eq!(base.url, "https://[fd00::1]:80/");
    }

    #[test]
    fn from_this_machine_the_home_address_is_handed_on() {
        use Reach::Network;
        for local in ["127.0.0.1:8080", "[::1]:8080", "[::ffff:127.0.0.1]:8080", "[fe80::1%2]:8080", "none"] {
            check(local, "[::]:8080", &["192.168.1.20", "fd00::20"], "http://192.168.1.20:8080/", Network);
        }
        check("127.0.0.1:1", "[::]:8080", &["fe80::1", "fd00::20"], "http://[fd00::20]:8080/", Network);
        check("127.0.0.1:1", "0.0.0.0:8080", &["fd00::1", "10.1.1.1"], "http://10.1.1.1:8080/", Network);
        check(
            "127.0.0.1:1",
            "192.168.1.20:99",
            &["10.0.0.1", "192.168.1.20"],
            "http://192.168.1.20:99/",
            Network,
        );
    }

    #[test]
    fn where_nothing_is_known_a_link_says_this_machine() {
        use Reach::Device;
        check("127.0.0.1:8080", "[::]:8080", &[], "http://127.0.0.1:8080/", Device);
        check("127.0.0.1:8080", "127.0.0.1:8080", &["192.168.1.20"], "http://127.0.0.1:8080/", Device);
        check("[::1]:8080", "[::1]:8080", &["192.168.1.20"], "http://[::1]:8080/", Device);
        check("[fe80::1%2]:8080", "[::]:8080", &["fe80::1"], "http://127.0.0.1:8080/", Device);
        check("none", "0.0.0.0:8080", &["fd00::20"], "http://127.0.0.1:8080/", Device);
        check("none", "127.0.0.2:8080", &["192.168.1.20"], "http://127.0.0.2:8080/", Device);
    }

    #[test]
    fn it_is_known_whether_the_house_answers_at_its_public_url() {
        use PublicPlace::{Closed, Elsewhere, Served, Unknown};
        for (url, listening, place) in [
            ("http://192.168.1.20:8080/", "[::]:8080", Served),
            ("http://192.168.1.20:8080/", "192.168.1.20:8080", Served),
            ("http://192.168.1.20/", "[::]:8080", Closed),
            ("http://192.168.1.20:8080/", "127.0.0.1:8080", Closed),
            ("http://192.168.9.9:8080/", "127.0.0.1:8080", Elsewhere),
            ("http://[fd00::9]/", "127.0.0.1:8080", Elsewhere),
            ("http://203.0.113.9/", "127.0.0.1:8080", Unknown),
            ("http://127.0.0.1/", "127.0.0.1:8080", Unknown),
            ("https://home.example/", "127.0.0.1:8080", Unknown),
        ] {
            let (url, home) = (PublicUrl::parse(url).unwrap(), ["192.168.1.20".parse().unwrap()]);
            let told = public_place(Some(&url), &[listening.parse().unwrap()], &home);
            assert_eq!(told, place, "{url} {listening}");
        }
    }

    #[test]
    fn a_link_never_has_an_address_at_which_nothing_listens() {
        use Reach::Device;
        check("none", "10.99.99.99:8080", &["192.168.1.20"], "http://10.99.99.99:8080/", Device);
        check("none", "[fd00::99]:80", &["192.168.1.20"], "http://[fd00::99]/", Device);
    }
}
