//! What rests too long is called, and then destroyed; a person who speaks up is heard.

use std::time::Duration;

use parlour::domain::*;
use parlour::jobs::purge::purge;
use parlour::limits::{PURGE_HELD_MS, TOMBSTONE_KEPT, USE_AGAIN_MS};
use parlour::store::{Invite, PurgeAction, Purged};

use crate::support::disk::Mood;
use crate::support::house::{House, within};
use crate::support::kept::{Kept, refusal};

const DAY: Duration = Duration::from_secs(24 * 3_600);
/// After a start a chat counts as used up to so much later than is written.
const A_USE_IS_WRITTEN: Duration = Duration::from_millis(USE_AGAIN_MS);
const CALL: Duration = Duration::from_secs(24 * 360);

fn purged(called: u64, destroyed: u64, forgotten: u64) -> Purged {
    Purged { called, destroyed, forgotten, vanished: 0 }
}

fn is_called(event: &Event) -> bool {
    matches!(event, Event::Called { .. })
}

/// A chat that is due and called, and what lets its two people in.
async fn called() -> (Kept, [Invite; 2], parlour::store::Seat) {
    let kept = Kept::open();
    let invites = kept.start().await;
    let seat = kept.enter(&invites[0]).await.seat;
    kept.say(&seat, 1, "hi").await.unwrap();
    kept.pass(DAY);
    assert_eq!(purge(&kept.store).await.unwrap(), purged(1, 0, 0));
    (kept, invites, seat)
}

#[tokio::test]
async fn an_idle_chat_is_called_and_then_destroyed_by_the_clock() {
    let (kept, [anny, _], seat) = called().await;
    let at = kept.store.state(&seat).await.unwrap().final_call.unwrap();
    assert_eq!(kept.events().last(), Some(&Event::Called { at }));
    assert_eq!(kept.watch(CALL - Duration::from_secs(300)).await, purged(0, 0, 0), "not before its time");
    assert_eq!(kept.watch(Duration::from_secs(300)).await, purged(0, 1, 0));
    let Refusal::Ended { ending, .. } = refusal(kept.store.greeting(&anny.token).await) else { panic!() };
    assert_eq!((ending.by, ending.messages), (EndedBy::Clock, 1));
    assert_eq!(kept.events().last(), Some(&Event::Ended(ending)));
    let slots = std::fs::read(kept.dir.path().join("keys.slots")).unwrap();
    assert!(slots[64..].chunks(64).all(|slot| slot[..33] == [0; 33]), "a key is left");
}

#[tokio::test]
async fn a_chat_that_is_used_is_neither_called_nor_destroyed() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    for id in 1..=10 {
        assert_eq!(kept.watch(DAY - Duration::from_secs(300)).await, purged(0, 0, 0));
        kept.say(&seat, id, "hi").await.unwrap();
    }
}

/// The purge has looked and decided; before its deed somebody speaks up.
#[tokio::test]
async fn a_person_who_speaks_up_at_the_last_moment_is_heard() {
    let (kept, [anny, _], seat) = called().await;
    let chat = seat.id().chat;
    kept.say(&seat, 2, "wait").await.unwrap();
    let deeds = vec![PurgeAction::Call(chat), PurgeAction::Destroy(chat)];
    assert_eq!(kept.store.purge(deeds).await.unwrap(), purged(0, 0, 0));
    assert!(kept.store.greeting(&anny.token).await.is_ok());
}

#[tokio::test]
async fn a_final_call_that_nobody_could_hear_does_not_pass() {
    let (kept, [anny, _], _) = called().await;
    kept.pass(10 * DAY);
    assert_eq!(purge(&kept.store).await.unwrap(), purged(0, 0, 0), "the machine slept");
    let kept = kept.reopen().await;
    kept.pass(10 * DAY);
    assert_eq!(purge(&kept.store).await.unwrap(), purged(0, 0, 0), "the house was closed");
    assert!(kept.store.greeting(&anny.token).await.is_ok());
    assert_eq!(kept.watch(CALL).await, purged(0, 1, 0), "the call outlives a restart");
}

#[tokio::test]
async fn any_use_takes_the_final_call_away() {
    for how in ["keep", "say", "enter", "replace"] {
        let (kept, [_, abhi], seat) = called().await;
        match how {
            "keep" => drop(kept.store.submit(&seat, Command::Keep).await.unwrap()),
            "say" => drop(kept.say(&seat, 2, "still here").await.unwrap()),
            "replace" => drop(kept.store.replace(&seat, ParticipantId(2), Devices::Stay).await.unwrap()),
            _ => drop(kept.enter(&abhi).await),
        }
        let is_note = |event: &Event| matches!(event, Event::Said(message) if message.is_note());
        let last = kept.events().into_iter().rfind(|event| !is_note(event));
        assert!(matches!(last, Some(Event::Kept { .. })), "{how}");
        assert_eq!(kept.store.state(&seat).await.unwrap().final_call, None, "{how}");
        assert_eq!(kept.watch(DAY - Duration::from_secs(300)).await, purged(0, 0, 0), "{how}");
        let kept = kept.reopen().await;
        assert_eq!(kept.watch(Duration::from_secs(600)).await, purged(1, 0, 0), "{how}: it starts over");
    }
}

