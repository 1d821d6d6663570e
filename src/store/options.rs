//! What opening the store needs. Clock, machine and disk come in, so that a test can bring its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::disk::{Disk, RealDisk};
use crate::clock::{Clock, Machine, RealMachine, wall_clock};
use crate::crypto::Stretch;
use crate::limits::RECOVERY_PATIENCE;

pub struct Options {
    /// The data directory; made, with mode 0700, where it does not exist.
    pub dir: PathBuf,
    pub stretch: Stretch,
    pub clock: Clock,
    pub machine: Arc<dyn Machine>,
    /// Where the files are; a test's disk can fail.
    pub disk: Box<dyn Disk>,
    /// For how long a disk that fails is tried again before the store stops.
    pub patience: Duration,
}

impl Options {
    pub fn real(dir: PathBuf) -> Self {
        Self {
            dir,
            stretch: Stretch::default(),
            clock: Arc::new(wall_clock),
            machine: Arc::new(RealMachine::default()),
            disk: Box::new(RealDisk),
            patience: RECOVERY_PATIENCE,
        }
    }
}
