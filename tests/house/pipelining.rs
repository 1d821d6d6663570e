//! Once and in order, over sockets: many messages on the way at once, from several devices, through refusals,
//! lost lines and a start of the house.

use std::collections::HashSet;
use std::sync::Arc;

use parlour::host::config::Config;
use parlour::limits::{MESSAGES_PER_SECOND, PRODUCERS_PER_SEAT_MAX};
use serde_json::{Value, json};

use crate::support::house::{House, Person, text};

/// As many as a client may have unanswered.
const UNANSWERED: usize = 64;

/// What a client keeps to say each thing once and in order: its words, and from when on they have a number.
struct Outbox {
    producer: u64,
    /// The sequence of the first one.
    next: u64,
    words: Vec<String>,
}

impl Outbox {
    fn new(producer: u64, words: impl Iterator<Item = String>) -> Self {
        Self { producer, next: 1, words: words.collect() }
    }

    fn id(&self, place: usize) -> String {
        format!("{:016x}{:016x}", self.producer, self.next + place as u64)
    }

    /// Everything that waits goes out at once.
    async fn sends_all(&self, person: &mut Person) {
        for (place, words) in self.words.iter().enumerate().take(UNANSWERED) {
            let id = self.id(place);
            person.sends(json!({"type": "chat-say", "seat": person.seat, "id": id, "text": words})).await;
        }
    }

    /// Waits until each of them was answered: what was taken is dropped, and so is what was refused for good.
    async fn takes_answers(&mut self, person: &mut Person) {
        let sent: Vec<_> = (0..self.words.len().min(UNANSWERED)).map(|place| self.id(place)).collect();
        let (mut answered, mut taken, mut dropped) = (HashSet::new(), 0, HashSet::new());
        while answered.len() < sent.len() {
            let frame = person.gets_next().await;
            let Some(place) = sent.iter().position(|id| frame["id"] == id.as_str()) else { continue };
            // A message that is shown again was acknowledged by that.
            if !answered.insert(place) {
                continue;
            }
            match text(&frame["type"]).as_str() {
                "chat-message" | "chat-said" => {
                    assert_eq!(place, taken, "in order, and nothing behind one that was refused");
                    taken += 1;
                }
                "refused" if frame["code"] == "message_too_long" => drop(dropped.insert(place)),
                "refused" => {
                    assert!(frame["code"] == "out_of_order" || frame["code"] == "slow_down", "{frame}")
                }
                _ => panic!("{frame}"),
            }
        }
        let mut place = 0..;
        self.words.retain(|_| place.next().is_some_and(|place| place >= taken && !dropped.contains(&place)));
        self.next += taken as u64;
    }
}

/// The words of all messages, as somebody reads them who has just come.
async fn all_words(house: &House, person: &Person) -> Vec<String> {
    let path = |after: usize| format!("/api/v1/seats/{}/messages?after={after}&limit=100", person.seat);
    let (mut words, mut read) = (Vec::new(), 0);
    loop {
        let answer = house.ask(reqwest::Method::GET, &path(read), Some(&person.device), None).await;
        let page: Value = answer.json().await.unwrap();
        let messages = page["messages"].as_array().unwrap();
        read += messages.len();
        words.extend(messages.iter().filter_map(|message| Some(text(message.get("text")?))));
        if page["more"] == false {
            return words;
        }
    }
}

#[tokio::test]
async fn what_is_pipelined_through_refusals_is_said_once_and_in_order() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut anny = house.enter(&anny).await;
    let is_too_long = |number: usize| [10, 11, 40].contains(&number);
    let words = |number| if is_too_long(number) { "x".repeat(4_001) } else { format!("message {number}") };
    let mut outbox = Outbox::new(7, (0..UNANSWERED).map(words));
    while !outbox.words.is_empty() {
        outbox.sends_all(&mut anny).await;
        outbox.takes_answers(&mut anny).await;
    }
    let expected: Vec<_> = (0..UNANSWERED).filter(|number| !is_too_long(*number)).map(words).collect();
    assert_eq!(all_words(&house, &anny).await, expected);
}

/// Its producer was forgotten for newer ones: the house looks for it while more comes in.
#[tokio::test]
async fn what_is_pipelined_by_a_forgotten_producer_is_said_once_and_in_order() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut anny = house.enter(&anny).await;
    let mut outbox = Outbox::new(7, std::iter::empty());
    for round in 0..10 {
        outbox.words = (0..UNANSWERED / 2).map(|number| format!("{round} {number}")).collect();
        outbox.sends_all(&mut anny).await;
        outbox.takes_answers(&mut anny).await;
        assert!(outbox.words.is_empty(), "round {round}: all of it was taken at once");
        for _ in 0..=PRODUCERS_PER_SEAT_MAX {
            anny.says("by another producer").await;
        }
    }
}

