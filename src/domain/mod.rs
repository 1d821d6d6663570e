//! What a chat is, and who may do what in it. The rules only: no clock, no randomness, no disk, no network;
//! times come in as [`At`]. The store loads a [`Chat`], lets it judge a [`Command`] and keeps what follows;
//! `protocol` turns bytes into commands and what became true into frames. Everything here can be tried in a
//! unit test.

mod address;
mod chat;
mod command;
mod event;
mod guess;
mod idle_timer;
mod ids;
mod invite_state;
mod lifetime;
mod message;
mod name;
mod privacy;
mod receipt;
mod refusal;
mod trusted_clock;
mod unseen;

pub use address::{AddressBlock, Caller};
pub use chat::{Chat, Outcome};
pub use command::Command;
pub use event::{EndedBy, Ending, Event};
pub use guess::Guesses;
pub use idle_timer::{Awaited, FinalCall, IdleTimer, Stage};
pub use ids::{
    At, ChatId, DeviceId, DeviceTag, Incarnation, InviteId, MessageId, ParticipantId, SeatId, Seq,
};
pub use invite_state::InviteState;
pub use lifetime::Idle;
pub use message::{Body, Kind, Message, Text};
pub use name::{Name, Names};
pub use privacy::{PrivacySettings, Signal, Viewer};
pub use receipt::Receipt;
pub use refusal::Refusal;
pub use trusted_clock::{Elapsed, Reading, TrustedClock, UncountedTime};
pub use unseen::is_ignorable;
