//! Link -> "Hello Anny" -> code -> in: what the door says to whom.

use std::sync::atomic::Ordering;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::house::{House, text};

const GREETING: &str = "/api/v1/invites/greeting";
const ENTER: &str = "/api/v1/invites/enter";

#[tokio::test]
async fn the_link_greets_by_name_and_the_code_lets_in() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    for invited in [&anny, &abhi] {
        let answer: Value = house.post(GREETING, json!({"token": invited.token})).await.json().await.unwrap();
        assert_eq!(answer, json!({"name": invited.name}));
    }
    let typed = anny.code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
    let answer = house.post(ENTER, json!({"token": anny.token.to_lowercase(), "code": typed})).await;
    let answer: Value = answer.json().await.unwrap();
    assert_eq!((&answer["name"], &answer["others"]), (&json!("Anny"), &json!(["Abhi"])));
    assert_eq!(text(&answer["device"]).len(), 52);
}

#[tokio::test]
async fn the_answer_to_the_code_has_the_chat_as_it_is_shown_first() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut inside = house.enter(&abhi).await;
    inside.says("Are you there?").await;
    inside.says("It is about Sunday.").await;
    let answer = house.post(ENTER, json!({"token": anny.token, "code": anny.code})).await;
    let mut answer: Value = answer.json().await.unwrap();
    let (device, seat) = (text(&answer["device"]), text(&answer["seat"]));
    let path = format!("/api/v1/seats/{seat}/messages");
    let page: Value = house.ask(Method::GET, &path, Some(&device), None).await.json().await.unwrap();
    assert_eq!(answer["chat"]["messages"], page["messages"]);
    assert_eq!(page["messages"][1]["text"], "It is about Sunday.");
    assert_eq!(answer["chat"]["participants"][1]["here"], true);
    let mut state = house.connect(&device, &seat).await.opens(2).await;
    state["participants"][0]["here"] = json!(false);
    for field in ["me", "head", "idle", "due", "participants"] {
        assert_eq!(answer["chat"][field].take(), state[field], "{field}");
    }
}

#[tokio::test]
async fn a_links_secret_stands_behind_the_number_sign() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (page, token) = anny.link.split_once('#').unwrap();
    assert!(page.ends_with("/j") && token.len() == 26, "{}", anny.link);
    assert!(!anny.link.contains("localhost"));
}

#[tokio::test]
async fn a_link_that_never_was_and_one_that_cannot_be_answer_alike() {
    let house = House::open().await;
    let mut answers = Vec::new();
    for token in ["0".repeat(26), "Z".repeat(24) + "00", "nonsense".to_owned(), String::new()] {
        let answer = house.post(GREETING, json!({"token": token})).await;
        answers.push((
            answer.status(),
            answer.headers().get("content-length").cloned(),
            answer.bytes().await.unwrap(),
        ));
    }
    assert_eq!(answers[0].0, 404);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn a_person_who_holds_the_links_is_told_who_has_come_in() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let question = json!({"tokens": [anny.token, abhi.token, "0".repeat(26), "nonsense"]});
    let states = async |house: &House| {
        let answer: Value =
            house.post("/api/v1/invites/status", question.clone()).await.json().await.unwrap();
        let rows = answer["invites"].as_array().unwrap().clone();
        rows.iter().map(|row| text(&row["state"])).collect::<Vec<_>>()
    };
    assert_eq!(states(&house).await, ["waiting", "waiting", "unknown", "unknown"]);
    let mut person = house.enter(&anny).await;
    assert_eq!(states(&house).await, ["in", "waiting", "unknown", "unknown"]);
    person.sends(json!({"type": "chat-end", "seat": person.seat})).await;
    person.gets("chat-ended").await;
    assert_eq!(states(&house).await, ["ended", "ended", "unknown", "unknown"]);
}

