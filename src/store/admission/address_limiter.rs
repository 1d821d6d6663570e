//! Wrong codes by where they come from. In memory only: what an address tried is nobody's business after a
//! restart, and each invite's own count is durable. Charged before the code is looked at.

use std::collections::HashMap;
use std::time::Duration;

use crate::domain::{AddressBlock, At, Refusal};
use crate::limits::{GUESS_ADDRESS_WINDOW, GUESS_ADDRESSES_MAX, GUESSES_PER_ADDRESS_MAX};

#[derive(Clone, Copy)]
struct Count {
    tries: u32,
    since: At,
}

#[derive(Default)]
pub struct AddressLimiter(HashMap<AddressBlock, Count>);

impl AddressLimiter {
    /// Charges one try. Refused with [`Refusal::TooManyTries`] after [`GUESSES_PER_ADDRESS_MAX`] in an hour.
    pub fn charge(&mut self, guesser: AddressBlock, now: At) -> Result<(), Refusal> {
        self.forget_old(now);
        let count = self.0.entry(guesser).or_insert(Count { tries: 0, since: now });
        if count.tries >= GUESSES_PER_ADDRESS_MAX {
            let passed = now.since(count.since).min(GUESS_ADDRESS_WINDOW);
            let retry_after = GUESS_ADDRESS_WINDOW.saturating_sub(passed).max(Duration::from_secs(1));
            return Err(Refusal::TooManyTries { retry_after });
        }
        count.tries += 1;
        Ok(())
    }

    /// A right code gives its charge back.
    pub fn refund(&mut self, guesser: AddressBlock) {
        if let Some(count) = self.0.get_mut(&guesser) {
            count.tries = count.tries.saturating_sub(1);
        }
    }

    fn forget_old(&mut self, now: At) {
        self.0.retain(|_, count| count.tries > 0 && is_recent(*count, now));
        if self.0.len() >= GUESS_ADDRESSES_MAX {
            let oldest = self.0.iter().min_by_key(|(_, count)| count.since).map(|(guesser, _)| *guesser);
            oldest.map(|guesser| self.0.remove(&guesser));
        }
    }
}

/// A count from the future belongs to a clock that was wrong: it is forgotten too.
fn is_recent(count: Count, now: At) -> bool {
    count.since <= now && now.since(count.since) < GUESS_ADDRESS_WINDOW
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn guesser(text: &str) -> AddressBlock {
        AddressBlock::of(text.parse().unwrap())
    }

    #[test]
    fn twenty_wrong_codes_an_hour_and_others_are_not_affected() {
        let mut address_limiter = AddressLimiter::default();
        for _ in 0..20 {
            address_limiter.charge(guesser("192.0.2.1"), At(0)).unwrap();
        }
        let refused = address_limiter.charge(guesser("192.0.2.1"), At(600_000));
        assert_eq!(refused, Err(Refusal::TooManyTries { retry_after: Duration::from_secs(3_000) }));
        assert!(address_limiter.charge(guesser("192.0.2.2"), At(0)).is_ok());
        assert!(address_limiter.charge(guesser("192.0.2.1"), At(3_600_000)).is_ok());
    }

    #[test]
    fn a_right_code_costs_nothing() {
        let mut address_limiter = AddressLimiter::default();
        for _ in 0..100 {
            address_limiter.charge(guesser("192.0.2.1"), At(0)).unwrap();
            address_limiter.refund(guesser("192.0.2.1"));
        }
    }

    #[test]
    fn many_addresses_do_not_fill_the_memory() {
        let mut address_limiter = AddressLimiter::default();
        for n in 0..6_000u32 {
            address_limiter
                .charge(AddressBlock::of(std::net::Ipv4Addr::from(n).into()), At(u64::from(n)))
                .unwrap();
        }
        assert!(address_limiter.0.len() <= GUESS_ADDRESSES_MAX);
    }
}
