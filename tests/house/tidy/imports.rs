//! Circles between files: no two files may need each other, directly or by others.
//!
//! The imports are read with `syn`. A name that a folder's `mod.rs` only passes on belongs to the file that
//! defines it. A `mod.rs` and the files of its own folder are one thing: it puts them together, and they add
//! to its types (`impl Store` in `store/admission`), so what it takes from them makes no circle.
//! Unit tests count for nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree, Visibility};

use super::{Source, none, rust};

type Names = Vec<String>;

/// One file of the crate, by its module path.
#[derive(Default)]
struct Module {
    file: String,
    /// Every path that it names: those of its imports, and those in its code.
    named: Vec<Names>,
    /// What it calls by which name, by its imports.
    aliases: BTreeMap<String, Names>,
    /// What it passes on under which name.
    passed_on: BTreeMap<String, Names>,
}

#[test]
fn no_circle_of_imports_between_files() {
    let modules: BTreeMap<Names, Module> = rust()
        .iter()
        .filter(|source| source.path.starts_with("src") && !source.is_test())
        .map(read)
        .collect();
    let arrows: BTreeMap<&Names, BTreeSet<Names>> =
        modules.keys().map(|at| (at, needed_by(at, &modules))).collect();
    let circles = circles(&arrows);
    none(
        circles
            .iter()
            .map(|circle| {
                let files: Vec<_> = circle.iter().map(|at| modules[at].file.as_str()).collect();
                format!("{}: these need each other: give what they share a file of its own", files.join(", "))
            })
            .collect(),
    );
}

/// Every path within the crate that a file names or passes on, from the root.
pub fn paths_named(source: &Source) -> impl Iterator<Item = Names> {
    let (_, module) = read(source);
    module.named.into_iter().chain(module.passed_on.into_values())
}

fn read(source: &Source) -> (Names, Module) {
    let at = module_path(&source.path);
    let file =
        syn::parse_file(&source.text).unwrap_or_else(|error| panic!("{}: {error}", source.path.display()));
    let mut reader = Reader { at: at.clone(), module: Module::default() };
    reader.module.file = source.path.display().to_string();
    reader.visit_file(&file);
    (at, reader.module)
}

/// `src/store/redb/mod.rs` and `src/store/redb.rs` are `store::redb`.
fn module_path(path: &Path) -> Names {
    let below = path.strip_prefix("src").unwrap().with_extension("");
    let mut names: Names = below.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    names.pop_if(|last| ["mod", "lib"].contains(&last.as_str()));
    names
}

struct Reader {
    at: Names,
    module: Module,
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item(&mut self, item: &'ast Item) {
        if !matches!(item, Item::Fn(function) if is_for_tests(&function.attrs)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut leaves = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut leaves);
        for (path, alias) in leaves {
            let Some(path) = self.absolute(&path) else { continue };
            if matches!(item.vis, Visibility::Inherited) {
                self.module.named.push(path.clone());
                self.module.aliases.insert(alias, path);
            } else {
                self.module.passed_on.insert(alias.clone(), path.clone());
                self.module.aliases.insert(alias, path);
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let Some(path) = self.absolute(&names) {
            self.module.named.push(path);
        }
        visit::visit_path(self, path);
    }
}

impl Reader {
    /// From the root of the crate; nothing where another crate or a name of this file is meant.
    fn absolute(&self, path: &[String]) -> Option<Names> {
        let mut from = match path.first()?.as_str() {
            "crate" => Vec::new(),
            "self" => self.at.clone(),
            "super" => self.at[..self.at.len().checked_sub(1)?].to_vec(),
            first => {
                let mut aliased = self.module.aliases.get(first).cloned()?;
                aliased.extend_from_slice(&path[1..]);
                return Some(aliased);
            }
        };
        let mut rest = &path[1..];
        while rest.first().is_some_and(|next| next == "super") {
            from.pop()?;
            rest = &rest[1..];
        }
        from.extend_from_slice(rest);
        Some(from)
    }
}

pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_cfg_test = attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|what| what.is_ident("test"));
        is_cfg_test || attribute.path().is_ident("test")
    })
}

fn flatten(tree: &UseTree, before: &mut Names, leaves: &mut Vec<(Names, String)>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, leaves);
            before.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|item| flatten(item, before, leaves)),
        UseTree::Name(name) if name.ident == "self" => {
            leaves.push((before.clone(), before.last().cloned().unwrap_or_default()));
        }
        UseTree::Name(name) => leaves.push((with(before, &name.ident), name.ident.to_string())),
        UseTree::Rename(rename) => leaves.push((with(before, &rename.ident), rename.rename.to_string())),
        UseTree::Glob(_) => leaves.push((before.clone(), "*".to_owned())),
    }
}

fn with(before: &[String], last: &syn::Ident) -> Names {
    before.iter().cloned().chain([last.to_string()]).collect()
}

/// The files that a file needs, but for itself and those of which it is the face.
fn needed_by(at: &Names, modules: &BTreeMap<Names, Module>) -> BTreeSet<Names> {
    let named = modules[at].named.iter();
    named.filter_map(|path| defined_in(path, modules)).filter(|file| !file.starts_with(at)).collect()
}

/// The file that defines what a path names.
fn defined_in(path: &[String], modules: &BTreeMap<Names, Module>) -> Option<Names> {
    let mut path = path.to_vec();
    loop {
        let length = (1..=path.len()).rev().find(|length| modules.contains_key(&path[..*length]))?;
        let next = path.get(length).and_then(|name| modules[&path[..length]].passed_on.get(name));
        match next {
            Some(target) => path = target.iter().chain(&path[length + 1..]).cloned().collect(),
            None => return Some(path[..length].to_vec()),
        }
    }
}

/// Each once, as the files in it.
fn circles(arrows: &BTreeMap<&Names, BTreeSet<Names>>) -> BTreeSet<BTreeSet<Names>> {
    let reached: BTreeMap<&Names, BTreeSet<Names>> =
        arrows.keys().map(|at| (*at, reached(at, arrows))).collect();
    let in_circle = |at: &Names, other: &Names| reached[at].contains(other) && reached[other].contains(at);
    reached
        .keys()
        .filter(|at| in_circle(at, at))
        .map(|at| reached[*at].iter().filter(|other| in_circle(at, other)).cloned().collect())
        .collect()
}

fn reached(from: &Names, arrows: &BTreeMap<&Names, BTreeSet<Names>>) -> BTreeSet<Names> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from.clone()];
    while let Some(at) = open.pop() {
        for next in &arrows[&at] {
            if reached.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    reached
}
