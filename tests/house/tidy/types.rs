//! One word, one type: no two types of the crate share a name, so that a search for it finds one meaning.
//!
//! Unit tests, associated types, variants and what a macro makes count for nothing, but for `described!`.

use std::collections::BTreeMap;

use syn::visit::{self, Visit};
use syn::{Ident, Item};

use super::imports::is_for_tests;
use super::{Source, none, rust};

#[test]
fn a_type_has_a_name_of_its_own() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in rust().iter().filter(|source| source.path.starts_with("src") && !source.is_test()) {
        for (name, line) in types(source) {
            places.entry(name).or_default().push(format!("{}:{line}", source.path.display()));
        }
    }
    let shared = places.iter().filter(|(_, places)| places.len() > 1);
    none(
        shared
            .map(|(name, places)| {
                format!(
                    "{}: `{name}`: one keeps the name, the other takes the field's word for what it is",
                    places.join(" and ")
                )
            })
            .collect(),
    );
}

/// What a file defines, each with its line.
fn types(source: &Source) -> Vec<(String, usize)> {
    let file =
        syn::parse_file(&source.text).unwrap_or_else(|error| panic!("{}: {error}", source.path.display()));
    let mut reader = Reader(Vec::new());
    reader.visit_file(&file);
    let defined = reader.0.iter().map(|name| (name.to_string(), line(source, name)));
    defined.chain(described(source)).collect()
}

/// What `described!` makes: `syn` does not look into it.
fn described(source: &Source) -> Vec<(String, usize)> {
    let (mut found, mut is_within) = (Vec::new(), false);
    for (number, line) in source.code_lines() {
        if is_within
            && !line.trim_start().starts_with("//")
            && let Some((name, _)) = line.trim().split_once(": |")
        {
            found.push((name.to_owned(), number));
        }
        is_within = line == "described! {" || (is_within && line != "}");
    }
    found
}

#[test]
fn a_type_that_is_described_is_seen() {
    let text =
        "described! {\n    /// A time: |long|.\n    Time: |text| text\n}\n\nstruct Other;\n".to_owned();
    let found = types(&Source { path: "src/protocol/rest.rs".into(), text });
    assert_eq!(found, [("Other".to_owned(), 6), ("Time".to_owned(), 3)]);
}

/// `syn` gives no line numbers without a feature of `proc-macro2`.
fn line(source: &Source, name: &Ident) -> usize {
    let defines = |line: &str| {
        let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.any(|word| ["struct", "enum", "trait", "type", "union"].contains(&word))
            && words.next().is_some_and(|word| name == word)
    };
    source.lines().find(|(_, line)| defines(line)).map_or(1, |(number, _)| number)
}

struct Reader(Vec<Ident>);

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = match item {
            Item::Struct(item) => (&item.attrs, Some(&item.ident)),
            Item::Enum(item) => (&item.attrs, Some(&item.ident)),
            Item::Trait(item) => (&item.attrs, Some(&item.ident)),
            Item::Type(item) => (&item.attrs, Some(&item.ident)),
            Item::Union(item) => (&item.attrs, Some(&item.ident)),
            Item::Mod(item) => (&item.attrs, None),
            Item::Fn(item) => (&item.attrs, None),
            Item::Impl(item) => (&item.attrs, None),
            _ => return,
        };
        if !is_for_tests(attributes) {
            self.0.extend(name.cloned());
            visit::visit_item(self, item);
        }
    }
}
