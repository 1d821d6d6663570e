//! Makes of `assets/` what is served: one script and those that it loads later, pages with their style in
//! them, hashed names.
//!
//! `build.rs` calls it. It reads and writes no files itself, and it parses nothing: it takes whole lines, in
//! the form that `npm run lint` (Prettier and eslint) holds them to. What it cannot take it refuses, with the
//! place and what to write instead.

mod code;
mod css;
mod esm;
mod glob;
mod hash;
mod html;
mod join;
mod names;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

/// Files by their path below `assets/`, with `/` between folders.
pub type Tree = BTreeMap<String, Vec<u8>>;
/// What is wrong begins with its place: `assets/app/chat.js:3: write ...`.
pub type Result<T> = std::result::Result<T, String>;

const PAGE: &str = "index.html";
/// The page of a link, which is made of the other.
const JOIN_PAGE: &str = "join.html";
const TRUST: &str = "trust.html";
const WORKER: &str = "sw.js";
const MANIFEST: &str = "manifest.webmanifest";
/// The folders whose files are served as they are.
const SERVED: [&str; 4] = ["dialogs/", "emoji/", "icons/", "words/"];

/// What is served.
pub struct Bundle {
    /// By the names under which browsers ask for them.
    pub files: Tree,
    /// What stands in the `<style>` of every page.
    pub style: String,
}

/// Pages, worker and manifest keep their names; everything else is named by its content.
pub fn bundle(tree: &Tree) -> Result<Bundle> {
    let page = text(tree, PAGE)?;
    let (script, sheet) = (named(page, ".js")?, named(page, ".css")?);
    let style = css::join(tree, sheet)?;
    let served = tree.iter().filter(|(file, _)| SERVED.iter().any(|folder| file.starts_with(folder)));
    let mut assets: Tree = served.map(|(file, content)| (file.clone(), content.clone())).collect();
    let (first, later) = join::join(tree, script)?;
    assets.insert(script.to_owned(), first.into_bytes());
    let mut names = hash::names(&assets);
    let mut files: Tree = assets.into_iter().map(|(file, content)| (names[&file].clone(), content)).collect();
    names.extend(later.keys().map(|name| (name.clone(), name.clone())));
    files.extend(later);
    for (file, text) in [
        (PAGE, html::without(page, "join")),
        (JOIN_PAGE, html::without(page, "start")),
        (TRUST, text(tree, TRUST)?.to_owned()),
        (WORKER, join::join(tree, WORKER)?.0),
        (MANIFEST, text(tree, MANIFEST)?.to_owned()),
    ] {
        let text = glob::expand(&html::with_style(&text, sheet, &style), &names);
        files.insert(file.to_owned(), hash::rename(file, &text, &names)?.into_bytes());
    }
    Ok(Bundle { files, style })
}

/// The file with this ending that the page names first.
fn named<'a>(page: &'a str, ending: &str) -> Result<&'a str> {
    let mut references = page.split("\"assets/").skip(1).filter_map(|rest| rest.split('"').next());
    let found = references.find(|reference| reference.ends_with(ending));
    found.ok_or_else(|| format!("assets/{PAGE}: name a file as \"assets/...{ending}\""))
}

fn text<'a>(tree: &'a Tree, file: &str) -> Result<&'a str> {
    let content = tree.get(file).ok_or_else(|| format!("assets/{file}: it is missing"))?;
    std::str::from_utf8(content).map_err(|_| format!("assets/{file}: it is not UTF-8"))
}

/// The message for a line.
fn refusal(file: &str, line: usize, advice: &str) -> String {
    format!("assets/{file}:{line}: {advice}")
}

/// The file that a relative `reference` means, which is written on this line of `file`.
fn target(tree: &Tree, file: &str, line: usize, reference: &str) -> Result<String> {
    let mut path: Vec<&str> = file.split('/').collect();
    path.pop();
    for part in reference.split('/') {
        match part {
            "." => {}
            ".." => drop(path.pop()),
            name => path.push(name),
        }
    }
    let found = Some(path.join("/")).filter(|target| tree.contains_key(target));
    found.ok_or_else(|| refusal(file, line, &format!("\"{reference}\" leads to no file")))
}
