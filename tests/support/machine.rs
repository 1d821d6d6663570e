//! A machine whose clocks a test holds: it runs as its wall clock does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parlour::clock::Machine;
use parlour::domain::At;

/// The machine; its boot clock is the test's wall clock.
pub struct TestMachine(pub Arc<AtomicU64>);

impl Machine for TestMachine {
    fn boot(&self) -> u128 {
        1
    }

    fn up(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    fn is_synchronised(&self) -> bool {
        true
    }

    fn built(&self) -> At {
        At(0)
    }
}
