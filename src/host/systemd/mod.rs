//! What is said to systemd, and what it hands over: sockets, a watchdog, a wish to read settings again.
//!
//! `app` takes the sockets, and runs the notifier for as long as the house is open. Where nobody listens
//! (there is no `NOTIFY_SOCKET`) nothing is said and nothing is done for it. The crates of this room read the
//! variables of `sd_notify(3)` and `sd_listen_fds(3)` themselves.

mod notifier;
mod sockets;

pub use notifier::{Address, Reloads, SystemdNotifier, stopping};
pub use sockets::{InheritError, Listeners, inherited};