/// Faster than the house lets anybody be. It forgets how fast somebody was when it is started again.
#[tokio::test]
async fn what_is_pipelined_too_fast_is_said_once_and_in_order() {
    let slow = |config: &mut Config| config.messages_per_second = MESSAGES_PER_SECOND;
    let mut house = House::open_with(slow).await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut anny = house.enter(&anny).await;
    let words: Vec<_> = (0..UNANSWERED).map(|number| format!("message {number}")).collect();
    let mut outbox = Outbox::new(7, words.iter().cloned());
    let mut rounds = 0;
    while !outbox.words.is_empty() {
        outbox.sends_all(&mut anny).await;
        outbox.takes_answers(&mut anny).await;
        rounds += 1;
        let dir = Arc::clone(&house.dir);
        house.close().await.unwrap();
        house = House::open_in(dir, slow).await;
        anny = house.come_back(&anny.device, &anny.seat, 0).await;
    }
    assert!(rounds > 1, "all of it was taken at once: the test does not test");
    assert_eq!(all_words(&house, &anny).await, words);
}

/// The lines break where some of it is on the way, the house is started again, and everything is sent again.
#[tokio::test]
async fn three_devices_of_one_person_that_are_cut_off_say_everything_once_and_each_in_its_order() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut devices = Vec::new();
    for number in 1..=3u64 {
        let words = (0..UNANSWERED).map(move |message| format!("device {number} message {message:02}"));
        devices.push((house.enter(&anny).await, Outbox::new(number, words)));
    }
    for (person, outbox) in &mut devices {
        outbox.sends_all(person).await;
    }
    // One answer shows that some of it is done; nobody knows of the rest.
    devices[0].0.gets("chat-message").await;
    let house = house.reopen().await;
    let mut back = Vec::new();
    for (person, outbox) in devices {
        let mut person = house.come_back(&person.device, &person.seat, 0).await;
        outbox.sends_all(&mut person).await;
        back.push((person, outbox));
    }
    for (person, outbox) in &mut back {
        outbox.takes_answers(person).await;
        assert!(outbox.words.is_empty(), "all of it was taken");
    }
    let words = all_words(&house, &back[0].0).await;
    assert_eq!(words.len(), 3 * UNANSWERED, "each once");
    for number in 1..=3 {
        let of_device = |words: &&String| words.starts_with(&format!("device {number}"));
        assert!(words.iter().filter(of_device).is_sorted(), "device {number}");
    }
}

#[tokio::test]
async fn a_message_whose_echo_was_lost_with_the_house_is_said_once() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut anny, abhi) = (house.enter(&anny).await, house.enter(&abhi).await);
    let id = format!("{:016x}{:016x}", 7, 1);
    anny.sends(json!({"type": "chat-say", "seat": anny.seat, "id": id, "text": "once"})).await;
    let house = house.reopen().await;
    let mut anny = house.come_back(&anny.device, &anny.seat, 0).await;
    anny.says_as(&id, "once").await;
    let mut abhi = house.come_back(&abhi.device, &abhi.seat, 0).await;
    abhi.hears("once").await;
    abhi.has_not_got("chat-message").await;
}

#[tokio::test]
async fn nothing_comes_of_a_chat_after_its_last_frame_however_much_was_under_way() {
    for _ in 0..5 {
        let house = House::open().await;
        let [anny, _] = house.start("Anny", "Abhi").await;
        let mut anny = house.enter(&anny).await;
        Outbox::new(7, (1..UNANSWERED).map(|number| number.to_string())).sends_all(&mut anny).await;
        anny.sends(json!({"type": "chat-end", "seat": anny.seat})).await;
        anny.sends(json!({"type": "ping"})).await;
        let mut behind = Vec::new();
        let mut has_ended = false;
        while behind.last().is_none_or(|kind| kind != "pong") {
            let kind = text(&anny.gets_next().await["type"]);
            if has_ended {
                behind.push(kind);
            } else if kind == "chat-ended" {
                has_ended = true;
            } else if kind == "pong" {
                // It overtakes what waits for a commit.
                anny.sends(json!({"type": "ping"})).await;
            }
        }
        assert_eq!(behind, ["pong"]);
    }
}
