//! The lock of a house. A process that another test starts has it for a moment, between its fork and its
//! exec, though the test that took it has closed it.

use std::fs::File;
use std::path::Path;

use parlour::store::{OpenError, RestoreError};

use crate::support::process::{looked_for, until};

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

/// Opens a house that nobody else has open; refused only if somebody keeps it.
pub fn open<T, E: Closed>(open: impl Fn() -> Result<T, E>) -> Result<T, E> {
    let opened = looked_for(|| match open() {
        Err(error) if error.is_in_use() => None,
        done => Some(done),
    });
    opened.unwrap_or_else(open)
}

/// Waits until nobody has the house of this directory open.
pub fn until_free(dir: &Path) {
    until("the house to be closed by everybody", || {
        File::open(dir.join("lock")).map_or(true, |lock| lock.try_lock().is_ok()).then_some(())
    });
}
