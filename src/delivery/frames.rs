//! One event in the words of the wire: encoded once for all sockets that are shown the same.
//!
//! The publisher encodes before it takes the hub's lock, and only what somebody hears. A socket whose seats
//! are shown different things gets a frame for each of them.

use std::borrow::Cow;
use std::collections::HashMap;

use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::domain::{Event, Message, ParticipantId, Progress, Receipt, SeatId};
use crate::protocol::server::{self, Whose};
use crate::store::Committed;

/// How much of an event somebody is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Full,
    /// Of a receipt: not what was seen, for those who do not tell that themselves. Of a message: nobody whom
    /// only admins are shown.
    Reduced,
    /// What the person is shown whom it is about.
    Own,
}

/// For whom a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addressee {
    /// Every socket that is shown this through all of its seats.
    Chat(View),
    /// One seat, where other seats of its socket are shown something else.
    Seat(ParticipantId, View),
}

/// It was not known, when the frames of an event were encoded, that somebody needs this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotEncoded;

/// The frames of one event; none where there is nothing to tell.
pub struct Frames(Vec<(Addressee, Option<Utf8Bytes>)>);

impl Frames {
    pub fn encode(committed: &Committed, addressees: Vec<Addressee>) -> Self {
        Self(addressees.into_iter().map(|to| (to, frame(committed, to).map(Utf8Bytes::from))).collect())
    }

    pub fn of(&self, addressee: Addressee) -> Result<Option<Utf8Bytes>, NotEncoded> {
        let found = self.0.iter().find(|(to, _)| *to == addressee);
        found.map(|(_, text)| text.clone()).ok_or(NotEncoded)
    }
}

fn frame(committed: &Committed, to: Addressee) -> Option<String> {
    let Committed { chat, event, .. } = committed;
    let (whose, view) = match to {
        Addressee::Chat(view) => (Whose::Chat(*chat), view),
        Addressee::Seat(participant, view) => (Whose::Seat(SeatId { chat: *chat, participant }), view),
    };
    match event {
        Event::Marked { participant, before, receipt } => {
            receipt_frame(whose, *participant, [*before, *receipt].map(|receipt| progress(view, receipt)))
        }
        Event::HiddenFor { message, .. } => Some(server::changed(whose, message)),
        Event::Said(message) => Some(server::message(whose, &shown(committed, to, message))),
        Event::Changed(message) => Some(server::changed(whose, &shown(committed, to, message))),
        _ => server::event(event, whose),
    }
}

/// The message, without people whom it names and who are hidden from the addressee.
fn shown<'a>(committed: &Committed, to: Addressee, message: &'a Message) -> Cow<'a, Message> {
    let oneself = match to {
        Addressee::Chat(View::Full) | Addressee::Seat(_, View::Full) => return Cow::Borrowed(message),
        Addressee::Seat(participant, View::Own) => Some(participant),
        Addressee::Seat(..) | Addressee::Chat(_) => None,
    };
    let is_hidden = |who| Some(who) != oneself && committed.hidden_people.contains(&who);
    Cow::Owned(message.clone().without(is_hidden))
}

fn progress(view: View, receipt: Receipt) -> Progress {
    match view {
        View::Own => Progress::of_oneself(receipt),
        View::Full => Progress::of_another(receipt, true),
        View::Reduced => Progress::of_another(receipt, false),
    }
}

/// For whom nothing would change is told nothing.
fn receipt_frame(whose: Whose, of: ParticipantId, [before, after]: [Progress; 2]) -> Option<String> {
    (before != after).then(|| server::receipt(whose, of, after))
}

/// What several receipts of one participant came to within one commit is told once, in the place of the last.
pub fn gather_receipts(events: Vec<Committed>) -> Vec<Committed> {
    let mut receipts = HashMap::<SeatId, (Receipt, usize)>::new();
    for (place, Committed { chat, event, .. }) in events.iter().enumerate() {
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
