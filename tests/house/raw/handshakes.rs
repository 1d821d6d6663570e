//! Opening handshakes (RFC 6455, section 4).

use std::net::SocketAddr;

use super::frames::{TEXT, hello, masked};
use super::{ACCEPT, Asked, KEY, Wire, all_as_expected};
use crate::support::house::House;

const TARGET: &str = "GET /api/v1/socket HTTP/1.1";

/// The request of a client that does everything right, with some lines changed: `Name: value` in the place of
/// the line of that name, `-Name` takes it away, `+Name: value` adds one, and a line with `HTTP/` is the
/// first.
pub fn request(house: SocketAddr, changes: &[&str]) -> String {
    let mut lines = vec![TARGET.to_owned(), format!("Host: {house}")];
    let rest = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
    lines.extend(rest.map(str::to_owned));
    lines.extend([format!("Sec-WebSocket-Key: {KEY}"), "Sec-WebSocket-Protocol: parlour.v1".to_owned()]);
    for change in changes {
        let change = change.replace('$', &house.to_string());
        let is_of = |line: &String, name: &str| line.starts_with(&format!("{name}:"));
        match (change.strip_prefix('-'), change.strip_prefix('+'), change.split_once(": ")) {
            (Some(name), ..) => lines.retain(|line| !is_of(line, name)),
            (_, Some(line), _) => lines.push(line.to_owned()),
            _ if change.contains(" HTTP/") => lines[0] = change,
            (.., Some((name, _))) => {
                *lines.iter_mut().find(|line| is_of(line, name)).unwrap() = change.clone()
            }
            _ => unreachable!("{change}"),
        }
    }
    lines.join("\r\n") + "\r\n\r\n"
}

const CASES: &[(&str, &[&str], &str)] = &[
    ("all is right", &[], "101"),
    ("Upgrade as many write it", &["Upgrade: WebSocket"], "101"),
    ("Upgrade, among others", &["Upgrade: h2c, websocket"], "101"),
    ("Upgrade in two lines", &["Upgrade: h2c", "+Upgrade: websocket"], "101"),
    ("no Upgrade", &["-Upgrade"], "426:malformed"),
    ("Upgrade to something else", &["Upgrade: h2c"], "426:malformed"),
    ("Upgrade to something longer", &["Upgrade: websockets"], "426:malformed"),
    ("an empty Upgrade", &["Upgrade: "], "426:malformed"),
    ("Connection, among others", &["Connection: keep-alive, Upgrade"], "101"),
    ("Connection in capitals", &["Connection: UPGRADE"], "101"),
    ("no Connection", &["-Connection"], "426:malformed"),
    ("Connection without Upgrade", &["Connection: keep-alive"], "426:malformed"),
    ("Connection: close", &["Connection: close"], "426:malformed"),
    ("no version", &["-Sec-WebSocket-Version"], "426:malformed"),
    ("an empty version", &["Sec-WebSocket-Version: "], "426:malformed"),
    ("version 8", &["Sec-WebSocket-Version: 8"], "426:malformed"),
    ("version 12", &["Sec-WebSocket-Version: 12"], "426:malformed"),
    ("version 14", &["Sec-WebSocket-Version: 14"], "426:malformed"),
    ("version 013", &["Sec-WebSocket-Version: 013"], "426:malformed"),
    ("version thirteen", &["Sec-WebSocket-Version: thirteen"], "426:malformed"),
    ("no key", &["-Sec-WebSocket-Key"], "400:malformed"),
    ("an empty key", &["Sec-WebSocket-Key: "], "400:malformed"),
    ("two keys", &["+Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="], "400:malformed"),
    ("a key of 15 bytes", &["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j"], "400:malformed"),
    ("a key of 17 bytes", &["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZTE="], "400:malformed"),
    ("a key of 18 bytes", &["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZTEy"], "400:malformed"),
    ("a key without its padding", &["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ"], "400:malformed"),
    ("a key that is no base64", &["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ!=="], "400:malformed"),
    ("no subprotocol", &["-Sec-WebSocket-Protocol"], "400:malformed"),
    ("another subprotocol", &["Sec-WebSocket-Protocol: chat"], "400:malformed"),
    ("a later subprotocol", &["Sec-WebSocket-Protocol: parlour.v2"], "400:malformed"),
    ("subprotocols, ours among them", &["Sec-WebSocket-Protocol: chat, parlour.v1"], "101"),
    (
        "subprotocols in two lines",
        &["Sec-WebSocket-Protocol: chat", "+Sec-WebSocket-Protocol: parlour.v1"],
        "101",
    ),
    ("an extension is offered", &["+Sec-WebSocket-Extensions: permessage-deflate"], "101"),
    ("an extension that is none", &["+Sec-WebSocket-Extensions: ;;;"], "101"),
    ("our own page asks", &["+Origin: http://$"], "101"),
    ("another page asks", &["+Origin: http://evil.example"], "403:wrong_origin"),
    ("a page from nowhere asks", &["+Origin: null"], "403:wrong_origin"),
    ("our page by HTTPS asks", &["+Origin: https://$"], "403:wrong_origin"),
    ("two pages ask", &["+Origin: http://$", "+Origin: http://evil.example"], "403:wrong_origin"),
    ("an empty Origin", &["+Origin: "], "403:wrong_origin"),
    ("another's Host", &["Host: evil.example"], "421:wrong_host"),
    ("no Host", &["-Host"], "421:wrong_host"),
    ("two Hosts", &["+Host: $"], "421:wrong_host"),
    ("POST", &["POST /api/v1/socket HTTP/1.1"], "415:wrong_media_type"),
    (
        "POST of JSON",
        &["POST /api/v1/socket HTTP/1.1", "+Content-Type: application/json"],
        "405:wrong_method",
    ),
    ("PUT", &["PUT /api/v1/socket HTTP/1.1"], "405:wrong_method"),
    ("DELETE", &["DELETE /api/v1/socket HTTP/1.1"], "405:wrong_method"),
    ("HTTP/1.0", &["GET /api/v1/socket HTTP/1.0"], "426:malformed"),
    ("HTTP/2.0", &["GET /api/v1/socket HTTP/2.0"], "400:malformed"),
    ("a query", &["GET /api/v1/socket?x=1 HTTP/1.1"], "101"),
    ("a slash behind it", &["GET /api/v1/socket/ HTTP/1.1"], "404:no_such_page"),
    ("another address", &["GET /api/v1/sockets HTTP/1.1"], "404:no_such_page"),
    ("a page", &["GET /healthz HTTP/1.1"], "200"),
    ("the absolute form", &["GET http://$/api/v1/socket HTTP/1.1"], "101"),
    ("the absolute form of another's", &["GET http://evil.example/api/v1/socket HTTP/1.1"], "421:wrong_host"),
    ("a body", &["+Content-Length: 2"], "415:wrong_media_type"),
    ("a body in chunks", &["+Transfer-Encoding: chunked"], "415:wrong_media_type"),
    ("a packed body", &["+Content-Encoding: gzip"], "415:wrong_media_type"),
];

