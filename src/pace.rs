//! How fast a seat may speak: so many messages a second lasting, and a few more of them at once.
//!
//! `house` asks before it hands a message to the store. In memory only: a house that starts anew has
//! forgotten who was fast. A message that is sent again counts again; whoever comes back after a tunnel has
//! the burst for it.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::domain::{Refusal, SeatId};
use crate::limits::{MESSAGES_BURST_SECONDS, MESSAGES_PER_SECOND_MAX, RATED_SEATS_MAX};

/// Who has spoken how much of late.
pub struct Pace<C: Clock = MonotonicClock> {
    seats: RateLimiter<SeatId, HashMapStateStore<SeatId>, C, NoOpMiddleware<C::Instant>>,
    clock: C,
    /// Beyond so many seats the ones that may speak freely again are forgotten.
    seats_max: AtomicUsize,
}

impl Pace {
    /// Allows each seat so many messages a second, from 1 to [`MESSAGES_PER_SECOND_MAX`], and a burst, from
    /// 1 to [`MESSAGES_BURST_SECONDS`] of the highest rate. What is outside is brought inside.
    pub fn new(messages_per_second: u32, burst: u32) -> Self {
        Self::by(MonotonicClock, messages_per_second, burst)
    }
}

impl<C: Clock + Clone> Pace<C> {
    fn by(clock: C, messages_per_second: u32, burst: u32) -> Self {
        let rate = bounded(messages_per_second, MESSAGES_PER_SECOND_MAX);
        let burst = bounded(burst, MESSAGES_PER_SECOND_MAX * MESSAGES_BURST_SECONDS);
        let quota = Quota::per_second(rate).allow_burst(burst);
        let seats = RateLimiter::hashmap_with_clock(quota, clock.clone());
        Self { seats, clock, seats_max: AtomicUsize::new(RATED_SEATS_MAX) }
    }

    /// Counts one message. Refused with [`Refusal::SlowDown`].
    pub fn check(&self, seat: SeatId) -> Result<(), Refusal> {
        if self.seats.len() >= self.seats_max.load(Ordering::Relaxed) {
            self.forget_the_slow();
        }
        self.seats.check_key(&seat).map_err(|not_until| {
            let retry_after = not_until.wait_time_from(self.clock.now());
            Refusal::SlowDown { retry_after }
        })
    }

    /// When most of them speak right now, the next clean-up waits for twice as many: it looks at each.
    fn forget_the_slow(&self) {
        self.seats.retain_recent();
        self.seats.shrink_to_fit();
        self.seats_max.store(RATED_SEATS_MAX.max(self.seats.len() * 2), Ordering::Relaxed);
    }
}

fn bounded(number: u32, most: u32) -> NonZeroU32 {
    NonZeroU32::new(number.min(most)).unwrap_or(NonZeroU32::MIN)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;
    use crate::domain::{ChatId, ParticipantId};
    use crate::limits::{MESSAGES_BURST, MESSAGES_PER_SECOND};

    fn seat(chat: u64) -> SeatId {
        SeatId { chat: ChatId(chat), participant: ParticipantId(1) }
    }

    fn allowed<C: Clock + Clone>(pace: &Pace<C>, seat: SeatId) -> u32 {
        let mut count = 0;
        while pace.check(seat).is_ok() {
            count += 1;
        }
        count
    }

    #[test]
    fn a_seat_may_say_a_burst_and_then_so_many_a_second() {
        let clock = FakeRelativeClock::default();
        let pace = Pace::by(clock.clone(), MESSAGES_PER_SECOND, MESSAGES_BURST);
        assert_eq!(allowed(&pace, seat(1)), MESSAGES_BURST);
        let Err(Refusal::SlowDown { retry_after }) = pace.check(seat(1)) else {
            panic!("it was not refused")
        };
        assert_eq!(retry_after, Duration::from_secs(1) / MESSAGES_PER_SECOND);
        clock.advance(Duration::from_secs(1));
        assert_eq!(allowed(&pace, seat(1)), MESSAGES_PER_SECOND);
    }

    #[test]
    fn one_seat_does_not_slow_another() {
        let pace = Pace::by(FakeRelativeClock::default(), 1, 3);
        assert_eq!(allowed(&pace, seat(1)), 3);
        assert_eq!(allowed(&pace, seat(2)), 3);
    }

    #[test]
    fn a_rate_outside_the_bounds_is_brought_inside() {
        let pace = Pace::by(FakeRelativeClock::default(), 0, 0);
        assert_eq!(allowed(&pace, seat(1)), 1);
        let pace = Pace::by(FakeRelativeClock::default(), u32::MAX, u32::MAX);
        assert_eq!(allowed(&pace, seat(1)), MESSAGES_PER_SECOND_MAX * MESSAGES_BURST_SECONDS);
    }

    #[test]
    fn seats_that_are_silent_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let pace = Pace::by(clock.clone(), 1, 3);
        let full = u64::try_from(RATED_SEATS_MAX).unwrap_or(u64::MAX);
        for chat in 0..full {
            assert!(pace.check(seat(chat)).is_ok());
        }
        clock.advance(Duration::from_secs(10));
        assert!(pace.check(seat(full)).is_ok());
        assert_eq!(pace.seats.len(), 1);
        assert!(pace.check(seat(full + 1)).is_ok());
    }
}
