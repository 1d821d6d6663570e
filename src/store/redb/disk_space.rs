//! Whether the disk has space for what is new: as long as the ballast is in its place. When a write fails the
//! ballast is given back, and comes back only where there is space for it and some more; until then what adds
//! to the store is refused, and the space of the ballast is for reading, ending and purging.

use std::time::Instant;

use super::files::Files;
use crate::domain::Refusal;
use crate::limits::ROOM_INTERVAL;

pub struct DiskSpace {
    is_enough: bool,
    looked: Instant,
}

impl DiskSpace {
    pub fn look(files: &Files) -> Self {
        let is_enough = files.load_ballast();
        if !is_enough {
            log::error!("the disk is full: nothing new is accepted until there is room. Free some space");
        }
        Self { is_enough, looked: Instant::now() }
    }

    pub fn look_again(&mut self, files: &Files) {
        if self.is_enough || self.looked.elapsed() < ROOM_INTERVAL {
            return;
        }
        self.looked = Instant::now();
        self.is_enough = files.load_ballast();
        if self.is_enough {
            log::info!("the disk has room again");
        }
    }

    pub fn check(&self) -> Result<(), Refusal> {
        if self.is_enough { Ok(()) } else { Err(Refusal::DiskFull { retry_after: ROOM_INTERVAL }) }
    }
}
