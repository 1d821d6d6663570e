//! What a chat is, and who may do what in it. The rules only: no clock, no randomness, no disk, no network;
//! times come in as [`At`]. The store has [`chat::decide`] judge each action and writes what follows;
//! `protocol` turns bytes into commands and what became true into frames. Everything here can be tried in a
//! unit test.

mod address;
mod beginning;
mod changed_chats;
pub mod chat;
mod command;
mod compaction_timer;
mod emoji;
mod event;
mod guess;
mod idle_timer;
mod ids;
mod invite_state;
mod lifetime;
mod message;
mod name;
mod note;
mod people;
mod privacy;
mod receipt;
mod refusal;
mod trusted_clock;
mod unseen;

pub use address::{AddressBlock, Caller};
pub use beginning::Beginning;
pub use changed_chats::ChangedChats;
pub use chat::{Devices, LeaveScope, Outcome};
pub use command::{Command, Draft, GroupChange, MessageChange};
pub use compaction_timer::CompactionTimer;
pub use emoji::Emoji;
pub use event::{EndedBy, Ending, Event};
pub use guess::Guesses;
pub use idle_timer::{Awaited, FinalCall, IdleTimer, Stage};
pub use ids::{
    At, ChangeNumber, ChatId, DeviceId, DeviceTag, Incarnation, InviteId, MessageId, ParticipantId, SeatId,
    Seq,
};
pub use invite_state::InviteState;
pub use lifetime::Idle;
pub use message::{
    Body, Description, Edits, Gone, GoneBy, Kind, Message, Reaction, ReactionCount, Text, Vanishing,
};
pub use name::{Name, Names};
pub use note::{Note, VanishAfter};
pub use people::{Person, Role, Roster, Shape, Sight, Standing, Writers};
pub use privacy::{PrivacySettings, Progress, Signal, Viewer};
pub use receipt::Receipt;
pub use refusal::Refusal;
pub use trusted_clock::{Elapsed, Reading, TrustedClock, UncountedTime};
pub use unseen::is_ignorable;
