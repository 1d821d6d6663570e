//! By which addresses other devices can reach this machine.
//!
//! What is printed at start, and what a link is built from when neither `public_url` nor the request's own
//! way in says anything better. Asked each time: a laptop changes networks.

use std::net::IpAddr;

use if_addrs::{IfOperStatus, Interface};

use crate::domain::AddressBlock;

/// How the names of bridges, containers, virtual machines and tunnels begin: no phone in the same room
/// reaches this machine by them.
const VIRTUAL: [&str; 18] = [
    "docker",
    "br-",
    "veth",
    "virbr",
    "vnet",
    "vmnet",
    "vboxnet",
    "cni",
    "flannel",
    "cali",
    "lxc",
    "lxd",
    "podman",
    "tun",
    "tap",
    "wg",
    "tailscale",
    "zt",
];

/// This machine's own addresses on its networks, the one that a link should have first.
///
/// Private IPv4 comes first, then other IPv4, unique local and global IPv6, and self-assigned IPv4 last. IPv6
/// link-local addresses are left out: they need a zone, which a link cannot carry (RFC 6874 section 1).
/// Virtual interfaces count only where there is no other. Empty if nothing is known.
pub fn home_addresses() -> Vec<IpAddr> {
    chosen(up())
}

/// The addresses that this machine has on networks of a household, each with the name of its interface, in a
/// lasting order. None on a rented server: its interface has an IPv4 address that the internet reaches.
pub fn household_addresses() -> Vec<(IpAddr, String)> {
    of_households(up())
}

/// Whether an address that the internet could reach is in the house's own IPv6 network, and that is a
/// household's. [`is_home`] knows the addresses that it cannot reach.
///
/// A home's router gives every device such addresses, all in the /64 of the link (RFC 4291, section 2.5.4).
/// They count only beside a private IPv4 address: on a rented server neighbours may be strangers.
pub fn is_neighbour(address: IpAddr) -> bool {
    is_global_ipv6(address) && blocks_of_households(&up()).contains(&AddressBlock::of(address))
}

/// Whether the house itself has an address in that network, whatever network it is.
pub fn is_on_link(address: IpAddr) -> bool {
    is_global_ipv6(address) && up().iter().any(|(own, _)| AddressBlock::of(*own) == AddressBlock::of(address))
}

fn is_global_ipv6(address: IpAddr) -> bool {
    matches!(address.to_canonical(), IpAddr::V6(v6) if v6.segments()[0] & 0xe000 == 0x2000)
}

/// The /64s of global IPv6 addresses on interfaces that have a private IPv4 address and no public one.
fn blocks_of_households(found: &[(IpAddr, String)]) -> Vec<AddressBlock> {
    let is_private = |(address, _): &&(IpAddr, String)| address.is_ipv4() && is_home(*address);
    let is_public = |(address, _): &&(IpAddr, String)| address.is_ipv4() && !is_home(*address);
    let of_household = |name: &str| {
        let beside = || found.iter().filter(|(_, of)| of == name);
        !is_virtual(name) && beside().any(|one| is_private(&one)) && !beside().any(|one| is_public(&one))
    };
    let global = found.iter().filter(|(address, name)| is_global_ipv6(*address) && of_household(name));
    global.map(|(address, _)| AddressBlock::of(*address)).collect()
}

fn up() -> Vec<(IpAddr, String)> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        log::warn!("this machine's addresses cannot be read: {error}");
        Vec::new()
    });
    let is_down = |interface: &Interface| {
        use IfOperStatus::{Down, LowerLayerDown, NotPresent};
        matches!(interface.oper_status, Down | NotPresent | LowerLayerDown)
    };
    let up = interfaces.into_iter().filter(|interface| !is_down(interface));
    up.map(|interface| (interface.ip(), interface.name)).collect()
}

fn of_households(mut found: Vec<(IpAddr, String)>) -> Vec<(IpAddr, String)> {
    let all = found.clone();
    found.retain(|(address, name)| {
        let beside: Vec<_> = all.iter().filter(|(_, of)| of == name).map(|(address, _)| *address).collect();
        !is_virtual(name) && is_of_household(*address, &beside)
    });
    found.sort();
    found
}

