//! The files of a house: which there are, and that they belong together. `lock` keeps a second process out,
//! `parlour.redb` and `keys.slots` are the store and know the same number, `ballast` takes room on the disk.
//! It is given back when the disk is full, because nothing can be deleted from a copy-on-write store without
//! room for what is written instead.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{self, Mutex, MutexGuard, PoisonError};

use rand::Rng;
use rand::rngs::StdRng;
use redb::{Database, DatabaseError};
use rustix::fs::{Access, access};

use super::backend::Backend;
use super::facts::Fact;
use super::migrate::{STEPS, migrate};
use super::tables::WriteTables;
use crate::domain::Incarnation;
use crate::limits::{BALLAST_BYTES, ROOM_BYTES, STORE_CACHE_BYTES};
use crate::store::disk::{Disk, DiskFile, FileId, own};
use crate::store::error::{OpenError, StoreError};
use crate::store::keys::slot_file::{EMPTY_BYTES, SlotError, SlotFile};
use crate::store::views::{Loss, LostFile};

/// Whether a house could have its files in `dir`. Nothing is made.
pub fn check_place(dir: &Path) -> Result<(), OpenError> {
    let broken = |error| OpenError::Io(dir.to_owned(), error);
    let Some(found) = dir.ancestors().find(|folder| folder.symlink_metadata().is_ok()) else { return Ok(()) };
    if !found.is_dir() {
        let advice = format!("{} is no directory. Choose another with --data", found.display());
        return Err(broken(io::Error::other(advice)));
    }
    access(found, Access::WRITE_OK | Access::EXEC_OK).map_err(|error| broken(error.into()))
}

/// Given up when it is dropped.
pub struct Claim {
    _lock: File,
}

pub struct Files {
    dir: PathBuf,
    disk: Box<dyn Disk>,
    openings: AtomicU64,
    /// Which file it was, by the name under which it was opened last.
    opened: Mutex<HashMap<String, FileId>>,
    /// Held while somebody reads one moment of the store for so long that it must not be replaced meanwhile.
    hold: Mutex<()>,
}

