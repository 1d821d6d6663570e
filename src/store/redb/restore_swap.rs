//! Putting the files of a restored house in their place, so that a loss of power never leaves one of each.
//! Both are written under names of their own. When both are whole, the slot file gets the name by which the
//! next start of anything knows that it has to go on: from then on there is the restored house, before that
//! the old one. Called by a restore, and by every opening, to finish or clean up behind one.

use redb::Database;

use super::files::{Files, SLOTS, STORE};
use crate::store::disk::DiskFile;
use crate::store::error::OpenError;
use crate::store::keys::fresh::fresh;
use crate::store::keys::slot_file::wipe;

/// While they are written.
const STORE_RESTORING: &str = "parlour.redb.restoring";
const SLOTS_RESTORING: &str = "keys.slots.restoring";
/// When they are whole. The slot file gets its name last.
const STORE_RESTORED: &str = "parlour.redb.restored";
const SLOTS_RESTORED: &str = "keys.slots.restored";

impl Files {
    pub fn is_inhabited(&self) -> Result<bool, OpenError> {
        Ok(self.has(STORE)? || self.has(SLOTS)?)
    }

    pub fn begin_restore(&self) -> Result<(Database, Box<dyn DiskFile>), OpenError> {
        self.drop_restore()?;
        Ok((self.database(STORE_RESTORING)?, self.file(SLOTS_RESTORING)?))
    }

    /// Notes that the house that was begun is whole; its files are synced and closed. From then on it is the
    /// house, and [`Files::finish_restore`] only moves it.
    pub fn commit_restore(&self) -> Result<(), OpenError> {
        self.rename(STORE_RESTORING, STORE_RESTORED)?;
        self.rename(SLOTS_RESTORING, SLOTS_RESTORED)
    }

    /// Finishes a restore that was interrupted when both files were whole; removes what is left of any other.
    pub fn finish_restore(&self) -> Result<(), OpenError> {
        if !self.has(SLOTS_RESTORED)? {
            return self.drop_restore();
        }
        if self.has(SLOTS)? {
            // Keys of chats that have ended since, or will, must not stay in blocks that are given back.
            wipe(&*self.file(SLOTS)?, &mut fresh()).map_err(|error| self.io_error(error))?;
        }
        if self.has(STORE_RESTORED)? {
            self.rename(STORE_RESTORED, STORE)?;
        }
        self.rename(SLOTS_RESTORED, SLOTS)
    }

    /// Removes what is left of a restore that was not finished.
    pub fn drop_restore(&self) -> Result<(), OpenError> {
        if self.has(SLOTS_RESTORING)? {
            wipe(&*self.file(SLOTS_RESTORING)?, &mut fresh()).map_err(|error| self.io_error(error))?;
        }
        [SLOTS_RESTORING, STORE_RESTORING, STORE_RESTORED].iter().try_for_each(|name| self.remove(name))
    }
}
