//! How fast somebody may do something: so many times lasting, and a few more of them at once.
//!
//! `house` asks before it hands a message, or what costs the house as much, to the store. In memory only: a
//! house that starts again has forgotten who was fast. A message that is sent again counts again; a person
//! who comes back after a tunnel has the burst for it.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::domain::{AddressBlock, InviteId, SeatId};
use crate::limits::{
    ENTER_INTERVAL, ENTERS_BURST, MESSAGES_BURST_SECONDS, MESSAGES_PER_SECOND_MAX, RATED_MAX, RECEIPTS_BURST,
    RECEIPTS_PER_SECOND, SEAT_CHANGE_INTERVAL, SEAT_CHANGES_BURST, START_INTERVAL, STARTS_BURST,
};

/// How fast everybody may do what: what a person never notices, and a flood does.
pub struct RateLimits {
    /// How fast a seat may speak, and keep its chat.
    pub messages: RateLimit<SeatId>,
    /// How fast a seat may tell how far it has read.
    pub receipts: RateLimit<SeatId>,
    /// How fast a seat may sign devices out, leave and replace links, which has the store rewritten.
    pub seat_changes: RateLimit<SeatId>,
    pub enters: RateLimit<InviteId>,
    pub starts: RateLimit<AddressBlock>,
}

impl RateLimits {
    /// With so many messages; the rest is as `crate::limits` says.
    pub fn new(messages_per_second: u32, messages_burst: u32) -> Self {
        Self {
            messages: RateLimit::new(messages_per_second, messages_burst),
            receipts: RateLimit::new(RECEIPTS_PER_SECOND, RECEIPTS_BURST),
            seat_changes: RateLimit::every(SEAT_CHANGE_INTERVAL, SEAT_CHANGES_BURST),
            enters: RateLimit::every(ENTER_INTERVAL, ENTERS_BURST),
            starts: RateLimit::every(START_INTERVAL, STARTS_BURST),
        }
    }
}

/// Who has done how much of late.
pub struct RateLimit<K: Hash + Eq + Copy, C: Clock = MonotonicClock> {
    callers: RateLimiter<K, HashMapStateStore<K>, C, NoOpMiddleware<C::Instant>>,
    clock: C,
    /// Beyond so many the ones that may go on freely are forgotten.
    callers_max: AtomicUsize,
}

impl<K: Hash + Eq + Copy> RateLimit<K> {
    /// Allows each so many a second, from 1 to [`MESSAGES_PER_SECOND_MAX`], and a burst, from 1 to
    /// [`MESSAGES_BURST_SECONDS`] of the highest rate. What is outside is brought inside.
    pub fn new(per_second: u32, burst: u32) -> Self {
        Self::by(MonotonicClock, quota(per_second, burst))
    }

    /// Allows each a burst, and one more after each interval, which is not zero.
    pub fn every(interval: Duration, burst: u32) -> Self {
        let quota = Quota::with_period(interval).unwrap_or(Quota::per_second(NonZeroU32::MIN));
        Self::by(MonotonicClock, quota.allow_burst(bounded(burst, u32::MAX)))
    }
}

impl<K: Hash + Eq + Copy, C: Clock + Clone> RateLimit<K, C> {
    fn by(clock: C, quota: Quota) -> Self {
        let callers = RateLimiter::hashmap_with_clock(quota, clock.clone());
        Self { callers, clock, callers_max: AtomicUsize::new(RATED_MAX) }
    }

    /// Counts one. Where that was too fast, how long to wait.
    pub fn check(&self, caller: K) -> Result<(), Duration> {
        if self.callers.len() >= self.callers_max.load(Ordering::Relaxed) {
            self.forget_the_slow();
        }
        self.callers.check_key(&caller).map_err(|not_until| not_until.wait_time_from(self.clock.now()))
    }

    /// When most of them are at it right now, the next clean-up waits for twice as many: it looks at each.
    fn forget_the_slow(&self) {
        self.callers.retain_recent();
        self.callers.shrink_to_fit();
        self.callers_max.store(RATED_MAX.max(self.callers.len() * 2), Ordering::Relaxed);
    }
}

fn quota(per_second: u32, burst: u32) -> Quota {
    let burst = bounded(burst, MESSAGES_PER_SECOND_MAX * MESSAGES_BURST_SECONDS);
    Quota::per_second(bounded(per_second, MESSAGES_PER_SECOND_MAX)).allow_burst(burst)
}

fn bounded(number: u32, most: u32) -> NonZeroU32 {
    NonZeroU32::new(number.min(most)).unwrap_or(NonZeroU32::MIN)
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;
    use crate::domain::{ChatId, ParticipantId};
    use crate::limits::{MESSAGES_BURST, MESSAGES_PER_SECOND};

    fn seat(chat: u64) -> SeatId {
        SeatId { chat: ChatId(chat), participant: ParticipantId(1) }
    }

    fn allowed<C: Clock + Clone>(limit: &RateLimit<SeatId, C>, seat: SeatId) -> u32 {
        let mut count = 0;
        while limit.check(seat).is_ok() {
            count += 1;
        }
        count
    }

    #[test]
    fn a_seat_may_say_a_burst_and_then_so_many_a_second() {
        let clock = FakeRelativeClock::default();
        let limit = RateLimit::by(clock.clone(), quota(MESSAGES_PER_SECOND, MESSAGES_BURST));
        assert_eq!(allowed(&limit, seat(1)), MESSAGES_BURST);
        assert_eq!(limit.check(seat(1)), Err(Duration::from_secs(1) / MESSAGES_PER_SECOND));
        clock.advance(Duration::from_secs(1));
        assert_eq!(allowed(&limit, seat(1)), MESSAGES_PER_SECOND);
    }

    #[test]
    fn one_seat_does_not_slow_another() {
        let limit = RateLimit::by(FakeRelativeClock::default(), quota(1, 3));
        assert_eq!(allowed(&limit, seat(1)), 3);
        assert_eq!(allowed(&limit, seat(2)), 3);
    }

    #[test]
    fn a_rate_outside_the_bounds_is_brought_inside() {
        let limit = RateLimit::by(FakeRelativeClock::default(), quota(0, 0));
        assert_eq!(allowed(&limit, seat(1)), 1);
        let limit = RateLimit::by(FakeRelativeClock::default(), quota(u32::MAX, u32::MAX));
        assert_eq!(allowed(&limit, seat(1)), MESSAGES_PER_SECOND_MAX * MESSAGES_BURST_SECONDS);
    }

    #[test]
    fn seats_that_are_silent_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let limit = RateLimit::by(clock.clone(), quota(1, 3));
        let full = u64::try_from(RATED_MAX).unwrap_or(u64::MAX);
        for chat in 0..full {
            assert!(limit.check(seat(chat)).is_ok());
        }
        clock.advance(Duration::from_secs(10));
        assert!(limit.check(seat(full)).is_ok());
        assert_eq!(limit.callers.len(), 1);
        assert!(limit.check(seat(full + 1)).is_ok());
    }
}
