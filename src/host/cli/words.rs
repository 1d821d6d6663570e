//! Numbers as people say them.

/// `1 chat`, `2 chats`.
pub fn counted(number: u64, one: &str, more: &str) -> String {
    format!("{} {}", indicatif::HumanCount(number), if number == 1 { one } else { more })
}

/// `740 kB`, `1.5 MB`, `12 MB`: as exact as somebody wants to know.
#[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
pub fn bytes(number: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut size = number as f64 / 1_000.0;
    let mut unit = 0;
    while size >= 999.5 && unit + 1 < UNITS.len() {
        size /= 1_000.0;
        unit += 1;
    }
    let decimals = usize::from(size < 9.95 && unit > 0);
    format!("{size:.decimals$} {}", UNITS[unit])
}

/// `1 month` of `1mo`.
pub fn idle(word: &str) -> &str {
    match word {
        "1h" => "1 hour",
        "1d" => "1 day",
        "1w" => "1 week",
        "1mo" => "1 month",
        "6mo" => "6 months",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Idle;

    #[test]
    fn one_is_not_many() {
        assert_eq!(counted(1, "chat", "chats"), "1 chat");
        assert_eq!(counted(0, "chat", "chats"), "0 chats");
        assert_eq!(counted(1_200, "chat", "chats"), "1,200 chats");
    }

    #[test]
    fn a_size_has_two_digits_and_more_only_where_they_are_whole() {
        for (number, said) in [
            (0, "0 kB"),
            (499, "0 kB"),
            (1_500, "2 kB"),
            (740_000, "740 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (1_540_000, "1.5 MB"),
            (9_949_000, "9.9 MB"),
            (12_345_678, "12 MB"),
            (5_000_000_000, "5.0 GB"),
            (7_000_000_000_000_000, "7000 TB"),
        ] {
            assert_eq!(bytes(number), said, "{number}");
        }
    }

    #[test]
    fn each_time_has_its_words() {
        for time in Idle::ALL {
            assert_ne!(idle(time.word()), time.word());
        }
    }
}
