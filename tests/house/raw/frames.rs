//! Frames after the handshake (RFC 6455, sections 5 to 8).

use serde_json::json;

use super::{Wire, all_as_expected};
use crate::support::house::House;

pub const TEXT: u8 = 0x81;
pub const CLOSE: u8 = 0x88;
pub const PING: u8 = 0x89;
pub const PONG: u8 = 0x8A;
const BINARY: u8 = 0x82;
/// The first of several.
const BEGIN: u8 = 0x01;
const BEGIN_BINARY: u8 = 0x02;
const GO_ON: u8 = 0x00;
const LAST: u8 = 0x80;
/// Reserved bits.
const RSV: [u8; 3] = [0x40, 0x20, 0x10];

/// Answered by `pong`.
const ASK: &[u8] = br#"{"type":"ping"}"#;
/// Answered by a refusal, which shows that it was read as text.
const GREEK: &[u8] = "{\"κόσμε\":\"ᚠ😀\"}".as_bytes();
const MASK: [u8; 4] = [0x37, 0xFA, 0x21, 0x3D];
/// Bytes of the largest frame, as docs/protocol.md has it.
const LARGEST: usize = 32 * 1024;

pub fn hello(device: &str) -> Vec<u8> {
    json!({"type": "hello", "device": device}).to_string().into_bytes()
}

/// As a client sends it.
pub fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    masked_with(MASK, first, payload)
}

fn masked_with(mask: [u8; 4], first: u8, payload: &[u8]) -> Vec<u8> {
    let width = match payload.len() {
        0..=125 => 0,
        126..=0xFFFF => 2,
        _ => 8,
    };
    written(first, width, payload.len() as u64, Some(mask), payload)
}

/// As only the house may send it.
fn bare(first: u8, payload: &[u8]) -> Vec<u8> {
    written(first, 0, payload.len() as u64, None, payload)
}

/// Its length takes so many bytes, needed or not.
fn wide(first: u8, width: usize, payload: &[u8]) -> Vec<u8> {
    written(first, width, payload.len() as u64, Some(MASK), payload)
}

/// It says that this much comes, and nothing does.
fn claims(first: u8, length: u64) -> Vec<u8> {
    written(first, 8, length, Some(MASK), &[])
}

fn written(first: u8, width: usize, length: u64, mask: Option<[u8; 4]>, payload: &[u8]) -> Vec<u8> {
    let is_masked = if mask.is_some() { 0x80 } else { 0 };
    let mut bytes = vec![first];
    match width {
        0 => bytes.push(is_masked | u8::try_from(length).unwrap()),
        2 => bytes.push(is_masked | 126),
        _ => bytes.push(is_masked | 127),
    }
    bytes.extend_from_slice(&length.to_be_bytes()[8 - width..]);
    bytes.extend(mask.iter().flatten());
    let mask = mask.unwrap_or_default();
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// [`ASK`] as a text of this length.
fn ask(length: usize) -> Vec<u8> {
    let mut ask = ASK.to_vec();
    ask.resize(length, b' ');
    ask
}

fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    masked(CLOSE, &[&code.to_be_bytes(), reason].concat())
}

/// In pieces of so many bytes.
fn pieces(payload: &[u8], size: usize) -> Vec<u8> {
    let count = payload.chunks(size).count();
    let first = |index: usize| match index {
        0 => BEGIN,
        _ if index + 1 == count => LAST,
        _ => GO_ON,
    };
    payload.chunks(size).enumerate().flat_map(|(index, piece)| masked(first(index), piece)).collect()
}

type Case = (&'static str, Vec<u8>, &'static str);

fn join<const N: usize>(frames: [Vec<u8>; N]) -> Vec<u8> {
    frames.concat()
}

