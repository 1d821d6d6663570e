//! A disk that does what a test asks of it: it holds syncs back, fails, and shows what was written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use parlour::store::{Disk, DiskFile, FileId, RealDisk};

/// What the disk does with the next sync or write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// Works.
    Well,
    /// A sync waits until the mood changes.
    Held,
    /// A sync fails with EIO.
    SyncFails,
    /// The next sync fails with EIO, and the others work.
    OneSyncFails,
    /// Fails every sync of the store file, while the slot file works.
    StoreSyncFails,
    /// Panics when the store file is closed.
    ClosePanics,
}

#[derive(Default)]
struct Inner {
    mood: Mutex<Option<Mood>>,
    changed: Condvar,
    holds: AtomicBool,
    syncs: AtomicUsize,
}

/// The disk; clones are the same disk.
#[derive(Clone, Default)]
pub struct TestDisk(Arc<Inner>);

impl TestDisk {
    pub fn set(&self, mood: Mood) {
        *self.0.mood.lock().unwrap() = Some(mood);
        self.0.changed.notify_all();
    }

    /// Whether a sync waits now.
    pub fn holds(&self) -> bool {
        self.0.holds.load(Ordering::SeqCst)
    }

    /// How often something was synced.
    pub fn syncs(&self) -> usize {
        self.0.syncs.load(Ordering::SeqCst)
    }

    fn sync(&self, is_store: bool) -> io::Result<()> {
        self.0.syncs.fetch_add(1, Ordering::SeqCst);
        let mut mood = self.0.mood.lock().unwrap();
        while *mood == Some(Mood::Held) {
            self.0.holds.store(true, Ordering::SeqCst);
            mood = self.0.changed.wait(mood).unwrap();
        }
        self.0.holds.store(false, Ordering::SeqCst);
        match *mood {
            Some(Mood::SyncFails) => Err(io::Error::from_raw_os_error(5)),
            Some(Mood::OneSyncFails) => {
                *mood = None;
                Err(io::Error::from_raw_os_error(5))
            }
            Some(Mood::StoreSyncFails) if is_store => Err(io::Error::from_raw_os_error(5)),
            _ => Ok(()),
        }
    }
}

impl Disk for TestDisk {
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let real = RealDisk.open(path)?;
        Ok(Box::new(TestFile { real, disk: self.clone(), path: path.to_owned() }))
    }

    fn replace(&self, new: &Path, old: &Path) -> io::Result<()> {
        RealDisk.replace(new, old)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }

    fn reserve(&self, path: &Path, bytes: u64) -> io::Result<()> {
        RealDisk.reserve(path, bytes)
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

struct TestFile {
    real: Box<dyn DiskFile>,
    disk: TestDisk,
    path: PathBuf,
}

impl fmt::Debug for TestFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TestFile({})", self.path.display())
    }
}

impl DiskFile for TestFile {
    fn len(&self) -> io::Result<u64> {
        self.real.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.real.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.real.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.disk.sync(self.path.ends_with("parlour.redb"))?;
        self.real.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.real.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        let does_panic = *self.disk.0.mood.lock().unwrap() == Some(Mood::ClosePanics);
        assert!(!does_panic || !self.path.ends_with("parlour.redb"), "the store file is damaged");
        self.real.close()
    }
}
