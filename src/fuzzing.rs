//! Everything that reads what somebody else wrote, each as a function of any bytes: nothing may panic, and
//! what is read must come out as it went in.
//!
//! `fuzz/` looks for bytes that break one; `tests/house/corpus.rs` tries those that were found, and
//! others like them, at every run of the tests. The house itself calls nothing of this.

use std::net::SocketAddr;
use std::path::Path;

use crate::crypto::{self, Code, DeviceSecret, LinkToken, Passphrase};
use crate::domain::{Idle, Name, Names, Text};
use crate::host::config::{Config, Flags};
use crate::limits::{MESSAGE_CHARS_MAX, NAME_BYTES_MAX};
use crate::net::PublicUrl;
use crate::protocol::admin::{self, AdminRequest, HouseStatus};
use crate::protocol::rest::{
    EnterQuestion, Nothing, ReceiptsQuestion, ReplaceQuestion, SayQuestion, StartChat, StatusQuestion,
    TokenQuestion,
};
use crate::protocol::text::{
    ChatText, DeviceTagText, IncarnationText, MessageIdText, ParticipantText, SeatText,
};
use crate::protocol::{client, rest};
use crate::{http, store};

/// One of them, by the name of its folder in `fuzz/corpus`.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("frame", |bytes| text(bytes, frame)),
    ("body", body),
    ("admin", |bytes| text(bytes, admin_line)),
    ("secret", |bytes| text(bytes, secret)),
    ("name", |bytes| text(bytes, name)),
    ("message", |bytes| text(bytes, message)),
    ("id", |bytes| text(bytes, id)),
    ("idle", |bytes| text(bytes, idle)),
    ("passphrase", |bytes| text(bytes, passphrase)),
    ("url", |bytes| text(bytes, url)),
    ("settings", |bytes| text(bytes, settings)),
    ("row", store::fuzzing::row),
    ("slots", store::fuzzing::slots),
    ("backup", backup),
    ("sealed", sealed),
    ("accept", |bytes| text(bytes, http::fuzzing::accept)),
    ("head", |bytes| text(bytes, http::fuzzing::head)),
];

/// The target of that name, with these bytes.
///
/// # Panics
///
/// That is what is looked for.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    target.unwrap_or_else(|| panic!("there is no target {name}")).1(bytes);
}

/// What is no text is refused before it comes to a reader of texts.
fn text(bytes: &[u8], read: fn(&str)) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        read(text);
    }
}

fn frame(text: &str) {
    match client::parse(text) {
        (frame, Ok(_)) => assert!(!frame.of.is_empty(), "a frame that was read has a type"),
        (_, Err(refusal)) => assert!(!refusal.code().is_empty(), "a refusal has a code"),
    }
}

fn body(bytes: &[u8]) {
    drop(rest::read::<StartChat>(bytes).map(|body| body.parse(&Idle::ALL)));
    drop(rest::read::<TokenQuestion>(bytes).map(|body| body.parse()));
    drop(rest::read::<StatusQuestion>(bytes).map(|body| body.parse()));
    drop(rest::read::<EnterQuestion>(bytes).map(|body| body.parse()));
    drop(rest::read::<SayQuestion>(bytes).map(SayQuestion::parse));
    drop(rest::read::<ReceiptsQuestion>(bytes).map(|body| body.parse()));
    drop(rest::read::<ReplaceQuestion>(bytes).map(|body| body.parse()));
    drop(rest::read::<Nothing>(bytes));
}

fn admin_line(text: &str) {
    drop(admin::read::<AdminRequest>(text));
    drop(admin::read_answer::<HouseStatus>(text));
}

fn secret(text: &str) {
    if let Ok(token) = LinkToken::parse(text) {
        assert!(LinkToken::parse(&token.text()).is_ok_and(|again| again.id() == token.id()));
    }
    if let Ok(device) = DeviceSecret::parse(text) {
        assert!(DeviceSecret::parse(&device.text()).is_ok_and(|again| again.id() == device.id()));
    }
    if let Ok(code) = Code::parse(text) {
        assert!(Code::parse(&code.text()).is_ok_and(|again| *again.text() == *code.text()));
    }
}

fn name(text: &str) {
    if let Ok(name) = Name::parse(text) {
        assert!((1..=NAME_BYTES_MAX).contains(&name.as_str().len()), "a name has its bounds");
        let again = Name::parse(name.as_str());
        assert!(again.is_ok_and(|again| again.as_str() == name.as_str()), "a name that was read is a name");
        assert!(Names::parse(&[name.as_str(), name.as_str()]).is_err(), "a name is the same as itself");
    }
}

fn message(text: &str) {
    if let Ok(message) = Text::parse(text.to_owned()) {
        assert!((1..=MESSAGE_CHARS_MAX).contains(&message.as_str().chars().count()), "a text has its bounds");
        let again = Text::parse(message.as_str().to_owned());
        assert!(
            again.is_ok_and(|again| again.as_str() == message.as_str()),
            "a text that was read is a text"
        );
    }
}

/// Each has one spelling.
fn id(text: &str) {
    let written = [
        ChatText::parse(text).map(|id| id.to_string()),
        SeatText::parse(text).map(|id| id.to_string()),
        ParticipantText::parse(text).map(|id| id.to_string()),
        DeviceTagText::parse(text).map(|id| id.to_string()),
        MessageIdText::parse(text).map(|id| id.to_string()),
        IncarnationText::parse(text).map(|id| id.to_string()),
    ];
    for written in written.into_iter().flatten() {
        assert_eq!(written, text, "an id is written as it was read");
    }
}

fn idle(text: &str) {
    if let Some(idle) = Idle::parse(text) {
        assert_eq!(idle.word(), text, "a time is written as it was read");
    }
}

fn passphrase(text: &str) {
    drop(Passphrase::parse(text));
}

fn url(text: &str) {
    if let Ok(url) = PublicUrl::parse(text) {
        assert!(PublicUrl::parse(&url.to_string()).is_ok_and(|again| again == url), "a URL has one spelling");
        http::link::reach_of(url.host());
    }
    drop(text.parse::<SocketAddr>());
}

/// A settings file, by way of a file.
fn settings(text: &str) {
    let name = format!("parlour-fuzz-{}-{:?}.toml", std::process::id(), std::thread::current().id());
    let path = std::env::temp_dir().join(name);
    if std::fs::write(&path, text).is_ok() {
        read_settings(&path);
        drop(std::fs::remove_file(path));
    }
}

fn read_settings(path: &Path) {
    let flags = Flags::default().with("config", path).with("data", "/nowhere");
    if let Err(error) = Config::read(&flags, []) {
        assert!(!error.to_string().is_empty(), "an error says something");
    }
}

fn backup(bytes: &[u8]) {
    drop(store::peek(&mut &bytes[..], &mut Vec::new()));
    if let Ok(contents) = store::verify(bytes) {
        assert_eq!(store::verify(bytes).ok(), Some(contents), "a backup is read twice as the same");
    }
}

/// The head of a backup that is sealed: the rest needs the passphrase.
fn sealed(bytes: &[u8]) {
    crypto::is_backup(bytes);
}
