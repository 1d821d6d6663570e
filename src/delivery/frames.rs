//! One event in the words of the wire: encoded once for each class of sockets that are shown the same.
//!
//! The publisher encodes before it takes the hub's lock, and only what somebody hears. Receipts have three
//! classes, because they are shown to a person's own devices, to others who share what they have seen, and to
//! others who do not. Everything else is shown to all alike.

use std::collections::HashMap;

use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::domain::{Event, Progress, Receipt, SeatId};
use crate::protocol::server;
use crate::store::Committed;

/// Which classes of sockets hear an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ViewerClasses {
    pub sharing_seen: bool,
    pub withholding_seen: bool,
    pub oneself: bool,
}

/// The frames of one event. One that is missing is shown to nobody of its class.
#[derive(Default)]
pub struct Frames {
    /// For everybody; of a receipt, for the others who share what they have seen.
    pub shared: Option<Utf8Bytes>,
    /// Of a receipt: for the others who withhold what they have seen.
    pub withholding: Option<Utf8Bytes>,
    /// Of a receipt: for the person's own devices.
    pub own: Option<Utf8Bytes>,
}

impl Frames {
    pub fn encode(Committed { chat, event }: &Committed, viewers: ViewerClasses) -> Self {
        match *event {
            Event::Marked { participant, before, receipt } => {
                Self::of_receipt(SeatId { chat: *chat, participant }, [before, receipt], viewers)
            }
            Event::HiddenFor { participant, ref message } => {
                let seat = SeatId { chat: *chat, participant };
                let own = viewers.oneself.then(|| server::own_change(seat, message).into());
                Self { own, ..Self::default() }
            }
            _ if viewers.sharing_seen => {
                Self { shared: server::event(event, *chat).map(Utf8Bytes::from), ..Self::default() }
            }
            _ => Self::default(),
        }
    }

    /// A class for which nothing would change is told nothing.
    fn of_receipt(seat: SeatId, receipts: [Receipt; 2], viewers: ViewerClasses) -> Self {
        let SeatId { chat, participant } = seat;
        let others = |is_heard: bool, shares: bool| {
            let shown = changed(receipts.map(|receipt| Progress::of_another(receipt, shares)))?;
            is_heard.then(|| server::receipt(chat, participant, shown).into())
        };
        let own = || Some(server::own_receipt(seat, changed(receipts.map(Progress::of_oneself))?).into());
        Self {
            shared: others(viewers.sharing_seen, true),
            withholding: others(viewers.withholding_seen, false),
            own: if viewers.oneself { own() } else { None },
        }
    }
}

fn changed([before, after]: [Progress; 2]) -> Option<Progress> {
    (before != after).then_some(after)
}

/// What several receipts of one participant came to within one commit is told once, in the place of the last.
pub fn gather_receipts(events: Vec<Committed>) -> Vec<Committed> {
    let mut receipts = HashMap::<SeatId, (Receipt, usize)>::new();
    for (place, Committed { chat, event }) in events.iter().enumerate() {
        if let Event::Marked { participant, before, .. } = *event {
            receipts.entry(SeatId { chat: *chat, participant }).or_insert((before, place)).1 = place;
        }
    }
    let gathered = |(place, mut committed): (usize, Committed)| {
        if let Event::Marked { participant, before, .. } = &mut committed.event {
            let (first, last) = receipts.get(&SeatId { chat: committed.chat, participant: *participant })?;
            if place != *last {
                return None;
            }
            *before = *first;
        }
        Some(committed)
    };
    events.into_iter().enumerate().filter_map(gathered).collect()
}
