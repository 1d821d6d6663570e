//! What a card is spared: nothing is written for what only repeats, and nobody asks for writes without a
//! pause.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use parlour::domain::*;
use parlour::jobs::purge::purge;
use parlour::limits::{DEVICES_PER_SEAT_MAX, ENTERS_BURST, LEAVE_AGAIN_MS, SEAT_CHANGES_BURST, USE_AGAIN_MS};
use parlour::store::{Seat, StoreError};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::house::House;
use crate::support::kept::{Kept, refusal, say};

fn seen(seq: u64) -> Command {
    Command::Mark(Receipt { seen: Seq(seq), read: Seq(seq), delivered: Seq(seq) })
}

async fn keeps(kept: &Kept, seat: &Seat) -> Result<Outcome, StoreError> {
    kept.store.submit(seat, Command::Keep).await
}

/// Each commit is synced. When nobody asks for anything for a second the house syncs once by itself.
#[tokio::test]
async fn what_only_repeats_is_answered_and_nothing_is_written_for_it() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    kept.say(&seat, 1, "hi").await.unwrap();
    kept.store.submit(&seat, seen(1)).await.unwrap();
    let before = kept.disk.syncs();
    for _ in 0..10 {
        for command in [say(1, "hi"), seen(1), seen(9), Command::Keep, Command::Mark(Receipt::default())] {
            kept.store.submit(&seat, command).await.unwrap();
        }
    }
    let repeated = kept.disk.syncs();
    assert!(repeated < before + 10, "{} syncs for what only repeats", repeated - before);
    for id in 2..12 {
        kept.say(&seat, id, "new").await.unwrap();
    }
    assert!(kept.disk.syncs() >= repeated + 10, "what is new is synced");
}

/// How far somebody has read can wait a moment for more of the same; a message waits for nothing.
#[tokio::test]
async fn receipts_of_both_that_come_close_together_are_written_together() {
    const MESSAGES: u64 = 20;
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let (anny, abhi) = (kept.enter(&anny).await.seat, kept.enter(&abhi).await.seat);
    for id in 1..=MESSAGES {
        kept.say(&anny, id.into(), "hi").await.unwrap();
    }
    let before = kept.disk.syncs();
    let marks = (1..=MESSAGES).flat_map(|seq| [&anny, &abhi].map(|seat| kept.store.submit(seat, seen(seq))));
    for marked in join_all(marks.collect::<Vec<_>>()).await {
        marked.unwrap();
    }
    let syncs = kept.disk.syncs() - before;
    assert!(syncs < MESSAGES as usize / 2, "{syncs} syncs for {} receipts", 2 * MESSAGES);
    let read = kept.store.state(&abhi).await.unwrap();
    assert!(read.participants.iter().all(|person| person.person.receipt.seen == Seq(MESSAGES)));
}

#[tokio::test]
async fn a_person_who_comes_and_goes_all_the_time_is_noted_once_a_minute() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    kept.say(&seat, 1, "hi").await.unwrap();
    let leaves = async || {
        let now = At(kept.now.load(Ordering::SeqCst));
        kept.store.last_here(&seat, LeaveScope::Participant, now);
        // What is only repeated is answered after what was handed in before.
        kept.say(&seat, 1, "hi").await.unwrap();
        kept.store.state(&seat).await.unwrap().participants[0].last_here
    };
    let (noted, before) = (leaves().await, kept.disk.syncs());
    for _ in 0..50 {
        kept.pass(Duration::from_secs(1));
        assert_eq!(leaves().await, noted);
    }
    let syncs = kept.disk.syncs() - before;
    assert!(syncs < 10, "{syncs} syncs for who comes and goes");
    kept.pass(Duration::from_millis(LEAVE_AGAIN_MS));
    assert!(leaves().await > noted);
}

#[tokio::test]
async fn keeping_twice_within_a_minute_writes_nothing_and_counts_all_the_same() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    kept.pass(Duration::from_millis(USE_AGAIN_MS));
    let Outcome::Kept { due } = keeps(&kept, &seat).await.unwrap() else { panic!("not kept") };
    let before = kept.disk.syncs();
    for passed in 1..=20 {
        kept.pass(Duration::from_secs(1));
        let again = keeps(&kept, &seat).await.unwrap();
        assert_eq!(again, Outcome::Kept { due: At(due.0 + passed * 1_000) });
    }
    assert!(kept.disk.syncs() < before + 5, "{} syncs", kept.disk.syncs() - before);
}