impl Files {
    /// Makes the data directory where there is none.
    pub fn claim(dir: &Path, disk: Box<dyn Disk>) -> Result<(Self, Claim), OpenError> {
        check_place(dir)?;
        let broken = |error| OpenError::Io(dir.to_owned(), error);
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(broken)?;
        let mut options = fs::OpenOptions::new();
        let path = dir.join("lock");
        let lock =
            own(options.write(true).create(true).truncate(false).mode(0o600), &path).map_err(broken)?;
        match lock.try_lock() {
            Ok(()) => {
                let (openings, opened, hold) = (AtomicU64::new(0), Mutex::default(), Mutex::default());
                let files = Self { dir: dir.to_owned(), disk, openings, opened, hold };
                Ok((files, Claim { _lock: lock }))
            }
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse(dir.to_owned())),
            Err(TryLockError::Error(error)) => Err(broken(error)),
        }
    }

    /// Opens the store and its slots, and makes both where there are none.
    pub fn open(&self, rng: &mut StdRng) -> Result<(Database, SlotFile, Incarnation), OpenError> {
        self.openings.fetch_add(1, Ordering::SeqCst);
        self.finish_restore()?;
        let database = self.store()?;
        let transaction = database.begin_write()?;
        let mut tables = WriteTables::open(&transaction)?;
        let slots = self.slots(&mut tables, rng)?;
        migrate(&mut tables, STEPS)?;
        let incarnation = Fact::INCARNATION.get(&tables.house)?.unwrap_or_else(|| rng.next_u64());
        Fact::INCARNATION.set(&mut tables.house, incarnation)?;
        drop(tables);
        transaction.commit()?;
        Ok((database, slots, Incarnation(incarnation)))
    }

    /// Puts the ballast in its place. Whether it is there, and some room beside it.
    pub fn load_ballast(&self) -> bool {
        let path = self.path(BALLAST);
        let reserve = |bytes| self.disk.reserve(&path, bytes);
        let loaded = reserve(BALLAST_BYTES + ROOM_BYTES).and_then(|()| reserve(BALLAST_BYTES));
        if loaded.is_err() {
            self.drop_ballast();
        }
        loaded.is_ok()
    }

    pub fn drop_ballast(&self) {
        if let Err(error) = self.disk.remove(&self.path(BALLAST)) {
            log::warn!("the ballast cannot be removed: {error}");
        }
    }

    /// The store file, or a new one, which gets its name when it is whole: a crash leaves no half of one.
    fn store(&self) -> Result<Database, OpenError> {
        if self.has(STORE)? {
            self.drop_copy();
            return self.database(STORE);
        }
        self.check_new()?;
        drop(self.new_store()?);
        self.swap()
    }

    /// Nothing is made where a house is, or was a moment ago: a store that is missing may be put back, and
    /// fits nothing but the keys that are there.
    fn check_new(&self) -> Result<(), OpenError> {
        let is_new = self.bytes(SLOTS)?.is_none_or(|bytes| bytes <= EMPTY_BYTES);
        if is_new && self.opening() == 1 { Ok(()) } else { Err(OpenError::Missing(self.path(STORE))) }
    }

    pub fn opening(&self) -> u64 {
        self.openings.load(Ordering::SeqCst)
    }

    /// Keeps the store from being compacted. To be called while the store cannot be replaced.
    pub fn hold(&self) -> MutexGuard<'_, ()> {
        self.hold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn is_held(&self) -> bool {
        matches!(self.hold.try_lock(), Err(sync::TryLockError::WouldBlock))
    }

    pub fn new_store(&self) -> Result<Database, OpenError> {
        self.remove(COPY)?;
        self.database(COPY)
    }

    /// Puts the new store, which is closed, in the place of the old one, which is closed, and opens it.
    pub fn swap(&self) -> Result<Database, OpenError> {
        self.rename(COPY, STORE)?;
        self.database(STORE)
    }

    pub fn drop_copy(&self) {
        if let Err(error) = self.disk.remove(&self.path(COPY)) {
            log::warn!("the rest of an unfinished copy of the store cannot be removed: {error}");
        }
    }

    /// Nothing where somebody deleted the file that is open.
    pub fn store_bytes(&self) -> Result<u64, StoreError> {
        Ok(self.bytes(STORE).map_err(OpenError::while_open)?.unwrap_or_default())
    }

    /// Those of an open store that are not in their place any more.
    pub fn lost(&self) -> Vec<LostFile> {
        let lost = |name| Some(LostFile { path: self.path(name), loss: self.loss(name)? });
        [STORE, SLOTS].into_iter().filter_map(lost).collect()
    }

    fn loss(&self, name: &str) -> Option<Loss> {
        let opened = self.opened().get(name).copied();
        match self.disk.id(&self.path(name)) {
            Ok(found) if opened.is_some_and(|opened| opened != found) => Some(Loss::Replaced),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Loss::Deleted),
            Ok(_) | Err(_) => None,
        }
    }

    fn opened(&self) -> MutexGuard<'_, HashMap<String, FileId>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn copy_bytes(&self) -> io::Result<u64> {
        self.disk.bytes(&self.path(COPY))
    }

    pub fn free_bytes(&self) -> io::Result<u64> {
        self.disk.free_bytes(&self.dir)
    }

    pub fn database(&self, name: &str) -> Result<Database, OpenError> {
        let mut builder = Database::builder();
        match builder.set_cache_size(STORE_CACHE_BYTES).create_with_backend(Backend(self.file(name)?)) {
            Ok(database) => Ok(database),
            Err(DatabaseError::DatabaseAlreadyOpen) => Err(OpenError::InUse(self.dir.clone())),
            Err(DatabaseError::UpgradeRequired(_)) => Err(OpenError::Newer),
            Err(error) => Err(error.into()),
        }
    }

    /// The slot file of this store. Both are made by the same first commit; before it, an empty slot file
    /// may be left over.
    fn slots(&self, tables: &mut WriteTables, rng: &mut StdRng) -> Result<SlotFile, OpenError> {
        let file = self.file(SLOTS)?;
        let torn = || OpenError::Torn(self.path(STORE));
        let Some(number) = Fact::NUMBER.get(&tables.house)? else {
            self.check_new()?;
            let number = rng.next_u64();
            Fact::NUMBER.set(&mut tables.house, number)?;
            return SlotFile::create(file, number).map_err(|error| self.slot_error(error));
        };
        match SlotFile::open(file) {
            Ok((slots, owner)) if owner == number => Ok(slots),
            Ok(_) | Err(SlotError::Foreign) => Err(torn()),
            Err(error) => Err(self.slot_error(error)),
        }
    }

    pub fn file(&self, name: &str) -> Result<Box<dyn DiskFile>, OpenError> {
        let path = self.path(name);
        let file = self.disk.open(&path).map_err(|error| self.io_error(error))?;
        let id = self.disk.id(&path).map_err(|error| self.io_error(error))?;
        self.opened().insert(name.to_owned(), id);
        Ok(file)
    }

    pub fn rename(&self, new: &str, old: &str) -> Result<(), OpenError> {
        self.disk.replace(&self.path(new), &self.path(old)).map_err(|error| self.io_error(error))
    }

    pub fn remove(&self, name: &str) -> Result<(), OpenError> {
        self.disk.remove(&self.path(name)).map_err(|error| self.io_error(error))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub fn io_error(&self, error: io::Error) -> OpenError {
        OpenError::Io(self.dir.clone(), error)
    }

    pub fn has(&self, name: &str) -> Result<bool, OpenError> {
        Ok(self.bytes(name)?.is_some())
    }

    fn bytes(&self, name: &str) -> Result<Option<u64>, OpenError> {
        match self.disk.bytes(&self.path(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.io_error(error)),
        }
    }

    fn slot_error(&self, error: SlotError) -> OpenError {
        match error {
            SlotError::Io(error) => OpenError::Io(self.dir.clone(), error),
            SlotError::Newer(_) => OpenError::Newer,
            SlotError::Foreign => OpenError::Torn(self.path(STORE)),
            SlotError::Unwritten => error.into(),
        }
    }
}

pub const STORE: &str = "parlour.redb";
/// The store that is to take the place of the other.
const COPY: &str = "parlour.redb.new";
pub const SLOTS: &str = "keys.slots";
const BALLAST: &str = "ballast";
