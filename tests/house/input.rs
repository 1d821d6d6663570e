//! Wrong input: one clear refusal, the connection lives, nothing changes.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use crate::support::house::{DEADLINE, House, within};

const FOREIGN: &str = "00000000000000aa-1";

/// Everything that can be asked of a chat, to see whether anything changed.
async fn picture(house: &House, device: &str, seat: &str) -> String {
    let mut picture = String::new();
    for path in ["/api/v1/seats".to_owned(), format!("/api/v1/seats/{seat}/messages")] {
        picture += &house.ask(Method::GET, &path, Some(device), None).await.text().await.unwrap();
    }
    picture
}

#[tokio::test]
async fn every_wrong_body_gets_its_refusal_and_changes_nothing() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (device, seat) = house.device(&anny).await;
    let before = picture(&house, &device, &seat).await;
    let token = anny.token.as_str();
    let at = |what: &str| format!("/api/v1/seats/{seat}/{what}");
    let chats = "/api/v1/chats".to_owned();
    let (greeting, status) = ("/api/v1/invites/greeting".to_owned(), "/api/v1/invites/status".to_owned());
    let (enter, qr) = ("/api/v1/invites/enter".to_owned(), "/api/v1/invites/qr".to_owned());
    let id = format!("{}{:016x}", "a".repeat(16), 1);
    let long = "x".repeat(4_001);
    let table = [
        (&chats, json!({}), 400, "malformed"),
        (&chats, json!([]), 400, "malformed"),
        (&chats, json!("names"), 400, "malformed"),
        (&chats, json!({"names": ["Anny", "Abhi"]}), 400, "malformed"),
        (&chats, json!({"names": ["Anny"], "idle": "1d"}), 400, "malformed"),
        (&chats, json!({"names": ["Anny", "Abhi", "Bo"], "idle": "1d"}), 400, "malformed"),
        (&chats, json!({"names": "Anny", "idle": "1d"}), 400, "malformed"),
        (&chats, json!({"names": [1, 2], "idle": "1d"}), 400, "malformed"),
        (&chats, json!({"names": ["Anny", "Abhi"], "idle": 1}), 400, "malformed"),
        (&chats, json!({"names": ["Anny", "Abhi"], "idle": "1d", "more": 1}), 400, "malformed"),
        (&chats, json!({"nmaes": ["Anny", "Abhi"], "idle": "1d"}), 400, "malformed"),
        (&chats, json!({"names": ["", "Abhi"], "idle": "1d"}), 422, "bad_name"),
        (&chats, json!({"names": ["x".repeat(41), "Abhi"], "idle": "1d"}), 422, "bad_name"),
        (&chats, json!({"names": ["A\u{1b}nny", "Abhi"], "idle": "1d"}), 422, "bad_name"),
        (&chats, json!({"names": ["Anny", " ANNY "], "idle": "1d"}), 422, "same_name"),
        (&chats, json!({"names": ["Anny", "Abhi"], "idle": "2d"}), 422, "bad_idle"),
        (&greeting, json!({}), 400, "malformed"),
        (&greeting, json!({"token": 5}), 400, "malformed"),
        (&greeting, json!({"token": token, "code": "x"}), 400, "malformed"),
        (&greeting, json!({"token": "0".repeat(26)}), 404, "no_such_link"),
        (&greeting, json!({"token": "x".repeat(5_000)}), 404, "no_such_link"),
        (&status, json!({"tokens": token}), 400, "malformed"),
        (&status, json!({"tokens": [1]}), 400, "malformed"),
        (&status, json!({"tokens": vec![token; 51]}), 400, "malformed"),
        (&enter, json!({"token": token}), 400, "malformed"),
        (&enter, json!({"token": token, "code": 12_345_678}), 400, "malformed"),
        (&enter, json!({"token": token, "code": anny.code, "withholds": "here"}), 400, "malformed"),
        (&enter, json!({"token": token, "code": anny.code, "withholds": ["here", "here"]}), 400, "malformed"),
        (&enter, json!({"token": token, "code": ""}), 422, "bad_code"),
        (&enter, json!({"token": token, "code": "K7QM-3XRPP"}), 422, "bad_code"),
        (&enter, json!({"token": "0".repeat(26), "code": anny.code}), 404, "no_such_link"),
        (&qr, json!({"token": "0".repeat(26)}), 404, "no_such_link"),
        (&at("messages"), json!({}), 400, "malformed"),
        (&at("messages"), json!({"id": id}), 400, "malformed"),
        (&at("messages"), json!({"id": "a", "text": "hi"}), 400, "malformed"),
        (&at("messages"), json!({"id": "A".repeat(32), "text": "hi"}), 400, "malformed"),
        (&at("messages"), json!({"id": "0".repeat(32), "text": "hi"}), 400, "malformed"),
        (&at("messages"), json!({"id": "a".repeat(32), "text": "hi"}), 409, "out_of_order"),
        (&at("messages"), json!({"id": id, "text": 5}), 400, "malformed"),
        (&at("messages"), json!({"id": id, "txt": "hi"}), 400, "malformed"),
        (&at("messages"), json!({"id": id, "text": ""}), 422, "empty_message"),
        (&at("messages"), json!({"id": id, "text": " \n "}), 422, "empty_message"),
        (&at("messages"), json!({"id": id, "text": long}), 422, "message_too_long"),
        (&at("receipts"), json!({"delivered": -1}), 400, "malformed"),
        (&at("receipts"), json!({"delivered": "1"}), 400, "malformed"),
        (&at("receipts"), json!({"seen": 1.5}), 400, "malformed"),
        (&at("receipts"), json!({"read": "1"}), 400, "malformed"),
        (&at("receipts"), json!({"red": 1}), 400, "malformed"),
        (&at("keep"), json!({"please": true}), 400, "malformed"),
        (&at("end"), json!({"please": true}), 400, "malformed"),
    ];
    for (path, body, expected, code) in table {
        let answer = house.ask(Method::POST, path, Some(&device), Some(body.clone())).await;
        check(answer, expected, code, &format!("{path} {body}")).await;
    }
    assert_eq!(picture(&house, &device, &seat).await, before);
}

