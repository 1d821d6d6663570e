//! How ids, positions and times are written.
//!
//! Ids are opaque to clients: nothing but equality may be read from them, and each has exactly one spelling.
//! A written id or time is short and stays on the stack, because each frame of each message has four of them.

use std::fmt;

use serde::{Serialize, Serializer};
use time::UtcDateTime;

use crate::domain::{
    At, ChatId, DeviceTag, Idle, Incarnation, InviteState, MessageId, ParticipantId, SeatId, Seq,
};

/// The last millisecond that RFC 3339 can write: 9999-12-31T23:59:59.999Z.
const LAST: u64 = 253_402_300_799_999;

macro_rules! written {
    ($(#[$doc:meta])* $name:ident($inner:ty), $write:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl $name {
            fn written(self) -> Short {
                let write: fn($inner) -> Short = $write;
                write(self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.written().as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.written().as_str())
            }
        }
    };
}

written! {
    /// A chat, as the host sees it: 16 lower-case hexadecimal digits.
    ChatText(ChatId),
    |chat| Short::EMPTY.hexadecimal(chat.0.into(), 16)
}

written! {
    /// A seat: the chat in 16 lower-case hexadecimal digits, `-`, and the participant's number.
    SeatText(SeatId),
    |seat| Short::EMPTY.hexadecimal(seat.chat.0.into(), 16).plain(b"-").participant(seat.participant)
}

written! {
    /// A participant: its number in its chat, from 1.
    ParticipantText(ParticipantId),
    |participant| Short::EMPTY.participant(participant)
}

written! {
    /// A client's message id: 32 lower-case hexadecimal digits.
    MessageIdText(MessageId),
    |id| Short::EMPTY.hexadecimal(id.0, 32)
}

written! {
    /// A device in the list of its seat: 16 lower-case hexadecimal digits.
    DeviceTagText(DeviceTag),
    |tag| Short::EMPTY.hexadecimal(tag.0.into(), 16)
}

written! {
    /// A run of the store: 16 lower-case hexadecimal digits.
    IncarnationText(Incarnation),
    |incarnation| Short::EMPTY.hexadecimal(incarnation.0.into(), 16)
}

written! {
    /// A time without use: `1h`, `1d`, `1w`, `1mo`, `6mo`.
    IdleText(Idle),
    |idle| Short::EMPTY.plain(idle.word().as_bytes())
}

written! {
    /// What is known of an invite: `waiting`, `in`, `ended`, `unknown`.
    InviteStateText(InviteState),
    |state| Short::EMPTY.plain(state.word().as_bytes())
}

written! {
    /// A moment as RFC 3339 (section 5.6) writes it, in UTC with milliseconds. What is after the year 9999 is
    /// written as its last moment.
    Time(At),
    |at| Short::EMPTY.moment(at)
}

impl ChatText {
    /// Reads it; none when it is not spelled as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let chat = u64::try_from(hexadecimal(text, 16)?).ok()?;
        Some(Self(ChatId(chat)))
    }
}

impl SeatText {
    /// Reads it; none when it is not spelled as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let (chat, participant) = text.split_once('-')?;
        let chat = ChatId(u64::try_from(hexadecimal(chat, 16)?).ok()?);
        let ParticipantText(participant) = ParticipantText::parse(participant)?;
        Some(Self(SeatId { chat, participant }))
    }
}

impl ParticipantText {
    /// Reads it; none when it is not spelled as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let is_canonical = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        text.parse().ok().filter(|_| is_canonical).map(|number| Self(ParticipantId(number)))
    }
}

impl DeviceTagText {
    /// Reads it; none when it is not spelled as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let tag = u64::try_from(hexadecimal(text, 16)?).ok()?;
        Some(Self(DeviceTag(tag)))
    }
}

impl MessageIdText {
    /// Reads it; none when it is not spelled as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        hexadecimal(text, 32).map(|id| Self(MessageId(id)))
    }
}

impl IncarnationText {
    /// Reads it; none when it is not spelled as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let incarnation = u64::try_from(hexadecimal(text, 16)?).ok()?;
        Some(Self(Incarnation(incarnation)))
    }
}

/// A position in a chat, as a number from 0 (before the first) to `SEQ_MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeqNumber(pub Seq);

impl Serialize for SeqNumber {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(self.0.0)
    }
}

/// Appends a moment to a line of text for people: `2026-11-21 18:42`, in UTC.
pub fn minute(at: At, line: &mut String) {
    let text = Time(at).written();
    let (date, clock) = (&text.as_str()[..10], &text.as_str()[11..16]);
    line.extend([date, " ", clock]);
}

fn hexadecimal(text: &str, digits: usize) -> Option<u128> {
    let is_canonical =
        text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    u128::from_str_radix(text, 16).ok().filter(|_| is_canonical)
}

/// At most 32 ASCII characters.
#[derive(Clone, Copy)]
struct Short {
    bytes: [u8; 32],
    len: usize,
}

