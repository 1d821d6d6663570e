//! A seat that a socket has open: how much of its chat was shown, and whether more is.

use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::delivery::SubscriptionGuard;
use crate::domain::{ParticipantId, Receipt, Seq};
use crate::house::House;
use crate::store::{LeaveScope, Seat};

/// One open seat. The key of the chat is in it, and leaves memory with it.
pub struct OpenSeat {
    pub seat: Seat,
    pub subscription: SubscriptionGuard,
    /// The last message that was shown. What comes is the next one, always (I3, I4).
    pub shown: Seq,
    /// How far each participant had got when it was last shown, in order.
    pub receipts: Vec<Receipt>,
    pub state: SyncState,
}

/// What a socket is shown of an open seat.
#[derive(Debug, PartialEq, Eq)]
pub enum SyncState {
    /// The backlog. What the hub tells meanwhile is kept for later, but messages are not: each was committed
    /// before it was told, so the backlog has it.
    CatchingUp {
        /// The backlog goes at least up to here.
        until: Seq,
        /// Frames for when it was sent; at most `OUTBOX_FRAMES_MAX`.
        held: Vec<Utf8Bytes>,
    },
    Live,
    /// Nothing: the peer has been told to open the seat again, or its last frame is on its way.
    Desynced,
}

impl OpenSeat {
    /// Takes in how far somebody has got. False when as much was shown already: what became true between the
    /// place in the hub and the state of the chat is told by both.
    pub fn update_receipt(&mut self, of: ParticipantId, receipt: Receipt) -> bool {
        let Some(known) = self.receipts.get_mut(of.index()) else { return true };
        let is_news = !known.covers(receipt);
        if is_news {
            *known = receipt;
        }
        is_news
    }

    /// The seat is not open any more. Unless that is withheld, the store notes when that was: of the device,
    /// and of the participant when this was their last socket.
    pub fn close(self, house: &House) {
        let tells = self.subscription.tells();
        match self.subscription.close() {
            Some(at) => house.store.last_here(&self.seat, LeaveScope::Participant, at),
            None if tells => house.store.last_here(&self.seat, LeaveScope::Device, (house.clock)()),
            None => {}
        }
    }
}
