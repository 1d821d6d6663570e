//! The lock of a house. A process that another test starts has it for a moment, between its fork and its
//! exec, though whoever took it has closed it.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use parlour::store::{OpenError, RestoreError};

const PATIENCE: Duration = Duration::from_secs(5);

/// Why a house was not opened.
pub trait Closed {
    /// Somebody has the lock.
    fn is_in_use(&self) -> bool;
}

impl Closed for OpenError {
    fn is_in_use(&self) -> bool {
        matches!(self, Self::InUse(_))
    }
}

impl Closed for RestoreError {
    fn is_in_use(&self) -> bool {
        matches!(self, Self::Running(_))
    }
}

/// Opens a house that nobody else has open.
pub fn open<T, E: Closed>(open: impl Fn() -> Result<T, E>) -> Result<T, E> {
    let began = Instant::now();
    loop {
        match open() {
            Err(error) if error.is_in_use() && began.elapsed() < PATIENCE => std::thread::yield_now(),
            done => return done,
        }
    }
}

/// Waits until nobody has the house of this directory open.
pub fn until_free(dir: &Path) {
    let began = Instant::now();
    while File::open(dir.join("lock")).is_ok_and(|lock| lock.try_lock().is_err()) {
        assert!(began.elapsed() < PATIENCE, "somebody has the house open");
        std::thread::yield_now();
    }
}
