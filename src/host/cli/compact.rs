//! `parlour compact`: the store is written anew, now.

use super::door::Door;
use super::settings::Given;
use super::{Failure, progress, words};
use crate::protocol::admin::{Ask, Compacted};

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
    let Compacted { before_bytes, after_bytes, held_millis } = *compacted;
    let sizes = if after_bytes < before_bytes {
        format!(" It was {} and is {} now.", words::bytes(before_bytes), words::bytes(after_bytes))
    } else {
        String::new()
    };
    format!("The store was rewritten.{sizes} Nobody could write for {held_millis} ms.\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sizes_are_told_only_where_the_store_is_smaller_now() {
        for (before_bytes, after_bytes, expected) in [
            (2_000_000, 740_000, "The store was rewritten. It was 2.0 MB and is 740 kB now. "),
            (135_000, 1_100_000, "The store was rewritten. "),
            (740_000, 740_000, "The store was rewritten. "),
        ] {
            let compacted = Compacted { before_bytes, after_bytes, held_millis: 3 };
            assert_eq!(told(&compacted), format!("{expected}Nobody could write for 3 ms.\n"));
        }
    }
}