#[tokio::test]
async fn a_use_that_was_not_written_when_the_house_stopped_shortens_no_chat() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let entered = kept.enter(&anny).await;
    kept.pass(Duration::from_millis(USE_AGAIN_MS - 1_000));
    keeps(&kept, &entered.seat).await.unwrap();
    let kept = kept.reopen().await;
    kept.watch(Idle::Day.duration() - Duration::from_secs(300)).await;
    kept.pass(Duration::from_secs(299));
    assert_eq!(purge(&kept.store).await.unwrap().called, 0, "a second too early");
    kept.watch(Duration::from_secs(120)).await;
    let seat = kept.store.seat(&entered.new_device.unwrap(), entered.seat.id()).await.unwrap();
    assert!(kept.store.state(&seat).await.unwrap().final_call.is_some());
}

#[tokio::test]
async fn a_seat_leaves_and_signs_out_and_replaces_no_faster_than_a_person() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let (device, seat) = house.device(&anny).await;
    let path = format!("/api/v1/seats/{seat}/devices/0000000000000000");
    let mut codes = Vec::new();
    for _ in 0..=SEAT_CHANGES_BURST {
        let answer = house.ask(Method::DELETE, &path, Some(&device), None).await;
        codes.push(answer.json::<Value>().await.unwrap()["code"].clone());
    }
    assert_eq!(codes.pop(), Some(json!("slow_down")));
    assert!(codes.iter().all(|code| code == "no_such_device"), "{codes:?}");
    let invites = format!("/api/v1/seats/{seat}/invites");
    let asked = json!({"participant": "2"});
    assert_eq!(house.ask(Method::POST, &invites, Some(&device), Some(asked)).await.status(), 429);
}

#[tokio::test]
async fn a_link_is_entered_by_no_more_often_than_people_have_devices() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let question = json!({"token": anny.token, "code": anny.code});
    let mut entered = 0;
    let refused: Value = loop {
        let answer = house.post("/api/v1/invites/enter", question.clone()).await;
        match answer.status().as_u16() {
            200 => entered += 1,
            _ => break answer.json().await.unwrap(),
        }
    };
    assert_eq!(refused["code"], "slow_down");
    assert!(entered >= ENTERS_BURST, "{entered}");
    house.device(&abhi).await;
}

#[tokio::test]
async fn of_too_many_devices_the_one_that_is_away_longest_goes_and_none_that_is_connected() {
    let kept = Kept::open();
    let connected: Arc<Mutex<Vec<DeviceId>>> = Arc::default();
    let looked_at = Arc::clone(&connected);
    kept.store.spare(move |device| looked_at.lock().unwrap().contains(&device));
    let [anny, _] = kept.start().await;
    let mut seats = Vec::new();
    for _ in 0..DEVICES_PER_SEAT_MAX {
        kept.pass(Duration::from_secs(3_600));
        seats.push(kept.enter(&anny).await.seat);
    }
    connected.lock().unwrap().push(seats[0].device());
    let now = At(kept.now.load(Ordering::SeqCst) + 3_600_000);
    kept.store.last_here(&seats[1], LeaveScope::Device, now);
    kept.enter(&anny).await;
    for stays in [0, 1, 3] {
        assert!(kept.store.state(&seats[stays]).await.is_ok(), "{stays}");
    }
    assert_eq!(refusal(kept.store.state(&seats[2]).await), Refusal::NoSuchSeat);
    connected.lock().unwrap().extend(seats.iter().map(Seat::device));
    let last = kept.enter(&anny).await.seat.device();
    connected.lock().unwrap().push(last);
    let full = kept.store.enter(&anny.token, &anny.code, None, std::net::Ipv4Addr::LOCALHOST.into()).await;
    assert!(matches!(refusal(full), Refusal::TooManySockets | Refusal::TooManySeats));
}
