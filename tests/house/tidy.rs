//! The repository's own rules, as a test: what a reviewer should not have to say twice.
//!
//! Every message names the place and what to write instead.

use std::fs;
use std::path::{Path, PathBuf};

const LINE_CHARS_MAX: usize = 110;
const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 500;

/// The rooms, from the top: each may import only what is below it (`src/lib.rs` draws them).
const ROOMS: &[&str] = &[
    "main", "lib", "fuzzing", "app", "host", "http", "session", "jobs", "house", "delivery", "store", "net",
    "protocol", "crypto", "clock", "domain", "limits",
];

/// Crates that only some rooms may name, and in them only these files or folders.
const CRATES: &[(&str, &[&str])] = &[
    ("redb", &["store"]),
    ("warp", &["http", "app"]),
    ("hyper", &["net"]),
    ("hyper_util", &["net"]),
    ("rustls", &["net"]),
    ("tokio_rustls", &["net"]),
    ("rcgen", &["net/certificates"]),
    ("sd_notify", &["host/systemd"]),
    ("listenfd", &["host/systemd"]),
    ("rust_embed", &["http"]),
    ("argon2", &["crypto"]),
    ("aead_stream", &["crypto"]),
    ("rpassword", &["host/cli"]),
    ("chacha20poly1305", &["crypto"]),
    ("serde", &["protocol", "store", "host", "net/certificates"]),
    ("serde_json", &["protocol", "store", "host", "net/certificates", "http"]),
    ("clap", &["host/cli", "host/config"]),
    ("indicatif", &["host/cli"]),
    ("mdns_sd", &["host/mdns"]),
    ("prometheus_client", &["house/metrics"]),
    ("governor", &["house/rate_limit"]),
    ("toml", &["host/config"]),
    ("systemd_journal_logger", &["host/log"]),
    ("qrcode", &["http"]),
    ("rtime_clock", &["clock"]),
    ("tokio_cron_scheduler", &["jobs/schedule", "app"]),
];

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
    sources(&["src", "build", "tests/house", "tests/load"], &[".rs"])
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

#[test]
fn lines_fit_a_window() {
    let all = rust().into_iter().chain(browser());
    none(
        all.flat_map(|source| {
            let long = source.lines().filter(|(_, line)| {
                line.chars().count() > LINE_CHARS_MAX && !line.contains("http") && !line.starts_with("//! |")
            });
            let advice = format!("more than {LINE_CHARS_MAX} characters: break the line");
            long.map(|(number, _)| fault(&source, number, &advice)).collect::<Vec<_>>()
        })
        .collect(),
    );
}

#[test]
fn files_and_functions_hold_one_idea() {
    let mut faults = Vec::new();
    for source in rust() {
        let lines = source.code().lines().count();
        if lines > FILE_LINES_MAX {
            faults.push(fault(&source, lines, &format!("more than {FILE_LINES_MAX} lines: split the idea")));
        }
        faults.extend(long_functions(&source));
    }
    for source in browser() {
        let lines = source.text.lines().count();
        if lines > FILE_LINES_MAX {
            faults.push(fault(&source, lines, &format!("more than {FILE_LINES_MAX} lines: split the idea")));
        }
    }
    none(faults);
}

/// Functions whose closing brace, at the indentation of their first line, comes too late.
fn long_functions(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for (number, line) in source.lines() {
        let indent = line.len() - line.trim_start().len();
        if open.is_none()
            && (line.trim_start().starts_with("fn ") || line.contains(" fn "))
            && !line.contains("//")
        {
            open = (!line.trim_end().ends_with([';', '}'])).then_some((number, indent));
        } else if let Some((start, at)) = open
            && indent == at
            && line.trim() == "}"
        {
            if number - start >= FUNCTION_LINES_MAX {
                faults.push(fault(
                    source,
                    start,
                    &format!("more than {FUNCTION_LINES_MAX} lines: push branches up, loops down"),
                ));
            }
            open = None;
        }
    }
    faults
}

#[test]
fn a_room_imports_only_what_is_below_it() {
    let mut faults = Vec::new();
    for source in rust().into_iter().filter(|source| source.path.starts_with("src")) {
        let room = source.room().to_owned();
        if ["lib", "main"].contains(&room.as_str()) || source.is_test() {
            continue;
        }
        let Some(floor) = ROOMS.iter().position(|name| *name == room) else {
            faults.push(fault(
                &source,
                1,
                "a room that src/lib.rs and tests/house/tidy.rs do not know: add it to both",
            ));
            continue;
        };
        for (number, line) in source.code_lines().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if ROOMS.iter().position(|name| *name == used).is_some_and(|below| below < floor) {
                    faults.push(fault(
                        &source,
                        number,
                        &format!("`{room}` may not know `{used}`: turn it round or pass it in"),
                    ));
                }
            }
        }
    }
    none(faults);
}

#[test]
fn a_dependency_is_named_only_in_its_room() {
    let mut faults = Vec::new();
    for source in rust().into_iter().filter(|source| source.path.starts_with("src")) {
        for (number, line) in source.code_lines().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for (name, rooms) in CRATES {
                let named = line.contains(&format!("{name}::")) && !line.contains(&format!("_{name}::"));
                if named && !rooms.iter().any(|room| source.is_within(room)) {
                    faults.push(fault(
                        &source,
                        number,
                        &format!("`{name}` belongs in {rooms:?}: go through that room's face"),
                    ));
                }
            }
        }
    }
    none(faults);
}

