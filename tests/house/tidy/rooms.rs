//! Which room may know which, and which crate belongs to which room.

use std::collections::BTreeSet;

use super::{Source, fault, imports, none, rust};

/// The rooms, from the top: each may import only what is below it (`src/lib.rs` draws them).
const ROOMS: &[&str] = &[
    "main", "lib", "app", "host", "http", "session", "jobs", "house", "delivery", "store", "net", "protocol",
    "crypto", "clock", "domain", "limits",
];

/// Crates that only some rooms may name, and in them only these files or folders.
const CRATES: &[(&str, &[&str])] = &[
    ("redb", &["store/redb", "store/engine"]),
    ("warp", &["http"]),
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
    ("tokio_cron_scheduler", &["jobs/schedule"]),
];

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
                "a room that src/lib.rs and tests/house/tidy/rooms.rs do not know: add it to both",
            ));
            continue;
        };
        let above = |used: &&String| ROOMS.iter().position(|name| name == used).is_some_and(|at| at < floor);
        for used in rooms_named(&source).iter().filter(above) {
            let what = format!("`{room}` may not know `{used}`: turn it round or pass it in");
            faults.push(fault(&source, line_of(&source, used), &what));
        }
    }
    none(faults);
}

/// The first names of all paths of the crate in a file: as `syn` resolves them, and as the bodies of macros
/// spell them, into which `syn` does not look.
fn rooms_named(source: &Source) -> BTreeSet<String> {
    let code = source.code_lines().map(|(_, line)| line).filter(|line| !line.trim_start().starts_with("//"));
    let in_macros = code.flat_map(|line| line.split("crate::").skip(1).map(first_name).collect::<Vec<_>>());
    imports::paths_named(source).filter_map(|path| path.into_iter().next()).chain(in_macros).collect()
}

fn first_name(path: &str) -> String {
    path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Where it is probably named: the first line that has the word.
fn line_of(source: &Source, word: &str) -> usize {
    source.code_lines().find(|(_, line)| line.contains(word)).map_or(1, |(number, _)| number)
}

#[test]
fn a_room_that_is_named_in_any_form_is_seen() {
    for text in [
        "use crate::http::Web;",
        "use crate::{domain::At, http};",
        "use crate::{http as _};",
        "use super::super::http::Web;",
        "fn a() { super::super::http::open() }",
        "macro_rules! a { () => { crate::http::open() } }",
    ] {
        let path = "src/crypto/text.rs".into();
        let source = Source { path, text: text.to_owned() };
        assert!(rooms_named(&source).contains("http"), "{text}");
    }
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
