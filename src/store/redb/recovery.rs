//! What the writer does when the disk has failed.
//!
//! redb takes no more after a write or sync that failed, and whether that commit came to the disk is unknown
//! (I2). So whoever waits for it is told to come back, the files are opened anew as after a crash, and
//! everybody who listens begins anew with what is there. A disk that goes on failing ends the writer, and
//! with it the process.

use std::sync::PoisonError;
use std::thread;
use std::time::Instant;

use crate::limits::MEND_PAUSE;
use crate::store::redb::apply;
use crate::store::redb::disk_space::DiskSpace;
use crate::store::redb::open::{Opened, open_files};
use crate::store::redb::writer::Writer;
use crate::store::{OpenError, Publication};

impl<F: FnMut(Publication)> Writer<F> {
    /// Opens everything anew, and again until it succeeds or its patience is over. Readers wait
    /// meanwhile, and what comes into the queue.
    pub fn recover(&mut self) -> Result<(), OpenError> {
        let shared = self.database.clone();
        // Every reader holds it for reading until it has its answer.
        let mut place = shared.write().unwrap_or_else(PoisonError::into_inner);
        drop(place.take());
        let Opened { database, slots, rests, .. } = self.open_anew()?;
        *apply::lock(&self.slots) = slots;
        self.rests = rests;
        *place = Some(database);
        drop(place);
        self.room = DiskSpace::look(&self.files);
        self.is_rested = false;
        log::info!("the store is open again");
        (self.publish)(Publication::Doubt);
        Ok(())
    }

    fn open_anew(&mut self) -> Result<Opened, OpenError> {
        let began = Instant::now();
        loop {
            self.files.drop_ballast();
            match open_files(&self.files, &mut self.rng, &self.clocks) {
                Err(error) if began.elapsed() < self.patience => {
                    log::warn!("the store cannot be reopened yet: {error}");
                    thread::sleep(MEND_PAUSE);
                }
                result => return result,
            }
        }
    }
}