#[tokio::test]
async fn every_wrong_question_for_a_new_invite_is_refused_and_the_old_one_stays() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (device, seat) = house.device(&anny).await;
    let before = picture(&house, &device, &seat).await;
    let path = format!("/api/v1/seats/{seat}/invites");
    for body in [
        json!({}),
        json!({"participant": 2}),
        json!({"participant": "0"}),
        json!({"participant": "02"}),
        json!({"participant": "Abhi"}),
        json!({"participant": "2", "sign_out": "true"}),
        json!({"participant": "2", "sign_out": null}),
        json!({"participant": "2", "signout": true}),
    ] {
        let answer = house.ask(Method::POST, &path, Some(&device), Some(body.clone())).await;
        check(answer, 400, "malformed", &format!("{path} {body}")).await;
    }
    assert_eq!(picture(&house, &device, &seat).await, before);
    house.enter(&abhi).await;
}

async fn check(answer: reqwest::Response, status: u16, code: &str, what: &str) {
    assert_eq!(answer.status().as_u16(), status, "{what}");
    assert_eq!(answer.headers()["content-type"], "application/problem+json", "{what}");
    assert_eq!(answer.headers()["cache-control"], "no-store", "{what}");
    let problem: Value = answer.json().await.unwrap();
    assert_eq!((&problem["code"], &problem["status"]), (&json!(code), &json!(status)), "{what}: {problem}");
    assert!(problem["detail"].as_str().unwrap().ends_with('.'), "{what}: {problem}");
}

