//! Why the store did not do something: [`StoreError`], inside this room and at its face. Opening, backing up
//! and restoring have errors of their own, because the host reads those, and they say what to type.

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;

use super::keys::slot_file::SlotError;
use super::rows::RowError;
use crate::crypto;
use crate::domain::Refusal;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The guest's fault.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    /// A commit failed, or the writer has stopped: what was asked is neither done nor refused (I2). Reconnect
    /// and ask again.
    #[error("it is not known whether it was done")]
    Unknown,
    /// Our fault; the cause is for the journal only. Boxed: every session has room for an error.
    #[error(transparent)]
    Failed(Box<Failure>),
}

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Disk(String),
    /// The disk had refused the writer something: nobody reads again until the files have been reopened.
    #[error("the writer has stopped")]
    Stopped,
    #[error(transparent)]
    Slots(#[from] SlotError),
    #[error(transparent)]
    Row(#[from] RowError),
    /// A name, text or key that its key does not open.
    #[error(transparent)]
    Sealed(#[from] crypto::EnvelopeError),
    /// What must not be, or cannot be done now.
    #[error("{0}")]
    Other(Cow<'static, str>),
}

impl Failure {
    fn is_of_a_stopped_writer(&self) -> bool {
        matches!(self, Self::Stopped | Self::Slots(SlotError::Unwritten))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Disk(error.to_string())
    }
}

impl From<&'static str> for Failure {
    fn from(what: &'static str) -> Self {
        Self::Other(what.into())
    }
}

impl From<String> for Failure {
    fn from(what: String) -> Self {
        Self::Other(what.into())
    }
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl<E: Into<Failure>> From<E> for StoreError {
    /// A read beside a writer that has stopped knows no more than the writer (I2).
    fn from(cause: E) -> Self {
        let failure = cause.into();
        if failure.is_of_a_stopped_writer() { Self::Unknown } else { Self::Failed(failure.into()) }
    }
}

/// Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("another parlour is running on {0}: stop that one, or choose another directory with --data")]
    InUse(PathBuf),
    #[error(
        "this house was written by a newer version of parlour: install that version again, or a newer one"
    )]
    Newer,
    #[error("{0} and its keys.slots do not belong together: restore both from the same backup")]
    Torn(PathBuf),
    #[error("{0} is missing or empty, but keys.slots next to it has keys: put it back, or restore a backup")]
    Missing(PathBuf),
    #[error("{0} cannot be used as the data directory: {1}")]
    Io(PathBuf, #[source] io::Error),
    #[error("the store file is damaged. Restore a backup, or move the data directory away to start over")]
    Damaged,
    #[error("the store cannot be read: {0}. Restore a backup, or move the data directory away to start over")]
    Storage(#[source] StoreError),
}

impl OpenError {
    /// The same while the store is open, when its file is replaced.
    pub fn while_open(self) -> StoreError {
        match self {
            Self::Storage(error) => error,
            Self::Io(_, error) => error.into(),
            Self::Damaged => "the store file is damaged".into(),
            Self::InUse(_) | Self::Newer | Self::Torn(_) | Self::Missing(_) => {
                "another process has changed the files of the store".into()
            }
        }
    }
}

impl<E: Into<StoreError>> From<E> for OpenError {
    fn from(error: E) -> Self {
        Self::Storage(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_that_are_not_written_yet_are_those_of_a_writer_that_has_stopped() {
        assert!(matches!(SlotError::Unwritten.into(), StoreError::Unknown));
        assert!(matches!("a record is damaged".into(), StoreError::Failed(_)));
    }
}
