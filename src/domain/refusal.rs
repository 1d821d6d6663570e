//! Every reason for which Parlour says no to a guest. A closed list. Each reason has a stable code.
//! `http::reply` maps it to HTTP and `protocol::server` to a frame, once each; `protocol::sentences` says it
//! in words. What is our own fault isn't here: it is an error of the room where it happens.

use std::time::Duration;

use super::{At, EndedBy, Ending, MessageId, ParticipantId};

/// Declares the reasons: one row has all that `domain` knows of one. The value after each field is that of
/// [`Refusal::each`].
macro_rules! refusals {
    ($(
        $(#[$doc:meta])*
        $code:literal => $name:ident
        $(($of:ty = $one:expr))?
        $({ $($(#[$field_doc:meta])* $field:ident: $type:ty = $value:expr),* $(,)? })?,
    )*) => {
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
        /// Which of the names that were typed, from 1.
        place: Option<u8> = None,
    },
    /// Two names look the same.
    "same_name" => SameName {
        /// Which of the names that were typed looks like one before it, from 1.
        place: Option<u8> = None,
    },
    "bad_idle" => BadIdle,
    /// The input is not a code: a code has 8 characters.
    "bad_code" => BadCode,
    "empty_message" => EmptyMessage,
    "message_too_long" => MessageTooLong,
    /// A message before this one is missing: it was certainly not taken.
    "out_of_order" => OutOfOrder {
        /// What the house takes next of this producer.
        expected: MessageId = MessageId(1),
    },
    /// Another message was taken under this id; this one was not.
    "id_taken" => IdTaken,
    /// This message was taken so long ago that the house does not remember where it is.
    "already_taken" => AlreadyTaken,
    /// Only one's own text can be edited, and only one's own message deleted for everybody.
    "not_yours" => NotYours,
    /// A message can be edited for 24 hours.
    "too_late" => TooLate,
    /// It was edited meanwhile, on another device.
    "changed_meanwhile" => ChangedMeanwhile,
    "no_such_message" => NoSuchMessage,
    "not_an_emoji" => NotAnEmoji,
    /// The message was deleted, or has vanished.
    "gone" => Gone,
    /// In a group only an admin may do this.
    "only_admins" => OnlyAdmins,
    /// Only admins write in this group.
    "only_admins_talk" => OnlyAdminsTalk,
    /// People can be hidden from each other only where admins alone write: who says something is seen.
    "people_hidden" => PeopleHidden,
    /// A chat of two has no roles, and nobody is added to it or taken out.
    "not_a_group" => NotAGroup,
    /// The group has as many people as it may have.
    "no_more_places" => NoMorePlaces,
    /// A group needs somebody who is its admin.
    "last_admin" => LastAdmin,
    /// Nobody in the chat has this number, or they are not in it any more.
    "no_such_participant" => NoSuchParticipant,
    /// What a group is about has at most 500 characters.
    "description_too_long" => DescriptionTooLong,
    "wrong_code" => WrongCode { retry_after: Option<Duration> = Some(WAIT) },
    /// Too many wrong codes, on this invite or from this address; the code was not checked.
    "too_many_tries" => TooManyTries { retry_after: Duration = WAIT },
    /// After so many wrong codes the invite is locked and admits no new device.
    "invite_closed" => InviteClosed,
    /// No invite has this link. It may have been replaced, or never existed.
    "no_such_link" => NoSuchLink,
    "ended" => Ended {
        ending: Ending = ENDING,
        /// Whose link or seat the request used.
        asked_by: ParticipantId = ParticipantId(1),
    },
    "not_in" => NotIn,
    "no_such_seat" => NoSuchSeat,
    "no_such_device" => NoSuchDevice,
    "too_many_seats" => TooManySeats,
    "not_here" => NotHere,
    "house_full" => HouseFull,
    /// The disk has no room for anything new: somebody must free some space.
    "disk_full" => DiskFull { retry_after: Duration = WAIT },
    "busy" => Busy { retry_after: Duration = WAIT },
    /// Faster than a seat may ask, or than a link may be entered by.
    "slow_down" => SlowDown { retry_after: Duration = WAIT },
    "too_large" => TooLarge,
    "too_slow" => TooSlow,
    /// The `Host` is not one of the house's names.
    "wrong_host" => WrongHost,
    /// The request comes from another site's page.
    "wrong_origin" => WrongOrigin,
    /// A body that is not plain JSON.
    "wrong_media_type" => WrongMediaType,
    "not_acceptable" => NotAcceptable,
    "no_such_page" => NoSuchPage,
    "wrong_method" => WrongMethod,
    "hello_first" => HelloFirst,
    "too_many_sockets" => TooManySockets,
}

impl Refusal {
    /// What the house takes next of a message's producer, where the order is the reason.
    pub fn expected(&self) -> Option<MessageId> {
        if let Self::OutOfOrder { expected } = self { Some(*expected) } else { None }
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