fn heads() -> Vec<Case> {
    let unknown = |opcode: u8| masked(0x80 | opcode, ASK);
    vec![
        ("a text", masked(TEXT, ASK), "pong"),
        ("bytes", masked(BINARY, ASK), "refused:malformed"),
        ("the first reserved bit", masked(TEXT | RSV[0], ASK), "1002"),
        ("the second reserved bit", masked(TEXT | RSV[1], ASK), "1002"),
        ("the third reserved bit", masked(TEXT | RSV[2], ASK), "1002"),
        ("all reserved bits", masked(TEXT | 0x70, ASK), "1002"),
        ("a reserved bit in bytes", masked(BINARY | RSV[0], ASK), "1002"),
        ("a reserved bit in a ping", masked(PING | RSV[0], b""), "1002"),
        ("a reserved bit in a pong", masked(PONG | RSV[1], b""), "1002"),
        ("a reserved bit in a close", masked(CLOSE | RSV[2], b""), "1002"),
        ("a reserved bit in what goes on", join([masked(BEGIN, b"{"), masked(LAST | RSV[0], b"}")]), "1002"),
        ("opcode 3", unknown(0x3), "1002"),
        ("opcode 4", unknown(0x4), "1002"),
        ("opcode 5", unknown(0x5), "1002"),
        ("opcode 6", unknown(0x6), "1002"),
        ("opcode 7", unknown(0x7), "1002"),
        ("opcode 7, not the last", masked(0x7, ASK), "1002"),
        ("opcode B", unknown(0xB), "1002"),
        ("opcode C", unknown(0xC), "1002"),
        ("opcode D", unknown(0xD), "1002"),
        ("opcode E", unknown(0xE), "1002"),
        ("opcode F", unknown(0xF), "1002"),
        ("opcode F, empty", masked(0x8F, b""), "1002"),
        ("a text without a mask", bare(TEXT, ASK), "1002"),
        ("an empty text without a mask", bare(TEXT, b""), "1002"),
        ("a ping without a mask", bare(PING, b""), "1002"),
        ("a close without a mask", bare(CLOSE, b""), "1002"),
        ("what goes on without a mask", join([masked(BEGIN, b"{"), bare(LAST, b"}")]), "1002"),
        ("a mask of zeros", masked_with([0; 4], TEXT, ASK), "pong"),
        ("a mask of ones", masked_with([0xFF; 4], TEXT, ASK), "pong"),
        (
            "another mask for each",
            join([masked(BEGIN, &ASK[..7]), masked_with([7; 4], LAST, &ASK[7..])]),
            "pong",
        ),
    ]
}

fn lengths() -> Vec<Case> {
    vec![
        ("an empty text", masked(TEXT, b""), "refused:malformed"),
        ("no bytes", masked(BINARY, b""), "refused:malformed"),
        ("125 bytes", masked(TEXT, &ask(125)), "pong"),
        ("126 bytes", masked(TEXT, &ask(126)), "pong"),
        ("127 bytes", masked(TEXT, &ask(127)), "pong"),
        ("128 bytes", masked(TEXT, &ask(128)), "pong"),
        ("256 bytes", masked(TEXT, &ask(256)), "pong"),
        ("as large as can be", masked(TEXT, &ask(LARGEST)), "pong"),
        ("one byte more", masked(TEXT, &ask(LARGEST + 1)), "1009"),
        ("65535 bytes", masked(TEXT, &ask(0xFFFF)), "1009"),
        ("65536 bytes", masked(TEXT, &ask(0x1_0000)), "1009"),
        ("too many bytes that are no text", masked(BINARY, &ask(LARGEST + 1)), "1009"),
        ("a text of a gigabyte is announced", claims(TEXT, 1 << 30), "1009"),
        ("2^63 - 1 bytes are announced", claims(TEXT, (1 << 63) - 1), "1009"),
        ("2^63 bytes are announced", claims(TEXT, 1 << 63), "1009"),
        ("2^64 - 1 bytes are announced", claims(TEXT, u64::MAX), "1009"),
        // Not as short as can be, which section 5.2 forbids to the sender; read by everybody.
        ("15 bytes, said in two", wide(TEXT, 2, ASK), "pong"),
        ("15 bytes, said in eight", wide(TEXT, 8, ASK), "pong"),
        ("126 bytes, said in eight", wide(TEXT, 8, &ask(126)), "pong"),
        ("no bytes, said in eight", wide(TEXT, 8, b""), "refused:malformed"),
        (
            "a ping of 125 bytes, said in two",
            join([wide(PING, 2, b"hi"), masked(TEXT, ASK)]),
            "PONG(hi) pong",
        ),
        ("a ping of 126 bytes", masked(PING, &[b'x'; 126]), "1002"),
        ("a pong of 126 bytes", masked(PONG, &[b'x'; 126]), "1002"),
        ("a close of 126 bytes", close(1000, &[b'x'; 124]), "1002"),
        ("a ping of 70,000 bytes", masked(PING, &[b'x'; 70_000]), "1009"),
    ]
}

