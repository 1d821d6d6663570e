//! I6: everything has a bound, and what is beyond it is told so while the others go on.

use serde_json::{Value, json};

use crate::support::house::{House, Invited, within};
use parlour::limits::{MESSAGE_CHARS_MAX, SOCKETS_PER_DEVICE_MAX, STRETCH_SHARE_MAX, UNREAD_MAX};

#[tokio::test]
async fn one_device_has_so_many_sockets_and_no_more() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (device, seat) = house.device(&anny).await;
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS_PER_DEVICE_MAX {
        sockets.push(house.come_back(&device, &seat, 0).await);
    }
    let mut one_more = house.socket(&device, &seat).await;
    one_more.sends(json!({"type": "hello", "device": device})).await;
    one_more.is_refused("too_many_sockets").await;
    assert_eq!(one_more.is_closed().await, Some(1008));
    sockets[0].says("the others are not affected").await;
    drop(sockets.pop());
    sockets[0].ping().await;
    within(until_open(&house, &device, &seat), "room for another socket").await;
}

/// The place of a socket that was closed is free when the house has noticed.
async fn until_open(house: &House, device: &str, seat: &str) {
    loop {
        let mut socket = house.socket(device, seat).await;
        socket.sends(json!({"type": "hello", "device": device})).await;
        if socket.gets_next().await["type"] == "welcome" {
            return;
        }
    }
}

#[tokio::test]
async fn what_the_house_cannot_stretch_in_time_is_busy_and_costs_nothing() {
    let house = House::open().await;
    // By two links: each may be entered by 64 times at once at the most.
    let invites = house.start("Anny", "Abhi").await;
    let asked = (0..STRETCH_SHARE_MAX * 6).map(|at| {
        let Invited { token, code, .. } = &invites[at % 2];
        let question = json!({"token": token, "code": code});
        let asked = house.http.post(house.url("/api/v1/invites/enter")).json(&question);
        tokio::spawn(asked.send())
    });
    let (mut entered, mut busy) = (0, 0);
    for answer in asked.collect::<Vec<_>>() {
        let answer = within(answer, "an answer").await.unwrap().unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        match status.as_u16() {
            200 => entered += 1,
            429 if body["code"] == "busy" => busy += 1,
            // Right codes that are looked at together are charged together, and the sixth must wait.
            429 if body["code"] == "too_many_tries" => {}
            _ => panic!("{status} {body}"),
        }
    }
    assert!(entered > 0 && busy > 0, "{entered} came in, {busy} were told to wait");
    house.now.fetch_add(3_600_000, std::sync::atomic::Ordering::SeqCst);
    for invited in &invites {
        house.enter(invited).await;
    }
}

#[tokio::test]
async fn the_33rd_device_signs_out_the_one_that_is_away_longest_and_not_the_one_that_is_here() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut here = house.enter(&anny).await;
    let mut others = Vec::new();
    for _ in 1..parlour::limits::DEVICES_PER_SEAT_MAX {
        house.now.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        others.push(house.device(&anny).await);
    }
    house.device(&anny).await;
    here.says("still in").await;
    let (away, _) = &others[0];
    let answer = house.ask(reqwest::Method::GET, "/api/v1/seats", Some(away), None).await;
    assert_eq!(answer.json::<Value>().await.unwrap(), json!({"seats": []}));
    house.come_back(&others[1].0, &others[1].1, 0).await.says("so are we").await;
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[test]
fn the_page_and_its_sentences_have_the_bounds_of_the_house() {
    let assets = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let read = |path: &str| std::fs::read_to_string(assets.join(path)).unwrap();
    for (file, name, bound) in [
        ("app/components/chars-left.js", "MESSAGE_CHARS_MAX", MESSAGE_CHARS_MAX.to_string()),
        ("app/components/chat-list.js", "UNREAD_COUNTED_MAX", UNREAD_MAX.to_string()),
    ] {
        let text = read(file);
        let line = text.lines().find(|line| line.starts_with(&format!("const {name} = ")));
        assert_eq!(digits(line.unwrap()), bound, "{file}: {name}");
    }
    for file in std::fs::read_dir(assets.join("words")).unwrap().map(|file| file.unwrap().path()) {
        let words: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let sentence = words["refusal.message_too_long"].as_str().unwrap();
        assert_eq!(digits(sentence), MESSAGE_CHARS_MAX.to_string(), "{}", file.display());
    }
}