#[test]
fn nothing_is_left_undone_or_panics_without_a_reason() {
    let mut faults = Vec::new();
    for source in rust() {
        for (number, line) in source.code_lines() {
            let is_tidy = source.path.ends_with("tidy.rs");
            if !is_tidy && ["TODO", "FIXME"].iter().any(|mark| line.contains(mark)) {
                faults.push(fault(&source, number, "do it, or say it in the closing note"));
            }
            if source.is_test() {
                continue;
            }
            if line.contains(".unwrap()") {
                faults.push(fault(&source, number, "handle it, or `expect(\"why it cannot happen\")`"));
            }
            if let Some((_, reason)) = line.split_once(".expect(\"")
                && reason.split('"').next().is_none_or(|reason| reason.split_whitespace().count() < 4)
            {
                faults.push(fault(&source, number, "say in a sentence why it cannot happen"));
            }
            if !source.is_within("host/cli")
                && ["println!", "eprintln!", "print!("].iter().any(|word| line.contains(word))
            {
                faults.push(fault(&source, number, "log it; only `cli` prints"));
            }
        }
    }
    none(faults);
}

#[test]
fn a_bound_is_in_limits_with_its_reason() {
    let mut faults = Vec::new();
    let rooms = rust().into_iter().filter(|source| source.path.starts_with("src") && !source.is_test());
    for source in rooms.filter(|source| source.room() != "limits") {
        for (number, line) in source.code_lines() {
            let name = line.split_once("const ").and_then(|(_, rest)| rest.split(':').next());
            if name.is_some_and(|name| name.ends_with("_MAX") || name.ends_with("_MIN")) {
                faults.push(fault(&source, number, "a bound belongs in src/limits.rs, with its reason"));
            }
        }
    }
    none(faults);
}

#[test]
fn every_module_says_what_it_holds() {
    let modules = rust().into_iter().filter(|source| !source.is_test());
    none(
        modules
            .filter(|source| source.text.lines().take_while(|line| line.starts_with("//!")).count() == 0)
            .map(|source| {
                fault(&source, 1, "open with `//!`: what it holds, who calls it, what it never does")
            })
            .collect(),
    );
}

#[test]
fn a_test_waits_for_something_and_never_for_a_while() {
    let mut faults = Vec::new();
    let load = |source: &Source| source.path.starts_with("tests/load");
    for source in rust().into_iter().filter(|source| !source.path.ends_with("tidy.rs") && !load(source)) {
        let sleeps = ["thread::sleep", "time::sleep", "sleep(Duration", "sleep_until(", "yield_now("];
        let of_a_test = |number: usize| source.is_test() || number > source.code().lines().count();
        for (number, line) in source.lines().filter(|(number, _)| of_a_test(*number)) {
            if sleeps.iter().any(|sleep| line.contains(sleep)) {
                faults.push(fault(&source, number, "await what should happen, with a deadline"));
            }
        }
    }
    for source in browser().into_iter().filter(|source| source.path.starts_with("tests")) {
        let waits = ["waitForTimeout", "timers/promises", "setTimeout("];
        // The deadline of a whole test is no wait.
        let is_wait =
            |line: &str| waits.iter().any(|wait| line.replace("test.setTimeout(", "").contains(wait));
        for (number, _) in source.lines().filter(|(_, line)| is_wait(line)) {
            faults.push(fault(&source, number, "expect what should be on the page"));
        }
    }
    none(faults);
}

#[test]
fn the_page_is_built_of_elements_and_text() {
    let forbidden = [
        ("innerHTML", "use a <template> and textContent"),
        ("outerHTML", "use a <template> and textContent"),
        ("insertAdjacentHTML", "use a <template> and textContent"),
        ("document.write", "use a <template> and textContent"),
        ("document.cookie", "keep it in localStorage: a cookie is shared by every port of a home server"),
        ("console.log", "show it on the page or leave it out"),
        ("eval(", "call a function"),
    ];
    let mut faults = Vec::new();
    for source in browser().into_iter().filter(|source| source.path.starts_with("assets")) {
        for (number, line) in source.lines() {
            for (word, advice) in forbidden.iter().filter(|(word, _)| line.contains(word)) {
                faults.push(fault(&source, number, &format!("{word}: {advice}")));
            }
            let style =
                source.path.extension().is_some_and(|ending| ending == "html") && line.contains(" style=");
            if style {
                faults.push(fault(
                    &source,
                    number,
                    "a style attribute breaks the content security policy: use a class",
                ));
            }
        }
    }
    none(faults);
}

#[test]
fn the_repository_stands_on_its_own() {
    let mut texts = rust();
    texts.extend(browser());
    texts.extend(sources(&["docs"], &[".md"]));
    none(
        texts
            .iter()
            .filter(|source| !source.path.ends_with("tidy.rs"))
            .flat_map(|source| {
                let lines = source.lines().filter(|(_, line)| line.contains("../shared"));
                lines
                    .map(|(number, _)| fault(source, number, "say it here, in our own words"))
                    .collect::<Vec<_>>()
            })
            .collect(),
    );
}
