//! How many sockets may be open that have not yet shown whose they are.
//!
//! `socket` takes a [`Permit`] before the upgrade; the session lets it go when it has seen a seat, or with
//! the socket.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::limits::{STRANGERS_MAX, STRANGERS_PER_ADDRESS_MAX};
use crate::listen::AddressBlock;

/// The sockets without a seat, over the whole house. Cheap to clone.
#[derive(Clone, Default)]
pub struct Strangers {
    counts: Arc<Mutex<Counts>>,
}

#[derive(Default)]
struct Counts {
    all: usize,
    by_block: HashMap<AddressBlock, usize>,
}

/// The right to one socket without a seat; dropping it makes room for another.
pub struct Permit {
    counts: Arc<Mutex<Counts>>,
    block: AddressBlock,
}

impl Strangers {
    /// Room for one more from this address, where there is any.
    pub fn admit(&self, address: IpAddr) -> Option<Permit> {
        let block = AddressBlock::of(address);
        let mut counts = held(&self.counts);
        let here = counts.by_block.get(&block).copied().unwrap_or(0);
        if counts.all >= STRANGERS_MAX || here >= STRANGERS_PER_ADDRESS_MAX {
            return None;
        }
        counts.all += 1;
        counts.by_block.insert(block, here + 1);
        Some(Permit { counts: self.counts.clone(), block })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut counts = held(&self.counts);
        counts.all -= 1;
        match counts.by_block.get_mut(&self.block) {
            Some(here) if *here > 1 => *here -= 1,
            _ => {
                counts.by_block.remove(&self.block);
            }
        }
    }
}

/// Numbers stay right when a holder panics: every change is whole before the lock is released.
fn held(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn admit(strangers: &Strangers, address: &str) -> Option<Permit> {
        strangers.admit(address.parse().unwrap())
    }

    #[test]
    fn a_block_has_few_strangers_and_a_permit_makes_room_when_it_goes() {
        let strangers = Strangers::default();
        let mut held: Vec<_> = (0..4).map(|_| admit(&strangers, "2001:db8::1").unwrap()).collect();
        assert!(admit(&strangers, "2001:db8::ffff:0:0:2").is_none());
        assert!(admit(&strangers, "2001:db8:0:1::1").is_some());
        held.pop();
        assert!(admit(&strangers, "2001:db8::3").is_some());
        drop(held);
        assert!(strangers.counts.lock().unwrap().by_block.is_empty());
    }

    #[test]
    fn an_address_of_ipv4_is_the_same_within_ipv6() {
        let strangers = Strangers::default();
        let _held: Vec<_> = (0..4).map(|_| admit(&strangers, "192.0.2.1").unwrap()).collect();
        assert!(admit(&strangers, "::ffff:192.0.2.1").is_none());
        assert!(admit(&strangers, "192.0.2.2").is_some());
    }

    #[test]
    fn the_house_has_a_bound_as_well() {
        let strangers = Strangers::default();
        let held: Vec<_> =
            (0..STRANGERS_MAX).map(|n| admit(&strangers, &format!("10.0.0.{n}")).unwrap()).collect();
        assert!(admit(&strangers, "10.0.1.0").is_none());
        drop(held);
        assert!(admit(&strangers, "10.0.1.0").is_some());
    }
}
