//! Addresses as places: which are at home, and which are so near to each other that they count as one.
//!
//! Wherever tries, sockets or connections are counted per address, they are counted per [`AddressBlock`].

use std::net::{IpAddr, Ipv6Addr};

/// One peer as far as counting goes: an IPv4 address, or the /64 that an IPv6 address is in, because
/// RFC 4291 section 2.5.4 gives each link, and so each household, at least that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressBlock(IpAddr);

impl AddressBlock {
    /// The block that an address is in. An IPv4-mapped IPv6 address is the IPv4 address.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(address.into()),
            IpAddr::V6(address) => {
                Self(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into())
            }
        }
    }

    /// The first address of the block.
    pub fn address(self) -> IpAddr {
        self.0
    }
}

/// Whether an address can only be this machine or one on its own network.
///
/// That is: loopback (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3), private (RFC 1918), unique local
/// (RFC 4193, `fc00::/7`), link-local (RFC 3927, RFC 4291 section 2.5.6), and IPv4-mapped IPv6 addresses of
/// these. The shared space of carriers (RFC 6598, `100.64.0.0/10`) is not: who has the same carrier is not at
/// home.
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

    #[test]
    fn an_ipv4_address_and_an_ipv6_network_count_as_one() {
        for (address, block) in [
            ("192.168.0.1", "192.168.0.1"),
            ("::ffff:192.168.0.1", "192.168.0.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
            ("::1", "::"),
        ] {
            let found = AddressBlock::of(address.parse().unwrap());
            assert_eq!(found.address(), block.parse::<IpAddr>().unwrap(), "{address}");
        }
    }
}