#[tokio::test]
async fn a_wrong_code_says_so_says_how_long_to_wait_and_is_seen_by_who_is_in() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut inside = house.enter(&abhi).await;
    let wrong = json!({"token": anny.token, "code": other_code(&anny.code)});
    for tries in 1..=6 {
        let answer = house.post(ENTER, wrong.clone()).await;
        assert_eq!(answer.status(), 401);
        let waits = answer.headers().get("retry-after").cloned();
        let problem: Value = answer.json().await.unwrap();
        assert_eq!((&problem["code"], &problem["status"]), (&json!("wrong_code"), &json!(401)));
        assert_eq!(waits.is_some(), tries == 6, "five tries are free");
        let guess = inside.gets("chat-guess").await;
        assert_eq!((&guess["participant"], &guess["tries"]), (&json!("1"), &json!(tries)));
    }
    let right = json!({"token": anny.token, "code": anny.code});
    let answer = house.post(ENTER, right.clone()).await;
    assert_eq!(answer.status(), 429);
    let problem: Value = answer.json().await.unwrap();
    assert_eq!((&problem["code"], &problem["retry_after"]), (&json!("too_many_tries"), &json!(30)));
    inside.says("I am still in").await;
    house.now.fetch_add(30_000, Ordering::SeqCst);
    assert_eq!(house.post(ENTER, right).await.status(), 200);
}

#[tokio::test]
async fn a_thing_that_is_no_code_costs_nothing() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    for _ in 0..30 {
        let answer = house.post(ENTER, json!({"token": anny.token, "code": "K7QM"})).await;
        assert_eq!(answer.status(), 422);
    }
    house.enter(&anny).await;
}

#[tokio::test]
async fn both_links_of_an_ended_chat_say_when_and_by_whom() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut a, mut b) = (house.enter(&anny).await, house.enter(&abhi).await);
    a.says("hi").await;
    b.hears("hi").await;
    b.sends(json!({"type": "chat-end", "seat": b.seat})).await;
    for person in [&mut a, &mut b] {
        let ended = person.gets("chat-ended").await;
        assert_eq!((&ended["by"], &ended["messages"]), (&json!("2"), &json!(1)));
    }
    for (invited, me) in [(&anny, "1"), (&abhi, "2")] {
        for (path, body) in [
            (GREETING, json!({"token": invited.token})),
            (ENTER, json!({"token": invited.token, "code": invited.code})),
        ] {
            let answer = house.post(path, body).await;
            assert_eq!(answer.status(), 410);
            let problem: Value = answer.json().await.unwrap();
            assert_eq!((&problem["code"], &problem["by"]), (&json!("ended"), &json!("2")), "{problem}");
            assert_eq!(problem["me"], me, "{problem}");
            assert_eq!(
                (&problem["at"], &problem["messages"]),
                (&json!("2027-01-15T08:00:00.000Z"), &json!(1))
            );
        }
    }
    a.sends(json!({"type": "chat-open", "seat": a.seat, "after": 0})).await;
    let refused = a.is_refused("ended").await;
    assert_eq!((&refused["by"], &refused["me"]), (&json!("2"), &json!("1")));
}

#[tokio::test]
async fn your_chats_have_what_is_unread() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut a = house.enter(&anny).await;
    let (device, _) = house.device(&abhi).await;
    a.says("one").await;
    a.says("two").await;
    let answer: Value =
        house.ask(Method::GET, "/api/v1/seats", Some(&device), None).await.json().await.unwrap();
    let row = &answer["seats"][0];
    assert_eq!((&row["name"], &row["others"]), (&json!("Abhi"), &json!(["Anny"])));
    assert_eq!((&row["unread"], &row["head"], &row["idle"]), (&json!(2), &json!(2), &json!("1d")));
    assert_eq!(row["due"], "2027-01-16T08:00:00.000Z");
}

#[tokio::test]
async fn a_chat_that_was_just_entered_comes_first_of_your_chats() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let [again, _] = house.start("Anny", "Bob").await;
    let mut first = house.enter(&anny).await;
    first.says("one").await;
    house.now.fetch_add(1_000, Ordering::SeqCst);
    let entry = json!({"token": again.token, "code": again.code});
    assert_eq!(house.ask(Method::POST, ENTER, Some(&first.device), Some(entry)).await.status(), 200);
    let answer = house.ask(Method::GET, "/api/v1/seats", Some(&first.device), None).await;
    let rows: Value = answer.json().await.unwrap();
    let entered = [0, 1].map(|row| {
        let row = &rows["seats"][row];
        (text(&row["others"][0]), text(&row["entered"]))
    });
    let times = [("Bob", "2027-01-15T08:00:01.000Z"), ("Abhi", "2027-01-15T08:00:00.000Z")];
    assert_eq!(entered, times.map(|(name, at)| (name.to_owned(), at.to_owned())));
}

