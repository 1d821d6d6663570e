//! Everything that reads what somebody else wrote, each as a function of any bytes: nothing may panic, and
//! what is read must come out as it went in.
//!
//! `fuzz_targets/any.rs` looks for bytes that break one; `tests/house/corpus.rs` tries those that were found,
//! and others like them, at every run of the tests. Both take this file in.

use std::net::SocketAddr;
use std::path::Path;

use parlour::crypto::{self, Code, DeviceSecret, LinkToken, Passphrase};
use parlour::domain::{Idle, Name, Names, Text};
use parlour::host::config::{Config, Flags};
use parlour::http::guard::{Aim, Guard, Head, Target as Targeted};
use parlour::http::negotiate::{self, Coding};
use parlour::http::{link, socket};
use parlour::limits::{MESSAGE_CHARS_MAX, NAME_BYTES_MAX};
use parlour::net::{Peer, PublicUrl, Scheme, Transport};
use parlour::protocol::admin::{self, AdminRequest, HouseStatus};
use parlour::protocol::rest::{
    EditQuestion, EnterQuestion, IdleQuestion, Nothing, ReactionQuestion, ReceiptsQuestion, ReplaceQuestion,
    SayQuestion, StartChat, StatusQuestion, TimerQuestion, TokenQuestion,
};
use parlour::protocol::text::{
    ChatText, DeviceTagText, IncarnationText, MessageIdText, ParticipantText, SeatText,
};
use parlour::protocol::{client, rest};
use parlour::store::{
    self, ChangeRow, ChatRow, CompactionRow, DiskFile, InviteRow, MemoryFile, MessageRow, ParticipantRow,
    ProducersRow, ReactionRow, Row, SeatRow, SlotFile, TimeRow, TombstoneRow,
};
use warp::http::{HeaderMap, HeaderName, HeaderValue, Method};

/// Slots of a slot file that are looked at; the others are read in the same way.
const LOOKED_AT: u32 = 4;

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
    ("row", row),
    ("slots", slots),
    ("backup", backup),
    ("sealed", sealed),
    ("accept", |bytes| text(bytes, accept)),
    ("head", |bytes| text(bytes, head)),
];

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
    drop(rest::read::<EditQuestion>(bytes).map(EditQuestion::parse));
    drop(rest::read::<ReactionQuestion>(bytes).map(|question| question.parse()));
    drop(rest::read::<TimerQuestion>(bytes).map(|question| question.parse()));
    drop(rest::read::<IdleQuestion>(bytes).map(|question| question.parse(&Idle::ALL)));
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
        link::reach_of(url.host());
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

/// A row of each table.
fn row(bytes: &[u8]) {
    read::<ChangeRow>(bytes);
    read::<ReactionRow>(bytes);
    read::<ChatRow>(bytes);
    read::<ParticipantRow>(bytes);
    read::<SeatRow>(bytes);
    read::<CompactionRow>(bytes);
    read::<InviteRow>(bytes);
    read::<TombstoneRow>(bytes);
    read::<TimeRow>(bytes);
    read::<ProducersRow>(bytes);
    drop(ProducersRow::read(bytes));
    if let Ok(row) = ChatRow::from_bytes(bytes) {
        drop((row.timer(), row.idle(), row.final_call()));
    }
    if let Ok(row) = TimeRow::from_bytes(bytes) {
        row.clock();
    }
    if let Ok(row) = MessageRow::from_bytes(bytes) {
        let written = row.to_bytes();
        let again = MessageRow::from_bytes(&written).is_ok_and(|again| again.to_bytes() == written);
        assert!(again, "a message that was read can be written");
    }
}

/// What is written of a row that was read is read as the same.
fn read<R: Row>(bytes: &[u8]) {
    if let Ok(row) = R::from_bytes(bytes) {
        let written = row.to_bytes();
        assert!(
            R::from_bytes(&written).is_ok_and(|again| again.to_bytes() == written),
            "a row can be written"
        );
    }
}

fn slots(bytes: &[u8]) {
    let file = MemoryFile::default();
    let is_written = file.set_len(bytes.len() as u64).and_then(|()| file.write(0, bytes)).is_ok();
    assert!(is_written, "memory takes what is written to it");
    if let Ok((slots, _)) = SlotFile::open(Box::new(file)) {
        for number in (0..LOOKED_AT).chain([u32::MAX]) {
            assert!(slots.read(number).is_ok(), "a slot of an open file can be read");
        }
        assert!(slots.image().is_ok(), "an open file can be read whole");
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

/// What a client says that it takes.
fn accept(text: &str) {
    let media = ["image/svg+xml", "image/png"];
    assert!(negotiate::media(Some(text), &media).is_none_or(|chosen| media.contains(&chosen)), "offered");
    let languages = ["en", "de", "fr-CA"];
    assert!(
        negotiate::language(text, &languages).is_none_or(|chosen| languages.contains(&chosen)),
        "offered"
    );
    negotiate::coding(text, &[Coding::Br, Coding::Gzip]);
    negotiate::holds(text, "\"tag\"");
}

/// A head of lines, from a peer that is trusted and from one that is not.
fn head(text: &str) {
    let headers: HeaderMap = text.lines().filter_map(field).collect();
    let public = PublicUrl::parse("https://home.example/parlour/").ok();
    let trusted = "10.0.0.0/8".parse().ok().into_iter().collect();
    let guard = Guard::new(public, Scheme::Http, &["attic".to_owned()], trusted);
    for (address, method) in [("10.0.0.1:1", Method::POST), ("[2001:db8::1]:1", Method::GET)] {
        let end = |address: &str| address.parse().ok();
        let peer = end(address).zip(end("192.168.1.20:1"));
        let peer = peer.map(|(remote, local)| Peer::new(remote, local, Transport::Plain));
        let (aim, target) = (Aim::House, Targeted::Agrees);
        let head = Head { method: &method, headers: &headers, aim, target, peer };
        let is_taken = guard.check(&head).is_ok();
        assert!(!is_taken || guard.host(&headers).is_some(), "what is taken has a Host of ours");
        guard.visit(&head);
        guard.traces(&head);
        guard.host_here(peer, &headers);
        guard.guest(peer, &headers);
        guard.is_secure(peer, &headers);
    }
    socket::is_handshake(&headers);
}

/// `Name: value`, as far as one can be sent.
fn field(line: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(':')?;
    Some((name.parse().ok()?, HeaderValue::from_bytes(value.trim().as_bytes()).ok()?))
}
