//! One socket that knows what is new in every chat of its device.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::house::{House, Person, text};

/// Somebody who is in chats with Abhi, Kim and Lee on one device, and watches.
struct Watching {
    house: House,
    anny: Person,
    /// Her seat in each chat, and the other person, who has it open.
    chats: Vec<(String, Person)>,
}

impl Watching {
    async fn begins() -> Self {
        let house = House::open().await;
        let (mut device, mut chats) = (String::new(), Vec::new());
        for other in ["Abhi", "Kim"] {
            let [anny, other] = house.start("Anny", other).await;
            let seat = comes_in(&house, &mut device, &anny.token, &anny.code).await;
            chats.push((seat, house.enter(&other).await));
        }
        let mut anny = house.socket(&device, &chats[0].0).await;
        anny.sends(json!({"type": "hello", "device": device, "watch": true})).await;
        let welcome = anny.gets("welcome").await;
        let mut seats: Vec<_> = chats.iter().map(|(seat, _)| known(seat)).collect();
        seats.sort_unstable_by_key(Value::to_string);
        assert_eq!(welcome["seats"], json!(seats));
        let mut watching = Self { house, anny, chats };
        for chat in 0..2 {
            assert_eq!(watching.news(chat).await, (0, 0));
        }
        watching
    }

    /// Head and unread of her seat in that chat, by the next news of it.
    async fn news(&mut self, chat: usize) -> (u64, u64) {
        let seat = self.chats[chat].0.clone();
        let news = self.anny.gets_where("seat-news", |frame| frame["seat"] == seat.as_str()).await;
        assert_eq!(news["head"] == 0, news.get("last_at").is_none(), "{news}");
        (news["head"].as_u64().unwrap(), news["unread"].as_u64().unwrap())
    }

    async fn asks(&self, method: Method, chat: usize, what: &str, body: Value) {
        let path = format!("/api/v1/seats/{}{what}", self.chats[chat].0);
        let answer = self.house.ask(method, &path, Some(&self.anny.device), Some(body)).await;
        assert!(answer.status().is_success(), "{answer:?}");
    }
}

fn known(seat: &str) -> Value {
    json!({"seat": seat, "chat": seat.split_once('-').unwrap().0})
}

/// The seat; the device gets its secret with the first.
async fn comes_in(house: &House, device: &mut String, token: &str, code: &str) -> String {
    let has = Some(device.as_str()).filter(|device| !device.is_empty());
    let question = json!({"token": token, "code": code});
    let answer = house.ask(Method::POST, "/api/v1/invites/enter", has, Some(question)).await;
    let answer: Value = answer.json().await.unwrap();
    if let Some(secret) = answer["device"].as_str() {
        secret.clone_into(device);
    }
    text(&answer["seat"])
}

#[tokio::test]
async fn what_is_new_in_every_chat_is_known_without_opening_one() {
    let mut watching = Watching::begins().await;
    watching.chats[0].1.says("one").await;
    assert_eq!(watching.news(0).await, (1, 1));
    watching.chats[1].1.says("elsewhere").await;
    assert_eq!(watching.news(1).await, (1, 1));
    watching.chats[0].1.says("two").await;
    assert_eq!(watching.news(0).await, (2, 2));
    watching.asks(Method::POST, 0, "/receipts", json!({"read": 1})).await;
    assert_eq!(watching.news(0).await, (2, 1), "read on another device, or by a program");
    watching.asks(Method::POST, 0, "/messages", json!({"id": format!("{:032x}", 1), "text": "mine"})).await;
    assert_eq!(watching.news(0).await, (3, 1), "one's own are not unread");
    let other = &mut watching.chats[0].1;
    assert_eq!(other.opens(3).await["participants"][0]["here"], false, "nobody is here by watching");
    watching.anny.has_not_got("chat-message").await;
    watching.anny.has_not_got("seat-news").await;
}

#[tokio::test]
async fn a_chat_that_the_device_enters_or_loses_comes_and_goes() {
    let mut watching = Watching::begins().await;
    let [anny, lee] = watching.house.start("Anny", "Lee").await;
    let mut device = watching.anny.device.clone();
    let seat = comes_in(&watching.house, &mut device, &anny.token, &anny.code).await;
    watching.chats.push((seat, watching.house.enter(&lee).await));
    assert_eq!(watching.news(2).await, (0, 0));
    watching.chats[2].1.says("welcome").await;
    assert_eq!(watching.news(2).await, (1, 1));
    watching.asks(Method::DELETE, 0, "", json!({})).await;
    assert_eq!(watching.anny.gets("seat-gone").await["seat"], watching.chats[0].0);
    let kim = &mut watching.chats[1].1;
    kim.sends(json!({"type": "chat-end", "seat": kim.seat})).await;
    assert_eq!(watching.anny.gets("seat-gone").await["seat"], watching.chats[1].0);
    watching.chats[0].1.says("is she there?").await;
    watching.chats[2].1.says("only this is left").await;
    assert_eq!(watching.news(2).await, (2, 2));
    watching.anny.has_not_got("seat-news").await;
    watching.anny.has_not_got("chat-ended").await;
}

#[tokio::test]
async fn a_device_that_is_signed_out_watches_no_more() {
    let mut watching = Watching::begins().await;
    let seat = watching.chats[0].0.clone();
    let path = format!("/api/v1/seats/{seat}/devices");
    let devices = watching.house.ask(Method::GET, &path, Some(&watching.anny.device), None).await;
    let devices: Value = devices.json().await.unwrap();
    let tag = text(&devices["devices"][0]["device"]);
    watching.asks(Method::DELETE, 0, &format!("/devices/{tag}"), json!({})).await;
    assert_eq!(watching.anny.gets("seat-gone").await["seat"], seat);
    watching.chats[0].1.says("hi").await;
    watching.anny.has_not_got("seat-news").await;
    watching.anny.has_not_got("refused").await;
}

#[tokio::test]
async fn a_program_without_a_socket_begins_with_the_newest_messages() {
    let mut watching = Watching::begins().await;
    for number in 1..=8 {
        watching.chats[0].1.says(&format!("{number}")).await;
    }
    watching.asks(Method::POST, 0, "/receipts", json!({"read": 4})).await;
    for (query, first) in [("newest=2", 5), ("newest=6", 3), ("newest=300", 1), ("after=7", 8)] {
        let path = format!("/api/v1/seats/{}/news?{query}", watching.chats[0].0);
        let news = watching.house.ask(Method::GET, &path, Some(&watching.anny.device), None).await;
        let news: Value = news.json().await.unwrap();
        assert_eq!(news["messages"][0]["seq"], first, "{query}");
    }
}

#[tokio::test]
async fn a_socket_that_shows_no_chat_types_in_none() {
    let mut watching = Watching::begins().await;
    let seat = watching.chats[0].0.clone();
    watching.anny.sends(json!({"type": "chat-typing", "seat": seat})).await;
    watching.anny.ping().await;
    watching.chats[0].1.has_not_got("chat-typing").await;
}
