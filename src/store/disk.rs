//! Where the files of a house are. The store and the slot file are read and written through a [`DiskFile`],
//! and every file is made, replaced and removed here, so that a test can put a disk underneath that fails,
//! fills up or loses power.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, fchown};
use std::path::Path;

use rustix::fs::{Advice, FallocateFlags, OFlags, fadvise, fallocate, statvfs};
use rustix::io::Errno;
use rustix::process::geteuid;

pub trait Disk: Send + Sync {
    /// Opens one file for reading and writing. What is read from it is what the disk has: after a sync that
    /// failed, memory may hold what never came to the disk.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Puts the file `new` in the place of `old`, durably: after a crash there is one or the other.
    fn replace(&self, new: &Path, old: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes a file of just so many bytes that take their room on the disk.
    fn reserve(&self, path: &Path, bytes: u64) -> io::Result<()>;
    fn bytes(&self, path: &Path) -> io::Result<u64>;
    /// Which file has that name.
    fn id(&self, path: &Path) -> io::Result<FileId>;
    fn free_bytes(&self, dir: &Path) -> io::Result<u64>;
}

/// A file by what stays the same when it is renamed: its file system, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileId(pub u64, pub u64);

/// One file: bytes at places, which are on the disk for certain after a sync.
#[expect(clippy::len_without_is_empty, reason = "nobody asks whether a file is empty")]
pub trait DiskFile: fmt::Debug + Send + Sync {
    fn len(&self) -> io::Result<u64>;
    /// Fills `out`, or fails.
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()>;
    fn set_len(&self, len: u64) -> io::Result<()>;
    fn sync_data(&self) -> io::Result<()>;
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()>;
    /// Nothing comes after this.
    fn close(&self) -> io::Result<()> {
        Ok(())
    }
}

/// The files of the operating system; only their owner may read them.
pub struct RealDisk;

impl RealDisk {
    fn file(path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        own(&options, path)
    }
}

impl Disk for RealDisk {
    /// Linux takes pages that could not be written for clean (see fsync(2) on errors), and would give them
    /// out as if they were on the disk. So they are forgotten before anything is read. A file that was made
    /// just now must be found after a crash as well.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let is_new = !path.try_exists()?;
        let file = Self::file(path)?;
        file.sync_data()?;
        if is_new {
            sync_folder_of(path)?;
        }
        fadvise(&file, 0, None, Advice::DontNeed)?;
        Ok(Box::new(RealFile(file)))
    }

    fn replace(&self, new: &Path, old: &Path) -> io::Result<()> {
        fs::rename(new, old)?;
        sync_folder_of(old)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    fn reserve(&self, path: &Path, bytes: u64) -> io::Result<()> {
        let file = Self::file(path)?;
        file.set_len(bytes)?;
        match fallocate(&file, FallocateFlags::empty(), 0, bytes) {
            // Not every file system can; all of them can write.
            Err(Errno::OPNOTSUPP) => write_zeros(&file, bytes),
            reserved => Ok(reserved?),
        }
    }

    fn bytes(&self, path: &Path) -> io::Result<u64> {
        Ok(fs::metadata(path)?.len())
    }

    fn id(&self, path: &Path) -> io::Result<FileId> {
        let found = fs::symlink_metadata(path)?;
        Ok(FileId(found.dev(), found.ino()))
    }

    fn free_bytes(&self, dir: &Path) -> io::Result<u64> {
        let disk = statvfs(dir)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
}

#[derive(Debug)]
struct RealFile(File);

impl DiskFile for RealFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read_exact_at(out, offset)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write_all_at(data, offset)
    }
}

/// Opens a file in the folder of the house. Who rules that folder must not make root write to, or give away,
/// a file that is elsewhere: a link is not followed, and what has another name as well is not given away.
pub fn own(options: &OpenOptions, path: &Path) -> io::Result<File> {
    let follows_no_link = i32::try_from(OFlags::NOFOLLOW.bits()).map_err(io::Error::other)?;
    let file = options.clone().custom_flags(follows_no_link).open(path)?;
    if !file.metadata()?.is_file() {
        let path = path.display();
        return Err(io::Error::other(format!("{path} is no file of the house's own: move it away")));
    }
    give_to_owner_of_folder(&file, path)?;
    Ok(file)
}

/// What root makes in the folder of the house belongs to the house: it could not open it otherwise.
fn give_to_owner_of_folder(file: &File, path: &Path) -> io::Result<()> {
    if !geteuid().is_root() {
        return Ok(());
    }
    let (folder, made) = (fs::metadata(folder_of(path))?, file.metadata()?);
    let is_roots_alone = made.uid() == 0 && made.nlink() == 1;
    if !is_roots_alone || (folder.uid(), folder.gid()) == (made.uid(), made.gid()) {
        return Ok(());
    }
    fchown(file, Some(folder.uid()), Some(folder.gid()))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

fn write_zeros(mut file: &File, bytes: u64) -> io::Result<()> {
    let piece = [0; 8 * 1024];
    for _ in 0..bytes.div_ceil(piece.len() as u64) {
        file.write_all(&piece)?;
    }
    file.set_len(bytes)?;
    file.sync_data()
}

/// A file that is only in memory; clones are the same one.
#[cfg(feature = "test-support")]
#[derive(Clone, Debug, Default)]
pub struct MemoryFile(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

#[cfg(feature = "test-support")]
impl MemoryFile {
    fn bytes(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(feature = "test-support")]
impl DiskFile for MemoryFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.bytes().len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let (bytes, from) = (self.bytes(), usize::try_from(offset).unwrap_or(usize::MAX));
        let there = bytes.get(from..).and_then(|bytes| bytes.get(..out.len()));
        out.copy_from_slice(there.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.bytes().resize(usize::try_from(len).map_err(io::Error::other)?, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let (mut bytes, from) = (self.bytes(), usize::try_from(offset).map_err(io::Error::other)?);
        let end = from.checked_add(data.len()).ok_or(io::ErrorKind::FileTooLarge)?;
        let len = bytes.len().max(end);
        bytes.resize(len, 0);
        bytes[from..end].copy_from_slice(data);
        Ok(())
    }
}
