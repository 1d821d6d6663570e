//! How ids, positions and times are written.
//!
//! Ids are opaque to clients: nothing but equality may be read from them, and each has exactly one spelling.
//! Each frame of each message has four of them, so they are written straight into its text.

use std::fmt::{self, Formatter};

use serde::{Serialize, Serializer};
use time::UtcDateTime;

use crate::domain::{
    At, ChatId, DeviceTag, EndedBy, GoneBy, Idle, Incarnation, InviteState, MessageId, ParticipantId, Role,
    Roster, SeatId, Seq, Standing, VanishAfter, Writers,
};

/// The last millisecond that RFC 3339 can write: 9999-12-31T23:59:59.999Z.
const LAST: u64 = 253_402_300_799_999;

/// What is written where messages stay.
pub const NEVER: &str = "never";

macro_rules! written {
    ($($(#[$doc:meta])* $name:ident($inner:ty): $write:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                let write: fn($inner, &mut Formatter<'_>) -> fmt::Result = $write;
                write(self.0, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
    )*};
}

written! {
    /// A chat: 16 lower-case hexadecimal digits.
    ChatText(ChatId): |chat, f| write!(f, "{:016x}", chat.0);
    /// A seat: the chat in 16 lower-case hexadecimal digits, `-`, and the participant's number.
    SeatText(SeatId): |seat, f| write!(f, "{}-{}", ChatText(seat.chat), seat.participant.0);
    /// Who ended a chat: `clock`, `host`, or the participant's number.
    EndedByText(EndedBy): |by, f| match by {
        EndedBy::Participant(participant) => write!(f, "{}", participant.0),
        EndedBy::Clock => f.write_str("clock"),
        EndedBy::Host => f.write_str("host"),
    };
    /// A participant: its number in its chat, from 1.
    ParticipantText(ParticipantId): |participant, f| write!(f, "{}", participant.0);
    /// A client's message id: 32 lower-case hexadecimal digits, 16 for the producer and 16 for the sequence.
    MessageIdText(MessageId): |id, f| write!(f, "{:032x}", id.0);
    /// A device in the list of its seat: 16 lower-case hexadecimal digits.
    DeviceTagText(DeviceTag): |tag, f| write!(f, "{:016x}", tag.0);
    /// A run of the store: 16 lower-case hexadecimal digits.
    IncarnationText(Incarnation): |incarnation, f| write!(f, "{:016x}", incarnation.0);
    /// A time without use: `1h`, `1d`, `1w`, `1mo`, `6mo`.
    IdleText(Idle): |idle, f| f.write_str(idle.word());
    /// How long messages stay: `never` vanishing, `1h`, `1d`, `1w`, `4w`.
    VanishText(Option<VanishAfter>): |after, f| f.write_str(after.map_or(NEVER, VanishAfter::word));
    /// What somebody may do in a group: `admin`, `member`, `guest`.
    RoleText(Role): |role, f| f.write_str(role.word());
    /// Whether somebody is in a chat: `invited`, `in`, `left`, `removed`.
    StandingText(Standing): |standing, f| f.write_str(standing.word());
    /// Who may write in a group: `everybody`, `admins`.
    RosterText(Roster): |roster, f| f.write_str(roster.word());
    WritersText(Writers): |writers, f| f.write_str(writers.word());
    /// How a message ceased to be: `clock`, or the number of the participant who deleted it.
    GoneByText(GoneBy): |by, f| match by {
        GoneBy::Participant { participant, .. } => write!(f, "{}", participant.0),
        GoneBy::Clock => f.write_str("clock"),
    };
    /// What is known of an invite: `waiting`, `in`, `ended`, `unknown`.
    InviteStateText(InviteState): |state, f| f.write_str(state.word());
    /// A moment as RFC 3339 (section 5.6) writes it, in UTC with milliseconds. What is after the year 9999 is
    /// written as its last moment.
    Time(At): moment;
}

fn moment(at: At, f: &mut Formatter<'_>) -> fmt::Result {
    let millis = at.0.min(LAST);
    let seconds = i64::try_from(millis / 1_000).expect("the seconds of ten thousand years fit");
    let moment = UtcDateTime::from_unix_timestamp(seconds).expect("the years 1970 to 9999 are known");
    let (year, month, day) = moment.to_calendar_date();
    let (hour, minute, second) = moment.as_hms();
    let (month, rest) = (u8::from(month), millis % 1_000);
    write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{rest:03}Z")
}

macro_rules! hexadecimal {
    ($($name:ident($inner:ident): $digits:literal,)*) => {$(
        impl $name {
            /// None when it is not spelled as it is written.
            pub fn parse(text: &str) -> Option<Self> {
                hexadecimal(text, $digits)?.try_into().ok().map(|number| Self($inner(number)))
            }
        }
    )*};
}

hexadecimal! {
    ChatText(ChatId): 16,
    DeviceTagText(DeviceTag): 16,
    IncarnationText(Incarnation): 16,
}

impl MessageIdText {
    /// None when it is not spelled as it is written, or its sequence is 0.
    pub fn parse(text: &str) -> Option<Self> {
        let id = MessageId(hexadecimal(text, 32)?);
        (id.sequence() > 0).then_some(Self(id))
    }
}

fn hexadecimal(text: &str, digits: usize) -> Option<u128> {
    let is_canonical =
        text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    u128::from_str_radix(text, 16).ok().filter(|_| is_canonical)
}

impl SeatText {
    /// None when it is not spelled as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let (chat, participant) = text.split_once('-')?;
        let ChatText(chat) = ChatText::parse(chat)?;
        let ParticipantText(participant) = ParticipantText::parse(participant)?;
        Some(Self(SeatId { chat, participant }))
    }
}

impl ParticipantText {
    /// None when it is not spelled as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let is_canonical = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        text.parse().ok().filter(|_| is_canonical).map(|number| Self(ParticipantId(number)))
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
    let text = Time(at).to_string();
    line.extend([&text[..10], " ", &text[11..16]]);
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
        for (chat, participant) in [(0, 1), (0x00f1_e2d3_c4b5_a697, 2), (u64::MAX, u32::MAX), (7, 10)] {
            let seat = SeatText(SeatId { chat: ChatId(chat), participant: ParticipantId(participant) });
            assert_eq!(SeatText::parse(&seat.to_string()), Some(seat));
        }
        for id in [1, u128::MAX, 0x8f14_e45f_ceea_167a_0000_0000_0000_0003] {
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
        for ending in ["", "-", "-0", "-01", "-4294967296", "-+1", "-1 ", "--1", "-1-1", "-\u{661}"] {
            assert_eq!(SeatText::parse(&format!("{chat}{ending}")), None, "{ending:?}");
        }
        for text in
            ["", "-1", "f1e2d3c4b5a697-1", "00F1E2D3C4B5A697-1", "+0f1e2d3c4b5a697-1", "000f1e2d3c4b5a697-1"]
        {
            assert_eq!(SeatText::parse(text), None, "{text:?}");
        }
        for text in ["", "8f14", "8F14E45FCEEA167A0000000000000003", "+f14e45fceea167a0000000000000003"] {
            assert_eq!(MessageIdText::parse(text), None, "{text:?}");
        }
        assert_eq!(IncarnationText::parse("5d41402abc4b2a7"), None);
    }
}
