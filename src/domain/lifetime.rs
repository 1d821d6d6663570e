//! How long a chat may rest before it is destroyed.

use std::time::Duration;

use super::At;
use crate::limits::{FINAL_CALL_LEAST, FINAL_CALL_MOST, FINAL_CALL_PARTS};

/// The agreed time without use. A closed list, so that each choice has a word on the page in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Idle {
    Hour,
    Day,
    Week,
    /// 30 days: what is chosen when nobody chooses.
    Month,
    HalfYear,
}

impl Idle {
    pub const ALL: [Self; 5] = [Self::Hour, Self::Day, Self::Week, Self::Month, Self::HalfYear];

    /// How it is written in JSON, on the command line and in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "1d",
            Self::Week => "1w",
            Self::Month => "1mo",
            Self::HalfYear => "6mo",
        }
    }

    /// What is chosen of these when nobody chooses: a month, so that a chat of people who are away for some
    /// days does not end unseen. Else the longest below it, or the shortest above.
    pub fn by_default(choices: &[Self]) -> Option<Self> {
        let below = choices.iter().filter(|idle| **idle <= Self::Month).max();
        below.or_else(|| choices.iter().min()).copied()
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|idle| idle.word() == word)
    }

    pub fn duration(self) -> Duration {
        const HOUR: u64 = 3_600;
        Duration::from_secs(match self {
            Self::Hour => HOUR,
            Self::Day => 24 * HOUR,
            Self::Week => 7 * 24 * HOUR,
            Self::Month => 30 * 24 * HOUR,
            Self::HalfYear => 182 * 24 * HOUR,
        })
    }

    pub fn due(self, used: At) -> At {
        used.plus(self.duration())
    }

    pub fn final_call(self) -> Duration {
        (self.duration() / FINAL_CALL_PARTS).clamp(FINAL_CALL_LEAST, FINAL_CALL_MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_choice_is_read_as_it_is_written() {
        for idle in Idle::ALL {
            assert_eq!(Idle::parse(idle.word()), Some(idle));
        }
        for word in ["", "1", "d", "2d", "1 d", "1D"] {
            assert_eq!(Idle::parse(word), None, "{word}");
        }
    }

    #[test]
    fn nobody_who_does_not_choose_gets_less_than_a_month_where_there_is_one() {
        use Idle::{Day, HalfYear, Hour, Month};
        for (choices, default) in [
            (&Idle::ALL[..], Some(Month)),
            (&[Hour, Day], Some(Day)),
            (&[Day, HalfYear], Some(Day)),
            (&[HalfYear], Some(HalfYear)),
            (&[], None),
        ] {
            assert_eq!(Idle::by_default(choices), default, "{choices:?}");
        }
    }

    #[test]
    fn a_final_call_is_a_tenth_of_the_rest_within_bounds() {
        let minutes = Idle::ALL.map(|idle| idle.final_call().as_secs() / 60);
        assert_eq!(minutes, [10, 144, 1_008, 1_440, 1_440]);
    }

    #[test]
    fn a_chat_is_due_when_its_time_without_use_is_over() {
        assert_eq!(Idle::Hour.due(At(5)), At(5 + 3_600_000));
        assert_eq!(Idle::HalfYear.due(At(u64::MAX)), At(u64::MAX));
    }
}
