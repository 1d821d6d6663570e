//! Editing, deleting, reacting, answering and timers as people do them, over the socket and over HTTP.

use std::sync::atomic::Ordering;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::house::{House, Person, fresh_id, text};

const HEART: &str = "\u{2764}\u{FE0F}";

/// Anny and Abhi in one chat.
async fn two() -> (House, Person, Person) {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (anny, abhi) = (house.enter(&anny).await, house.enter(&abhi).await);
    (house, anny, abhi)
}

async fn does(person: &mut Person, kind: &str, seq: u64, rest: Value) {
    let mut frame = json!({"type": kind, "seat": person.seat, "seq": seq});
    frame.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    person.sends(frame).await;
}

async fn is_done(person: &mut Person, of: &str) -> u64 {
    let done = person.gets("chat-done").await;
    assert_eq!(done["of"], of);
    done["number"].as_u64().unwrap()
}

async fn is_shown(person: &mut Person) -> Value {
    person.gets("chat-changed").await["message"].clone()
}

async fn asks(
    house: &House,
    person: &Person,
    method: Method,
    rest: &str,
    body: Option<Value>,
) -> (u16, Value) {
    let path = format!("/api/v1/seats/{}/{rest}", person.seat);
    let answer = house.ask(method, &path, Some(&person.device), body).await;
    let status = answer.status();
    let body = if status == StatusCode::NO_CONTENT { Value::Null } else { answer.json().await.unwrap() };
    (status.as_u16(), body)
}

#[tokio::test]
async fn everybody_sees_what_was_mended_and_what_was_taken_back() {
    let (_house, mut anny, mut abhi) = two().await;
    anny.says("Hallo Abih").await;
    abhi.hears("Hallo Abih").await;
    does(&mut anny, "chat-edit", 1, json!({"base": 0, "text": "Hello Abhi"})).await;
    let shown = is_shown(&mut abhi).await;
    assert_eq!(
        (&shown["text"], &shown["edits"], &shown["seq"]),
        (&json!("Hello Abhi"), &json!(1), &json!(1))
    );
    assert_eq!(is_shown(&mut anny).await, shown, "it comes to the one who did it as to everybody else");
    assert_eq!(is_done(&mut anny, "chat-edit").await, 1);
    does(&mut abhi, "chat-react", 1, json!({"emoji": HEART})).await;
    assert_eq!(is_shown(&mut anny).await["reactions"], json!([{"from": "2", "emoji": HEART}]));
    abhi.sends(json!({"type": "chat-delivered", "seat": abhi.seat, "seq": 1})).await;
    anny.gets("chat-receipt").await;
    does(&mut anny, "chat-delete", 1, json!({})).await;
    is_shown(&mut abhi).await;
    let gone = is_shown(&mut abhi).await;
    assert_eq!((gone.get("text"), gone.get("reactions"), &gone["gone"]["stub"]), (None, None, &json!(true)));
    does(&mut abhi, "chat-react", 1, json!({"emoji": HEART})).await;
    assert_eq!(abhi.is_refused("gone").await["seq"], 1);
}

#[tokio::test]
async fn what_one_person_hides_only_their_own_devices_are_told() {
    let house = House::open().await;
    let [anny_link, abhi_link] = house.start("Anny", "Abhi").await;
    let (mut anny, mut abhi) = (house.enter(&anny_link).await, house.enter(&abhi_link).await);
    let mut tablet = house.enter(&abhi_link).await;
    assert_eq!(anny.reads_note().await, json!({"what": "new-device"}));
    let seq = anny.says("between us").await;
    does(&mut abhi, "chat-hide", seq, json!({})).await;
    for device in [&mut abhi, &mut tablet] {
        let frame = device.gets("chat-changed").await;
        assert_eq!((&frame["seat"], &frame["message"]["hidden"]), (&json!(device.seat), &json!(true)));
    }
    anny.has_not_got("chat-changed").await;
}

