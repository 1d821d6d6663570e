//! Why a frame was not done.

use super::socket_writer::CloseReason;
use crate::domain::Refusal;
use crate::store::StoreError;

pub enum FrameError {
    /// The peer is told, and the session goes on.
    Store(StoreError),
    /// The session does not go on.
    Close(CloseReason),
}

impl From<StoreError> for FrameError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for FrameError {
    fn from(refusal: Refusal) -> Self {
        Self::Store(refusal.into())
    }
}

impl From<CloseReason> for FrameError {
    fn from(reason: CloseReason) -> Self {
        Self::Close(reason)
    }
}