fn fragments() -> Vec<Case> {
    let half = LARGEST / 2;
    vec![
        ("two pieces", pieces(ASK, 8), "pong"),
        ("pieces of one byte", pieces(ASK, 1), "pong"),
        ("an empty piece first", join([masked(BEGIN, b""), masked(LAST, ASK)]), "pong"),
        ("an empty piece last", join([masked(BEGIN, ASK), masked(LAST, b"")]), "pong"),
        (
            "an empty piece between",
            join([masked(BEGIN, b"{"), masked(GO_ON, b""), masked(LAST, &ASK[1..])]),
            "pong",
        ),
        (
            "three empty pieces",
            join([masked(BEGIN, b""), masked(GO_ON, b""), masked(LAST, b"")]),
            "refused:malformed",
        ),
        (
            "1,000 empty pieces",
            join([masked(BEGIN, ASK), masked(GO_ON, b"").repeat(1_000), masked(LAST, b"")]),
            "pong",
        ),
        ("pieces of bytes", join([masked(BEGIN_BINARY, b"a"), masked(LAST, b"b")]), "refused:malformed"),
        ("pieces as large as can be", pieces(&ask(LARGEST), half), "pong"),
        ("pieces that are too large together", pieces(&ask(LARGEST + 1), half), "1009"),
        ("many pieces that are too large together", pieces(&ask(LARGEST + 1), 100), "1009"),
        ("nothing goes on", masked(LAST, ASK), "1002"),
        ("nothing goes on, and more comes", masked(GO_ON, ASK), "1002"),
        ("it goes on behind its end", join([pieces(ASK, 8), masked(LAST, b"x")]), "pong 1002"),
        ("a text inside a text", join([masked(BEGIN, b"{"), masked(TEXT, ASK)]), "1002"),
        ("bytes inside a text", join([masked(BEGIN, b"{"), masked(BINARY, ASK)]), "1002"),
        ("a text begins inside a text", join([masked(BEGIN, b"{"), masked(BEGIN, b"}")]), "1002"),
        ("two texts, one after the other", join([masked(TEXT, ASK), pieces(ASK, 4)]), "pong pong"),
    ]
}

fn control() -> Vec<Case> {
    let between = |frame: Vec<u8>| join([masked(BEGIN, &ASK[..4]), frame, masked(LAST, &ASK[4..])]);
    let parted = |first: u8| join([masked(first & 0x0F, b"a"), masked(LAST, b"b")]);
    vec![
        ("a ping", join([masked(PING, b"hi"), masked(TEXT, ASK)]), "PONG(hi) pong"),
        ("an empty ping", join([masked(PING, b""), masked(TEXT, ASK)]), "PONG() pong"),
        ("a ping between two pieces", between(masked(PING, b"hi")), "PONG(hi) pong"),
        ("a pong between two pieces", between(masked(PONG, b"hi")), "pong"),
        ("a pong for nothing", join([masked(PONG, b"hi"), masked(TEXT, ASK)]), "pong"),
        ("a close between two pieces", between(close(1000, b"")), "1000"),
        ("a ping in pieces", parted(PING), "1002"),
        ("a pong in pieces", parted(PONG), "1002"),
        ("a close in pieces", parted(CLOSE), "1002"),
        ("a piece of a ping between two pieces", between(masked(0x09, b"hi")), "1002"),
        ("a ping of no UTF-8", join([masked(PING, b"\xE2\x82"), masked(TEXT, ASK)]), "PONG(\u{FFFD}) pong"),
    ]
}

fn texts() -> Vec<Case> {
    let begun = |bytes: &[u8]| masked(BEGIN, bytes);
    vec![
        ("Greek, runes, a smile", masked(TEXT, GREEK), "refused:malformed"),
        ("the same, parted inside its letters", pieces(GREEK, 1), "refused:malformed"),
        ("the same, in threes", pieces(GREEK, 3), "refused:malformed"),
        ("the last of all characters", masked(TEXT, "\u{10FFFF}".as_bytes()), "refused:malformed"),
        ("no character, but UTF-8", masked(TEXT, "\u{FFFE}\u{FFFF}".as_bytes()), "refused:malformed"),
        ("a nought", masked(TEXT, b"\0"), "refused:malformed"),
        (
            "a mark of the byte order",
            masked(TEXT, &["\u{FEFF}".as_bytes(), ASK].concat()),
            "refused:malformed",
        ),
        ("the middle of a letter", masked(TEXT, b"\x80"), "1007"),
        ("a letter's beginning", masked(TEXT, b"\xCE"), "1007"),
        ("half a smile", masked(TEXT, b"\xF0\x9F\x98"), "1007"),
        ("a slash that is too long", masked(TEXT, b"\xC0\xAF"), "1007"),
        ("a nought that is too long", masked(TEXT, b"\xC0\x80"), "1007"),
        ("half of a surrogate pair", masked(TEXT, b"\xED\xA0\x80"), "1007"),
        ("a surrogate pair", masked(TEXT, b"\xED\xA0\xBD\xED\xB8\x80"), "1007"),
        ("beyond the last of all characters", masked(TEXT, b"\xF4\x90\x80\x80"), "1007"),
        ("five bytes of one letter", masked(TEXT, b"\xF8\x88\x80\x80\x80"), "1007"),
        ("FE and FF", masked(TEXT, b"\xFE\xFF"), "1007"),
        (
            "a letter that does not go on in the next piece",
            join([begun(b"\xCE"), masked(LAST, b"{")]),
            "1007",
        ),
        ("a letter that does not go on at all", join([begun(b"{\xCE"), masked(LAST, b"")]), "1007"),
        ("a wrong piece, before the last is there", begun(b"{\xFF"), "1007"),
        (
            "a smile that goes wrong in the second piece",
            join([begun(b"\xF4"), masked(GO_ON, b"\x90")]),
            "1007",
        ),
        ("bytes of no UTF-8", masked(BINARY, b"\xFF"), "refused:malformed"),
    ]
}