#[tokio::test]
async fn nobody_without_the_seat_gets_anything() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (_, seat) = house.device(&anny).await;
    let (stranger, own) = house.device(&abhi).await;
    let unknown = "0".repeat(52);
    for (method, what, body) in [
        (Method::GET, "messages", None),
        (Method::POST, "messages", Some(json!({"id": format!("{:032x}", 1), "text": "hi"}))),
        (Method::POST, "receipts", Some(json!({"seen": 1}))),
        (Method::POST, "keep", Some(json!({}))),
        (Method::POST, "end", Some(json!({}))),
        (Method::GET, "transcript", None),
        (Method::GET, "devices", None),
        (Method::DELETE, "devices/9e107d9d372bb682", None),
        (Method::POST, "invites", Some(json!({"participant": "2"}))),
        (Method::DELETE, "", None),
    ] {
        let path = format!("/api/v1/seats/{seat}/{what}").trim_end_matches('/').to_owned();
        for (device, status, code) in [
            (None, 401, "not_in"),
            (Some("nonsense"), 401, "not_in"),
            (Some(unknown.as_str()), 404, "no_such_seat"),
            (Some(stranger.as_str()), 404, "no_such_seat"),
        ] {
            let answer = house.ask(method.clone(), &path, device, body.clone()).await;
            check(answer, status, code, &format!("{method} {what} as {device:?}")).await;
        }
        if method == Method::POST {
            let answer = house.ask(Method::POST, &path, None, Some(json!("nonsense"))).await;
            check(answer, 401, "not_in", &format!("nonsense for {what} by nobody")).await;
        }
        let foreign = path.replace(&seat, FOREIGN);
        let answer = house.ask(method.clone(), &foreign, Some(&stranger), body.clone()).await;
        check(answer, 404, "no_such_seat", &format!("{method} {foreign}")).await;
    }
    let rows = house.ask(Method::GET, "/api/v1/seats", Some(&stranger), None).await.text().await.unwrap();
    assert!(rows.contains(&own) && !rows.contains(&seat));
    let rows: Value =
        house.ask(Method::GET, "/api/v1/seats", Some(&unknown), None).await.json().await.unwrap();
    assert_eq!(rows, json!({"seats": []}));
}

