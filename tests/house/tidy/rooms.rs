//! Which room may know which, and which crate belongs to which room.

use super::{fault, none, rust};

/// The rooms, from the top: each may import only what is below it (`src/lib.rs` draws them).
const ROOMS: &[&str] = &[
    "main", "lib", "app", "host", "http", "session", "jobs", "house", "delivery", "store", "net", "protocol",
    "crypto", "clock", "domain", "limits",
];

/// Crates that only some rooms may name, and in them only these files or folders.
const CRATES: &[(&str, &[&str])] = &[
    ("redb", &["store"]),
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
