//! The host's own way into a running house: a socket in the file system, for who runs it and nobody else.
//!
//! `lib` binds it and starts [`serve`]; `cli` asks by [`ask`]. One question a connection, as
//! [`protocol::admin`](crate::protocol::admin) writes it. Only root or the user of the house may connect, by
//! what the kernel says of them. Never tells a name or a text of a chat: the store does not give them out.

mod ask;
mod bind;
mod copy;
mod desk;
mod figures;
mod serve;

pub use ask::{Trouble, ask, read};
pub use bind::{BindError, bind};
pub use desk::{Desk, Opened};
pub use figures::open_counters;
pub use serve::serve;
