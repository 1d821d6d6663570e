//! Makes of `assets/` what is served: a page for each room with its style in it, stars written out, one file
//! of every script, hashed names.
//!
//! Called by `build.rs`; compiled into the crate only for its tests. A file that nobody refers to any more,
//! because it became part of another, is left out. What cannot be understood for sure is refused, with its
//! place and what to write instead. It reads and writes no files itself.

mod hashed;
mod inlined;
mod joined;
mod pieces;
mod rooms;
mod script;
mod sheet;
mod stars;

use std::collections::BTreeMap;
use std::fmt;

/// Files by their path below `assets/`, with `/` between folders.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// The page.
const PAGE: &str = "index.html";
/// The page of a link's door, which is made of the other.
const DOOR: &str = "door.html";
/// The service worker, which is a script of its own.
const WORKER: &str = "sw.js";
/// What browsers ask for by these names. Their references are written as `"assets/..."`, because they are
/// served beside that folder.
const NAMED: [&str; 5] = [PAGE, DOOR, "manifest.webmanifest", WORKER, "trust.html"];

/// Why the assets cannot be woven together; each says in which file and what to write.
#[derive(Debug, PartialEq, Eq)]
pub enum Broken {
    /// A file that browsers ask for by its name is not there.
    Missing(&'static str),
    /// A reference leads to no file.
    Dangling {
        /// The file that refers.
        file: String,
        /// What it refers to, as written.
        reference: String,
    },
    /// Files refer to each other in a circle, so that none of them can be first.
    Circle(Vec<String>),
    /// A reference in quotes that are not looked into.
    Quotes {
        /// The file that refers.
        file: String,
        /// How it begins.
        reference: String,
    },
    /// A script or a stylesheet says something that cannot be joined.
    Unclear {
        /// The file.
        file: String,
        /// Counted from 1.
        line: usize,
        /// What to write instead.
        advice: String,
    },
    /// A module would be part of two scripts of the page, and then exist twice.
    Twice {
        /// The module.
        file: String,
        /// The scripts that it would be part of.
        entries: [String; 2],
    },
    /// A file with references is not UTF-8.
    NotText(String),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(file) => write!(f, "assets/{file}: it is missing, and browsers ask for it"),
            Self::Dangling { file, reference } => write!(f, "assets/{file}: {reference:?} leads to no file"),
            Self::Circle(files) => {
                write!(f, "assets: these refer to each other in a circle: {}", files.join(" -> "))
            }
            Self::Quotes { file, reference } => {
                write!(f, "assets/{file}: write {reference}... in double quotes, so that it can be renamed")
            }
            Self::Unclear { file, line, advice } => write!(f, "assets/{file}:{line}: {advice}"),
            Self::Twice { file, entries: [one, other] } => {
                write!(f, "assets/{file}: part of {one} and of {other}: let one of them import the other")
            }
            Self::NotText(file) => write!(f, "assets/{file}: not UTF-8"),
        }
    }
}

/// What is served, by the names under which it is served.
pub fn woven(tree: &Tree) -> Result<Tree, Broken> {
    let tree = &rooms::parted(tree)?;
    if let Some(missing) = NAMED.into_iter().find(|name| !tree.contains_key(*name)) {
        return Err(Broken::Missing(missing));
    }
    hashed::hashed(&stars::written_out(&inlined::inlined(joined::joined(tree)?)?)?)
}

fn extension(file: &str) -> &str {
    file.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn text<'a>(tree: &'a Tree, file: &str) -> Result<&'a str, Broken> {
    let content = tree.get(file).map(Vec::as_slice).unwrap_or_default();
    std::str::from_utf8(content).map_err(|_| Broken::NotText(file.to_owned()))
}

/// The path that a relative `reference` in `file` means; nothing where it leaves `assets/`.
fn resolved(file: &str, reference: &str) -> Option<String> {
    let mut folders: Vec<&str> = file.split('/').collect();
    folders.pop();
    for part in reference.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                folders.pop()?;
            }
            part => folders.push(part),
        }
    }
    Some(folders.join("/"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A tree of these files.
    pub fn tree(files: &[(&str, &str)]) -> Tree {
        files.iter().map(|(file, text)| ((*file).to_owned(), text.as_bytes().to_vec())).collect()
    }

    /// The texts of a tree.
    pub fn texts(tree: Tree) -> BTreeMap<String, String> {
        tree.into_iter().map(|(file, content)| (file, String::from_utf8(content).unwrap())).collect()
    }

    const FILES: [(&str, &str); 10] = [
        (
            "index.html",
            r#"<link href="manifest.webmanifest"><link data-words="*" href="assets/words/*.json">
               <link rel="stylesheet" href="assets/styles/main.css"><script src="assets/app/main.js">"#,
        ),
        ("manifest.webmanifest", r#"{"start_url": ".", "icons": [{"src": "assets/icons/i.svg"}]}"#),
        ("sw.js", "const FILES = [\"assets/*\"]; // all of them"),
        ("app/main.js", "import { a } from \"./a.js\";\na();\n"),
        ("app/a.js", "export function a() {}\n"),
        ("styles/main.css", "@import \"./a.css\";\nb {}\n"),
        ("styles/a.css", "a { background: url(\"../icons/i.svg\"); }"),
        ("words/en.json", "{}"),
        ("icons/i.svg", "<svg/>"),
        ("trust.html", r#"<link rel="stylesheet" href="assets/styles/main.css">"#),
    ];

    #[test]
    fn the_page_needs_one_script_has_its_style_and_what_they_name_is_there() {
        let out = texts(woven(&tree(&FILES)).unwrap());
        let served: Vec<_> = out.keys().map(|name| name.split('.').next().unwrap()).collect();
        let expected =
            ["app/main", "door", "icons/i", "index", "manifest", "sw", "trust", "words/en"].to_vec();
        assert_eq!(served, expected);
        let hashed = |stem: &str| out.keys().find(|name| name.starts_with(stem)).unwrap();
        let page = &out["index.html"];
        for stem in ["app/main", "icons/i", "words/en"] {
            assert!(page.contains(&format!("\"assets/{}\"", hashed(stem))), "{stem}: {page}");
        }
        assert!(page.contains(r#"data-words="en""#) && page.contains(r#""manifest.webmanifest""#), "{page}");
        let all = ["app/main", "icons/i", "words/en"].map(hashed);
        let all = all.map(|name| format!("\"assets/{name}\"")).join(", ");
        assert_eq!(out["sw.js"], format!("const FILES = [{all}];\n"));
        for page in ["index.html", "door.html", "trust.html"] {
            assert!(out[page].contains("<style>") && !out[page].contains("stylesheet"), "{}", out[page]);
        }
        assert!(out["manifest.webmanifest"].contains(&format!("\"assets/{}\"", hashed("icons/i"))));
    }

    #[test]
    fn what_browsers_ask_for_by_name_must_be_there() {
        for name in NAMED.into_iter().filter(|name| *name != DOOR) {
            let mut files = tree(&FILES);
            files.remove(name);
            assert_eq!(woven(&files), Err(Broken::Missing(name)));
        }
    }
}
