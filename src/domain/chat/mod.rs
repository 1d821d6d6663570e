//! One chat's rules. The store loads a [`ChatState`] and the [`Facts`] that an [`Action`] needs, lets
//! [`decide`] judge it, and writes the changes of the [`Decision`]. Deciding changes nothing; what a change
//! does to the state is [`ChatState::apply`]. So the rules can be tried without a disk, and every engine that
//! keeps chats has the same ones.

mod action;
mod change;
mod changing;
mod decide;
mod deed;
mod entering;
mod facts;
mod people;
mod producers;
mod saying;
mod settings;
mod state;
mod using;

pub use action::{Action, Actor, Devices, LeaveScope, Newcomer, Now};
pub use change::{Change, Decision, MessageEdit, Outcome};
pub use decide::decide;
use decide::end;
pub use deed::Deed;
pub use facts::{DeviceFacts, Facts, Needs};
pub use producers::{IdStatus, Producer, Producers};
pub use state::{ChatState, LastUse};
