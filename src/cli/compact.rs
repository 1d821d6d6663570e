//! `parlour compact`: the store is written anew, now.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar};

use super::door::Door;
use super::{Failure, Variables};
use crate::wire::admin::{Ask, Compacted};

/// Write the store anew, without what is left of destroyed chats; the house does it by itself, too
#[derive(Clone, Debug, clap::Args)]
pub struct Compact {
    #[command(flatten)]
    door: Door,
}

/// Between two pictures of what turns while one waits.
const TURN: Duration = Duration::from_millis(100);

impl Compact {
    /// Asks, and prints what it came to.
    pub fn run(self, variables: Variables) -> Result<(), Failure> {
        let waiting = waiting("The store is written anew");
        let compacted = self.door.ask(variables, &Ask::Compact {}, |compacted| {
            waiting.finish_and_clear();
            told(compacted)
        });
        waiting.finish_and_clear();
        compacted.map(|_| ())
    }
}

/// What turns while one waits, where a person looks.
fn waiting(what: &'static str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_message(what);
    bar.enable_steady_tick(TURN);
    bar
}

fn told(compacted: &Compacted) -> String {
    let (before, after) = (HumanBytes(compacted.before_bytes), HumanBytes(compacted.after_bytes));
    format!("The store had {before} and has {after}. Writing waited for {} ms.\n", compacted.held_millis)
}
