//! Every reason for which Parlour says no to a guest.
//!
//! A closed list. Each reason has a stable code and one sentence that a person understands and that
//! says what to do next. `web::reply` maps it to HTTP, `wire::server` to a frame, once each. What is
//! our own fault is not here: that is an error of the room in which it happens.

use std::time::Duration;

use super::{At, EndedBy, Ending, ParticipantId};

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What was sent is not what the protocol says; the text names the place.
    Malformed(String),
    /// A name is empty, longer than 40 characters or has characters that cannot be shown.
    BadName {
        /// Which of the names of one chat, from 1.
        place: Option<u8>,
    },
    /// Two people of one chat have the same name.
    SameName,
    /// That time without use is not among the house's choices.
    BadIdle,
    /// That is not a code: a code has 8 characters.
    BadCode,
    /// A message without anything to read.
    EmptyMessage,
    /// A message of more than 4,000 characters.
    MessageTooLong,
    /// The code does not open this invite.
    WrongCode {
        /// How long the next try must wait.
        retry_after: Option<Duration>,
    },
    /// Too many wrong codes, on this invite or from this address; the code was not looked at.
    TooManyTries {
        /// How long to wait.
        retry_after: Duration,
    },
    /// So many wrong codes that the invite admits no new device.
    InviteClosed,
    /// The link leads nowhere, and maybe never did.
    NoSuchLink,
    /// The chat was ended.
    Ended {
        /// How.
        ending: Ending,
        /// Through whose link or seat it is asked.
        asked_by: ParticipantId,
    },
    /// The device has not proven who it is.
    NotIn,
    /// The device has no such seat.
    NoSuchSeat,
    /// No device of this seat is called that.
    NoSuchDevice,
    /// The device holds as many seats as one device may.
    TooManySeats,
    /// Chats are not started from here.
    NotHere,
    /// The house has as many chats as it can hold.
    HouseFull,
    /// The disk has no room for anything new.
    DiskFull {
        /// How long to wait: somebody must make room.
        retry_after: Duration,
    },
    /// Too much is waiting already.
    Busy {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Faster than a seat may ask, or than a link may be entered by.
    SlowDown {
        /// How long to wait.
        retry_after: Duration,
    },
    /// More bytes than any request has.
    TooLarge,
    /// The request did not arrive in time.
    TooSlow,
    /// The house is not called that.
    WrongHost,
    /// Another site's page asks.
    WrongOrigin,
    /// A body that is not plain JSON.
    WrongMediaType,
    /// None of the forms that are asked for can be had.
    NotAcceptable,
    /// No such address in this house.
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

    /// One sentence for a person: what is wrong, and what to do.
    pub fn detail(&self) -> String {
        match self {
            Self::Malformed(place) => format!("This was not understood: {place}."),
            _ => self.words().1.to_owned(),
        }
    }

    /// How long to wait before trying again, where waiting helps.
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
                ("bad_name", "A name has 1 to 40 characters that can be seen. Please type another.")
            }
            Self::SameName => {
                ("same_name", "Two people with the same name cannot be told apart. Please change one.")
            }
            Self::BadIdle => ("bad_idle", "This house does not offer that time. Please choose another."),
            Self::BadCode => {
                ("bad_code", "A code has 8 characters, such as K7QM-3XRP. Please look at it once more.")
            }
            Self::EmptyMessage => {
                ("empty_message", "There is nothing to read in this message. Type something first.")
            }
            Self::MessageTooLong => {
                ("message_too_long", "A message has at most 4,000 characters. Please send it in parts.")
            }
            Self::WrongCode { .. } => {
                ("wrong_code", "That code is not right. Look at it once more and try again.")
            }
            Self::TooManyTries { .. } => {
                ("too_many_tries", "Too many wrong codes. Please wait, then try again.")
            }
            Self::InviteClosed => (
                "invite_closed",
                "Too many wrong codes: this link lets nobody new in. Ask the other person for a new link.",
            ),
            Self::NoSuchLink => ("no_such_link", "This link leads nowhere. Check that it is whole."),
            Self::Ended { .. } => ("ended", "This chat was ended, and its messages are destroyed."),
            Self::NotIn => ("not_in", "This device is not in. Open your link and type your code."),
            Self::NoSuchSeat => {
                ("no_such_seat", "This device is not in this chat. Open your link and type your code.")
            }
            Self::NoSuchDevice => {
                ("no_such_device", "That device is not in this chat any more. Look at the list again.")
            }
            Self::TooManySeats => ("too_many_seats", "This device is in very many chats. Leave one first."),
            Self::NotHere => ("not_here", "Chats are started from inside the home network. Ask the host."),
            Self::HouseFull => ("house_full", "This house has no room for another chat. Ask the host."),
            Self::DiskFull { .. } => {
                ("disk_full", "The house has no room for anything new. Tell the host, then try again.")
            }
            Self::Busy { .. } => ("busy", "The house is busy. Please try again in a moment."),
            Self::SlowDown { .. } => ("slow_down", "That was quick. Wait a moment, then try again."),
            Self::TooLarge => ("too_large", "That is more than fits. Please send less."),
            Self::TooSlow => ("too_slow", "That took too long to arrive. Please try again."),
            Self::WrongHost => {
                ("wrong_host", "This house does not go by that name. Use the link you were given.")
            }
            Self::WrongOrigin => ("wrong_origin", "Another site asked for this. Open the house's own page."),
            Self::WrongMediaType => ("wrong_media_type", "Send plain JSON, as application/json."),
            Self::NotAcceptable => {
                ("not_acceptable", "It cannot be had in that form. Change the Accept header.")
            }
            Self::NoSuchPage => ("no_such_page", "There is nothing here. Go back to the start page."),
            Self::WrongMethod => ("wrong_method", "That cannot be done here. Use another method."),
            Self::HelloFirst => ("hello_first", "The first frame is hello, with the device secret."),
            Self::TooManySockets => ("too_many_sockets", "Too many open pages. Close one, then try again."),
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
