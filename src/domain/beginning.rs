//! Where a client that opens a chat begins to read it.

use super::Seq;
use crate::limits::NEWEST_MESSAGES_MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// Behind the last message that the client has; [`Seq::NONE`] when it has none.
    After(Seq),
    /// So many of the newest messages, and what the person has not read.
    Newest(u64),
}

impl Beginning {
    /// The message after which it begins, in a chat with messages up to `head` that the person has read up to
    /// `read`. A client that claims to have more than there is would miss what comes.
    pub fn after(self, head: Seq, read: Seq) -> Seq {
        match self {
            Self::After(seq) => seq.min(head),
            Self::Newest(newest) => {
                let wanted = newest.max(head.0.saturating_sub(read.0)).min(NEWEST_MESSAGES_MAX);
                Seq(head.0.saturating_sub(wanted))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_messages_reach_back_to_the_first_unread_one_but_not_for_ever() {
        for (beginning, head, read, after) in [
            (Beginning::After(Seq(7)), 9, 0, 7),
            (Beginning::After(Seq(12)), 9, 0, 9),
            (Beginning::Newest(50), 0, 0, 0),
            (Beginning::Newest(50), 20, 20, 0),
            (Beginning::Newest(50), 1_000, 1_000, 950),
            (Beginning::Newest(50), 1_000, 960, 950),
            (Beginning::Newest(50), 1_000, 900, 900),
            (Beginning::Newest(50), 1_000, 0, 700),
            (Beginning::Newest(NEWEST_MESSAGES_MAX), 1_000, 1_000, 700),
        ] {
            assert_eq!(beginning.after(Seq(head), Seq(read)), Seq(after), "{beginning:?} {head} {read}");
        }
    }
}
