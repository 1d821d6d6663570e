//! How much of something is taken, in all and by each address block, so that no household takes all of it.
//!
//! `permits` counts connections by it, and `http` the bytes of bodies.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::AddressBlock;

/// What is taken. Cheap to clone.
#[derive(Clone, Default)]
pub struct Shares(Arc<Mutex<Taken>>);

#[derive(Default)]
struct Taken {
    all: usize,
    /// An entry goes with its last share, and no share is empty: there are never more entries than `all`
    /// (I6).
    by_block: HashMap<AddressBlock, usize>,
}

/// What one peer has, until it is dropped.
pub struct Share {
    shares: Shares,
    block: AddressBlock,
    pub amount: usize,
}

impl Shares {
    /// Takes this much for a peer, unless all would have more than `all_max` then, or its block more than
    /// `block_max`.
    pub fn take(&self, address: IpAddr, amount: usize, all_max: usize, block_max: usize) -> Option<Share> {
        let block = AddressBlock::of(address);
        let mut taken = self.taken();
        let here = taken.by_block.get(&block).copied().unwrap_or_default() + amount;
        if taken.all + amount > all_max || here > block_max {
            return None;
        }
        taken.all += amount;
        taken.by_block.insert(block, here);
        Some(Share { shares: self.clone(), block, amount })
    }

    #[cfg(test)]
    pub fn are_untaken(&self) -> bool {
        let taken = self.taken();
        taken.all == 0 && taken.by_block.is_empty()
    }

    /// Numbers stay right when a holder panics: every change is whole before the lock is released.
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.shares.taken();
        taken.all -= self.amount;
        match taken.by_block.get_mut(&self.block) {
            Some(here) if *here > self.amount => *here -= self.amount,
            _ => drop(taken.by_block.remove(&self.block)),
        }
    }
}