/// A router gives a home private IPv4 addresses; where an interface has another one beside it, the private
/// one belongs to a provider's own network. IPv6 counts where the internet does not reach it either; every
/// interface has a link-local address, which says nothing.
fn is_of_household(address: IpAddr, beside: &[IpAddr]) -> bool {
    let is_telling = |address: &IpAddr| match address {
        IpAddr::V4(_) => true,
        IpAddr::V6(address) => address.is_unique_local(),
    };
    let alike = |other: &&IpAddr| other.is_ipv4() || address.is_ipv6();
    !address.is_loopback()
        && beside.iter().filter(alike).all(|other| is_home(*other))
        && beside.iter().any(is_telling)
}

fn chosen(mut found: Vec<(IpAddr, String)>) -> Vec<IpAddr> {
    found.retain(|(address, _)| rank(*address).is_some());
    if found.iter().any(|(_, name)| !is_virtual(name)) {
        found.retain(|(_, name)| !is_virtual(name));
    }
    let mut addresses: Vec<_> = found.into_iter().map(|(address, _)| address).collect();
    addresses.sort_by_key(|address| rank(*address));
    addresses.dedup();
    addresses
}

fn is_virtual(name: &str) -> bool {
    VIRTUAL.iter().any(|prefix| name.starts_with(prefix))
}

/// The smaller the better; `None` is no use in a link.
fn rank(address: IpAddr) -> Option<u8> {
    match address {
        IpAddr::V4(address) if address.is_private() => Some(0),
        IpAddr::V4(address) if address.is_link_local() => Some(4),
        IpAddr::V6(address) if address.is_unique_local() => Some(2),
        IpAddr::V6(address) if address.is_unicast_link_local() => None,
        address if address.is_loopback() || address.is_unspecified() || address.is_multicast() => None,
        IpAddr::V4(_) => Some(1),
        IpAddr::V6(_) => Some(3),
    }
}

