//! Somebody who is let in later, with and without what was said before: a canary that was said before is in
//! nothing that they are ever sent, or in everything.

use reqwest::Method;
use serde_json::{Value, json};

use super::{adds, asks, kitchen, told};
use crate::support::house::{House, Invited, Person, fresh_id, text};

/// It is in each text that was said before, and in none that is said later.
const CANARY: &str = "canary";

/// Anny has said it (1), and Bob has answered it with it (2). Cleo has reacted.
async fn sung(anny: &mut Person, bob: &mut Person, cleo: &mut Person) {
    anny.says("a canary sings").await;
    answers(bob, "which canary?").await;
    cleo.hears("a canary sings").await;
    cleo.hears("which canary?").await;
    cleo.sends(json!({"type": "chat-react", "seat": cleo.seat, "seq": 1, "emoji": "👍"})).await;
    cleo.gets("chat-done").await;
}

/// The first of all messages.
async fn answers(by: &mut Person, words: &str) {
    let id = fresh_id();
    by.sends(json!({"type": "chat-say", "seat": by.seat, "id": id, "text": words, "reply_to": 1})).await;
}

/// By link and code; the answer shows the newest messages.
async fn enters(house: &House, invite: &Invited) -> (Value, Person) {
    let question = json!({"token": invite.token, "code": invite.code});
    let answer: Value = house.post("/api/v1/invites/enter", question).await.json().await.unwrap();
    let (device, seat) = (text(&answer["device"]), text(&answer["seat"]));
    let mut person = house.socket(&device, &seat).await;
    person.sends(json!({"type": "hello", "device": device, "watch": true})).await;
    person.gets("welcome").await;
    (answer, person)
}

/// What is asked for by frame, each with what comes then.
async fn reads_by_socket(person: &mut Person) -> Vec<(String, String)> {
    let mut read = Vec::new();
    for rest in [
        r#""type":"chat-open","after":0,"changed":0"#,
        r#""type":"chat-open","newest":50,"changed":0"#,
        r#""type":"chat-open","after":2,"changed":0"#,
        r#""type":"chat-page","before":9007199254740991,"limit":100"#,
        r#""type":"chat-page","before":3,"limit":100"#,
    ] {
        person.sends_text(format!(r#"{{{rest},"seat":"{}"}}"#, person.seat)).await;
        let came: Vec<_> = told(person).await.iter().map(Value::to_string).collect();
        assert!(!came.is_empty(), "{rest}");
        read.push((rest.to_owned(), came.join("\n")));
    }
    read
}

async fn reads_over_http(house: &House, person: &Person) -> Vec<(String, String)> {
    let mut read = Vec::new();
    for path in [
        "messages",
        "messages?after=0",
        "messages?before=3",
        "messages?limit=1&after=0",
        "news",
        "news?after=0&changed=0",
        "news?newest=50&changed=0",
        "transcript",
    ] {
        let answer = asks(house, person, Method::GET, path, Value::Null).await;
        assert!(answer.status().is_success(), "{path}");
        read.push((path.to_owned(), answer.text().await.unwrap()));
    }
    let url = house.url(&format!("/api/v1/seats/{}/transcript", person.seat));
    let plain = house.http.get(url).bearer_auth(&person.device).header("accept", "text/plain");
    read.push(("transcript as text".to_owned(), plain.send().await.unwrap().text().await.unwrap()));
    read
}

async fn unread(house: &House, person: &Person) -> u64 {
    let rows = house.ask(Method::GET, "/api/v1/seats", Some(&person.device), None).await;
    rows.json::<Value>().await.unwrap()["seats"][0]["unread"].as_u64().unwrap()
}

/// Everything that is done to what was said before.
async fn changes_what_was_before(anny: &mut Person, bob: &mut Person, cleo: &mut Person) {
    let edit = json!({"type": "chat-edit", "seat": anny.seat, "seq": 1, "base": 0, "text": "a canary flew"});
    let react = json!({"type": "chat-react", "seat": cleo.seat, "seq": 1, "emoji": "😂"});
    let take_away = json!({"type": "chat-react", "seat": cleo.seat, "seq": 1});
    let hide = json!({"type": "chat-hide", "seat": cleo.seat, "seq": 1});
    let delete = json!({"type": "chat-delete", "seat": bob.seat, "seq": 2});
    let people = [anny, bob, cleo];
    for (by, frame) in [(0, edit), (2, react), (2, take_away), (2, hide), (1, delete)] {
        people[by].sends(frame).await;
        people[by].gets("chat-done").await;
    }
}

fn is_canary(read: &str) -> bool {
    // Neither the words nor what stands at their places.
    read.contains(CANARY) || read.contains(r#""seq":1,"#) || read.contains(r#""seq":2,"#)
}

#[tokio::test]
async fn a_person_who_comes_later_is_never_sent_what_was_said_before() {
    let house = House::open().await;
    let [mut anny, mut bob, mut cleo] = kitchen(&house).await;
    sung(&mut anny, &mut bob, &mut cleo).await;
    let (number, invite) = adds(&house, &anny, json!({"name": "Dora", "role": "admin"})).await;
    assert_eq!(bob.reads_note().await, json!({"what": "added", "participant": number, "history": false}));
    let (entered, mut dora) = enters(&house, &invite).await;
    assert!(!is_canary(&entered.to_string()), "{entered}");
    assert_eq!(unread(&house, &dora).await, 0);
    dora.opens(0).await;
    changes_what_was_before(&mut anny, &mut bob, &mut cleo).await;
    answers(&mut bob, "as above").await;
    dora.gets_where("chat-message", |told| told["text"] == "as above" && told["reply_to"] == 1).await;
    let heard = told(&mut dora).await;
    assert!(!heard.iter().any(|frame| is_canary(&frame.to_string())), "{heard:#?}");
    assert!(!heard.iter().any(|frame| frame["type"] == "chat-changed"), "{heard:#?}");
    assert_eq!(unread(&house, &dora).await, 1);

    let device = dora.device.clone();
    let house = house.reopen().await;
    let mut dora = house.connect(&device, &dora.seat).await;
    let read = [reads_by_socket(&mut dora).await, reads_over_http(&house, &dora).await].concat();
    for (how, read) in read {
        assert!(!is_canary(&read), "{how}: {read}");
    }
    assert_eq!(unread(&house, &dora).await, 1);
}

#[tokio::test]
async fn a_person_who_comes_later_changes_nothing_that_was_said_before_though_they_are_admin() {
    let house = House::open().await;
    let [mut anny, mut bob, mut cleo] = kitchen(&house).await;
    sung(&mut anny, &mut bob, &mut cleo).await;
    let (_, invite) = adds(&house, &anny, json!({"name": "Dora", "role": "admin"})).await;
    let mut dora = house.enter(&invite).await;
    told(&mut dora).await;
    for frame in [
        json!({"type": "chat-say", "seat": dora.seat, "id": fresh_id(), "text": "what?", "reply_to": 1}),
        json!({"type": "chat-edit", "seat": dora.seat, "seq": 1, "base": 0, "text": "mine"}),
        json!({"type": "chat-delete", "seat": dora.seat, "seq": 1}),
        json!({"type": "chat-hide", "seat": dora.seat, "seq": 1}),
        json!({"type": "chat-react", "seat": dora.seat, "seq": 1, "emoji": "👍"}),
    ] {
        dora.sends(frame).await;
        dora.is_refused("no_such_message").await;
    }
    for path in ["messages/1?for=everybody", "messages/2?for=me", "messages/1/reaction"] {
        let answer = asks(&house, &dora, Method::DELETE, path, Value::Null).await;
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], "no_such_message", "{path}");
    }
    let history = json!({"name": "Emil", "role": "guest", "history": true});
    let answer = asks(&house, &dora, Method::POST, "people", history).await;
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "only_admins", "what she may not read");
}

