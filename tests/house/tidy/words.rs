//! The words that the code no longer says, and what it says instead: `tests/house/words.txt`.
//!
//! A word there is the name of something that is defined, in one room or folder: a type, a function, a
//! variant, a field, a variable, a method, a class of a stylesheet. In sentences it is free.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{Field, PatIdent, Variant};

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
    let sources: Vec<_> = rust().into_iter().chain(browser()).filter(|source| !source.is_test()).collect();
    let sources: Vec<_> = sources.iter().map(|source| (source, members(source))).collect();
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    for Word { place, name, say } in words() {
        if name.is_empty() {
            let is_there = fs::exists(top.join(&place)).unwrap();
            faults.extend(is_there.then(|| format!("{place}: this file is called {say}")));
            continue;
        }
        for (source, members) in sources.iter().filter(|(source, _)| is_below(source, &place)) {
            let advice = format!("`{name}` is called `{say}`");
            let lines = defined(source, members, &name);
            faults.extend(lines.map(|number| fault(source, number, &advice)));
        }
    }
    none(faults);
}

#[test]
fn what_is_said_instead_is_there() {
    let sources: Vec<_> = rust().into_iter().chain(browser()).filter(|source| !source.is_test()).collect();
    let is_there = |name: &str| {
        let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        !is_name || sources.iter().any(|source| source.code_lines().any(|(_, line)| has_word(line, name)))
    };
    let mut faults = Vec::new();
    for Word { say, .. } in words() {
        let gone = say.split(", or ").map(|name| name.trim_end_matches("()")).filter(|name| !is_there(name));
        faults.extend(gone.map(|name| format!("tests/house/words.txt: nothing is called {name}")));
    }
    none(faults);
}

fn is_below(source: &Source, place: &str) -> bool {
    source.path.starts_with(place) || source.path.strip_prefix("src").is_ok_and(|_| source.is_within(place))
}

/// The lines of a file that define that name; of members only the first line that has it.
fn defined(source: &Source, members: &BTreeSet<String>, name: &str) -> impl Iterator<Item = usize> {
    let ending = source.path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let defines = move |line: &str| match ending {
        "css" => has_class(line, name),
        "rs" => defines(line, name),
        _ => defines(line, name) || is_method(line, name),
    };
    let lines = || source.code_lines().filter(|(_, line)| !is_comment(line));
    let first = lines().find(|(_, line)| members.contains(name) && has_word(line, name));
    let others = lines().filter(move |(_, line)| defines(line));
    let found: BTreeSet<_> = first.into_iter().chain(others).map(|(number, _)| number).collect();
    found.into_iter()
}

fn is_comment(line: &str) -> bool {
    ["//", "/*", "*", "<!--"].iter().any(|sign| line.trim_start().starts_with(sign))
}

/// Whether a line of Rust or JavaScript has that name behind a word that defines it.
fn defines(line: &str, name: &str) -> bool {
    let before = [
        "struct ",
        "enum ",
        "trait ",
        "type ",
        "fn ",
        "mod ",
        "const ",
        "static ",
        "let ",
        "let mut ",
        "class ",
        "function ",
    ];
    before.iter().any(|word| line.split_once(*word).is_some_and(|(_, rest)| begins_with(rest, name)))
}

/// Whether a line begins a method, or a field of a class.
fn is_method(line: &str, name: &str) -> bool {
    let mut rest = line.trim_start();
    for word in ["static ", "async ", "get ", "set ", "*", "#"] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let is_private_field = line.trim_start().starts_with('#') && line.trim_end().ends_with(';');
    begins_with(rest, name) && (is_private_field || (rest.contains('(') && rest.trim_end().ends_with('{')))
}

fn has_class(line: &str, name: &str) -> bool {
    line.split('.').skip(1).any(|rest| begins_with(rest, name))
}

fn has_word(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let goes_on = line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        !goes_on && begins_with(&line[at..], name)
    })
}

fn begins_with(rest: &str, name: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    rest.strip_prefix(name).is_some_and(|rest| !rest.starts_with(goes_on))
}

/// The variants, fields, parameters and variables of a file of Rust, without its unit tests.
fn members(source: &Source) -> BTreeSet<String> {
    let mut members = Members(BTreeSet::new());
    if let Ok(file) = syn::parse_file(source.code()) {
        members.visit_file(&file);
    }
    members.0
}

struct Members(BTreeSet<String>);

impl<'ast> Visit<'ast> for Members {
    fn visit_variant(&mut self, variant: &'ast Variant) {
        self.0.insert(variant.ident.to_string());
        visit::visit_variant(self, variant);
    }

    fn visit_field(&mut self, field: &'ast Field) {
        self.0.extend(field.ident.as_ref().map(ToString::to_string));
    }

    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        self.0.insert(pattern.ident.to_string());
    }
}
