//! How far one participant has got: three counters that only ever grow. From the receipts of the others a
//! page shows a message as SENT, DELIVERED or SEEN; from one's own it knows what is unread. What was read
//! on a device that does not tell so is read, and not seen.

use super::Seq;

/// What was seen was read, and what was read was delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Every message up to here reached a device of the participant.
    pub delivered: Seq,
    /// Every message up to here was on the participant's screen, and the others may know.
    pub seen: Seq,
    /// Every message up to here was on the participant's screen, whether the device tells so or not.
    pub read: Seq,
}

impl Receipt {
    /// This receipt after `claim`, for a chat whose last message is `head`: never less than before, never
    /// ahead of the chat, and seen <= read <= delivered.
    #[must_use]
    pub fn grown(self, claim: Self, head: Seq) -> Self {
        let seen = self.seen.max(claim.seen.min(head));
        let read = self.read.max(claim.read.min(head)).max(seen);
        let delivered = self.delivered.max(claim.delivered.min(head)).max(read);
        Self { delivered, seen, read }
    }

    /// Whether `other` says nothing that this receipt does not say.
    pub fn covers(self, other: Self) -> bool {
        other.delivered <= self.delivered && other.seen <= self.seen && other.read <= self.read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_only_grows_and_never_passes_the_chat() {
        for (before, claim, head, expected) in [
            ((0, 0, 0), (3, 0, 0), 5, (3, 0, 0)),
            ((3, 0, 0), (1, 0, 0), 5, (3, 0, 0)),
            ((3, 0, 0), (0, 0, 4), 5, (4, 0, 4)),
            ((3, 0, 0), (0, 4, 0), 5, (4, 4, 4)),
            ((5, 1, 4), (0, 3, 0), 5, (5, 3, 4)),
            ((3, 2, 2), (9, 9, 9), 5, (5, 5, 5)),
            ((5, 5, 5), (0, 0, 0), 5, (5, 5, 5)),
        ] {
            let receipt = |(delivered, seen, read)| {
                let (delivered, seen, read) = (Seq(delivered), Seq(seen), Seq(read));
                Receipt { delivered, seen, read }
            };
            assert_eq!(receipt(before).grown(receipt(claim), Seq(head)), receipt(expected));
        }
    }
}
