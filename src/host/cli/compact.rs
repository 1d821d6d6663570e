//! `parlour compact`: the store is rewritten, now.

use super::error::CliError;
use super::invocation::Invocation;
use super::print::Output;
use super::{progress, words};
use crate::protocol::admin::{AdminRequest, CompactionReport};

pub fn run(output: &Output, invocation: &Invocation) -> Result<(), CliError> {
    let waiting = progress::waiting("Rewriting the store");
    let compacted = invocation.ask(&AdminRequest::Compact {});
    waiting.finish_and_clear();
    output.print(&compacted?, text)
}

fn text(compacted: &CompactionReport) -> String {
    let CompactionReport { before_bytes, after_bytes, held_millis } = *compacted;
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
            let compacted = CompactionReport { before_bytes, after_bytes, held_millis: 3 };
            assert_eq!(text(&compacted), format!("{expected}Nobody could write for 3 ms.\n"));
        }
    }
}