#[tokio::test]
async fn two_seats_on_one_socket_are_each_shown_what_they_missed() {
    let house = House::open().await;
    let [anny_link, abhi_link] = house.start("Anny", "Abhi").await;
    let (device, anny) = house.device(&anny_link).await;
    let enters = json!({"token": abhi_link.token, "code": abhi_link.code});
    let entered = house.ask(Method::POST, "/api/v1/invites/enter", Some(&device), Some(enters)).await;
    let abhi = text(&entered.json::<Value>().await.unwrap()["seat"]);
    let mut both = house.connect(&device, &anny).await;
    for words in ["Hallo", "between us", "also between us"] {
        both.says(words).await;
    }
    for (seat, kind, seq, rest) in [
        (&anny, "chat-edit", 1, json!({"base": 0, "text": "Hello"})),
        (&abhi, "chat-hide", 2, json!({})),
        (&abhi, "chat-hide", 3, json!({})),
    ] {
        both.seat.clone_from(seat);
        does(&mut both, kind, seq, rest).await;
        is_done(&mut both, kind).await;
    }
    for seat in [&anny, &abhi] {
        both.sends(json!({"type": "chat-open", "seat": seat, "after": 2, "changed": 0})).await;
    }
    let said = |seat: &str, frame: &Value| frame["seat"] == seat && frame["seq"] == 3;
    let shown = both.gets_where("chat-message", |frame| said(&anny, frame)).await;
    assert_eq!(shown["text"], "also between us");
    let shown = both.gets_where("chat-message", |frame| said(&abhi, frame)).await;
    assert_eq!((shown.get("text"), &shown["hidden"]), (None, &json!(true)));
    for (seat, numbers) in [(&anny, &[1][..]), (&abhi, &[1, 2])] {
        for number in numbers {
            let changed = both.gets_where("chat-changed", |frame| frame["seat"] == seat.as_str()).await;
            assert_eq!(changed["number"], *number, "in the order of the changes, and none is missing");
        }
    }
    both.has_not_got("chat-changed").await;
}

#[tokio::test]
async fn each_mistake_is_refused_alike_over_the_socket_and_over_http_and_changes_nothing() {
    let (house, mut anny, mut abhi) = two().await;
    anny.says("Anny's").await;
    abhi.says("Abhi's").await;
    anny.hears("Abhi's").await;
    let text = |base: u64| json!({"base": base, "text": "other words"});
    for (kind, method, rest, seq, body, status, code) in [
        ("chat-edit", Method::PATCH, "", 2, text(0), 403, "not_yours"),
        ("chat-edit", Method::PATCH, "", 1, text(1), 409, "changed_meanwhile"),
        ("chat-edit", Method::PATCH, "", 9, text(0), 404, "no_such_message"),
        ("chat-edit", Method::PATCH, "", 1, json!({"base": 0, "text": " "}), 422, "empty_message"),
        ("chat-react", Method::PUT, "/reaction", 2, json!({"emoji": "ok"}), 422, "not_an_emoji"),
        ("chat-react", Method::PUT, "/reaction", 9, json!({"emoji": HEART}), 404, "no_such_message"),
    ] {
        does(&mut anny, kind, seq, body.clone()).await;
        let refused = anny.is_refused(code).await;
        assert_eq!((&refused["of"], &refused["seq"]), (&json!(kind), &json!(seq)));
        let path = format!("messages/{seq}{rest}");
        let (answered, problem) = asks(&house, &anny, method, &path, Some(body)).await;
        assert_eq!((answered, &problem["code"]), (status, &json!(code)), "{problem}");
    }
    does(&mut anny, "chat-delete", 2, json!({})).await;
    anny.is_refused("not_yours").await;
    for (path, status, code) in [
        ("messages/2?for=everybody", 403, "not_yours"),
        ("messages/9?for=me", 404, "no_such_message"),
        ("messages/0?for=me", 404, "no_such_message"),
        ("messages/one?for=me", 404, "no_such_message"),
        ("messages/1", 400, "malformed"),
        ("messages/1?for=them", 400, "malformed"),
    ] {
        let (answered, problem) = asks(&house, &anny, Method::DELETE, path, None).await;
        assert_eq!((answered, &problem["code"]), (status, &json!(code)), "{path} {problem}");
    }
    let (_, page) = asks(&house, &anny, Method::GET, "messages", None).await;
    let texts: Vec<_> = page["messages"].as_array().unwrap().iter().map(|message| &message["text"]).collect();
    assert_eq!(texts, ["Anny's", "Abhi's"]);
    anny.has_not_got("chat-changed").await;
}