impl Short {
    const EMPTY: Self = Self { bytes: [0; 32], len: 0 };

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).expect("only ASCII characters are added")
    }

    fn plain(mut self, text: &[u8]) -> Self {
        self.bytes[self.len..self.len + text.len()].copy_from_slice(text);
        self.len += text.len();
        self
    }

    /// The lowest `digits` hexadecimal digits of `number`.
    fn hexadecimal(mut self, number: u128, digits: usize) -> Self {
        for place in (0..digits).rev() {
            self.bytes[self.len] = b"0123456789abcdef"[(number >> (place * 4) & 0xF) as usize];
            self.len += 1;
        }
        self
    }

    /// The lowest `digits` decimal digits of `number`.
    fn decimal(mut self, mut number: u32, digits: usize) -> Self {
        for place in (self.len..self.len + digits).rev() {
            self.bytes[place] = b"0123456789"[(number % 10) as usize];
            number /= 10;
        }
        self.len += digits;
        self
    }

    fn participant(self, participant: ParticipantId) -> Self {
        let digits = match participant.0 {
            0..=9 => 1,
            10..=99 => 2,
            100..=255 => 3,
        };
        self.decimal(participant.0.into(), digits)
    }

    fn moment(self, at: At) -> Self {
        let millis = at.0.min(LAST);
        let seconds = i64::try_from(millis / 1_000).expect("the seconds of ten thousand years fit");
        let rest = u32::try_from(millis % 1_000).expect("what is less than a thousand fits");
        let moment = UtcDateTime::from_unix_timestamp(seconds).expect("the years 1970 to 9999 are known");
        let (hour, minute, second) = moment.as_hms();
        self.date(moment)
            .plain(b"T")
            .decimal(hour.into(), 2)
            .plain(b":")
            .decimal(minute.into(), 2)
            .plain(b":")
            .decimal(second.into(), 2)
            .plain(b".")
            .decimal(rest, 3)
            .plain(b"Z")
    }

    fn date(self, moment: UtcDateTime) -> Self {
        let (year, month, day) = moment.to_calendar_date();
        self.decimal(year.unsigned_abs(), 4)
            .plain(b"-")
            .decimal(u8::from(month).into(), 2)
            .plain(b"-")
            .decimal(day.into(), 2)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_with_milliseconds() {
        for (at, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_795_286_520_000, "2026-11-21T18:42:00.000Z"),
            (951_782_400_007, "2000-02-29T00:00:00.007Z"),
            (LAST, "9999-12-31T23:59:59.999Z"),
            (u64::MAX, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Time(At(at)).to_string(), expected);
        }
    }

    #[test]
    fn a_person_reads_a_moment_without_its_seconds() {
        let mut line = "[".to_owned();
        minute(At(1_795_286_520_000), &mut line);
        assert_eq!(line, "[2026-11-21 18:42");
    }

    #[test]
    fn an_id_is_read_as_it_is_written() {
        for (chat, participant) in [(0, 1), (0x00f1_e2d3_c4b5_a697, 2), (u64::MAX, 255), (7, 10)] {
            let seat = SeatText(SeatId { chat: ChatId(chat), participant: ParticipantId(participant) });
            assert_eq!(SeatText::parse(&seat.to_string()), Some(seat));
        }
        for id in [0, 1, u128::MAX, 0x8f14_e45f_ceea_167a_5a36_dedd_4bea_2543] {
            let id = MessageIdText(MessageId(id));
            assert_eq!(MessageIdText::parse(&id.to_string()), Some(id));
        }
        let incarnation = IncarnationText(Incarnation(0x5d41_402a_bc4b_2a76));
        assert_eq!(incarnation.to_string(), "5d41402abc4b2a76");
        assert_eq!(IncarnationText::parse("5d41402abc4b2a76"), Some(incarnation));
    }

    #[test]
    fn an_id_has_one_spelling() {
        let chat = "00f1e2d3c4b5a697";
        for ending in ["", "-", "-0", "-01", "-256", "-+1", "-1 ", "--1", "-1-1", "-\u{661}"] {
            assert_eq!(SeatText::parse(&format!("{chat}{ending}")), None, "{ending:?}");
        }
        for text in
            ["", "-1", "f1e2d3c4b5a697-1", "00F1E2D3C4B5A697-1", "+0f1e2d3c4b5a697-1", "000f1e2d3c4b5a697-1"]
        {
            assert_eq!(SeatText::parse(text), None, "{text:?}");
        }
        for text in ["", "8f14", "8F14E45FCEEA167A5A36DEDD4BEA2543", "+f14e45fceea167a5a36dedd4bea2543"] {
            assert_eq!(MessageIdText::parse(text), None, "{text:?}");
        }
        assert_eq!(IncarnationText::parse("5d41402abc4b2a7"), None);
    }
}
