//! Proxies that say nothing of whom they forward for: behind one, the whole internet looks like this machine.
//!
//! Nothing in such a request gives the proxy away but the name in it, so this is a guess: a visitor from
//! this machine who uses the public name of the house came through something, and so did a visitor who uses
//! it from the network where links begin with `https` and the house does not speak it. It errs towards
//! strangers.

use std::net::IpAddr;

use crate::http::link::{Reach, reach_of};
use crate::net::{PublicUrl, Scheme, is_home, without_port};

/// The name by which the house is known outside of its network.
pub struct PublicName {
    name: String,
    is_encrypted_elsewhere: bool,
}

impl PublicName {
    /// The name of `public_url`, where it is none of the home network. `own` is what the house speaks itself.
    pub fn of(public_url: &PublicUrl, own: Scheme) -> Option<Self> {
        let is_public = reach_of(public_url.host()) == Reach::Anywhere;
        let is_encrypted_elsewhere = public_url.scheme() == Scheme::Https && own == Scheme::Http;
        is_public
            .then(|| Self { name: without_port(public_url.authority()).to_owned(), is_encrypted_elsewhere })
    }

    /// Whether something that does not say so is between the house and a visitor who came by `host`. The
    /// router may lead a name of the house that speaks for itself straight to it, from other machines.
    pub fn is_forwarded(&self, peer: IpAddr, host: &str) -> bool {
        let is_between = peer.is_loopback() || (is_home(peer) && self.is_encrypted_elsewhere);
        is_between && without_port(host) == self.name
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(public: &str, own: Scheme, peer: &str, host: &str, expected: bool) {
        let name = PublicName::of(&PublicUrl::parse(public).unwrap(), own);
        let found = name.is_some_and(|name| name.is_forwarded(peer.parse().unwrap(), host));
        assert_eq!(found, expected, "{public} {own:?} {peer} {host}");
    }

    #[test]
    fn a_visitor_by_the_public_name_from_this_machine_came_through_something() {
        for own in [Scheme::Http, Scheme::Https] {
            check("https://home.example/", own, "127.0.0.1", "home.example", true);
            check("https://home.example/", own, "::1", "home.example:8443", true);
            check("http://203.0.113.7:8080/", own, "127.0.0.1", "203.0.113.7:8080", true);
            check("https://home.example/", own, "127.0.0.1", "localhost:8080", false);
            check("https://home.example/", own, "203.0.113.9", "home.example", false);
        }
    }

    #[test]
    fn from_the_network_a_name_leads_to_the_house_unless_it_does_not_speak_what_links_say() {
        check("https://home.example/", Scheme::Http, "192.168.1.2", "home.example", true);
        check("https://home.example/", Scheme::Http, "192.168.1.2", "192.168.1.20:8080", false);
        check("https://home.example/", Scheme::Https, "192.168.1.2", "home.example", false);
        check("http://home.example/", Scheme::Http, "192.168.1.2", "home.example", false);
    }

    #[test]
    fn a_name_of_the_home_network_is_no_public_one() {
        for host in
            ["localhost", "raspi", "raspi.local", "raspi.lan", "a.home.arpa", "192.168.1.20", "[fd00::1]"]
        {
            check(&format!("https://{host}/"), Scheme::Http, "127.0.0.1", host, false);
        }
    }
}
