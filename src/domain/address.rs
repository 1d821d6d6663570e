//! Which addresses are so near to each other that they count as one, wherever something is counted per
//! address. Held in memory only, never written to the disk.

use std::net::{IpAddr, Ipv6Addr};

/// One peer as far as counting goes: an IPv4 address, or the /64 that an IPv6 address is in, because
/// RFC 4291 section 2.5.4 gives each link, and so each household, at least that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressBlock(IpAddr);

impl AddressBlock {
    /// An IPv4-mapped IPv6 address is the IPv4 address.
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

/// Who asks for what costs the house much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The host, by the house's own socket in the file system.
    Host,
    Guest(AddressBlock),
}

impl From<IpAddr> for AddressBlock {
    fn from(address: IpAddr) -> Self {
        Self::of(address)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

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
