//! `parlour compact`: the store is written anew, now.

use indicatif::HumanBytes;

use super::door::Door;
use super::settings::Given;
use super::{Failure, progress};
use crate::wire::admin::{Ask, Compacted};

/// Write the store anew, without what is left of destroyed chats; the house does it by itself, too
#[derive(Clone, Debug, clap::Args)]
pub struct Compact {
    #[command(flatten)]
    door: Door,
}

impl Compact {
    /// Asks, and prints what it came to.
    pub fn run(self, given: &Given) -> Result<(), Failure> {
        let waiting = progress::waiting("The store is written anew");
        let compacted = self.door.ask(given, &Ask::Compact {}, |compacted| {
            waiting.finish_and_clear();
            told(compacted)
        });
        waiting.finish_and_clear();
        compacted.map(|_| ())
    }
}

fn told(compacted: &Compacted) -> String {
    let (before, after) = (HumanBytes(compacted.before_bytes), HumanBytes(compacted.after_bytes));
    format!("The store had {before} and has {after}. Writing waited for {} ms.\n", compacted.held_millis)
}
