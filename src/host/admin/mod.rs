//! The host's own way into a running house: a socket in the file system, for who runs it and nobody else.
//!
//! `app` binds it and starts [`serve`]; `cli` asks by [`ask`]. One question a connection, as
//! [`protocol::admin`](crate::protocol::admin) writes it. Only root or the user of the house may connect, by
//! what the kernel says of them. Never tells a name or a text of a chat: the store does not give them out.

mod backup_stream;
mod chats;
mod client;
mod process_stats;
mod server;
mod service;
mod status;

pub use client::{AdminError, ask, download};
pub use process_stats::open_counters;
pub use server::{AdminSocketError, bind, serve};
pub use service::AdminService;
