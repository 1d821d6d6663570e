//! The devices of one's own seat: seen, told apart, signed out.

use std::sync::atomic::Ordering;

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::disk::Mood;
use crate::support::house::{House, Person, text};

const HOUR: u64 = 3_600_000;

/// The list that a device is given.
async fn devices(house: &House, device: &str, seat: &str) -> Vec<Value> {
    let path = format!("/api/v1/seats/{seat}/devices");
    let answer = house.ask(Method::GET, &path, Some(device), None).await;
    assert_eq!(answer.status(), 200);
    answer.json::<Value>().await.unwrap()["devices"].as_array().unwrap().clone()
}

/// What a device calls itself.
async fn own_tag(house: &House, device: &str, seat: &str) -> String {
    let rows = devices(house, device, seat).await;
    text(&rows.iter().find(|row| row["this"] == true).unwrap()["device"])
}

async fn sign_out(house: &House, person: &Person, tag: &str) -> Response {
    let path = format!("/api/v1/seats/{}/devices/{tag}", person.seat);
    house.ask(Method::DELETE, &path, Some(&person.device), None).await
}

#[tokio::test]
async fn one_sees_the_devices_of_ones_own_seat_and_nobody_elses() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (phone, seat) = house.device(&anny).await;
    house.now.fetch_add(HOUR, Ordering::SeqCst);
    let (laptop, _) = house.device(&anny).await;
    let (other, others) = house.device(&abhi).await;
    let rows = devices(&house, &laptop, &seat).await;
    let seen: Vec<_> = rows.iter().map(|row| (&row["this"], text(&row["since"]))).collect();
    let first = (&json!(false), "2027-01-15T08:00:00.000Z".to_owned());
    assert_eq!(seen, [first, (&json!(true), "2027-01-15T09:00:00.000Z".to_owned())]);
    assert!(rows.iter().all(|row| row.get("last_here").is_none()));
    assert_eq!(own_tag(&house, &phone, &seat).await, text(&rows[0]["device"]));
    assert_eq!(devices(&house, &other, &others).await.len(), 1);
}

#[tokio::test]
async fn what_a_device_is_called_tells_nothing_of_it_and_is_another_in_every_seat() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (device, annys) = house.device(&anny).await;
    let question = json!({"token": abhi.token, "code": abhi.code});
    let answer = house.ask(Method::POST, "/api/v1/invites/enter", Some(&device), Some(question)).await;
    let abhis = text(&answer.json::<Value>().await.unwrap()["seat"]);
    let (one, two) = (own_tag(&house, &device, &annys).await, own_tag(&house, &device, &abhis).await);
    assert!(one.len() == 16 && one != two, "{one} {two}");
    let hash = parlour::crypto::DeviceSecret::parse(&device).unwrap().id();
    let hash: String = hash.0.iter().map(|byte| format!("{byte:02x}")).collect();
    for tag in [one, two] {
        assert!(!hash.contains(&tag) && !device.to_lowercase().contains(&tag));
    }
}

/// I5
#[tokio::test]
async fn a_device_that_is_signed_out_loses_its_seat_at_once_and_the_others_do_not() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut phone, mut lost) = (house.enter(&anny).await, house.enter(&anny).await);
    let mut other = house.enter(&abhi).await;
    let tag = own_tag(&house, &lost.device, &lost.seat).await;
    assert_eq!(sign_out(&house, &phone, &tag).await.status(), 204);
    lost.is_refused("no_such_seat").await;
    phone.says("is that phone still there?").await;
    other.hears("is that phone still there?").await;
    lost.has_not_got("chat-message").await;
    lost.sends(json!({"type": "chat-say", "seat": lost.seat, "id": format!("{:032x}", 1), "text": "hi"}))
        .await;
    lost.is_refused("no_such_seat").await;
    let path = format!("/api/v1/seats/{}/messages", lost.seat);
    assert_eq!(house.ask(Method::GET, &path, Some(&lost.device), None).await.status(), 404);
    assert_eq!(devices(&house, &phone.device, &phone.seat).await.len(), 1);
    let house = house.reopen().await;
    assert_eq!(house.ask(Method::GET, &path, Some(&lost.device), None).await.status(), 404);
    house.enter(&anny).await.says("the link and the code still let in").await;
}

