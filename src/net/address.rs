//! Addresses as places: which are at home.

use std::net::IpAddr;

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
}