#[tokio::test]
async fn a_client_without_a_socket_changes_messages_and_learns_of_changes() {
    let (house, mut anny, _abhi) = two().await;
    for words in ["one", "two", "three"] {
        anny.says(words).await;
    }
    let mended = json!({"base": 0, "text": "two and a half"});
    assert_eq!(
        asks(&house, &anny, Method::PATCH, "messages/2", Some(mended)).await,
        (200, json!({"number": 1}))
    );
    let heart = Some(json!({"emoji": HEART}));
    assert_eq!(asks(&house, &anny, Method::PUT, "messages/1/reaction", heart).await.1["number"], 2);
    assert_eq!(asks(&house, &anny, Method::DELETE, "messages/1/reaction", None).await.1["number"], 3);
    assert_eq!(asks(&house, &anny, Method::DELETE, "messages/3?for=everybody", None).await.1["number"], 4);
    let (_, news) = asks(&house, &anny, Method::GET, "news?after=3&changed=1", None).await;
    let changed: Vec<_> = news["changes"].as_array().unwrap().iter().map(|message| &message["seq"]).collect();
    assert_eq!(
        (changed, &news["changes_up_to"], &news["state"]["changed"]),
        (vec![&json!(1), &json!(3)], &json!(4), &json!(4))
    );
    let (_, news) = asks(&house, &anny, Method::GET, "news?after=3", None).await;
    assert_eq!((news.get("changes"), news.get("afresh")), (None, None));
}

#[tokio::test]
async fn a_reply_names_its_message_and_a_page_has_it() {
    let (house, mut anny, mut abhi) = two().await;
    anny.says("tea?").await;
    let id = fresh_id();
    let reply = json!({"type": "chat-say", "seat": abhi.seat, "id": id, "text": "yes", "reply_to": 1});
    abhi.sends(reply).await;
    let shown = anny.gets_where("chat-message", |frame| frame["from"] == "2").await;
    assert_eq!(shown["reply_to"], 1);
    let (_, page) = asks(&house, &anny, Method::GET, "messages?before=2&limit=1", None).await;
    assert_eq!(page["messages"][0]["text"], "tea?");
    assert!(page["messages"][0]["device"].is_string(), "one's own: by which device");
    let body = json!({"id": fresh_id(), "text": "no", "reply_to": 7});
    let (status, problem) = asks(&house, &abhi, Method::POST, "messages", Some(body)).await;
    assert_eq!((status, &problem["code"]), (404, &json!("no_such_message")));
}

