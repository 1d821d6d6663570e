//! Two people talk: order, receipts, presence, coming back, several devices.

use parlour::limits::SOCKET_COMMANDS_MAX;
use serde_json::{Value, json};

use crate::support::disk::Mood;
use crate::support::house::{House, Person, fresh_id, text, until, within};

#[tokio::test]
async fn what_one_says_the_other_hears() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut anny, mut abhi) = (house.enter(&anny).await, house.enter(&abhi).await);
    assert_eq!(anny.says("Are you there?").await, 1);
    assert_eq!(abhi.hears("Are you there?").await, 1);
    assert_eq!(abhi.says("Yes!").await, 2);
    assert_eq!(anny.hears("Yes!").await, 2);
}

#[tokio::test]
async fn a_message_reaches_the_senders_other_devices_too() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (mut phone, mut laptop) = (house.enter(&anny).await, house.enter(&anny).await);
    phone.says("from the phone").await;
    laptop.hears("from the phone").await;
    phone.has_not_got("chat-message").await;
}

#[tokio::test]
async fn what_was_missed_comes_when_one_is_back() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut anny, abhi) = (house.enter(&anny).await, house.enter(&abhi).await);
    anny.says("one").await;
    let (device, seat) = (abhi.device.clone(), abhi.seat.clone());
    drop(abhi);
    anny.says("two").await;
    anny.says("three").await;
    let mut abhi = house.come_back(&device, &seat, 1).await;
    abhi.hears("two").await;
    abhi.hears("three").await;
    anny.says("four").await;
    abhi.hears("four").await;
}

#[tokio::test]
async fn the_chat_is_whole_after_a_restart() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut a, mut b) = (house.enter(&anny).await, house.enter(&abhi).await);
    a.says("one").await;
    b.says("two").await;
    let house = house.reopen().await;
    let mut a = house.enter(&anny).await;
    a.hears("one").await;
    a.hears("two").await;
}

#[tokio::test]
async fn the_same_id_again_says_nothing_again() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut anny, mut abhi) = (house.enter(&anny).await, house.enter(&abhi).await);
    let id = "8f14e45fceea167a0000000000000001";
    assert_eq!(anny.says_as(id, "once").await, 1);
    assert_eq!(anny.says_as(id, "once").await, 1);
    assert_eq!(abhi.says_as(id, "mine").await, 2);
    abhi.hears("once").await;
    abhi.has_not_got("chat-message").await;
}

/// I3
#[tokio::test]
async fn everybody_sees_one_order() {
    const EACH: usize = 150;
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut people = Vec::new();
    for invited in [&anny, &anny, &abhi, &abhi] {
        people.push(house.enter(invited).await);
    }
    let total = EACH * people.len();
    let orders = people.into_iter().enumerate().map(|(index, person)| {
        tokio::spawn(async move { talk_and_listen(person, index, EACH, total).await })
    });
    let mut seen = Vec::new();
    for order in orders.collect::<Vec<_>>() {
        seen.push(within(order, "everybody to be heard").await.unwrap());
    }
    // Before them it is noted that each has a second device.
    let notes = 2;
    let places: Vec<_> = seen[0].iter().map(|(seq, _)| *seq).collect();
    assert_eq!(places, (notes + 1..=notes + total as u64).collect::<Vec<_>>());
    assert!(seen.iter().all(|order| *order == seen[0]), "not everybody saw the same order");
}

/// Sends without waiting, and gives what is shown, in the order in which it comes.
async fn talk_and_listen(mut person: Person, index: usize, each: usize, total: usize) -> Vec<(u64, String)> {
    let mut order: Vec<(u64, String)> = Vec::new();
    for n in 0..each {
        let id = format!("{index:016x}{:016x}", n + 1);
        person.sends(json!({"type": "chat-say", "seat": person.seat, "id": id, "text": "hi"})).await;
    }
    while order.len() < total {
        let frame = person.gets_next().await;
        if frame["type"] == "chat-message" {
            order.push((frame["seq"].as_u64().unwrap(), text(&frame["id"])));
        } else if frame["type"] == "chat-resync" {
            let after = order.last().map_or(0, |(seq, _)| *seq);
            person.sends(json!({"type": "chat-open", "seat": person.seat, "after": after})).await;
        }
    }
    order
}

/// I4
#[tokio::test]
async fn a_reader_that_is_slow_is_resynced_and_misses_nothing() {
    const MESSAGES: u64 = 1_280;
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut anny, mut abhi) = (house.enter(&anny).await, house.enter(&abhi).await);
    let long = "x".repeat(4_000);
    // As many at once as may be unanswered: a socket that nobody reads is closed after a while.
    let numbers: Vec<_> = (1..=MESSAGES as u32).collect();
    for some in numbers.chunks(SOCKET_COMMANDS_MAX) {
        for number in some {
            anny.sends(say(&anny.seat, *number, &long)).await;
        }
        anny.is_acknowledged(&id(some[some.len() - 1])).await;
    }
    let (mut last, mut resyncs) = (0, 0);
    while last < MESSAGES {
        let frame = abhi.gets_next().await;
        if frame["type"] == "chat-message" {
            assert_eq!(frame["seq"].as_u64().unwrap(), last + 1, "a message was skipped");
            last += 1;
        } else if frame["type"] == "chat-resync" {
            resyncs += 1;
            abhi.sends(json!({"type": "chat-open", "seat": abhi.seat, "after": last})).await;
        }
    }
    assert!(resyncs > 0, "4.8 MB went into a socket that nobody read: the test does not test");
}

