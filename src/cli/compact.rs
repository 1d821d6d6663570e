//! `parlour compact`: the store is written anew, now.

use super::door::Door;
use super::settings::Given;
use super::{Failure, progress, words};
use crate::wire::admin::{Ask, Compacted};

/// Rewrite the store without the remains of deleted chats; the house also does this by itself
#[derive(Clone, Debug, clap::Args)]
pub struct Compact {
    #[command(flatten)]
    door: Door,
}

impl Compact {
    /// Asks, and prints what it came to.
    pub fn run(self, given: &Given) -> Result<(), Failure> {
        let waiting = progress::waiting("Rewriting the store");
        let compacted = self.door.ask(given, &Ask::Compact {}, |compacted| {
            waiting.finish_and_clear();
            told(compacted)
        });
        waiting.finish_and_clear();
        compacted.map(|_| ())
    }
}

fn told(compacted: &Compacted) -> String {
    let (before, after) = (words::bytes(compacted.before_bytes), words::bytes(compacted.after_bytes));
    format!(
        "The store was {before} and is {after} now. Nobody could write for {} ms.\n",
        compacted.held_millis
    )
}