/// Whether an address can only be this machine or one on its own network.
///
/// That is: loopback (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3), private (RFC 1918), unique local
/// (RFC 4193, `fc00::/7`), link-local (RFC 3927, RFC 4291 section 2.5.6), and IPv4-mapped IPv6 addresses of
/// these. The shared space of carriers (RFC 6598, `100.64.0.0/10`) is not: somebody with the same carrier is
/// not at home.
pub fn is_home(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(found: &[(&str, &str)], expected: &[&str]) {
        let found = found.iter().map(|(address, name)| (address.parse().unwrap(), (*name).to_owned()));
        let expected: Vec<IpAddr> = expected.iter().map(|address| address.parse().unwrap()).collect();
        assert_eq!(chosen(found.collect()), expected);
    }

    #[test]
    fn a_private_ipv4_address_comes_first() {
        check(
            &[
                ("127.0.0.1", "lo"),
                ("::1", "lo"),
                ("fe80::1", "eth0"),
                ("169.254.3.3", "eth0"),
                ("2001:db8::1", "eth0"),
                ("fd00::1", "eth0"),
                ("192.0.2.1", "eth0"),
                ("192.168.1.20", "wlan0"),
            ],
            &["192.168.1.20", "192.0.2.1", "fd00::1", "2001:db8::1", "169.254.3.3"],
        );
    }

    #[test]
    fn a_bridge_counts_only_where_there_is_nothing_else() {
        check(&[("172.17.0.1", "docker0"), ("2001:db8::1", "eth0")], &["2001:db8::1"]);
        check(&[("172.17.0.1", "docker0"), ("127.0.0.1", "lo")], &["172.17.0.1"]);
        check(&[("172.17.0.1", "docker0"), ("fe80::1", "eth0")], &["172.17.0.1"]);
        check(&[], &[]);
    }

    fn check_households(found: &[(&str, &str)], expected: &[&str]) {
        let found = found.iter().map(|(address, name)| (address.parse().unwrap(), (*name).to_owned()));
        let told: Vec<_> =
            of_households(found.collect()).iter().map(|(address, _)| address.to_string()).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn a_rented_server_has_no_network_of_a_household() {
        let lo = ("127.0.0.1", "lo");
        check_households(&[lo, ("203.0.113.5", "eth0"), ("fe80::1", "eth0")], &[]);
        check_households(&[lo, ("203.0.113.5", "eth0"), ("10.19.0.5", "eth0"), ("fe80::1", "eth0")], &[]);
        check_households(&[lo, ("203.0.113.5", "eth0"), ("172.17.0.1", "docker0")], &[]);
        check_households(&[lo, ("2001:db8::5", "eth0"), ("fe80::1", "eth0")], &[]);
        check_households(&[("100.64.0.7", "wwan0"), ("fe80::1", "wwan0")], &[]);
    }

    #[test]
    fn a_home_is_told_by_what_the_internet_does_not_reach() {
        let home = [("192.168.1.20", "eth0"), ("fe80::1", "eth0")];
        check_households(&home, &["192.168.1.20", "fe80::1"]);
        check_households(&[home[0], home[1], ("2001:db8::5", "eth0")], &["192.168.1.20"]);
        check_households(&[home[0], ("203.0.113.5", "ppp0")], &["192.168.1.20"]);
        check_households(&[("fd00::1", "eth0"), ("fe80::1", "eth0")], &["fd00::1", "fe80::1"]);
        check_households(&[("169.254.3.3", "eth0")], &["169.254.3.3"]);
    }

    #[test]
    fn a_device_in_the_ipv6_network_of_a_home_is_at_home_and_on_a_rented_server_is_not() {
        let (home, public) = (("192.168.1.20", "eth0"), ("203.0.113.5", "eth0"));
        let (own, elsewhere) = (("2001:db8:1:2::20", "eth0"), ("2001:db8:1:2::20", "wlan0"));
        for (found, visitor, is_neighbour) in [
            (&[home, own][..], "2001:db8:1:2:abcd::9", true),
            (&[home, own], "2001:db8:1:3::9", false),
            (&[home, elsewhere], "2001:db8:1:2::9", false),
            (&[own], "2001:db8:1:2::9", false),
            (&[public, own], "2001:db8:1:2::9", false),
            (&[home, public, own], "2001:db8:1:2::9", false),
            (&[("172.17.0.1", "docker0"), ("2001:db8:1:2::1", "docker0")], "2001:db8:1:2::9", false),
            (&[("100.64.0.7", "eth0"), own], "2001:db8:1:2::9", false),
            (&[home, ("fd00::1", "eth0")], "fd00::9", false),
            (&[home, own], "192.168.1.9", false),
        ] {
            let found: Vec<_> =
                found.iter().map(|(at, name)| (at.parse().unwrap(), (*name).to_owned())).collect();
            let visitor: IpAddr = visitor.parse().unwrap();
            let block = AddressBlock::of(visitor);
            let told = is_global_ipv6(visitor) && blocks_of_households(&found).contains(&block);
            assert_eq!(told, is_neighbour, "{found:?} {visitor}");
        }
    }

    #[test]
    fn what_this_machine_has_is_never_loopback() {
        assert!(home_addresses().iter().all(|address| !address.is_loopback()));
    }

    #[test]
    fn home_is_this_machine_and_private_networks() {
        for (address, home) in [
            ("127.0.0.1", true),
            ("127.8.8.8", true),
            ("10.0.0.1", true),
            ("172.15.255.255", false),
            ("172.16.0.1", true),
            ("172.31.255.255", true),
            ("172.32.0.0", false),
            ("192.168.0.1", true),
            ("192.169.0.1", false),
            ("169.254.7.7", true),
            ("100.64.0.1", false),
            ("8.8.8.8", false),
            ("0.0.0.0", false),
            ("::1", true),
            ("::", false),
            ("fc00::1", true),
            ("fdff::1", true),
            ("fe80::1", true),
            ("febf::1", true),
            ("fec0::1", false),
            ("2001:db8::1", false),
            ("::ffff:192.168.0.1", true),
            ("::ffff:8.8.8.8", false),
            ("::192.168.0.1", false),
        ] {
            assert_eq!(is_home(address.parse().unwrap()), home, "{address}");
        }
    }
}