fn closes() -> Vec<Case> {
    vec![
        ("a close without a number", masked(CLOSE, b""), "close"),
        ("a close of one byte", masked(CLOSE, b"\x03"), "1002"),
        ("close 1000", close(1000, b""), "1000"),
        ("close 1001", close(1001, b""), "1001"),
        ("close 1002", close(1002, b""), "1002"),
        ("close 1003", close(1003, b""), "1003"),
        ("close 1007", close(1007, b""), "1007"),
        ("close 1008", close(1008, b""), "1008"),
        ("close 1009", close(1009, b""), "1009"),
        ("close 1010", close(1010, b""), "1010"),
        ("close 1011", close(1011, b""), "1011"),
        ("close 1012", close(1012, b""), "1012"),
        ("close 1013", close(1013, b""), "1013"),
        ("close 3000", close(3000, b""), "3000"),
        ("close 4999", close(4999, b""), "4999"),
        ("close 0", close(0, b""), "1002"),
        ("close 999", close(999, b""), "1002"),
        ("close 1004, which is reserved", close(1004, b""), "1002"),
        ("close 1005, which nobody may send", close(1005, b""), "1002"),
        ("close 1006, which nobody may send", close(1006, b""), "1002"),
        ("close 1015, which nobody may send", close(1015, b""), "1002"),
        ("close 1016", close(1016, b""), "1002"),
        ("close 2999", close(2999, b""), "1002"),
        ("close 5000", close(5000, b""), "1002"),
        ("close 65535", close(65535, b""), "1002"),
        ("a close with a reason", close(1000, "tschüß".as_bytes()), "1000"),
        ("a close with the longest reason", close(1000, &[b'x'; 123]), "1000"),
        ("a close whose reason is no UTF-8", close(1000, b"\xFF"), "1007"),
        ("words behind a close", join([close(1000, b""), masked(TEXT, ASK)]), "1000"),
        ("a second close", join([close(1000, b""), close(1001, b"")]), "1000"),
    ]
}

/// A bystander is asked after each case, and the next case comes by a connection of its own.
async fn all_come_out(cases: Vec<Case>) {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (device, _) = house.device(&anny).await;
    let mut bystander = house.enter(&abhi).await;
    let mut faults = Vec::new();
    for (what, bytes, expected) in cases {
        let mut wire = Wire::socket(&house, &device).await;
        wire.sends(&bytes).await;
        let mut came = Vec::new();
        for _ in expected.split(' ') {
            came.push(wire.frame().await);
        }
        if came.join(" ") != expected {
            faults.push(format!("{what}: {} instead of {expected}", came.join(" ")));
        }
        bystander.ping().await;
    }
    all_as_expected(&faults);
}

#[tokio::test]
async fn the_head_of_a_frame_is_as_the_standard_says_or_closes_with_1002() {
    all_come_out(heads()).await;
}

#[tokio::test]
async fn a_frame_is_read_up_to_its_bound_however_its_length_is_said() {
    all_come_out(lengths()).await;
}

#[tokio::test]
async fn a_message_in_pieces_is_one_message_or_closes_with_1002() {
    all_come_out(fragments()).await;
}

#[tokio::test]
async fn control_frames_come_between_pieces_and_are_never_in_pieces() {
    all_come_out(control()).await;
}

#[tokio::test]
async fn a_text_is_utf_8_wherever_it_is_parted_or_closes_with_1007() {
    all_come_out(texts()).await;
}

#[tokio::test]
async fn a_close_is_answered_with_its_number_if_somebody_may_send_that() {
    all_come_out(closes()).await;
}
