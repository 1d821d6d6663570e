//! `parlour backup FILE`: a copy of the house in one file, encrypted to a passphrase, while it is open.
//!
//! The house hands out a copy; it is encrypted here, and checked on its way, so that what is called a backup
//! is whole. The file gets its name when all of it is on the disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Cursor, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rand::RngExt;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use super::error::CliError;
use super::invocation::Invocation;
use super::passphrase::{PassphraseArgs, Prompt};
use super::print::{Output, complain};
use super::verify::{Verify, as_json};
use super::{progress, words};
use crate::crypto::{About, Passphrase, Sealing, Stretch};
use crate::host::admin;
use crate::protocol::admin::{AdminRequest, Done};
use crate::store::{BackupContents, Replace, peek, verify};

/// Copy the house into one file, encrypted with a passphrase, while it is running
#[derive(Clone, Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Backup {
    /// Write the backup into this file
    #[arg(value_name = "FILE", required = true)]
    file: Option<PathBuf>,

    /// Replace the file if it exists
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    passphrase: PassphraseArgs,

    #[command(flatten)]
    output: Output,

    /// What else to do with a backup.
    #[command(subcommand)]
    pub other: Option<Other>,
}

/// What can be done with a backup that was made.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Other {
    /// Check that a backup is whole and can be opened, without restoring it
    Verify(Verify),
}

impl Backup {
    pub(super) fn run(self, invocation: &Invocation) -> Result<(), CliError> {
        if let Some(Other::Verify(verify)) = self.other {
            return verify.run();
        }
        let socket = invocation.socket()?;
        let file = self.prepare()?;
        let contents = file.write(admin::download(&socket, &AdminRequest::Backup {})?)?;
        self.output.print(&as_json(&contents), |_| text(&contents))?;
        let recorded = admin::ask::<Done>(&socket, &AdminRequest::BackedUp { at: contents.at.0 });
        if let Err(error) = recorded {
            complain(&format_args!("the backup is complete, but the house could not record it: {error}"));
        }
        Ok(())
    }

    /// Asks for what must be known before the house is: a passphrase, and a file that may be written.
    pub fn prepare(&self) -> Result<BackupFile, CliError> {
        let path = self.file.clone().unwrap_or_default();
        match path.symlink_metadata() {
            Ok(_) if !self.force => return Err(CliError::FileExists(path)),
            // Renaming over a device or a pipe would take it away from all who use it.
            Ok(there) if !there.is_file() && !there.is_symlink() => return Err(CliError::NoFile(path)),
            _ => {}
        }
        let passphrase = self.passphrase.read(Prompt::Twice)?;
        let replace = if self.force { Replace::Yes } else { Replace::No };
        BackupFile::create(path, replace, passphrase)
    }
}

fn text(contents: &BackupContents) -> String {
    format!("{} Without the passphrase nobody can open it.\n", size(contents))
}

pub(super) fn size(BackupContents { chats, messages, .. }: &BackupContents) -> String {
    let chats = words::counted(*chats, "chat", "chats");
    format!("The backup has {chats} and {}.", words::counted(*messages, "message", "messages"))
}

/// A file that becomes a backup. Without [`BackupFile::write`] nothing is left of it.
pub struct BackupFile {
    path: PathBuf,
    partial: PathBuf,
    file: File,
    replace: Replace,
    passphrase: Passphrase,
}

impl BackupFile {
    /// For its owner alone, under a name of its own: somebody else may be making a backup of the same name.
    pub fn create(path: PathBuf, replace: Replace, passphrase: Passphrase) -> Result<Self, CliError> {
        let mut partial = path.clone().into_os_string();
        partial.push(format!(".{:016x}.partial", rand::rng().random::<u64>()));
        let partial = PathBuf::from(partial);
        let begun = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&partial);
        match begun {
            Ok(file) => Ok(Self { path, partial, file, replace, passphrase }),
            Err(error) => Err(CliError::FileUnwritable(path, error)),
        }
    }

    /// Encrypts what the house hands out, and gives the file its name when all of it is on the disk.
    pub fn write(self, mut input: impl Read) -> Result<BackupContents, CliError> {
        let mut first = Vec::new();
        let (at, incarnation) = peek(&mut input, &mut first).map_err(CliError::BackupIncomplete)?;
        let bar = progress::of_unknown("Copying the house");
        let out = io::BufWriter::new(bar.wrap_write(&self.file));
        let (about, mut rng) = (About { at, incarnation }, UnwrapErr(SysRng));
        let sealing = Sealing::begin(out, &self.passphrase, about, Stretch::BACKUP, &mut rng);
        let sealing = sealing.map_err(|error| self.unwritten(error))?;
        let mut copying = Copying { input: Cursor::new(first).chain(input), sealing, failed: None };
        let checked = verify(&mut copying);
        if let Some(error) = copying.failed {
            return Err(self.unwritten(error));
        }
        let contents = checked.map_err(CliError::BackupIncomplete)?;
        copying.sealing.finish().and_then(|mut out| out.flush()).map_err(|error| self.unwritten(error))?;
        self.name().map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => CliError::FileExists(self.path.clone()),
            _ => self.unwritten(error),
        })?;
        bar.finish_and_clear();
        Ok(contents)
    }

    fn unwritten(&self, error: io::Error) -> CliError {
        CliError::FileUnwritable(self.path.clone(), error)
    }

    fn name(&self) -> io::Result<()> {
        self.file.sync_all()?;
        match self.replace {
            Replace::Yes => fs::rename(&self.partial, &self.path)?,
            Replace::No => rename_to_new(&self.partial, &self.path)?,
        }
        let folder = self.path.parent().filter(|folder| *folder != Path::new(""));
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for BackupFile {
    fn drop(&mut self) {
        // It is there no more where it has its name by now.
        drop(fs::remove_file(&self.partial));
    }
}

/// Not every file system can refuse to replace a file in one step: then one that is made meanwhile is lost.
fn rename_to_new(partial: &Path, path: &Path) -> io::Result<()> {
    match renameat_with(CWD, partial, CWD, path, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) if path.symlink_metadata().is_err() => {
            fs::rename(partial, path)
        }
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Err(io::ErrorKind::AlreadyExists.into()),
        renamed => Ok(renamed?),
    }
}

struct Copying<R, W: Write> {
    input: R,
    sealing: Sealing<W>,
    /// That it could not be written, which is not the fault of what is read.
    failed: Option<io::Error>,
}

impl<R: Read, W: Write> Read for Copying<R, W> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let bytes = self.input.read(out)?;
        if let Err(error) = self.sealing.write_all(&out[..bytes]) {
            self.failed = Some(error);
            return Err(io::ErrorKind::WriteZero.into());
        }
        Ok(bytes)
    }
}