/// I2, I5: nobody knows whether it was done, and nobody is told when it turns out that it was.
#[tokio::test]
async fn a_device_that_was_signed_out_by_a_commit_that_was_unknown_is_not_here_any_more() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut phone, mut lost) = (house.enter(&anny).await, house.enter(&anny).await);
    let mut other = house.enter(&abhi).await;
    let tag = own_tag(&house, &lost.device, &lost.seat).await;
    house.disk.set(Mood::OneSyncFails);
    assert_eq!(sign_out(&house, &phone, &tag).await.status(), 503);
    lost.gets("chat-resync").await;
    other.gets("chat-resync").await;
    other.opens(0).await;
    let done = devices(&house, &phone.device, &phone.seat).await.len() == 1;
    assert!(done, "the disk had it all the same: else this test shows nothing");
    lost.sends(json!({"type": "chat-typing", "seat": lost.seat})).await;
    lost.is_refused("no_such_seat").await;
    lost.sends(json!({"type": "chat-open", "seat": lost.seat, "after": 0})).await;
    lost.is_refused("no_such_seat").await;
    lost.ping().await;
    phone.sends(json!({"type": "chat-close", "seat": phone.seat})).await;
    other.gets_where("chat-presence", |frame| frame["here"] == false).await;
    other.has_not_got("chat-typing").await;
}

#[tokio::test]
async fn signing_out_oneself_is_leaving() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut anny = house.enter(&anny).await;
    let tag = own_tag(&house, &anny.device, &anny.seat).await;
    assert_eq!(sign_out(&house, &anny, &tag).await.status(), 204);
    anny.is_refused("no_such_seat").await;
    assert_eq!(sign_out(&house, &anny, &tag).await.status(), 404);
}

#[tokio::test]
async fn a_device_that_is_not_in_the_list_is_not_signed_out() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (phone, mut other) = (house.enter(&anny).await, house.enter(&abhi).await);
    let others = own_tag(&house, &other.device, &other.seat).await;
    for tag in [others.as_str(), "0000000000000000", "nonsense"] {
        let answer = sign_out(&house, &phone, tag).await;
        assert_eq!(answer.status(), 404, "{tag}");
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], "no_such_device", "{tag}");
    }
    other.says("I am still in").await;
}

#[tokio::test]
async fn when_a_device_was_last_here_is_known_to_the_hour_and_over_a_restart() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (phone, mut laptop) = (house.enter(&anny).await, house.enter(&anny).await);
    house.now.fetch_add(HOUR + HOUR / 2, Ordering::SeqCst);
    let (device, seat) = (laptop.device.clone(), laptop.seat.clone());
    laptop.sends(json!({"type": "chat-close", "seat": seat})).await;
    laptop.says("this commit comes behind the note").await;
    let left = async |house: &House, device: &str| {
        let rows = devices(house, device, &seat).await;
        rows.iter().find(|row| row["this"] == true).unwrap().get("last_here").cloned()
    };
    assert_eq!(left(&house, &phone.device).await, None);
    drop(phone);
    let house = house.reopen().await;
    assert_eq!(left(&house, &device).await, Some(json!("2027-01-15T09:00:00.000Z")));
}

#[tokio::test]
async fn when_a_device_left_that_does_not_tell_it_is_noted_nowhere() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut silent = house.enter_withholding(&anny, "here").await;
    silent.sends(json!({"type": "chat-close", "seat": silent.seat})).await;
    silent.says("this commit comes behind the note").await;
    let rows = devices(&house, &silent.device, &silent.seat).await;
    assert!(rows[0].get("last_here").is_none(), "{rows:?}");
}
