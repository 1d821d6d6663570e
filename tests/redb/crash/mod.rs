//! A house whose process is killed, whose disk fails, whose end is cut off: what everybody did and saw is
//! written down, and judged afterwards by rules that know nothing of how it came about.
//!
//! [`history`] is what is written down, [`checker`] the rules. [`talker`] is one client with its
//! [`outbox`], [`company`] all of them, [`door`] a look at a chat from outside.

mod checker;
mod company;
mod door;
mod endings;
mod faults;
mod history;
mod kills;
mod outbox;
mod talker;
mod tracer;

/// What the environment says, where it says it.
fn variable<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}