#[tokio::test]
async fn talking_goes_over_http_as_well() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut listener = house.enter(&abhi).await;
    let (device, seat) = house.device(&anny).await;
    let at = |what: &str| format!("/api/v1/seats/{seat}/{what}");
    let said = json!({"id": format!("{:032x}", 1), "text": "from a script"});
    for status in [201, 200] {
        let answer = house.ask(Method::POST, &at("messages"), Some(&device), Some(said.clone())).await;
        assert_eq!(answer.status(), status);
        assert_eq!(answer.json::<Value>().await.unwrap()["seq"], 1);
    }
    listener.hears("from a script").await;
    let page: Value =
        house.ask(Method::GET, &at("messages?limit=10"), Some(&device), None).await.json().await.unwrap();
    assert_eq!((&page["messages"][0]["text"], &page["more"]), (&json!("from a script"), &json!(false)));
    let receipts = house.ask(Method::POST, &at("receipts"), Some(&device), Some(json!({"seen": 1}))).await;
    assert_eq!(receipts.json::<Value>().await.unwrap(), json!({"delivered": 1, "seen": 1, "read": 1}));
    house.now.fetch_add(3_600_000, Ordering::SeqCst);
    let kept = house.ask(Method::POST, &at("keep"), Some(&device), Some(json!({}))).await;
    assert_eq!(kept.json::<Value>().await.unwrap(), json!({"due": "2027-01-16T09:00:00.000Z"}));
    assert_eq!(listener.gets("chat-kept").await["due"], "2027-01-16T09:00:00.000Z");
    let ended = house.ask(Method::POST, &at("end"), Some(&device), Some(json!({}))).await;
    assert_eq!(ended.json::<Value>().await.unwrap()["by"], "1");
    listener.gets("chat-ended").await;
}

#[tokio::test]
async fn the_transcript_is_everything_in_order() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut a, mut b) = (house.enter(&anny).await, house.enter(&abhi).await);
    for n in 0..120 {
        let person = if n % 2 == 0 { &mut a } else { &mut b };
        person.says(&format!("message {n}")).await;
    }
    let path = format!("/api/v1/seats/{}/transcript", a.seat);
    let get = house.http.get(house.url(&path)).bearer_auth(&a.device);
    let json: Value = get.header("accept", "application/json").send().await.unwrap().json().await.unwrap();
    let texts: Vec<_> = json["messages"].as_array().unwrap().iter().map(|m| text(&m["text"])).collect();
    assert_eq!(texts, (0..120).map(|n| format!("message {n}")).collect::<Vec<_>>());
    assert_eq!(json["messages"][1]["from"], "Abhi");
    let get = house.http.get(house.url(&path)).bearer_auth(&a.device);
    let plain = get.header("accept", "text/plain").send().await.unwrap().text().await.unwrap();
    assert!(plain.contains("Anny: message 0") && plain.contains("Abhi: message 119"), "{plain}");
}

#[tokio::test]
async fn a_qr_code_is_an_image_of_the_link() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    for (accept, begins) in [("image/svg+xml", &b"<svg"[..]), ("image/png", &b"\x89PNG"[..])] {
        let asked = house.http.post(house.url("/api/v1/invites/qr")).header("accept", accept);
        let answer = asked.json(&json!({"token": anny.token})).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"].to_str().unwrap().split(';').next().unwrap(), accept);
        assert!(answer.bytes().await.unwrap().starts_with(begins));
    }
    let answer = house.post("/api/v1/invites/qr", json!({"token": "0".repeat(26)})).await;
    assert_eq!(answer.status(), 404);
}

/// A code of the right form that is another.
fn other_code(code: &str) -> String {
    let last = if code.ends_with('0') { '2' } else { '0' };
    format!("{}{last}", &code[..code.len() - 1])
}
