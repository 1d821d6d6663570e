//! The repository's own rules, as a test: what a reviewer should not have to say twice.
//!
//! Every message names the place and what to write instead.

mod form;
mod imports;
mod page;
mod rooms;
mod types;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    fn room(&self) -> &str {
        let below = self.path.strip_prefix("src").unwrap_or(&self.path);
        let first = below.iter().next().and_then(|part| part.to_str()).unwrap_or_default();
        first.trim_end_matches(".rs")
    }

    /// Whether the path below `src` is this file, without its ending, or in this folder.
    fn is_within(&self, place: &str) -> bool {
        let below = self.path.strip_prefix("src").unwrap_or(&self.path);
        below.starts_with(place) || below == Path::new(&format!("{place}.rs"))
    }

    fn is_test(&self) -> bool {
        let name = self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_of_tests = name == "tests.rs" || self.path.iter().any(|part| part == "tests");
        is_of_tests || self.text.contains("\n#![allow(clippy::unwrap_used")
    }

    /// Without the unit tests at its end.
    fn code(&self) -> &str {
        match self.text.find("#[cfg(test)]\nmod tests {") {
            Some(at) => &self.text[..at],
            None => &self.text,
        }
    }

    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code().lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

fn sources(roots: &[&str], endings: &[&str]) -> Vec<Source> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = roots.iter().map(|root| top.join(root)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "node_modules" && name != "out" {
                folders.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let text = fs::read_to_string(&path).unwrap();
                found.push(Source { path: path.strip_prefix(top).unwrap().to_owned(), text });
            }
        }
    }
    assert!(!found.is_empty(), "nothing to read below {roots:?}");
    found
}

fn rust() -> Vec<Source> {
    sources(&["src", "build", "tests"], &[".rs"])
}

fn browser() -> Vec<Source> {
    sources(&["assets", "tests/models", "tests/browser"], &[".js", ".mjs", ".html", ".css"])
}

#[track_caller]
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// A place in a file and what to do about it.
fn fault(source: &Source, line: usize, advice: &str) -> String {
    format!("{}:{line}: {advice}", source.path.display())
}