#[tokio::test]
async fn reading_is_no_use_and_saying_the_same_again_is_none() {
    let (kept, _, seat) = called().await;
    kept.store.submit(&seat, Command::Mark(Receipt { seen: Seq(1), ..Receipt::default() })).await.unwrap();
    kept.say(&seat, 1, "hi").await.unwrap();
    assert!(kept.store.state(&seat).await.unwrap().final_call.is_some());
}

#[tokio::test]
async fn a_crash_between_the_call_and_the_end_leaves_the_call() {
    let (kept, [anny, _], _) = called().await;
    let kept = kept.reopen().await;
    assert!(kept.store.greeting(&anny.token).await.is_ok());
    assert_eq!(kept.watch(CALL).await, purged(0, 1, 0));
    assert!(!kept.events().iter().any(is_called), "nobody is called twice");
}

/// I9: the slot is gone, the transaction fails.
#[tokio::test]
async fn an_end_by_the_clock_that_a_crash_interrupts_is_finished_at_the_next_start() {
    let (kept, [anny, _], _) = called().await;
    kept.watch(CALL - Duration::from_secs(300)).await;
    kept.pass(Duration::from_secs(200));
    purge(&kept.store).await.unwrap();
    kept.disk.set(Mood::StoreSyncFails);
    kept.pass(Duration::from_secs(50));
    assert!(purge(&kept.store).await.is_err());
    let kept = kept.reopen().await;
    let Refusal::Ended { ending, .. } = refusal(kept.store.greeting(&anny.token).await) else { panic!() };
    assert_eq!((ending.by, ending.messages), (EndedBy::Clock, 1));
}

#[tokio::test]
async fn too_many_at_once_are_left_for_a_day_even_over_a_restart() {
    let kept = Kept::open();
    for _ in 0..5 {
        kept.start().await;
    }
    kept.pass(DAY);
    assert_eq!(kept.watch(CALL + DAY / 24).await, purged(5, 0, 0));
    let kept = kept.reopen().await;
    let held = Duration::from_millis(PURGE_HELD_MS);
    assert_eq!(kept.watch(held - DAY / 12).await, purged(0, 0, 0));
    assert_eq!(kept.watch(DAY / 12).await, purged(0, 3, 0), "as many as may be");
    assert_eq!(kept.watch(held + DAY / 24).await, purged(0, 2, 0));
}

#[tokio::test]
async fn what_is_left_of_an_ended_chat_is_forgotten_after_thirty_days() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    kept.pass(Duration::from_secs(60));
    kept.store.submit(&seat, Command::End).await.unwrap();
    kept.pass(TOMBSTONE_KEPT);
    assert_eq!(purge(&kept.store).await.unwrap(), purged(0, 0, 0));
    assert!(matches!(refusal(kept.store.greeting(&anny.token).await), Refusal::Ended { .. }));
    kept.pass(Duration::from_millis(1));
    assert_eq!(purge(&kept.store).await.unwrap(), purged(0, 0, 1));
    assert_eq!(refusal(kept.store.greeting(&anny.token).await), Refusal::NoSuchLink);
}

/// The house purges as soon as it opens, and then every minute.
#[tokio::test]
async fn opening_a_chat_that_is_called_shows_until_when_and_everybody_hears_that_it_is_kept() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let ((anny, seat), (abhi, other)) = (house.device(&anny).await, house.device(&abhi).await);
    let house = house.reopen_after(DAY + A_USE_IS_WRITTEN).await;
    let mut anny = house.come_back(&anny, &seat, 0).await;
    let at = within(until_called(&mut anny), "the final call").await;
    let mut abhi = house.connect(&abhi, &other).await;
    assert_eq!(abhi.opens(0).await["final_call"], at);
    abhi.sends(serde_json::json!({"type": "chat-keep", "seat": abhi.seat})).await;
    anny.gets("chat-kept").await;
    abhi.gets("chat-kept").await;
    assert_eq!(anny.opens(0).await["final_call"], serde_json::Value::Null);
    within(house.close(), "the end of the schedule").await.unwrap();
}

/// The call came before the chat was opened, or it comes now.
async fn until_called(person: &mut crate::support::house::Person) -> serde_json::Value {
    let state = person.opens(0).await;
    match state.get("final_call") {
        Some(at) => at.clone(),
        None => person.gets("chat-due").await["at"].clone(),
    }
}
