//! What a wrong code costs. Every try is charged before the code is looked at and forgiven when the code was
//! right, so that pulling the plug in between wins nothing. Guessing slows the guesser; people who are in
//! stay in.

use std::time::Duration;

use super::{At, Refusal};
use crate::limits::{GUESS_WAIT_FIRST, GUESS_WAIT_MAX, GUESSES_FREE, GUESSES_MAX};

/// Since somebody last came in by the invite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guesses {
    pub tries: u32,
    /// No try before this.
    pub wait_until: At,
}

impl Guesses {
    /// These guesses with one more. Refused with [`Refusal::TooManyTries`] while waiting is due, and with
    /// [`Refusal::InviteClosed`] after [`GUESSES_MAX`] in a row.
    pub fn charged(self, now: At) -> Result<Self, Refusal> {
        if self.tries >= GUESSES_MAX {
            return Err(Refusal::InviteClosed);
        }
        if let Some(retry_after) = self.wait(now) {
            return Err(Refusal::TooManyTries { retry_after });
        }
        let tries = self.tries + 1;
        Ok(Self { tries, wait_until: now.plus(wait_after(tries)) })
    }

    /// How long the next try must wait, where it must. Never longer than [`GUESS_WAIT_MAX`], even when the
    /// clock went back.
    pub fn wait(self, now: At) -> Option<Duration> {
        let wait = self.wait_until.since(now).min(GUESS_WAIT_MAX);
        (!wait.is_zero()).then_some(wait)
    }
}

fn wait_after(tries: u32) -> Duration {
    match tries.checked_sub(GUESSES_FREE) {
        None | Some(0) => Duration::ZERO,
        Some(charged) => GUESS_WAIT_FIRST.saturating_mul(1 << (charged - 1).min(16)).min(GUESS_WAIT_MAX),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn five_tries_are_free_and_then_each_waits_twice_as_long_up_to_an_hour() {
        let mut guesses = Guesses::default();
        let mut now = At(1_000_000);
        let mut waits = Vec::new();
        for _ in 0..14 {
            guesses = guesses.charged(now).unwrap();
            let wait = guesses.wait(now).unwrap_or_default();
            waits.push(wait.as_secs());
            now = now.plus(wait);
        }
        assert_eq!(waits, [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    }

    #[test]
    fn a_try_before_its_time_is_refused_and_costs_nothing() {
        let guesses = Guesses { tries: 6, wait_until: At(40_000) };
        let retry_after = Duration::from_secs(30);
        assert_eq!(guesses.charged(At(10_000)), Err(Refusal::TooManyTries { retry_after }));
        assert!(guesses.charged(At(40_000)).is_ok());
    }

    #[test]
    fn after_a_hundred_the_invite_is_closed() {
        let guesses = Guesses { tries: 100, wait_until: At(0) };
        assert_eq!(guesses.charged(At(u64::MAX)), Err(Refusal::InviteClosed));
    }

    #[test]
    fn a_clock_that_went_back_asks_nobody_to_wait_for_years() {
        let guesses = Guesses { tries: 6, wait_until: At(u64::MAX) };
        assert_eq!(guesses.wait(At(0)), Some(GUESS_WAIT_MAX));
    }
}
