//! What a device does not tell, and is therefore not told.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::house::{House, Person};

/// Up to where a person has got, by the next word of it.
async fn receipt_of(listener: &mut Person, participant: &str) -> (u64, u64) {
    let receipt = listener.gets_where("chat-receipt", |frame| frame["participant"] == participant).await;
    (receipt["delivered"].as_u64().unwrap(), receipt["seen"].as_u64().unwrap())
}

async fn marks(person: &mut Person, kind: &str, seq: u64) {
    person.sends(json!({"type": kind, "seat": person.seat, "seq": seq})).await;
}

async fn types(person: &mut Person) {
    person.sends(json!({"type": "chat-typing", "seat": person.seat})).await;
}

async fn unread(house: &House, device: &str) -> Value {
    let answer = house.ask(Method::GET, "/api/v1/seats", Some(device), None).await;
    answer.json::<Value>().await.unwrap()["seats"][0]["unread"].clone()
}

#[tokio::test]
async fn a_person_who_does_not_tell_that_they_type_is_not_told_that_others_type() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut anny, mut abhi) = (house.enter_withholding(&anny, "typing").await, house.enter(&abhi).await);
    types(&mut anny).await;
    anny.says("typed in silence").await;
    abhi.hears("typed in silence").await;
    abhi.has_not_got("chat-typing").await;
    types(&mut abhi).await;
    abhi.says("typed aloud").await;
    anny.hears("typed aloud").await;
    anny.has_not_got("chat-typing").await;
    assert!(!anny.has_got("refused"));
}

#[tokio::test]
async fn a_person_who_does_not_tell_that_they_are_here_is_not_told_who_is() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut abhi, mut anny) = (house.enter(&abhi).await, house.enter_withholding(&anny, "here").await);
    anny.says("I am not here").await;
    abhi.sends(json!({"type": "chat-close", "seat": abhi.seat})).await;
    let shown = abhi.opens(0).await;
    assert_eq!(shown["participants"][0]["here"], false);
    anny.sends(json!({"type": "chat-close", "seat": anny.seat})).await;
    anny.says("and now I am gone").await;
    let shown = abhi.opens(2).await;
    assert!(shown["participants"][0].get("last_here").is_none(), "{shown}");
    abhi.has_not_got("chat-presence").await;
    let shown = anny.opens(2).await;
    for participant in shown["participants"].as_array().unwrap() {
        assert!(participant["here"] == false && participant.get("last_here").is_none(), "{shown}");
    }
    anny.has_not_got("chat-presence").await;
}

#[tokio::test]
async fn a_person_who_does_not_tell_what_they_have_seen_is_not_told_what_others_have() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut anny, mut abhi) = (house.enter_withholding(&anny, "seen").await, house.enter(&abhi).await);
    anny.says("one").await;
    abhi.says("two").await;
    marks(&mut anny, "chat-delivered", 2).await;
    assert_eq!(receipt_of(&mut abhi, "1").await, (2, 0));
    marks(&mut anny, "chat-seen", 2).await;
    assert_eq!(receipt_of(&mut anny, "1").await, (2, 0));
    assert_eq!(receipt_of(&mut anny, "1").await, (2, 2));
    marks(&mut abhi, "chat-seen", 2).await;
    assert_eq!(receipt_of(&mut anny, "2").await, (2, 0));
    assert_eq!(receipt_of(&mut abhi, "2").await, (2, 2));
    abhi.has_not_got("chat-receipt").await;
    let shown = anny.opens(2).await;
    assert_eq!(
        (&shown["participants"][0]["seen"], &shown["participants"][1]["seen"]),
        (&json!(2), &json!(0))
    );
    let shown = abhi.opens(2).await;
    assert_eq!(
        (&shown["participants"][0]["seen"], &shown["participants"][1]["seen"]),
        (&json!(0), &json!(2))
    );
}

#[tokio::test]
async fn what_was_read_in_silence_is_not_unread_on_another_device() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut phone, mut laptop) = (house.enter_withholding(&anny, "seen").await, house.enter(&anny).await);
    let mut abhi = house.enter(&abhi).await;
    let seq = abhi.says("hi").await;
    assert_eq!(unread(&house, &laptop.device).await, 1);
    marks(&mut phone, "chat-seen", seq).await;
    assert_eq!(receipt_of(&mut laptop, "1").await, (seq, seq));
    assert_eq!(unread(&house, &laptop.device).await, 0);
    assert_eq!(laptop.opens(seq).await["participants"][0]["seen"], seq);
    assert_eq!(receipt_of(&mut abhi, "1").await, (seq, 0));
}

#[tokio::test]
async fn a_device_that_tells_still_counts_when_another_of_the_same_person_withholds() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut abhi = house.enter(&abhi).await;
    let _phone = house.enter_withholding(&anny, "here").await;
    let mut laptop = house.enter(&anny).await;
    assert_eq!(abhi.gets("chat-presence").await["here"], true);
    types(&mut laptop).await;
    assert_eq!(abhi.gets("chat-typing").await["participant"], "1");
    let seq = abhi.says("hi").await;
    marks(&mut laptop, "chat-seen", seq).await;
    assert_eq!(receipt_of(&mut abhi, "1").await, (seq, seq));
    laptop.sends(json!({"type": "chat-close", "seat": laptop.seat})).await;
    let gone = abhi.gets("chat-presence").await;
    assert_eq!((&gone["here"], &gone["last_here"]), (&json!(false), &json!("2027-01-15T08:00:00.000Z")));
}

#[tokio::test]
async fn a_program_can_read_without_telling_so() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut abhi = house.enter(&abhi).await;
    let (device, seat) = house.device(&anny).await;
    let seq = abhi.says("hi").await;
    let path = format!("/api/v1/seats/{seat}/receipts");
    let answer = house.ask(Method::POST, &path, Some(&device), Some(json!({"read": seq}))).await;
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer, json!({"delivered": seq, "seen": 0, "read": seq}));
    assert_eq!(unread(&house, &device).await, 0);
    assert_eq!(receipt_of(&mut abhi, "1").await, (seq, 0));
}

#[tokio::test]
async fn the_answer_to_a_code_tells_only_what_the_device_tells_as_well() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut inside = house.enter(&abhi).await;
    let mut first = house.enter(&anny).await;
    let seq = first.says("hi").await;
    marks(&mut inside, "chat-seen", seq).await;
    receipt_of(&mut first, "2").await;
    for (withholds, here, seen) in [
        (json!([]), true, seq),
        (json!(["typing"]), true, seq),
        (json!(["here"]), false, seq),
        (json!(["seen"]), true, 0),
        (json!(["typing", "seen", "here"]), false, 0),
    ] {
        let question = json!({"token": anny.token, "code": anny.code, "withholds": withholds});
        let answer = house.post("/api/v1/invites/enter", question).await;
        let answer: Value = answer.json().await.unwrap();
        let other = &answer["chat"]["participants"][1];
        assert_eq!((&other["here"], &other["seen"]), (&json!(here), &json!(seen)), "{withholds}");
    }
}
