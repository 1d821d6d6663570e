//! A disk of memory that remembers what was done to it, fails when it is told to, and loses power.
//!
//! What is written lies in a cache until it is synced, as with Linux: a sync that fails loses what it should
//! have written and keeps it in the cache, and opening a file forgets the cache.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use parlour::store::{Disk, DiskFile, FileId};

/// No space left on device.
pub const ENOSPC: i32 = 28;
/// Input/output error.
pub const EIO: i32 = 5;
/// By this much a disk gives room to a file.
const BLOCK_BYTES: u64 = 4096;

/// One thing that was done to a file.
#[derive(Clone)]
pub enum Change {
    Write { offset: u64, bytes: Arc<[u8]> },
    Length(u64),
}

/// One thing that was done to the disk. Files go by number: their names change.
#[derive(Clone)]
pub enum Deed {
    Create {
        name: String,
        file: usize,
    },
    Change {
        file: usize,
        change: Change,
    },
    Sync {
        file: usize,
    },
    /// A name leads to another file, after a crash or before it.
    Rename {
        new: String,
        old: String,
    },
    /// What was renamed stays so.
    SyncNames,
    Remove {
        name: String,
    },
}

/// What the disk does from now on.
#[derive(Clone, Copy)]
pub struct Fault {
    /// So many writes and syncs succeed first.
    pub after: usize,
    /// Then so many fail.
    pub lasts: usize,
    /// With this error.
    pub error: i32,
}

#[derive(Clone, Default)]
struct File {
    cache: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<Change>,
    /// Which blocks were written, and take room.
    blocks: std::collections::BTreeSet<u64>,
}

#[derive(Default)]
struct State {
    names: BTreeMap<String, usize>,
    files: Vec<File>,
    reserved: u64,
    capacity: Option<u64>,
    /// What was on it before anything was done.
    begun_with: Vec<(String, Vec<u8>)>,
    deeds: Vec<Deed>,
    is_recording: bool,
    fault: Option<Fault>,
    /// Writes and syncs since the fault was set.
    done: usize,
}

/// The disk; clones are the same disk.
#[derive(Clone, Default)]
pub struct Platter(Arc<Mutex<State>>);

/// What is on a disk: files by name.
pub type Image = BTreeMap<String, Vec<u8>>;

impl Platter {
    /// A disk on which this is.
    pub fn of(image: Image) -> Self {
        let platter = Self::default();
        let mut state = platter.state();
        for (name, bytes) in image {
            let number = state.files.len();
            let blocks = (0..(bytes.len() as u64).div_ceil(BLOCK_BYTES)).collect();
            let (cache, durable, bytes_of) = (bytes.clone(), bytes.clone(), bytes);
            state.files.push(File { cache, durable, blocks, unsynced: Vec::new() });
            state.names.insert(name.clone(), number);
            state.begun_with.push((name, bytes_of));
        }
        drop(state);
        platter
    }

    /// Remembers from now on what is done.
    pub fn record(self) -> Self {
        self.state().is_recording = true;
        self
    }

    /// What was done since it remembers.
    pub fn deeds(&self) -> Vec<Deed> {
        self.state().deeds.clone()
    }

    /// The files that were on it, in the order of their numbers.
    pub fn begun_with(&self) -> Vec<(String, Vec<u8>)> {
        self.state().begun_with.clone()
    }

    /// How many things were done since it remembers.
    pub fn count(&self) -> usize {
        self.state().deeds.len()
    }

    /// Fails, or works again.
    pub fn fail(&self, fault: Option<Fault>) {
        let mut state = self.state();
        (state.fault, state.done) = (fault, 0);
    }

    /// How many writes and syncs there were since [`Platter::fail`].
    pub fn done(&self) -> usize {
        self.state().done
    }

    /// Has this much room for everything from now on.
    pub fn set_capacity(&self, bytes: u64) {
        self.state().capacity = Some(bytes);
    }

    /// How much room is taken.
    pub fn taken(&self) -> u64 {
        self.state().taken()
    }

    /// What is there, as if everything had been synced.
    pub fn image(&self) -> Image {
        let state = self.state();
        state.names.iter().map(|(name, file)| (name.clone(), state.files[*file].cache.clone())).collect()
    }

