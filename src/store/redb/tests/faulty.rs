use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::store::{Disk, DiskFile, FileId, RealDisk};

/// A disk that works for so many writes and syncs and then fails for good. It counts its syncs.
#[derive(Clone)]
pub struct Faulty {
    left: Arc<AtomicUsize>,
    store_syncs: Arc<AtomicUsize>,
    slot_syncs: Arc<AtomicUsize>,
}

impl Default for Faulty {
    fn default() -> Self {
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        Self { left, store_syncs: Arc::default(), slot_syncs: Arc::default() }
    }
}

impl Faulty {
    pub fn fail_after(&self, operations: usize) {
        self.left.store(operations, Ordering::SeqCst);
    }

    /// Of the store file and of the slot file.
    pub fn syncs(&self) -> [usize; 2] {
        [&self.store_syncs, &self.slot_syncs].map(|syncs| syncs.load(Ordering::SeqCst))
    }

    fn use_up(&self) -> io::Result<()> {
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        left.map(drop).map_err(|_| io::Error::from_raw_os_error(5))
    }
}

impl Disk for Faulty {
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let syncs = if path.ends_with("keys.slots") { &self.slot_syncs } else { &self.store_syncs };
        let (real, syncs) = (RealDisk.open(path)?, Arc::clone(syncs));
        Ok(Box::new(File { real, syncs, disk: self.clone() }))
    }
    fn replace(&self, new: &Path, old: &Path) -> io::Result<()> {
        self.use_up().and_then(|()| RealDisk.replace(new, old))
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.use_up().and_then(|()| RealDisk.remove(path))
    }
    fn reserve(&self, path: &Path, bytes: u64) -> io::Result<()> {
        self.use_up().and_then(|()| RealDisk.reserve(path, bytes))
    }
    fn bytes(&self, path: &Path) -> io::Result<u64> {
        RealDisk.bytes(path)
    }
    fn id(&self, path: &Path) -> io::Result<FileId> {
        RealDisk.id(path)
    }
    fn free_bytes(&self, dir: &Path) -> io::Result<u64> {
        RealDisk.free_bytes(dir)
    }
}

#[derive(Debug)]
struct File {
    real: Box<dyn DiskFile>,
    syncs: Arc<AtomicUsize>,
    disk: Faulty,
}

impl std::fmt::Debug for Faulty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Faulty")
    }
}

impl DiskFile for File {
    fn len(&self) -> io::Result<u64> {
        self.real.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.real.read(offset, out)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.disk.use_up().and_then(|()| self.real.set_len(len))
    }
    fn sync_data(&self) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::SeqCst);
        self.disk.use_up().and_then(|()| self.real.sync_data())
    }
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.disk.use_up().and_then(|()| self.real.write(offset, data))
    }
    fn close(&self) -> io::Result<()> {
        self.real.close()
    }
}
