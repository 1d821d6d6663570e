//! Every reason for which Parlour says no to a guest.
//!
//! A closed list. Each reason has a stable code and a short text for a person: what is wrong and what to do
//! next. `web::reply` maps it to HTTP, `wire::server` to a frame, once each. What is our own fault isn't
//! here: it is an error of the room where it happens.

use std::time::Duration;

use super::{At, EndedBy, Ending, ParticipantId};

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The input does not follow the protocol; the text names the place.
    Malformed(String),
    /// A name is empty, longer than 40 characters or has characters that cannot be shown.
    BadName {
        /// Which of the names of one chat, from 1.
        place: Option<u8>,
    },
    /// Two people of one chat have the same name.
    SameName,
    /// The house does not offer that idle time.
    BadIdle,
    /// The input is not a code: a code has 8 characters.
    BadCode,
    /// The message has no visible text.
    EmptyMessage,
    /// A message of more than 4,000 characters.
    MessageTooLong,
    /// The code does not open this invite.
    WrongCode {
        /// How long to wait before the next attempt.
        retry_after: Option<Duration>,
    },
    /// Too many wrong codes, on this invite or from this address; the code was not checked.
    TooManyTries {
        /// How long to wait.
        retry_after: Duration,
    },
    /// After so many wrong codes the invite is locked and admits no new device.
    InviteClosed,
    /// No invite has this link. It may have been replaced, or never existed.
    NoSuchLink,
    /// The chat was ended.
    Ended {
        /// How.
        ending: Ending,
        /// Whose link or seat the request used.
        asked_by: ParticipantId,
    },
    /// The device has not proven who it is.
    NotIn,
    /// The device has no such seat.
    NoSuchSeat,
    /// This seat has no such device.
    NoSuchDevice,
    /// The device already holds as many seats as a device may.
    TooManySeats,
    /// Chats cannot be started from this address.
    NotHere,
    /// The house has as many chats as it can hold.
    HouseFull,
    /// The disk has no room for anything new.
    DiskFull {
        /// How long to wait: somebody must free some space.
        retry_after: Duration,
    },
    /// The queue is full.
    Busy {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Faster than a seat may ask, or than a link may be entered by.
    SlowDown {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The request has more bytes than Parlour accepts.
    TooLarge,
    /// The request did not arrive in time.
    TooSlow,
    /// The `Host` is not one of the house's names.
    WrongHost,
    /// The request comes from another site's page.
    WrongOrigin,
    /// A body that is not plain JSON.
    WrongMediaType,
    /// None of the requested formats is available.
    NotAcceptable,
    /// Nothing is at this address.
    NoSuchPage,
    /// The address is right, the method is not.
    WrongMethod,
    /// The socket has not said who it is.
    HelloFirst,
    /// More sockets than one device may have.
    TooManySockets,
}

impl Refusal {
    /// One of each, in the order of the list above: what `wire` describes, and what the tests of mappings
    /// go through.
    pub fn each() -> Vec<Self> {
        let retry_after = Duration::from_secs(30);
        let ending = Ending { at: At(0), by: EndedBy::Clock, messages: 0 };
        vec![
            Self::Malformed(String::new()),
            Self::BadName { place: None },
            Self::SameName,
            Self::BadIdle,
            Self::BadCode,
            Self::EmptyMessage,
            Self::MessageTooLong,
            Self::WrongCode { retry_after: Some(retry_after) },
            Self::TooManyTries { retry_after },
            Self::InviteClosed,
            Self::NoSuchLink,
            Self::Ended { ending, asked_by: ParticipantId(1) },
            Self::NotIn,
            Self::NoSuchSeat,
            Self::NoSuchDevice,
            Self::TooManySeats,
            Self::NotHere,
            Self::HouseFull,
            Self::DiskFull { retry_after },
            Self::Busy { retry_after },
            Self::SlowDown { retry_after },
            Self::TooLarge,
            Self::TooSlow,
            Self::WrongHost,
            Self::WrongOrigin,
            Self::WrongMediaType,
            Self::NotAcceptable,
            Self::NoSuchPage,
            Self::WrongMethod,
            Self::HelloFirst,
            Self::TooManySockets,
        ]
    }

    /// The stable name of the reason.
    pub fn code(&self) -> &'static str {
        self.words().0
    }

    /// A short text for a person: what is wrong, and what to do.
    pub fn detail(&self) -> String {
        match self {
            Self::Malformed(place) => format!("Parlour couldn't read this: {place}."),
            _ => self.words().1.to_owned(),
        }
    }

    /// How long to wait before trying again, if waiting helps.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::WrongCode { retry_after } => *retry_after,
            Self::TooManyTries { retry_after }
            | Self::DiskFull { retry_after }
            | Self::Busy { retry_after }
            | Self::SlowDown { retry_after } => Some(*retry_after),
            _ => None,
        }
    }

    /// Which of the names that were typed is the bad one, from 1.
    pub fn name_place(&self) -> Option<u8> {
        match self {
            Self::BadName { place } => *place,
            _ => None,
        }
    }

    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Malformed(_) => ("malformed", ""),
            Self::BadName { .. } => {
                ("bad_name", "A name needs 1 to 40 visible characters. Please choose another.")
            }
            Self::SameName => ("same_name", "These two names look the same. Please change one."),
            Self::BadIdle => ("bad_idle", "This house doesn't offer that time. Please choose another."),
            Self::BadCode => ("bad_code", "A code has 8 characters, like K7QM-3XRP. Check it and try again."),
            Self::EmptyMessage => ("empty_message", "This message is empty. Type something first."),
            Self::MessageTooLong => {
                ("message_too_long", "A message can have up to 4,000 characters. Please send it in parts.")
            }
            Self::WrongCode { .. } => ("wrong_code", "That code isn't right. Check it and try again."),
            Self::TooManyTries { .. } => {
                ("too_many_tries", "Too many wrong codes. Please wait, then try again.")
            }
            Self::InviteClosed => (
                "invite_closed",
                "Too many wrong codes: this link is locked. Ask the other person for a new one.",
            ),
            Self::NoSuchLink => (
                "no_such_link",
                "This link doesn't work. It may be incomplete or replaced. Ask for a new one.",
            ),
            Self::Ended { .. } => ("ended", "This chat has ended and its messages have been destroyed."),
            Self::NotIn => ("not_in", "This device isn't signed in. Open your link and type your code."),
            Self::NoSuchSeat => {
                ("no_such_seat", "This device isn't in this chat. Open your link and type your code.")
            }
            Self::NoSuchDevice => ("no_such_device", "That device is no longer in the list."),
            Self::TooManySeats => ("too_many_seats", "This device is in too many chats. Leave one first."),
            Self::NotHere => ("not_here", "You can only start chats on the home network. Ask the host."),
            Self::HouseFull => ("house_full", "This house has no room for another chat. Ask the host."),
            Self::DiskFull { .. } => {
                ("disk_full", "The house's disk is full. Tell the host, then try again later.")
            }
            Self::Busy { .. } => ("busy", "The house is busy. Please try again in a moment."),
            Self::SlowDown { .. } => ("slow_down", "That was too fast. Wait a moment, then try again."),
            Self::TooLarge => ("too_large", "That's too large. Please send less."),
            Self::TooSlow => ("too_slow", "That took too long to arrive. Please try again."),
            Self::WrongHost => {
                ("wrong_host", "This house doesn't answer at this address. Use the link you were given.")
            }
            Self::WrongOrigin => {
                ("wrong_origin", "This request came from another site. Open the house's own page.")
            }
            Self::WrongMediaType => ("wrong_media_type", "Send plain JSON, as application/json."),
            Self::NotAcceptable => {
                ("not_acceptable", "That format isn't available. Change the Accept header.")
            }
            Self::NoSuchPage => ("no_such_page", "There's nothing at this address. Go to the start page."),
            Self::WrongMethod => ("wrong_method", "That method isn't allowed here. Use another one."),
            Self::HelloFirst => ("hello_first", "The first frame must be hello, with the device secret."),
            Self::TooManySockets => {
                ("too_many_sockets", "Too many pages are open. Close one, then try again.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_a_code_of_its_own_and_is_in_the_list() {
        let mut codes: Vec<_> = Refusal::each().iter().map(Refusal::code).collect();
        // Every reason has one line of words in this file, and every line of words begins with its code.
        let source = include_str!("refusal.rs");
        let words = &source
            [source.find("fn words").unwrap_or_default()..source.find("mod tests").unwrap_or_default()];
        assert_eq!(words.matches("Self::").count(), codes.len());
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Refusal::each().len());
    }
}
