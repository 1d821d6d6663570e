//! What is kept of a frame while it is dealt with: which one it was, and why it was not done.

use super::socket_writer::CloseReason;
use crate::domain::{MessageId, Refusal, SeatId};
use crate::store::Fault;

/// Which frame an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameRef {
    /// The frame's type; empty when it is not known.
    pub of: &'static str,
    /// The seat that it named.
    pub seat: Option<SeatId>,
    /// The message id that it named.
    pub id: Option<MessageId>,
}

impl FrameRef {
    /// A frame that named nothing.
    pub fn of(of: &'static str) -> Self {
        Self { of, seat: None, id: None }
    }
}

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
