//! How far one participant has got: two counters that only ever grow.
//!
//! From the receipts of the others a page shows a message as SENT, DELIVERED or SEEN.

use super::Seq;

/// Delivered up to, and seen up to. Seen is never ahead of delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Every message up to here reached a device of the participant.
    pub delivered: Seq,
    /// Every message up to here was on the screen.
    pub seen: Seq,
}

impl Receipt {
    /// This receipt after `claim`, for a chat whose last message is `head`: never less than before, never
    /// ahead of the chat, and what was seen was delivered.
    #[must_use]
    pub fn grown(self, claim: Self, head: Seq) -> Self {
        let seen = self.seen.max(claim.seen.min(head));
        let delivered = self.delivered.max(claim.delivered.min(head)).max(seen);
        Self { delivered, seen }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_only_grows_and_never_passes_the_chat() {
        for (before, claim, head, expected) in [
            ((0, 0), (3, 0), 5, (3, 0)),
            ((3, 0), (1, 0), 5, (3, 0)),
            ((3, 0), (0, 4), 5, (4, 4)),
            ((3, 2), (9, 9), 5, (5, 5)),
            ((5, 5), (0, 0), 5, (5, 5)),
        ] {
            let receipt = |(delivered, seen)| Receipt { delivered: Seq(delivered), seen: Seq(seen) };
            assert_eq!(receipt(before).grown(receipt(claim), Seq(head)), receipt(expected));
        }
    }
}
