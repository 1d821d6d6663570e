//! Why a frame was not done.

use super::socket_writer::CloseReason;
use crate::domain::Refusal;
use crate::store::Fault;

/// Why a frame was not done.
pub enum FrameError {
    /// The peer is told, and the session goes on.
    Fault(Fault),
    /// The session does not go on.
    Close(CloseReason),
}

impl From<Fault> for FrameError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for FrameError {
    fn from(refusal: Refusal) -> Self {
        Self::Fault(refusal.into())
    }
}

impl From<CloseReason> for FrameError {
    fn from(reason: CloseReason) -> Self {
        Self::Close(reason)
    }
}
