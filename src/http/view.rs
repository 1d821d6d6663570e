//! What the store tells, as bodies show it.
//!
//! What frames show as well comes from the room `view`; here is what only HTTP has.

use crate::delivery::Hub;
use crate::domain::{SeatId, Viewer};
use crate::protocol::rest;
use crate::protocol::text::{DeviceTagText, SeatText, Time};
use crate::store::{Device, InviteState, State};

pub use crate::session::view::{names, opening, row};

/// What is known of an invite.
pub fn status(state: InviteState) -> rest::InviteStatus {
    let state = match state {
        InviteState::Waiting => rest::InviteState::Waiting,
        InviteState::In => rest::InviteState::In,
        InviteState::Ended => rest::InviteState::Ended,
        InviteState::Unknown => rest::InviteState::Unknown,
    };
    rest::InviteStatus { state }
}

/// One device of the list.
pub fn device(device: &Device) -> rest::DeviceRow {
    rest::DeviceRow {
        device: DeviceTagText(device.tag),
        this: device.is_asking,
        since: Time(device.since),
        last_here: device.last_here.map(Time),
    }
}

/// A chat as it is now, for somebody who holds this seat.
pub fn standing<'a>(seat: SeatId, viewer: Viewer, state: &'a State, hub: &Hub) -> rest::SeatAnswer<'a> {
    let own = state.participants.iter().find(|place| place.participant == seat.participant);
    rest::SeatAnswer {
        seat: SeatText(seat),
        name: own.map_or("", |place| place.name.as_str()),
        state: crate::session::view::state(viewer, state, &hub.here(seat.chat)),
    }
}
