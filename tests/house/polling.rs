//! A chat without a socket: everything that it brings can be had by asking.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::house::{House, Invited, Person, fresh_id, text};

/// Somebody who comes in and has no socket.
struct Poller {
    device: String,
    seat: String,
}

impl Poller {
    async fn enter(house: &House, invited: &Invited) -> Self {
        let (device, seat) = house.device(invited).await;
        Self { device, seat }
    }

    async fn asks(&self, house: &House, method: Method, what: &str, body: Option<Value>) -> (u16, Value) {
        let path = format!("/api/v1/seats/{}{what}", self.seat);
        let answer = house.ask(method, &path, Some(&self.device), body).await;
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    async fn gets(&self, house: &House, what: &str) -> Value {
        let (status, answer) = self.asks(house, Method::GET, what, None).await;
        assert_eq!(status, 200, "{what}: {answer}");
        answer
    }

    async fn says(&self, house: &House, words: &str) -> u64 {
        let said = json!({"id": fresh_id(), "text": words});
        let (status, answer) = self.asks(house, Method::POST, "/messages", Some(said)).await;
        assert_eq!(status, 201, "{answer}");
        answer["seq"].as_u64().unwrap()
    }
}

fn texts(news: &Value) -> Vec<String> {
    news["messages"].as_array().unwrap().iter().map(|message| text(&message["text"])).collect()
}

async fn meet(house: &House) -> (Poller, Person) {
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    (Poller::enter(house, &anny).await, house.enter(&abhi).await)
}

#[tokio::test]
async fn news_by_polling_are_what_the_socket_would_have_told() {
    let house = House::open().await;
    let (anny, mut abhi) = meet(&house).await;
    abhi.says("hello").await;
    assert_eq!(anny.says(&house, "hi").await, 2);
    abhi.hears("hi").await;
    let news = anny.gets(&house, "/news?after=0").await;
    assert_eq!((texts(&news), &news["more"]), (vec!["hello".to_owned(), "hi".to_owned()], &json!(false)));
    assert_eq!(texts(&anny.gets(&house, "/news?after=1").await), ["hi"]);
    assert_eq!(texts(&anny.gets(&house, "/news?after=2").await), [""; 0]);
    assert_eq!(texts(&anny.gets(&house, "/news?after=99").await), [""; 0]);

    let state = &news["state"];
    assert_eq!(
        (&state["seat"], &state["name"], &state["me"]),
        (&json!(anny.seat), &json!("Anny"), &json!("1"))
    );
    assert_eq!((&state["head"], &state["idle"]), (&json!(2), &json!("1d")));
    assert_eq!(&anny.gets(&house, "").await, state);
    abhi.sends(json!({"type": "chat-seen", "seat": abhi.seat, "seq": 2})).await;
    abhi.gets("chat-receipt").await;
    let state = anny.gets(&house, "").await;
    let opened = house.come_back(&anny.device, &anny.seat, 2).await.opens(2).await;
    for field in ["me", "head", "idle", "due"] {
        assert_eq!(state[field], opened[field], "{field}");
    }
    assert_eq!(state["participants"][1], opened["participants"][1]);
    assert_eq!(news["incarnation"], house.welcome(&anny.device).await["incarnation"]);
}

#[tokio::test]
async fn a_client_that_asks_for_news_is_not_here_by_it_and_has_got_nothing_by_it() {
    let house = House::open().await;
    let (anny, mut abhi) = meet(&house).await;
    let seq = abhi.says("hello").await;
    for _ in 0..3 {
        assert_eq!(texts(&anny.gets(&house, "/news?after=0").await), ["hello"]);
        assert_eq!(anny.gets(&house, "").await["participants"][0]["here"], false);
    }
    abhi.has_not_got("chat-presence").await;
    abhi.has_not_got("chat-receipt").await;
    let shown = &abhi.opens(seq).await["participants"][0];
    assert_eq!((&shown["here"], &shown["delivered"], &shown["seen"]), (&json!(false), &json!(0), &json!(0)));
    assert!(shown.get("last_here").is_none(), "{shown}");

    let receipts = Some(json!({"seen": seq}));
    assert_eq!(anny.asks(&house, Method::POST, "/receipts", receipts).await.0, 200);
    let receipt = abhi.gets_where("chat-receipt", |frame| frame["participant"] == "1").await;
    assert_eq!(receipt["seen"], seq);
}

#[tokio::test]
async fn news_come_a_page_at_a_time_and_lose_nothing() {
    let house = House::open().await;
    let (anny, mut abhi) = meet(&house).await;
    for number in 1..=101_u64 {
        assert_eq!(abhi.says(&number.to_string()).await, number);
    }
    let first = anny.gets(&house, "/news").await;
    assert_eq!((texts(&first).len(), &first["more"]), (100, &json!(true)));
    let rest = anny.gets(&house, "/news?after=100").await;
    assert_eq!((texts(&rest), &rest["more"]), (vec!["101".to_owned()], &json!(false)));
}

#[tokio::test]
async fn a_client_that_asks_for_news_is_told_only_what_the_device_tells_as_well() {
    let house = House::open().await;
    let (anny, mut abhi) = meet(&house).await;
    let seq = anny.says(&house, "hi").await;
    abhi.hears("hi").await;
    abhi.sends(json!({"type": "chat-seen", "seat": abhi.seat, "seq": seq})).await;
    abhi.gets("chat-receipt").await;
    for (withholds, here, seen) in [
        ("", true, seq),
        ("withholds=", true, seq),
        ("withholds=typing", true, seq),
        ("withholds=here", false, seq),
        ("withholds=seen", true, 0),
        ("withholds=seen%2Ctyping,here", false, 0),
    ] {
        let state = anny.gets(&house, &format!("?{withholds}")).await;
        let news = anny.gets(&house, &format!("/news?after=1&{withholds}")).await;
        assert_eq!(news["state"], state, "{withholds}");
        let other = &state["participants"][1];
        assert_eq!((&other["here"], &other["seen"]), (&json!(here), &json!(seen)), "{withholds}");
    }
    for wrong in ["?withholds=all", "?withholds=here,here", "?after=1", "/news?after=-1", "/news?limit=5"] {
        let (status, answer) = anny.asks(&house, Method::GET, wrong, None).await;
        assert_eq!((status, &answer["code"]), (400, &json!("malformed")), "{wrong}");
    }
}

#[tokio::test]
async fn a_client_that_asks_for_news_learns_of_the_end() {
    let house = House::open().await;
    let (anny, mut abhi) = meet(&house).await;
    anny.says(&house, "hi").await;
    abhi.sends(json!({"type": "chat-end", "seat": abhi.seat})).await;
    abhi.gets("chat-ended").await;
    for what in ["", "/news?after=0"] {
        let (status, answer) = anny.asks(&house, Method::GET, what, None).await;
        assert_eq!((status, &answer["code"]), (410, &json!("ended")), "{what}");
        assert_eq!((&answer["by"], &answer["messages"]), (&json!("2"), &json!(1)), "{what}");
        assert_eq!(answer["me"], "1", "{what}");
        assert_eq!(answer["at"], "2027-01-15T08:00:00.000Z", "{what}");
    }
}

#[tokio::test]
async fn a_person_who_was_signed_out_gets_no_news() {
    let house = House::open().await;
    let (anny, _abhi) = meet(&house).await;
    assert_eq!(anny.asks(&house, Method::DELETE, "", None).await.0, 204);
    for what in ["", "/news?after=0"] {
        let (status, answer) = anny.asks(&house, Method::GET, what, None).await;
        assert_eq!((status, &answer["code"]), (404, &json!("no_such_seat")), "{what}");
        let path = format!("/api/v1/seats/{}{what}", anny.seat);
        assert_eq!(house.ask(Method::GET, &path, None, None).await.status(), 401, "{what}");
    }
}
