//! What leaves the store after a commit, in the order of the commits.

use crate::domain::{ChatId, Event, ParticipantId};

#[derive(Clone, Debug)]
pub enum Publication {
    /// In this order.
    Committed(Vec<Committed>),
    /// A commit failed and the files were reopened: more may be true than was told. Everybody who listens
    /// begins again.
    Doubt,
}

#[derive(Clone, Debug)]
pub struct Committed {
    pub chat: ChatId,
    pub event: Event,
    /// Whom it names who is shown to nobody but the admins and themselves.
    pub hidden_people: Vec<ParticipantId>,
}
