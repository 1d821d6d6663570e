//! A chat that a socket has open: through which seats, how much of it was shown, and whether more is.

use std::collections::{BTreeMap, VecDeque};

use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::delivery::SubscriptionGuard;
use crate::domain::{ChangeNumber, LeaveScope, ParticipantId, Receipt, SeatId, Seq};
use crate::house::House;
use crate::store::{Seat, State};

/// One open chat. Its key is in the seats, and leaves memory with them.
pub struct OpenChat {
    pub subscription: SubscriptionGuard,
    /// The one that was opened last comes first.
    seats: Vec<OpenSeat>,
    /// The last message that was shown. What comes is the next one, always (I3, I4).
    pub shown: Seq,
    /// How far each participant who is shown had got when that was last told.
    receipts: BTreeMap<ParticipantId, Receipt>,
    pub state: SyncState,
    /// What is shown after the backlog: messages that were changed while a client was away. One a seat.
    pub unshown: VecDeque<Unshown>,
}

/// Changes that a seat has not been shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unshown {
    pub seat: SeatId,
    pub after: ChangeNumber,
    /// Messages after this one come in the backlog, as they are now.
    pub until: Seq,
}

/// One of the seats through which a chat is open.
pub struct OpenSeat {
    pub seat: Seat,
    pub opening: OpeningId,
}

/// Which of all the times that this socket opened a seat it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpeningId(pub u64);

/// What a socket is shown of an open chat.
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
    /// Nothing: the peer has been told to open the chat again, or its last frame is on its way.
    Desynced,
}

impl OpenChat {
    /// Subscribed to, and nothing of it is shown yet.
    pub fn new(subscription: SubscriptionGuard) -> Self {
        let (seats, receipts, unshown) = (Vec::new(), BTreeMap::new(), VecDeque::new());
        Self { subscription, seats, shown: Seq::NONE, receipts, state: SyncState::Desynced, unshown }
    }

    pub fn seats(&self) -> &[OpenSeat] {
        &self.seats
    }

    pub fn seat(&self, who: ParticipantId) -> Option<&OpenSeat> {
        self.seats.iter().find(|open| open.seat.id().participant == who)
    }

    /// Whether nothing else of the chat goes on that a new beginning would disturb.
    pub fn is_only(&self, who: ParticipantId) -> bool {
        self.state == SyncState::Desynced || self.seats.iter().all(|open| open.seat.id().participant == who)
    }

    /// Shows the chat from behind `after` on. What another seat has not been shown yet stays to be shown.
    pub fn begin(&mut self, seat: OpenSeat, after: Seq, changed: Option<ChangeNumber>, chat: &State) {
        let id = seat.seat.id();
        let who = id.participant;
        let starts_anew = self.is_only(who);
        self.unshown.retain(|unshown| !starts_anew && unshown.seat != id);
        self.unshown.extend(changed.map(|changed| Unshown { seat: id, after: changed, until: after }));
        self.seats.retain(|open| open.seat.id().participant != who);
        self.seats.insert(0, seat);
        let held = match &mut self.state {
            SyncState::CatchingUp { held, .. } if !starts_anew => std::mem::take(held),
            _ => Vec::new(),
        };
        self.state = SyncState::CatchingUp { until: chat.head, held };
        if starts_anew {
            self.shown = after;
            let told = chat.participants.iter().map(|place| (place.participant, place.person.receipt));
            self.receipts = told.collect();
        } else {
            self.shown = self.shown.min(after);
        }
    }

    /// Takes in how far somebody has got. False when as much was shown already: what became true between the
    /// place in the hub and the state of the chat is told by both. One with a sequel is taken in by that.
    pub fn update_receipt(&mut self, of: ParticipantId, receipt: Receipt, has_sequel: bool) -> bool {
        let Some(known) = self.receipts.get_mut(&of) else { return true };
        let is_news = !known.covers(receipt);
        if is_news && !has_sequel {
            *known = receipt;
        }
        is_news
    }

    /// The chat is not open through this seat any more. Unless that is withheld, the store notes when that
    /// was: of the device, and of the participant when this was their last socket.
    pub fn close_seat(&mut self, who: ParticipantId, house: &House) {
        let Some(place) = self.seats.iter().position(|open| open.seat.id().participant == who) else {
            self.subscription.close(who);
            return;
        };
        let OpenSeat { seat, .. } = self.seats.remove(place);
        match self.subscription.close(who) {
            Some(at) => house.store.last_here(&seat, LeaveScope::Participant, at),
            None if self.subscription.tells() => {
                house.store.last_here(&seat, LeaveScope::Device, (house.clock)());
            }
            None => {}
        }
    }

    pub fn close(mut self, house: &House) {
        while let Some(open) = self.seats.first() {
            self.close_seat(open.seat.id().participant, house);
        }
    }

    pub fn seat_ids(&self) -> Vec<SeatId> {
        self.seats.iter().map(|open| open.seat.id()).collect()
    }
}
