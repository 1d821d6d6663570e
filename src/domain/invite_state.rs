//! What is known of an invite to those who hold its link.

/// What has become of an invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteState {
    /// Nobody has come in by it yet.
    Waiting,
    In,
    /// The chat was ended.
    Ended,
    /// It leads nowhere.
    Unknown,
}

impl InviteState {
    /// Every state that there is.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::In, Self::Ended, Self::Unknown];

    /// How it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::In => "in",
            Self::Ended => "ended",
            Self::Unknown => "unknown",
        }
    }
}