/// I5
#[tokio::test]
async fn a_seat_that_was_left_hears_nothing_more() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut anny, mut abhi) = (house.enter(&anny).await, house.enter(&abhi).await);
    let path = format!("/api/v1/seats/{}", abhi.seat);
    let left = house.ask(reqwest::Method::DELETE, &path, Some(&abhi.device), None).await;
    assert_eq!(left.status(), 204);
    abhi.is_refused("no_such_seat").await;
    anny.says("is he still there?").await;
    abhi.has_not_got("chat-message").await;
    abhi.sends(json!({"type": "chat-say", "seat": abhi.seat, "id": id(1), "text": "hi"})).await;
    abhi.is_refused("no_such_seat").await;
}

#[tokio::test]
async fn a_receipt_goes_from_delivered_to_seen() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut anny, mut abhi) = (house.enter(&anny).await, house.enter(&abhi).await);
    let seq = anny.says("hi").await;
    for (kind, delivered, seen) in [("chat-delivered", seq, 0), ("chat-seen", seq, seq)] {
        abhi.sends(json!({"type": kind, "seat": abhi.seat, "seq": seq})).await;
        let receipt = anny.gets("chat-receipt").await;
        assert_eq!((&receipt["delivered"], &receipt["seen"]), (&json!(delivered), &json!(seen)));
        assert_eq!(receipt["participant"], "2");
    }
}

#[tokio::test]
async fn one_sees_when_the_other_is_here_types_and_leaves() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut anny = house.enter(&anny).await;
    let mut abhi = house.enter(&abhi).await;
    let presence = anny.gets("chat-presence").await;
    assert_eq!((&presence["participant"], &presence["here"]), (&json!("2"), &json!(true)));
    abhi.sends(json!({"type": "chat-typing", "seat": abhi.seat})).await;
    assert_eq!(anny.gets("chat-typing").await["participant"], "2");
    drop(abhi);
    let presence = anny.gets("chat-presence").await;
    assert_eq!(
        (&presence["here"], &presence["last_here"]),
        (&json!(false), &json!("2027-01-15T08:00:00.000Z"))
    );
}

#[tokio::test]
async fn when_somebody_was_last_here_is_known_after_a_restart() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut a = house.enter(&anny).await;
    drop(house.enter(&abhi).await);
    a.gets_where("chat-presence", |frame| frame["here"] == false).await;
    a.says("bye").await;
    let house = house.reopen().await;
    let (device, seat) = house.device(&anny).await;
    let mut a = house.connect(&device, &seat).await;
    a.sends(json!({"type": "chat-open", "seat": seat, "after": 0})).await;
    let state = a.gets("chat-state").await;
    assert_eq!(state["participants"][1]["last_here"], "2027-01-15T08:00:00.000Z");
}

#[tokio::test]
async fn history_is_read_upward() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut anny = house.enter(&anny).await;
    for n in 1..=7 {
        anny.says(&format!("{n}")).await;
    }
    anny.sends(json!({"type": "chat-page", "seat": anny.seat, "before": 6, "limit": 3})).await;
    let page = anny.gets("chat-page").await;
    let seqs: Vec<_> =
        page["messages"].as_array().unwrap().iter().map(|m| m["seq"].as_u64().unwrap()).collect();
    assert_eq!((seqs, &page["more"]), (vec![3, 4, 5], &json!(true)));
}

#[tokio::test]
async fn one_socket_serves_both_seats_of_a_device_and_hears_what_all_are_told_once() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (device, annys) = house.device(&anny).await;
    let question = json!({"token": abhi.token, "code": abhi.code});
    let answer =
        house.ask(reqwest::Method::POST, "/api/v1/invites/enter", Some(&device), Some(question)).await;
    let answer: serde_json::Value = answer.json().await.unwrap();
    assert!(answer.get("device").is_none());
    let abhis = text(&answer["seat"]);
    let mut both = house.come_back(&device, &annys, 0).await;
    both.sends(json!({"type": "chat-open", "seat": abhis, "after": 0})).await;
    both.gets_where("chat-state", |frame| frame["seat"] == abhis.as_str()).await;
    both.sends(json!({"type": "chat-say", "seat": annys, "id": id(1), "text": "from Anny"})).await;
    let heard = both.gets("chat-message").await;
    assert_eq!((&heard["chat"], &heard["from"]), (&json!(annys.split_once('-').unwrap().0), &json!("1")));
    for kind in ["chat-message", "chat-said"] {
        both.has_not_got(kind).await;
    }
    both.sends(json!({"type": "chat-seen", "seat": abhis, "seq": 1})).await;
    let own = both.gets_where("chat-receipt", |frame| frame["seat"] == abhis.as_str()).await;
    let shared = both.gets_where("chat-receipt", |frame| frame.get("chat").is_some()).await;
    for receipt in [own, shared] {
        assert_eq!((&receipt["participant"], &receipt["seen"]), (&json!("2"), &json!(1)));
    }
}