/// The transcript of one person, in a form.
async fn saves(house: &House, person: &Person, form: &str) -> String {
    let path = format!("/api/v1/seats/{}/transcript", person.seat);
    let asked = house.http.get(house.url(&path)).bearer_auth(&person.device).header("accept", form);
    asked.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn a_transcript_has_what_the_one_who_asks_can_read_now() {
    let (house, mut anny, abhi) = two().await;
    for words in ["Hallo", "regretted", "between us"] {
        anny.says(words).await;
    }
    let reply = json!({"id": fresh_id(), "text": "yes", "reply_to": 2});
    assert_eq!(asks(&house, &abhi, Method::POST, "messages", Some(reply)).await.0, 201);
    for (person, method, path, body) in [
        (&anny, Method::PATCH, "messages/1", Some(json!({"base": 0, "text": "Hello"}))),
        (&abhi, Method::PUT, "messages/1/reaction", Some(json!({"emoji": HEART}))),
        (&abhi, Method::PUT, "messages/2/reaction", Some(json!({"emoji": HEART}))),
        (&anny, Method::DELETE, "messages/2?for=everybody", None),
        (&abhi, Method::DELETE, "messages/3?for=me", None),
    ] {
        assert_eq!(asks(&house, person, method, path, body).await.0, 200, "{path}");
    }
    assert_eq!(asks(&house, &anny, Method::PUT, "timer", Some(json!({"after": "1h"}))).await.0, 204);
    anny.says("vanishes").await;
    let hello = json!([1, "Anny", "Hello", null, true]);
    let yes = json!([4, "Abhi", "yes", 2, false]);
    let all = [hello.clone(), json!([3, "Anny", "between us", null, false]), yes.clone()];
    house.now.fetch_add(3_600_000, Ordering::SeqCst);
    for (person, expected) in [(&anny, &all[..]), (&abhi, &[hello, yes])] {
        let saved: Value = serde_json::from_str(&saves(&house, person, "application/json").await).unwrap();
        let messages = saved["messages"].as_array().unwrap().iter().map(|message| {
            let edited = message["edited"].is_string();
            json!([message["seq"], message["from"], message["text"], message["reply_to"], edited])
        });
        assert_eq!(messages.collect::<Vec<_>>(), expected);
        let said = |one: &Value| format!("] {}: {}", one[1].as_str().unwrap(), one[2].as_str().unwrap());
        let plain = saves(&house, person, "text/plain").await;
        let lines = plain.lines().zip(expected);
        assert!(lines.clone().all(|(line, one)| line.ends_with(&said(one))), "{plain}");
        assert_eq!(plain.lines().count(), expected.len(), "{plain}");
    }
}

#[tokio::test]
async fn what_people_agree_on_is_noted_among_the_messages() {
    let (house, mut anny, mut abhi) = two().await;
    let timer = |after: &str| Some(json!({"after": after}));
    assert_eq!(asks(&house, &anny, Method::PUT, "timer", timer("1d")).await.0, 204);
    assert_eq!(abhi.reads_note().await, json!({"what": "vanish", "after": "1d"}));
    anny.says("for a day").await;
    let shown = abhi.gets("chat-message").await;
    assert!(shown["vanishes"].is_string(), "{shown}");
    assert_eq!(asks(&house, &anny, Method::PUT, "timer", timer("1d")).await.0, 204, "as it is");
    assert_eq!(asks(&house, &anny, Method::PUT, "timer", timer("never")).await.0, 204);
    assert_eq!(abhi.reads_note().await, json!({"what": "vanish", "after": "never"}));
    assert_eq!(asks(&house, &anny, Method::PUT, "timer", timer("1s")).await.1["code"], "malformed");
    let (status, kept) = asks(&house, &anny, Method::PUT, "idle", Some(json!({"idle": "1w"}))).await;
    assert!(status == 200 && kept["due"].is_string(), "{kept}");
    assert_eq!(abhi.reads_note().await, json!({"what": "idle", "idle": "1w"}));
    let (status, problem) = asks(&house, &anny, Method::PUT, "idle", Some(json!({"idle": "2w"}))).await;
    assert_eq!((status, &problem["code"]), (422, &json!("bad_idle")));
    let (_, state) = asks(&house, &abhi, Method::GET, "news?after=9", None).await;
    assert_eq!((&state["state"]["idle"], &state["state"]["vanish"]), (&json!("1w"), &json!("never")));
    let (_, invite) = asks(&house, &anny, Method::POST, "invites", Some(json!({"participant": "2"}))).await;
    assert!(invite["code"].is_string());
    assert_eq!(abhi.reads_note().await, json!({"what": "replaced", "participant": "2"}));
}
