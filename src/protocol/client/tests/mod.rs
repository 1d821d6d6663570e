#![allow(clippy::unwrap_used)]
use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::domain::{ChatId, ParticipantId, Signal};
use crate::limits::MESSAGE_CHARS_MAX;
use crate::protocol::sentences;

mod refused;

const DEVICE: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ0123456789ABCDEFGHJG";
const SEAT: SeatId = SeatId { chat: ChatId(0x00f1_e2d3_c4b5_a697), participant: ParticipantId(1) };
const ID: MessageId = MessageId(0x8f14_e45f_ceea_167a_0000_0000_0000_0003);
/// A seat, and an id, as the tables below write them.
const S: &str = r#""seat":"00f1e2d3c4b5a697-1""#;
const I: &str = r#""id":"8f14e45fceea167a0000000000000003""#;

const KNOWN: &str = r#""seen_incarnation":"5d41402abc4b2a76""#;

fn mark(delivered: u64, seen: u64) -> ClientFrame {
    let receipt = Receipt { delivered: Seq(delivered), seen: Seq(seen), read: Seq(seen) };
    ClientFrame::Command { seat: SEAT, command: Command::Mark(receipt) }
}

fn hello_of(seen_incarnation: Option<Incarnation>, watches: bool) -> ClientFrame {
    let device = DeviceSecret::parse(DEVICE).unwrap();
    ClientFrame::Hello { device, seen_incarnation, withheld: PrivacySettings::NOTHING, watches }
}

fn say(text: &str) -> ClientFrame {
    let body = Body::Text(Text::parse(text.to_owned()).unwrap());
    ClientFrame::Command { seat: SEAT, command: Command::Say { id: ID, draft: body.into() } }
}

#[test]
fn each_frame_is_what_it_says() {
    let check = |input: &str, expected: ClientFrame| assert_eq!(parse(input).1, Ok(expected), "{input}");
    let known = Some(Incarnation(0x5d41_402a_bc4b_2a76));
    check(&format!(r#"{{"type":"hello","device":"{DEVICE}"}}"#), hello_of(None, false));
    check(
        &format!(r#"{{"seen_incarnation":"5d41402abc4b2a76","device":"{DEVICE}","type":"hello"}}"#),
        hello_of(known, false),
    );
    check(&format!(r#"{{"type":"hello","device":"{DEVICE}","watch":true}}"#), hello_of(None, true));
    check(
        &format!(r#"{{"type":"chat-open",{S},"newest":300}}"#),
        ClientFrame::Open { seat: SEAT, beginning: Beginning::Newest(300), changed: None },
    );
    check(
        &format!(r#"{{"type":"chat-open",{S},"after":0}}"#),
        ClientFrame::Open { seat: SEAT, beginning: Beginning::After(Seq(0)), changed: None },
    );
    check(
        &format!(r#"{{"type":"chat-open",{S},"after":{SEQ_MAX}}}"#),
        ClientFrame::Open { seat: SEAT, beginning: Beginning::After(Seq(SEQ_MAX)), changed: None },
    );
    check(&format!(r#"{{"type":"chat-close",{S}}}"#), ClientFrame::Close { seat: SEAT });
    check(&format!(r#"{{"type":"chat-say",{S},{I},"text":"Hi"}}"#), say("Hi"));
    check(
        &format!(" {{ \"text\":\"a\\n\\u00e9\\ud83d\\ude00\",\"type\":\"chat-say\",{I} ,{S}}}\r\n"),
        say("a\n\u{e9}\u{1F600}"),
    );
    check(&format!(r#"{{"\u0074ype":"chat\u002dsay",{S},{I},"text":"Hi"}}"#), say("Hi"));
    check(
        &format!(r#"{{"type":"chat-page",{S},"before":12,"limit":1}}"#),
        ClientFrame::Page { seat: SEAT, before: Seq(12), limit: 1 },
    );
    check(
        &format!(r#"{{"type":"chat-page",{S},"before":1,"limit":100}}"#),
        ClientFrame::Page { seat: SEAT, before: Seq(1), limit: 100 },
    );
    check(&format!(r#"{{"type":"chat-delivered",{S},"seq":12}}"#), mark(12, 0));
    check(&format!(r#"{{"type":"chat-seen",{S},"seq":12}}"#), mark(12, 12));
    check(&format!(r#"{{"type":"chat-typing",{S}}}"#), ClientFrame::Typing { seat: SEAT });
    check(
        &format!(r#"{{"type":"chat-keep",{S}}}"#),
        ClientFrame::Command { seat: SEAT, command: Command::Keep },
    );
    check(
        &format!(r#"{{"type":"chat-end",{S}}}"#),
        ClientFrame::Command { seat: SEAT, command: Command::End },
    );
    check(r#"{"type":"ping"}"#, ClientFrame::Ping);
}

#[test]
fn a_device_says_with_its_hello_what_it_withholds() {
    let hello =
        |withholds: &str| format!(r#"{{"type":"hello","device":"{DEVICE}","withholds":{withholds}}}"#);
    for (withholds, expected) in [
        ("[]", vec![]),
        (r#"["typing"]"#, vec![Signal::Typing]),
        (r#"["seen","here"]"#, vec![Signal::Seen, Signal::Here]),
        (r#"["here","typing","seen"]"#, Signal::ALL.to_vec()),
    ] {
        let Ok(ClientFrame::Hello { withheld, .. }) = parse(&hello(withholds)).1 else {
            panic!("{withholds}")
        };
        for sign in Signal::ALL {
            assert_eq!(withheld.has(sign), expected.contains(&sign), "{withholds}");
        }
    }
    for withholds in [r#"["seen","seen"]"#, r#"["Seen"]"#, r#"["seen",""]"#, r#"["seen","delivered"]"#] {
        refuses(&hello(withholds), "hello", "`withholds` is not a list of `typing`, `seen`, `here`");
    }
    for withholds in [r#""seen""#, "null", "[1]", r#"{"seen":true}"#, r#"[["seen"]]"#] {
        refuses(&hello(withholds), "hello", "`withholds` is not a list of at most 50 strings");
    }
}

/// What is named by a frame that is refused, and why it is.
fn refused(input: &str) -> (FrameRef, Refusal) {
    let (named, frame) = parse(input);
    (named, frame.unwrap_err())
}

/// The frame of `input` is refused as malformed at `place`, and as a frame of type `of`.
fn refuses(input: &str, of: &str, place: &str) {
    let (named, refusal) = refused(input);
    let Refusal::Malformed(told) = &refusal else { panic!("{input}: {refusal:?}") };
    assert!(told.contains(place), "{input}: {told}");
    assert_eq!(named.of, of, "{input}");
}
