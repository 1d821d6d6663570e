//! Why a backup was not made, not read, or not restored; the host reads these.

use std::io;
use std::path::PathBuf;

use crate::store::error::{Failure, OpenError, StoreError};
use crate::store::rows::RowError;

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Two at once would hold the house up.
    #[error("another backup is being made: wait until it is done")]
    Busy,
    #[error("the backup was not made: {0}")]
    Output(#[source] io::Error),
    #[error("the store cannot be read: {0}")]
    Store(#[source] StoreError),
    #[error("the house is stopping: make the backup when it is running again")]
    Closing,
}

impl<E: Into<StoreError>> From<E> for BackupError {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// It cannot be read; where it is sealed, the cause says what is wrong with it.
    #[error("{0}")]
    Read(#[from] io::Error),
    #[error("this backup was made by a newer version of parlour ({0}): use that one, or a newer one")]
    Newer(String),
    #[error("the backup is damaged: {0}")]
    Damaged(&'static str),
}

impl From<RowError> for UnpackError {
    fn from(_: RowError) -> Self {
        Self::Damaged("a row of the store cannot be read")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error(
        "there is already a house in {0}: to replace it with the one in the backup use --replace, or choose \
         another directory with --data"
    )]
    Inhabited(PathBuf),
    #[error("a parlour is running on {0}: stop it, restore, and start it again")]
    Running(PathBuf),
    #[error(transparent)]
    Backup(#[from] UnpackError),
    #[error(transparent)]
    Files(OpenError),
    #[error("the house cannot be written: {0}. What was there is unchanged")]
    Unwritten(#[from] StoreError),
    #[error(
        "the house is restored but could not be put in its place; the next start of parlour does that: {0}"
    )]
    Unsettled(#[source] OpenError),
}

impl From<OpenError> for RestoreError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::InUse(dir) => Self::Running(dir),
            error => Self::Files(error),
        }
    }
}

impl<E: Into<Failure>> From<E> for RestoreError {
    fn from(error: E) -> Self {
        Self::Unwritten(StoreError::Failed(Box::new(error.into())))
    }
}
