//! What leaves the store after a commit, in the order of the commits.

use crate::domain::{ChatId, Event};

/// The socket that a command came in by, so that its answer and the event are one frame there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Origin(pub u64);

#[derive(Clone, Debug)]
pub enum Publication {
    /// In this order.
    Committed(Vec<Committed>),
    /// A commit failed and the files were reopened: more may be true than was told. Everybody who listens
    /// begins again.
    Doubt,
}

impl Publication {
    /// Whether something was destroyed of which the file of the store still has traces.
    pub fn leaves_dead_rows(&self) -> bool {
        let Self::Committed(events) = self else { return false };
        let leaves =
            |event: &Event| matches!(event, Event::Ended(_) | Event::Left { .. } | Event::Invited { .. });
        events.iter().any(|committed| leaves(&committed.event))
    }
}

#[derive(Clone, Debug)]
pub struct Committed {
    pub chat: ChatId,
    pub event: Event,
    pub origin: Option<Origin>,
}