#[tokio::test]
async fn faster_than_anybody_types_is_refused_and_the_message_can_be_sent_later() {
    let house = House::open_with(|config| config.messages_per_second = 1).await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut anny = house.enter(&anny).await;
    for n in 1..=4 {
        anny.sends(json!({"type": "chat-say", "seat": anny.seat, "id": id(n), "text": "hi"})).await;
    }
    let refused = anny.is_refused("slow_down").await;
    assert_eq!(refused["id"], id(4));
    assert!(refused["retry_after"].as_u64().unwrap() >= 1);
}

#[tokio::test]
async fn a_house_that_stops_says_goodbye() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let mut anny = house.enter(&anny).await;
    house.close().await.unwrap();
    assert_eq!(anny.gets("bye").await["why"], "stopping");
    assert_eq!(anny.is_closed().await, Some(1001));
}

/// I2
#[tokio::test]
async fn a_house_whose_disk_fails_for_a_moment_goes_on_by_itself() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut a, mut b) = (house.enter(&anny).await, house.enter(&abhi).await);
    a.says("before").await;
    b.hears("before").await;
    let id = fresh_id();
    house.disk.set(Mood::OneSyncFails);
    a.sends(json!({"type": "chat-say", "seat": a.seat, "id": id, "text": "is it there?"})).await;
    a.gets("bye").await;
    b.gets("chat-resync").await;
    let mut a = house.come_back(&a.device, &a.seat, 1).await;
    a.says_as(&id, "is it there?").await;
    b.opens(1).await;
    b.hears("is it there?").await;
    a.says("afterwards").await;
    b.hears("afterwards").await;
    b.has_not_got("chat-resync").await;
    house.close().await.unwrap();
}

/// I2, I3: what was asked before the files were opened again is lost in the queue, and what was asked after
/// it must not be done without it.
#[tokio::test]
async fn nothing_overtakes_a_message_of_which_it_is_not_known_whether_it_was_done() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut a, mut b) = (house.enter(&anny).await, house.enter(&abhi).await);
    house.disk.set(Mood::OneSyncFails);
    b.sends(say_alone(&b.seat, "the disk fails")).await;
    b.gets("bye").await;
    a.gets("chat-resync").await;
    house.disk.set(Mood::Held);
    let mut b = house.connect(&b.device, &b.seat).await;
    b.sends(say_alone(&b.seat, "the writer is busy")).await;
    until("the writer to be busy", async || house.disk.holds().then_some(())).await;
    a.sends(say(&a.seat, 1, "first")).await;
    a.sends(json!({"type": "chat-open", "seat": a.seat, "after": 0})).await;
    a.gets("chat-state").await;
    a.sends(say(&a.seat, 2, "second")).await;
    a.sends(json!({"type": "ping"})).await;
    while !matches!(text(&a.gets_next().await["type"]).as_str(), "bye" | "pong") {}
    house.disk.set(Mood::Well);
    a.is_closed().await;
    let mut a = house.come_back(&a.device, &a.seat, 0).await;
    let first = a.says_as(&id(1), "first").await;
    let second = a.says_as(&id(2), "second").await;
    assert!(first < second, "the second message stands before the first");
}

#[tokio::test]
async fn a_house_whose_disk_fails_says_reconnect_and_ends() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut a, mut b) = (house.enter(&anny).await, house.enter(&abhi).await);
    let (id, dir) = (id(1), house.dir.clone());
    house.disk.set(Mood::SyncFails);
    a.sends(json!({"type": "chat-say", "seat": a.seat, "id": id, "text": "is it there?"})).await;
    a.gets("bye").await;
    assert_eq!(a.is_closed().await, Some(1001));
    assert!(!a.has_got("refused") && !a.has_got("chat-message"), "nobody knows yet whether it was said");
    b.gets("bye").await;
    assert!(!b.has_got("chat-message"));
    assert!(house.ended().await.is_err(), "what starts the process must see that it failed");
    let house = House::open_in(dir, |_| {}).await;
    let mut a = house.come_back(&a.device, &a.seat, 0).await;
    a.says_as(&id, "is it there?").await;
    let mut b = house.come_back(&b.device, &b.seat, 0).await;
    b.hears("is it there?").await;
    b.has_not_got("chat-message").await;
}

fn id(number: u32) -> String {
    format!("{number:032x}")
}

fn say_alone(seat: &str, words: &str) -> Value {
    json!({"type": "chat-say", "seat": seat, "id": fresh_id(), "text": words})
}

fn say(seat: &str, number: u32, words: &str) -> Value {
    json!({"type": "chat-say", "seat": seat, "id": id(number), "text": words})
}