    /// What is there when the power goes now, and nothing of what was not synced.
    pub fn without_power(&self) -> Image {
        let state = self.state();
        state.names.iter().map(|(name, file)| (name.clone(), state.files[*file].durable.clone())).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    fn taken(&self) -> u64 {
        let blocks: usize = self.names.values().map(|file| self.files[*file].blocks.len()).sum();
        blocks as u64 * BLOCK_BYTES + self.reserved
    }

    fn note(&mut self, deed: Deed) {
        if self.is_recording {
            self.deeds.push(deed);
        }
    }

    /// One more write or sync, which fails if it is its turn.
    fn take_turn(&mut self) -> io::Result<()> {
        let turn = self.done;
        self.done += 1;
        match self.fault {
            Some(Fault { after, lasts, error }) if turn >= after && turn - after < lasts => {
                Err(io::Error::from_raw_os_error(error))
            }
            _ => Ok(()),
        }
    }

    fn change(&mut self, file: usize, change: Change) -> io::Result<()> {
        self.take_turn()?;
        if let Change::Write { offset, bytes } = &change {
            let last = (offset + bytes.len() as u64).saturating_sub(1) / BLOCK_BYTES;
            let touched: Vec<u64> = (offset / BLOCK_BYTES..=last).collect();
            let new = touched.iter().filter(|block| !self.files[file].blocks.contains(block)).count() as u64;
            if self.capacity.is_some_and(|capacity| self.taken() + new * BLOCK_BYTES > capacity) && new > 0 {
                return Err(io::Error::from_raw_os_error(ENOSPC));
            }
            self.files[file].blocks.extend(touched);
        }
        apply(&mut self.files[file].cache, &change);
        self.files[file].unsynced.push(change.clone());
        self.note(Deed::Change { file, change });
        Ok(())
    }

    fn sync(&mut self, file: usize) -> io::Result<()> {
        let turn = self.take_turn();
        let unsynced = std::mem::take(&mut self.files[file].unsynced);
        turn?;
        unsynced.iter().for_each(|change| apply(&mut self.files[file].durable, change));
        self.note(Deed::Sync { file });
        Ok(())
    }
}

/// What a change makes of a file.
pub fn apply(file: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Length(bytes) => resize(file, usize::try_from(*bytes).unwrap()),
        Change::Write { offset, bytes } => {
            let from = usize::try_from(*offset).unwrap();
            if file.len() < from + bytes.len() {
                resize(file, from + bytes.len());
            }
            file[from..from + bytes.len()].copy_from_slice(bytes);
        }
    }
}

/// `Vec::resize` sets one byte at a time where nothing is optimised.
fn resize(file: &mut Vec<u8>, bytes: usize) {
    let mut resized = vec![0; bytes];
    let kept = file.len().min(bytes);
    resized[..kept].copy_from_slice(&file[..kept]);
    *file = resized;
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

impl Disk for Platter {
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let (name, mut state) = (name_of(path), self.state());
        let file = match state.names.get(&name) {
            Some(file) => *file,
            None => {
                let file = state.files.len();
                state.files.push(File::default());
                state.names.insert(name.clone(), file);
                state.note(Deed::Create { name, file });
                file
            }
        };
        state.sync(file)?;
        state.files[file].cache = state.files[file].durable.clone();
        drop(state);
        Ok(Box::new(Handle { platter: self.clone(), file }))
    }

    fn replace(&self, new: &Path, old: &Path) -> io::Result<()> {
        let (new, old, mut state) = (name_of(new), name_of(old), self.state());
        state.take_turn()?;
        let file = state.names.remove(&new).ok_or(ErrorKind::NotFound)?;
        state.names.insert(old.clone(), file);
        state.note(Deed::Rename { new, old });
        state.take_turn()?;
        state.note(Deed::SyncNames);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let (name, mut state) = (name_of(path), self.state());
        if name == "ballast" {
            state.reserved = 0;
        }
        if state.names.remove(&name).is_some() {
            state.note(Deed::Remove { name });
        }
        Ok(())
    }

    fn reserve(&self, _: &Path, bytes: u64) -> io::Result<()> {
        let mut state = self.state();
        state.take_turn()?;
        let others = state.taken() - state.reserved;
        if state.capacity.is_some_and(|capacity| others + bytes > capacity) {
            return Err(io::Error::from_raw_os_error(ENOSPC));
        }
        state.reserved = bytes;
        Ok(())
    }

    fn bytes(&self, path: &Path) -> io::Result<u64> {
        let state = self.state();
        let file = state.names.get(&name_of(path)).ok_or(ErrorKind::NotFound)?;
        Ok(state.files[*file].cache.len() as u64)
    }

    fn id(&self, path: &Path) -> io::Result<FileId> {
        let state = self.state();
        let file = state.names.get(&name_of(path)).ok_or(ErrorKind::NotFound)?;
        Ok(FileId(0, *file as u64))
    }

    fn free_bytes(&self, _: &Path) -> io::Result<u64> {
        let state = self.state();
        Ok(state.capacity.map_or(u64::MAX, |capacity| capacity.saturating_sub(state.taken())))
    }
}

struct Handle {
    platter: Platter,
    file: usize,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "file {}", self.file)
    }
}

impl DiskFile for Handle {
    fn len(&self) -> io::Result<u64> {
        Ok(self.platter.state().files[self.file].cache.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.platter.state();
        let from = usize::try_from(offset).unwrap();
        let bytes =
            state.files[self.file].cache.get(from..from + out.len()).ok_or(ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.platter.state().change(self.file, Change::Length(len))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.platter.state().sync(self.file)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.platter.state().change(self.file, Change::Write { offset, bytes: data.into() })
    }
}
