//! What is known of an invite to those who hold its link.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteState {
    Waiting,
    In,
    Ended,
    Unknown,
}

impl InviteState {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::In, Self::Ended, Self::Unknown];

    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::In => "in",
            Self::Ended => "ended",
            Self::Unknown => "unknown",
        }
    }
}
