//! What the store tells, as `wire` writes it.

use crate::domain::{Name, ParticipantId, SeatId};
use crate::store::{Place, State, Summary};
use crate::wire::rest::SeatRow;
use crate::wire::server::{self, Participant};
use crate::wire::text::{IdleText, ParticipantText, SeatText, SeqNumber, Time};

/// A row of "your chats".
pub fn row(summary: &Summary) -> SeatRow {
    SeatRow {
        seat: SeatText(summary.seat),
        name: text(&summary.name),
        others: summary.others.iter().map(text).collect(),
        head: SeqNumber(summary.head),
        unread: summary.unread,
        last_at: summary.last_at.map(Time),
        idle: IdleText(summary.idle),
        due: Time(summary.due),
    }
}

fn text(name: &Name) -> String {
    name.as_str().to_owned()
}

/// The frame that shows a chat as it stands. `here` are those who have it open.
pub fn state(seat: SeatId, state: &State, here: &[ParticipantId]) -> String {
    let participants = state.places.iter().map(|place| participant(place, here)).collect();
    server::state(&server::State { seat, head: state.head, idle: state.idle, due: state.due, participants })
}

fn participant<'a>(place: &'a Place, here: &[ParticipantId]) -> Participant<'a> {
    let here = here.contains(&place.participant);
    Participant {
        participant: ParticipantText(place.participant),
        name: place.name.as_str(),
        came_in: place.came_in,
        here,
        last_here: place.last_here.filter(|_| !here).map(Time),
        delivered: SeqNumber(place.receipt.delivered),
        seen: SeqNumber(place.receipt.seen),
        tries: place.tries,
    }
}
