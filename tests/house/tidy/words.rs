//! The words that the code no longer says, and what it says instead: `tests/house/words.txt`.
//!
//! A word there is the name of something that is defined, in one room or folder; in sentences it is free.

use std::fs;
use std::path::Path;

use super::{Source, browser, fault, none, rust};

/// `store::Place  ParticipantView`: below `src/store` nothing is called `Place`. A path is a file that was
/// renamed.
struct Word {
    place: String,
    name: String,
    say: String,
}

fn words() -> Vec<Word> {
    let list = include_str!("../words.txt").lines().map(str::trim);
    list.filter(|line| !line.is_empty() && !line.starts_with('#')).map(word).collect()
}

fn word(line: &str) -> Word {
    let (old, say) = line.split_once("  ").unwrap_or_else(|| panic!("{line:?}: write OLD, two spaces, NEW"));
    let (place, name) = match old.rsplit_once("::") {
        Some((place, name)) => (place.replace("::", "/"), name.to_owned()),
        None => (old.to_owned(), String::new()),
    };
    Word { place, name, say: say.trim().to_owned() }
}

#[test]
fn nothing_is_called_by_a_word_that_was_given_up() {
    let sources: Vec<_> = rust().into_iter().chain(browser()).collect();
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    for Word { place, name, say } in words() {
        if name.is_empty() {
            let is_there = fs::exists(top.join(&place)).unwrap();
            faults.extend(is_there.then(|| format!("{place}: this file is called {say}")));
            continue;
        }
        for source in sources.iter().filter(|source| is_below(source, &place) && !source.is_test()) {
            let named = source.code_lines().filter(|(_, line)| defines(line, &name));
            faults.extend(
                named.map(|(number, _)| fault(source, number, &format!("`{name}` is called `{say}`"))),
            );
        }
    }
    none(faults);
}

fn is_below(source: &Source, place: &str) -> bool {
    source.path.starts_with(place) || source.path.strip_prefix("src").is_ok_and(|_| source.is_within(place))
}

/// Whether a line of Rust or JavaScript defines that name.
fn defines(line: &str, name: &str) -> bool {
    let before = ["struct ", "enum ", "trait ", "type ", "fn ", "mod ", "const ", "class ", "function "];
    let is_defined = |word: &&str| {
        line.split_once(*word).is_some_and(|(indent, rest)| {
            let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
            !indent.trim_start().starts_with("//") && rest.strip_prefix(name).is_some_and(ends)
        })
    };
    before.iter().any(is_defined)
}
