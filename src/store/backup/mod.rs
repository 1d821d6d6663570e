//! A copy of the house, taken while it is open, and put back while it is closed.
//!
//! What goes through here is not encrypted by itself: names, texts and keys in it are sealed as they are in
//! the store, and the slots are not. `crypto::Sealing` makes a file of it that may lie anywhere; that is the
//! command line's part, so that no passphrase comes near the house. `docs/backup.md` explains in which order
//! things are read, and why an ended chat does not come back.

mod contents;
mod error;
mod format;

pub use contents::{BackupContents, BackupSummary};
pub use error::{BackupError, RestoreError, UnpackError};
pub use format::{BackupRecord, Begin, RecordReader, RecordWriter};