#[tokio::test]
async fn a_handshake_is_as_the_standard_says_or_is_refused() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (device, _) = house.device(&anny).await;
    let mut faults = Vec::new();
    for (what, changes, expected) in CASES {
        let mut wire = Wire::to(house.address).await;
        wire.sends(request(house.address, changes).as_bytes()).await;
        let came = wire.answer(Asked::Whole).await;
        if came != *expected {
            faults.push(format!("{what}: {came} instead of {expected}"));
        }
        drop(Wire::socket(&house, &device).await);
    }
    all_as_expected(&faults);
}

#[tokio::test]
async fn the_answer_to_a_handshake_has_its_proof_and_no_extension() {
    let house = House::open().await;
    let mut wire = Wire::to(house.address).await;
    let asked = request(house.address, &["+Sec-WebSocket-Extensions: permessage-deflate"]);
    wire.sends(asked.as_bytes()).await;
    let head = wire.head().await.unwrap();
    assert!(head.contains(&format!("sec-websocket-accept: {}\r\n", ACCEPT.to_lowercase())), "{head}");
    assert!(head.contains("sec-websocket-protocol: parlour.v1\r\n"), "{head}");
    assert!(!head.contains("sec-websocket-extensions"), "{head}");
}

#[tokio::test]
async fn frames_that_come_together_with_the_handshake_are_heard() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (device, _) = house.device(&anny).await;
    let mut wire = Wire::to(house.address).await;
    let frame = masked(TEXT, &hello(&device));
    wire.sends(&[request(house.address, &[]).as_bytes(), &frame].concat()).await;
    assert_eq!(wire.answer(Asked::Whole).await, "101");
    assert_eq!(wire.frame().await, "welcome");
}

#[tokio::test]
async fn a_stranger_whose_frames_are_wrong_is_told_by_which_number() {
    let house = House::open().await;
    let mut faults = Vec::new();
    for (what, bytes, expected) in [
        ("too large", masked(TEXT, &[b' '; 40_000]), "1009"),
        ("a reserved opcode", masked(0x83, b""), "1002"),
        ("no UTF-8", masked(TEXT, b"\xFF"), "1007"),
        ("something else than hello", masked(TEXT, br#"{"type":"ping"}"#), "refused:hello_first 1008"),
        ("bytes", masked(0x82, b"x"), "refused:hello_first 1008"),
    ] {
        let mut wire = Wire::to(house.address).await;
        wire.sends(request(house.address, &[]).as_bytes()).await;
        assert_eq!(wire.answer(Asked::Whole).await, "101");
        wire.sends(&bytes).await;
        let mut came = Vec::new();
        for _ in expected.split(' ') {
            came.push(wire.frame().await);
        }
        if came.join(" ") != expected {
            faults.push(format!("{what}: {} instead of {expected}", came.join(" ")));
        }
    }
    all_as_expected(&faults);
}
