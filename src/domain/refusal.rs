//! Every reason for which Parlour says no to a guest.
//!
//! A closed list. Each reason has a stable code. `http::reply` maps it to HTTP and `protocol::server` to a
//! frame, once each; `protocol::sentences` says it in words. What is our own fault isn't here: it is an error
//! of the room where it happens.

use std::time::Duration;

use super::{At, EndedBy, Ending, ParticipantId};

/// Declares the reasons: one row has all that `domain` knows of one. The value after each field is that of
/// [`Refusal::each`].
macro_rules! refusals {
    ($(
        $(#[$doc:meta])*
        $code:literal => $name:ident
        $(($of:ty = $one:expr))?
        $({ $($(#[$field_doc:meta])* $field:ident: $type:ty = $value:expr,)* })?,
    )*) => {
        /// Why Parlour says no.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Refusal {$(
            $(#[$doc])*
            $name $(($of))? $({ $($(#[$field_doc])* $field: $type,)* })?,
        )*}

        impl Refusal {
            /// One of each, in the order of the list: what is described to programs, and what the tests of
            /// mappings go through.
            pub fn each() -> Vec<Self> {
                vec![$(Self::$name $(($one))? $({ $($field: $value,)* })?,)*]
            }

            /// The stable name of the reason.
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)*
                }
            }
        }
    };
}

const WAIT: Duration = Duration::from_secs(30);
const ENDING: Ending = Ending { at: At(0), by: EndedBy::Clock, messages: 0 };

refusals! {
    /// The input does not follow the protocol; the text names the place.
    "malformed" => Malformed(String = String::new()),
    /// A name is empty, longer than 40 characters or has characters that cannot be shown.
    "bad_name" => BadName {
        /// Which of the names of one chat, from 1.
        place: Option<u8> = None,
    },
    /// Two people of one chat have the same name.
    "same_name" => SameName,
    /// The house does not offer that idle time.
    "bad_idle" => BadIdle,
    /// The input is not a code: a code has 8 characters.
    "bad_code" => BadCode,
    /// The message has no visible text.
    "empty_message" => EmptyMessage,
    /// A message of more than 4,000 characters.
    "message_too_long" => MessageTooLong,
    /// The code does not open this invite.
    "wrong_code" => WrongCode {
        /// How long to wait before the next attempt.
        retry_after: Option<Duration> = Some(WAIT),
    },
    /// Too many wrong codes, on this invite or from this address; the code was not checked.
    "too_many_tries" => TooManyTries {
        /// How long to wait.
        retry_after: Duration = WAIT,
    },
    /// After so many wrong codes the invite is locked and admits no new device.
    "invite_closed" => InviteClosed,
    /// No invite has this link. It may have been replaced, or never existed.
    "no_such_link" => NoSuchLink,
    /// The chat was ended.
    "ended" => Ended {
        /// How it ended.
        ending: Ending = ENDING,
        /// Whose link or seat the request used.
        asked_by: ParticipantId = ParticipantId(1),
    },
    /// The device has not proven who it is.
    "not_in" => NotIn,
    /// The device has no such seat.
    "no_such_seat" => NoSuchSeat,
    /// This seat has no such device.
    "no_such_device" => NoSuchDevice,
    /// The device already holds as many seats as a device may.
    "too_many_seats" => TooManySeats,
    /// Chats cannot be started from this address.
    "not_here" => NotHere,
    /// The house has as many chats as it can hold.
    "house_full" => HouseFull,
    /// The disk has no room for anything new.
    "disk_full" => DiskFull {
        /// How long to wait: somebody must free some space.
        retry_after: Duration = WAIT,
    },
    /// The queue is full.
    "busy" => Busy {
        /// How long to wait.
        retry_after: Duration = WAIT,
    },
    /// Faster than a seat may ask, or than a link may be entered by.
    "slow_down" => SlowDown {
        /// How long to wait.
        retry_after: Duration = WAIT,
    },
    /// The request has more bytes than Parlour accepts.
    "too_large" => TooLarge,
    /// The request did not arrive in time.
    "too_slow" => TooSlow,
    /// The `Host` is not one of the house's names.
    "wrong_host" => WrongHost,
    /// The request comes from another site's page.
    "wrong_origin" => WrongOrigin,
    /// A body that is not plain JSON.
    "wrong_media_type" => WrongMediaType,
    /// None of the requested formats is available.
    "not_acceptable" => NotAcceptable,
    /// Nothing is at this address.
    "no_such_page" => NoSuchPage,
    /// The address is right, the method is not.
    "wrong_method" => WrongMethod,
    /// The socket has not said who it is.
    "hello_first" => HelloFirst,
    /// More sockets than one device may have.
    "too_many_sockets" => TooManySockets,
}

impl Refusal {
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

    /// Where the input does not follow the protocol.
    pub fn malformed_place(&self) -> Option<&str> {
        match self {
            Self::Malformed(place) => Some(place),
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_a_code_of_its_own() {
        let mut codes: Vec<_> = Refusal::each().iter().map(Refusal::code).collect();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}
