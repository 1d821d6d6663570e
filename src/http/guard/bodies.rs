//! How many bytes of bodies may be on their way into the house at once.
//!
//! `request` takes a [`Share`] before it reads the first byte of a body, by what the head says of its length,
//! and the body keeps it for as long as it is there. Small bodies, which nearly all are, have room of their
//! own, so that nobody who sends large ones slowly is in their way; and one address has a part of each only.

use std::net::IpAddr;
use std::time::Duration;

use warp::http::{HeaderMap, header};

use super::host::single;
use crate::domain::Refusal;
use crate::limits::{BODIES_BYTES_MAX, BODIES_PART, BODY_BYTES_MAX, BODY_SMALL_BYTES};
use crate::net::{Share, Shares};

/// When there may be room again: bodies come and go within a second, unless somebody is slow on purpose.
const TRY_AGAIN: Duration = Duration::from_secs(1);

#[derive(Default)]
pub struct Bodies {
    small: Shares,
    large: Shares,
}

impl Bodies {
    /// The right to send the body of a request from this address. Refused with [`Refusal::Busy`].
    pub fn admit(&self, address: IpAddr, headers: &HeaderMap) -> Result<Share, Refusal> {
        let bytes = announced(headers);
        let room = if bytes <= BODY_SMALL_BYTES { &self.small } else { &self.large };
        let share = room.take(address, bytes, BODIES_BYTES_MAX, BODIES_BYTES_MAX / BODIES_PART);
        share.ok_or(Refusal::Busy { retry_after: TRY_AGAIN })
    }
}

/// How long the body says that it is. One that does not say may be as long as any.
fn announced(headers: &HeaderMap) -> usize {
    let length = single(headers, &header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
    length.unwrap_or(BODY_BYTES_MAX).clamp(1, BODY_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn admit(bodies: &Bodies, address: [u8; 4], length: Option<usize>) -> Option<Share> {
        let length = length.map(|length| (header::CONTENT_LENGTH, length.to_string().parse().unwrap()));
        bodies.admit(address.into(), &length.into_iter().collect()).ok()
    }

    #[test]
    fn large_bodies_have_so_much_room_and_one_address_a_part_of_it() {
        let bodies = Bodies::default();
        let part = BODIES_BYTES_MAX / BODIES_PART / BODY_BYTES_MAX;
        let mut held = Vec::new();
        for address in 0..u8::try_from(BODIES_PART).unwrap() {
            for length in [None, Some(BODY_BYTES_MAX)].into_iter().cycle().take(part) {
                held.push(admit(&bodies, [10, 0, 0, address], length).unwrap());
            }
            assert!(admit(&bodies, [10, 0, 0, address], None).is_none());
        }
        assert!(admit(&bodies, [10, 0, 1, 1], None).is_none(), "the house has no room for another");
        drop(held.pop());
        assert!(admit(&bodies, [10, 0, 1, 1], None).is_some());
        drop(held);
        assert!(bodies.large.are_untaken());
    }

    #[test]
    fn a_small_body_has_room_however_many_large_ones_are_on_their_way() {
        let bodies = Bodies::default();
        let large = |number: usize| admit(&bodies, [10, 0, 0, u8::try_from(number % 100).unwrap()], None);
        let held: Vec<_> = (0..100).filter_map(large).collect();
        assert!(held.len() < 100 && admit(&bodies, [10, 0, 0, 1], Some(BODY_SMALL_BYTES)).is_some());
        assert_eq!(admit(&bodies, [10, 0, 0, 1], Some(0)).unwrap().amount, 1);
    }
}