#[tokio::test]
async fn a_person_who_comes_later_with_what_was_said_before_reads_all_of_it() {
    let house = House::open().await;
    let [mut anny, mut bob, mut cleo] = kitchen(&house).await;
    sung(&mut anny, &mut bob, &mut cleo).await;
    let emil = json!({"name": "Emil", "role": "guest", "history": true});
    let (number, invite) = adds(&house, &anny, emil).await;
    assert_eq!(bob.reads_note().await, json!({"what": "added", "participant": number, "history": true}));
    let (entered, mut emil) = enters(&house, &invite).await;
    assert!(entered.to_string().contains(CANARY), "{entered}");
    assert_eq!(unread(&house, &emil).await, 2);
    let read = [reads_by_socket(&mut emil).await, reads_over_http(&house, &emil).await].concat();
    for (how, read) in read {
        assert!(read.contains(CANARY), "{how}: {read}");
    }
    let edit = json!({"type": "chat-edit", "seat": anny.seat, "seq": 1, "base": 0, "text": "a canary flew"});
    anny.sends(edit).await;
    assert_eq!(emil.gets("chat-changed").await["message"]["text"], "a canary flew");
}

#[tokio::test]
async fn a_device_that_watches_is_woken_by_nothing_that_its_person_may_not_read() {
    let house = House::open().await;
    let [mut anny, mut bob, mut cleo] = kitchen(&house).await;
    sung(&mut anny, &mut bob, &mut cleo).await;
    let (_, invite) = adds(&house, &anny, json!({"name": "Dora", "role": "guest"})).await;
    let (_, mut dora) = enters(&house, &invite).await;
    let news = dora.gets("seat-news").await;
    assert_eq!((&news["unread"], &news["head"]), (&json!(0), &json!(3)));
    changes_what_was_before(&mut anny, &mut bob, &mut cleo).await;
    bob.says("soup").await;
    let news = dora.gets_where("seat-news", |news| news["head"] == 4).await;
    assert_eq!(news["unread"], 1);
    dora.has_not_got("chat-message").await;
}