#[tokio::test]
async fn wrong_frames_are_refused_and_the_socket_lives() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut anny = house.enter(&anny).await;
    let seat = anny.seat.clone();
    let before = picture(&house, &anny.device.clone(), &seat).await;
    let id = format!("{}{:016x}", "a".repeat(16), 1);
    let table = [
        ("not json".to_owned(), "malformed"),
        ("[]".to_owned(), "malformed"),
        ("{}".to_owned(), "malformed"),
        (json!({"type": 5}).to_string(), "malformed"),
        (json!({"type": "chat-shout", "seat": seat}).to_string(), "malformed"),
        (json!({"type": "hello", "device": anny.device}).to_string(), "malformed"),
        (json!({"type": "chat-open", "seat": seat}).to_string(), "malformed"),
        (json!({"type": "chat-open", "seat": seat, "after": -1}).to_string(), "malformed"),
        (json!({"type": "chat-open", "seat": seat, "after": "0"}).to_string(), "malformed"),
        (json!({"type": "chat-open", "seat": seat, "after": 0, "more": 1}).to_string(), "malformed"),
        (json!({"type": "chat-open", "seat": "nonsense", "after": 0}).to_string(), "malformed"),
        (json!({"type": "chat-open", "seat": FOREIGN, "after": 0}).to_string(), "no_such_seat"),
        (json!({"type": "chat-close"}).to_string(), "malformed"),
        (json!({"type": "chat-say", "seat": seat, "text": "hi"}).to_string(), "malformed"),
        (json!({"type": "chat-say", "seat": seat, "id": 5, "text": "hi"}).to_string(), "malformed"),
        (json!({"type": "chat-say", "seat": seat, "id": id, "text": 5}).to_string(), "malformed"),
        (json!({"type": "chat-say", "seat": seat, "id": id, "text": ""}).to_string(), "empty_message"),
        (
            json!({"type": "chat-say", "seat": seat, "id": id, "text": "x".repeat(4_001)}).to_string(),
            "message_too_long",
        ),
        (json!({"type": "chat-say", "seat": FOREIGN, "id": id, "text": "hi"}).to_string(), "no_such_seat"),
        (format!(r#"{{"type":"chat-say","seat":"{seat}","id":"{id}","text":"a","text":"b"}}"#), "malformed"),
        (json!({"type": "chat-page", "seat": seat, "before": 1, "limit": 0}).to_string(), "malformed"),
        (json!({"type": "chat-page", "seat": seat, "before": 1, "limit": 101}).to_string(), "malformed"),
        (json!({"type": "chat-page", "seat": FOREIGN, "before": 1, "limit": 1}).to_string(), "no_such_seat"),
        (json!({"type": "chat-seen", "seat": seat, "seq": 1.5}).to_string(), "malformed"),
        (json!({"type": "chat-delivered", "seat": FOREIGN, "seq": 1}).to_string(), "no_such_seat"),
        (json!({"type": "chat-keep", "seat": FOREIGN}).to_string(), "no_such_seat"),
        (json!({"type": "chat-end", "seat": FOREIGN}).to_string(), "no_such_seat"),
        (json!({"type": "chat-end", "seat": seat, "really": true}).to_string(), "malformed"),
        (json!({"type": "ping", "seat": seat}).to_string(), "malformed"),
        (format!(r#"{{"type":"ping","deep":{}{}}}"#, "[".repeat(5_000), "]".repeat(5_000)), "malformed"),
    ];
    for (frame, code) in table {
        anny.sends_text(frame.clone()).await;
        let refused = anny.is_refused(code).await;
        assert!(!refused["detail"].as_str().unwrap().is_empty(), "{frame}");
    }
    anny.socket.send_binary().await;
    anny.is_refused("malformed").await;
    anny.ping().await;
    let device = anny.device.clone();
    assert_eq!(picture(&house, &device, &seat).await, before);
}

trait SendBinary {
    async fn send_binary(&mut self);
}

impl SendBinary for tokio_tungstenite::WebSocketStream<TcpStream> {
    async fn send_binary(&mut self) {
        use futures_util::SinkExt;
        self.send(Message::Binary(vec![1, 2, 3].into())).await.unwrap();
    }
}

#[tokio::test]
async fn a_refusal_says_which_message_it_means() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut anny = house.enter(&anny).await;
    let id = format!("{:032x}", 1);
    anny.sends(json!({"type": "chat-say", "seat": anny.seat, "id": id, "text": " "})).await;
    let refused = anny.is_refused("empty_message").await;
    assert_eq!(
        (&refused["of"], &refused["seat"], &refused["id"]),
        (&json!("chat-say"), &json!(anny.seat), &json!(id))
    );
}

#[tokio::test]
async fn a_socket_that_does_not_say_hello_is_closed() {
    let house = House::open().await;
    let mut stranger = house.socket("", "").await;
    stranger.sends(json!({"type": "ping"})).await;
    stranger.is_refused("hello_first").await;
    assert_eq!(stranger.is_closed().await, Some(1008));
    let mut stranger = house.socket("", "").await;
    stranger.sends(json!({"type": "hello", "device": "nonsense"})).await;
    stranger.gets("refused").await;
}

#[tokio::test]
async fn a_frame_that_is_too_large_closes_with_1009_and_one_that_is_not_text_with_1007() {
    use futures_util::SinkExt;
    use tokio_tungstenite::tungstenite::protocol::frame::Frame;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut large = house.enter(&anny).await;
    large.sends_text(format!("{{\"type\":\"ping\"{}}}", " ".repeat(40_000))).await;
    assert_eq!(large.is_closed().await, Some(1009));
    let mut broken = house.enter(&anny).await;
    let frame = Frame::message(vec![0xC3, 0x28], OpCode::Data(Data::Text), true);
    broken.socket.send(Message::Frame(frame)).await.unwrap();
    assert_eq!(broken.is_closed().await, Some(1007));
    house.enter(&anny).await.says("others are not affected").await;
}

/// Sends bytes and gives the answer's status line and the rest.
async fn raw(house: &House, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    let mut chunk = [0; 4_096];
    while !is_whole(&answer) {
        let read =
            tokio::time::timeout(DEADLINE, stream.read(&mut chunk)).await.expect("an answer").unwrap_or(0);
        if read == 0 {
            break;
        }
        answer.extend_from_slice(&chunk[..read]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).and_then(|n| n.parse().ok());
    length.is_none_or(|length: usize| body.len() >= length)
}

#[tokio::test]
async fn wrong_requests_get_the_right_status_before_their_body_is_read() {
    let house = House::open().await;
    let host = format!("Host: {}", house.address);
    let json = "Content-Type: application/json";
    let post = |fields: &str, body: &str| {
        format!("POST /api/v1/chats HTTP/1.1\r\n{fields}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    };
    let good = r#"{"names":["Anny","Abhi"],"idle":"1d"}"#;
    let origin = format!("Origin: http://{}", house.address);
    let table = [
        ("no Host", post(json, good), "421"),
        ("two Hosts", post(&format!("{host}\r\n{host}\r\n{json}"), good), "421"),
        ("another's Host", post(&format!("Host: evil.example\r\n{json}"), good), "421"),
        ("another's Origin", post(&format!("{host}\r\nOrigin: http://evil.example\r\n{json}"), good), "403"),
        ("no origin at all", post(&format!("{host}\r\nOrigin: null\r\n{json}"), good), "403"),
        ("no media type", post(&host, good), "415"),
        ("a form", post(&format!("{host}\r\nContent-Type: application/x-www-form-urlencoded"), good), "415"),
        ("plain text", post(&format!("{host}\r\nContent-Type: text/plain"), good), "415"),
        ("compressed", post(&format!("{host}\r\n{json}\r\nContent-Encoding: gzip"), good), "415"),
        (
            "forwarded by nobody we know",
            post(&format!("{host}\r\n{json}\r\nX-Forwarded-For: 192.168.1.5"), good),
            "403",
        ),
        (
            "forwarded, newer form",
            post(&format!("{host}\r\n{json}\r\nForwarded: for=192.168.1.5"), good),
            "403",
        ),
        ("not UTF-8", post(&format!("{host}\r\n{json}"), "{\"names\":[\"\u{0}"), "400"),
        ("good", post(&format!("{host}\r\n{json}"), good), "201"),
        ("good, from our page", post(&format!("{host}\r\n{origin}\r\n{json}; charset=utf-8"), good), "201"),
    ];
    for (what, request, status) in table {
        let answer = raw(&house, request.as_bytes()).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{what}: {answer}");
    }
}

#[tokio::test]
async fn what_is_no_request_is_answered_by_a_problem_as_well() {
    let house = House::open().await;
    let host = format!("Host: {}", house.address);
    let many: String = (0..100).map(|number| format!("X-{number}: 1\r\n")).collect();
    let large = "x".repeat(20_000);
    let good = format!("GET /healthz HTTP/1.1\r\n{host}\r\n\r\n");
    for (what, request, status, code) in [
        ("a space in a name", format!("GET / HTTP/1.1\r\n{host}\r\nX y: z\r\n\r\n"), 400, "malformed"),
        ("no version", format!("GET /\r\n{host}\r\n\r\n"), 400, "malformed"),
        ("another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n".to_owned(), 400, "malformed"),
        (
            "a wrong length",
            format!("POST / HTTP/1.1\r\n{host}\r\nContent-Length: x\r\n\r\n"),
            400,
            "malformed",
        ),
        ("many fields", format!("GET / HTTP/1.1\r\n{host}\r\n{many}\r\n"), 431, "too_large"),
        ("large fields", format!("GET / HTTP/1.1\r\n{host}\r\nX: {large}\r\n\r\n"), 431, "too_large"),
    ] {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        // A request that is right comes first: only what is wrong is answered so.
        stream.write_all(good.as_bytes()).await.unwrap();
        let mut first = vec![0; 4_096];
        let length = within(stream.read(&mut first), "an answer").await.unwrap();
        assert!(first[..length].starts_with(b"HTTP/1.1 200 "), "{what}");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // What comes after the end of what was read resets the connection.
        let _ = within(stream.read_to_end(&mut answer), what).await;
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{what}: {answer:?}"));
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{what}: {head}");
        assert!(head.contains("content-type: application/problem+json\r\n"), "{what}: {head}");
        let problem: Value = serde_json::from_str(body).unwrap();
        assert_eq!((&problem["status"], &problem["code"]), (&json!(status), &json!(code)), "{what}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_whether_it_says_so_or_not() {
    let house = House::open().await;
    let head = format!(
        "POST /api/v1/chats HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n",
        house.address
    );
    let told = raw(&house, format!("{head}Content-Length: 70000\r\n\r\n").as_bytes()).await;
    assert!(told.starts_with("HTTP/1.1 413"), "{told}");
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000)).repeat(17);
    let untold =
        raw(&house, format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunk}0\r\n\r\n").as_bytes()).await;
    assert!(untold.starts_with("HTTP/1.1 413"), "{untold}");
}

#[tokio::test]
async fn what_is_not_there_and_what_cannot_be_done_there_are_two_things() {
    let house = House::open().await;
    for (method, path, status) in [
        (Method::GET, "/api/v1/nothing", 404),
        (Method::GET, "/nothing", 404),
        (Method::GET, "/assets/nothing.js", 404),
        (Method::GET, "/assets/../Cargo.toml", 404),
        (Method::GET, "/assets/%2e%2e/Cargo.toml", 404),
        (Method::GET, "/api/v1/chats", 405),
        (Method::PUT, "/api/v1/chats", 405),
        (Method::POST, "/api/v1/house", 405),
        (Method::DELETE, "/api/v1/seats", 405),
        (Method::POST, "/api/v1/seats/x/devices", 405),
        (Method::GET, "/api/v1/seats/x/devices/y", 405),
        (Method::GET, "/api/v1/seats/x/invites", 405),
        (Method::GET, "/api/v1/seats/x/devices/y/z", 404),
    ] {
        let body = (method != Method::GET && method != Method::DELETE).then(|| json!({}));
        let answer = house.ask(method.clone(), path, None, body).await;
        assert_eq!(answer.status().as_u16(), status, "{method} {path}");
    }
}

/// I8
#[tokio::test]
async fn a_get_changes_nothing() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut a = house.enter(&anny).await;
    a.says("hi").await;
    let (device, seat) = house.device(&abhi).await;
    let before = picture(&house, &device, &seat).await;
    // The writer makes one empty commit after a second of rest, which may fall into the first round; a GET
    // that writes would write in each.
    let mut rounds = 0..3;
    let unwritten = loop {
        let Some(_) = rounds.next() else { break false };
        let bytes = std::fs::read(house.dir.path().join("parlour.redb")).unwrap();
        ask_everything(&house, &device, &seat).await;
        if std::fs::read(house.dir.path().join("parlour.redb")).unwrap() == bytes {
            break true;
        }
    };
    assert!(unwritten, "the store was written to");
    assert_eq!(picture(&house, &device, &seat).await, before);
}

/// Every GET that there is for somebody at a seat.
async fn ask_everything(house: &House, device: &str, seat: &str) {
    for path in ["/", "/j", "/c", "/healthz", "/api/v1/house", "/api/v1/openapi.json", "/api/v1/seats"] {
        let answer = house.ask(Method::GET, path, Some(device), None).await;
        assert_eq!(answer.status(), 200, "{path}");
    }
    for what in ["", "/news", "/news?after=0", "/messages", "/messages?after=0", "/transcript", "/devices"] {
        let path = format!("/api/v1/seats/{seat}{what}");
        assert_eq!(house.ask(Method::GET, &path, Some(device), None).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_query_that_is_wrong_is_refused() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (device, seat) = house.device(&anny).await;
    for query in ["limit=0", "limit=x", "before=-1", "after=1.5", "before=1&after=1", "lmit=5"] {
        let path = format!("/api/v1/seats/{seat}/messages?{query}");
        let answer = house.ask(Method::GET, &path, Some(&device), None).await;
        check(answer, 400, "malformed", query).await;
    }
}

#[tokio::test]
async fn what_is_not_acceptable_is_said() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (device, seat) = house.device(&anny).await;
    let transcript =
        house.http.get(house.url(&format!("/api/v1/seats/{seat}/transcript"))).bearer_auth(&device);
    check(
        transcript.header("accept", "image/png").send().await.unwrap(),
        406,
        "not_acceptable",
        "transcript",
    )
    .await;
    let qr = house.http.post(house.url("/api/v1/invites/qr")).header("accept", "text/html");
    let qr = within(qr.json(&json!({"token": anny.token})).send(), "an answer").await.unwrap();
    check(qr, 406, "not_acceptable", "qr").await;
}
