//! Machines whose clocks a test holds: one that runs as its wall clock does, and one whose wall clock may be
//! wrong.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use parlour::clock::Machine;
use parlour::domain::{At, Reading};

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

/// When the program of [`WorldMachine`] was built.
pub const BUILT: At = At(1_795_000_000_000);

/// The clocks of a machine in a world whose true time is known.
#[derive(Clone, Copy)]
pub struct WorldClocks {
    pub truth: u64,
    /// How far the wall clock is ahead.
    pub wrong: i128,
    boot: u128,
    booted: u64,
    pub synchronised: bool,
}

impl WorldClocks {
    pub fn right(truth: u64) -> Self {
        Self { truth, wrong: 0, boot: 1, booted: truth - 3_600_000, synchronised: true }
    }

    pub fn reading(&self) -> Reading {
        let wall = At(u64::try_from((i128::from(self.truth) + self.wrong).max(0)).unwrap());
        Reading { wall, boot: self.boot, up: self.truth - self.booted, synchronised: self.synchronised }
    }

    /// The wall clock is set to this.
    pub fn say(&mut self, wall: u64) {
        self.wrong = i128::from(wall) - i128::from(self.truth);
    }

    pub fn is_trusted(&self) -> bool {
        self.synchronised && self.wrong == 0
    }

    /// The machine is off for so long.
    pub fn reboot(&mut self, off: u64) {
        self.truth += off;
        (self.boot, self.booted) = (self.boot + 1, self.truth);
    }
}

/// The machine with these clocks.
pub struct WorldMachine(pub Arc<Mutex<WorldClocks>>);

impl WorldMachine {
    fn reading(&self) -> Reading {
        self.0.lock().unwrap().reading()
    }
}

impl Machine for WorldMachine {
    fn boot(&self) -> u128 {
        self.reading().boot
    }

    fn up(&self) -> u64 {
        self.reading().up
    }

    fn is_synchronised(&self) -> bool {
        self.reading().synchronised
    }

    fn built(&self) -> At {
        BUILT
    }
}
