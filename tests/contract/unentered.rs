//! Chats that visitors start and nobody enters: there are few of an address, and they end by themselves.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use parlour::domain::*;
use parlour::jobs::purge::purge;
use parlour::limits::{STARTS_BURST, UNENTERED_PER_ADDRESS_MAX};
use parlour::store::Invite;
use serde_json::{Value, json};

use crate::support::house::House;
use crate::support::kept::{Kept, refusal};

const DAY: Duration = Duration::from_secs(24 * 3_600);

fn visitor(number: u8) -> Caller {
    Caller::Guest(AddressBlock::of(IpAddr::V4(Ipv4Addr::new(192, 0, 2, number))))
}

async fn started(kept: &Kept, idle: Idle, by: Caller) -> [Invite; 2] {
    let names = Names::parse(&["Anny", "Abhi"]).unwrap();
    kept.store.start(&names, idle, by).await.unwrap().try_into().ok().unwrap()
}

/// Time passes, and the house looks while a final call lasts.
async fn days(kept: &Kept, days: u32) {
    for _ in 0..days {
        kept.pass(DAY - Duration::from_secs(3_600));
        kept.watch(Duration::from_secs(3_600)).await;
    }
}

#[tokio::test]
async fn a_chat_that_nobody_enters_ends_after_a_week_and_a_printed_card_waits() {
    let kept = Kept::open();
    let [visited, _] = started(&kept, Idle::Month, visitor(1)).await;
    let [card, _] = started(&kept, Idle::Month, Caller::Host).await;
    let [entered, _] = started(&kept, Idle::Month, visitor(1)).await;
    kept.enter(&entered).await;
    kept.pass(6 * DAY);
    purge(&kept.store).await.unwrap();
    assert!(kept.store.greeting(&visited.token).await.is_ok(), "it is called, and still there");
    let kept = kept.reopen().await;
    kept.watch(DAY + Duration::from_secs(600)).await;
    let Refusal::Ended { ending, .. } = refusal(kept.store.greeting(&visited.token).await) else { panic!() };
    assert_eq!(ending.by, EndedBy::Clock);
    days(&kept, 20).await;
    assert!(kept.store.greeting(&card.token).await.is_ok());
    assert!(kept.store.greeting(&entered.token).await.is_ok());
}

#[tokio::test]
async fn a_person_who_comes_in_at_the_last_moment_has_the_whole_agreed_time() {
    let kept = Kept::open();
    let [anny, _] = started(&kept, Idle::Month, visitor(1)).await;
    kept.pass(6 * DAY);
    purge(&kept.store).await.unwrap();
    kept.enter(&anny).await;
    days(&kept, 20).await;
    assert!(kept.store.greeting(&anny.token).await.is_ok());
}

/// I10
#[tokio::test]
async fn no_chat_is_taken_for_unentered_because_the_clock_jumped() {
    let kept = Kept::open();
    let [anny, _] = started(&kept, Idle::Month, visitor(1)).await;
    kept.pass(400 * DAY);
    purge(&kept.store).await.unwrap();
    purge(&kept.store).await.unwrap();
    assert!(kept.store.greeting(&anny.token).await.is_ok(), "its call was not watched");
}

#[tokio::test]
async fn a_flood_of_chats_that_nobody_enters_ends_outside_the_guard_of_the_others() {
    let kept = Kept::open();
    let mut cards = Vec::new();
    for _ in 0..5 {
        cards.push(started(&kept, Idle::Week, Caller::Host).await);
    }
    for number in 0..20 {
        started(&kept, Idle::Week, visitor(number)).await;
    }
    kept.pass(8 * DAY);
    assert_eq!(kept.watch(DAY).await.destroyed, 20, "the five are too many at once");
    for [card, _] in &cards {
        assert!(kept.store.greeting(&card.token).await.is_ok());
    }
}

#[tokio::test]
async fn of_too_many_unentered_chats_of_an_address_the_oldest_goes() {
    let kept = Kept::open();
    let [other, _] = started(&kept, Idle::Day, visitor(2)).await;
    let mut invites = Vec::new();
    for _ in 0..=UNENTERED_PER_ADDRESS_MAX {
        let [anny, _] = started(&kept, Idle::Day, visitor(1)).await;
        if invites.is_empty() {
            kept.enter(&anny).await;
        }
        invites.push(anny);
    }
    assert_eq!(
        kept.store.list_chats().await.unwrap().len(),
        invites.len() + 1,
        "fifty, one entered, and another's"
    );
    started(&kept, Idle::Day, visitor(1)).await;
    assert!(matches!(refusal(kept.store.greeting(&invites[1].token).await), Refusal::Ended { .. }));
    for stays in [&invites[0], &invites[2], &other] {
        assert!(kept.store.greeting(&stays.token).await.is_ok());
    }
}

#[tokio::test]
async fn the_host_sees_which_chats_nobody_entered() {
    let kept = Kept::open();
    let [anny, _] = started(&kept, Idle::Month, visitor(1)).await;
    let seen = |chats: Vec<parlour::store::ChatStats>| {
        let week = chats[0].due().since(chats[0].started) < 7 * DAY;
        (chats[0].was_entered, week)
    };
    assert_eq!(seen(kept.store.list_chats().await.unwrap()), (false, true));
    kept.enter(&anny).await;
    let kept = kept.reopen().await;
    assert_eq!(seen(kept.store.list_chats().await.unwrap()), (true, false));
}

/// Nothing of where a chat was started from is on the disk.
#[tokio::test]
async fn the_address_from_which_a_chat_was_started_is_not_on_the_disk() {
    let kept = Kept::open();
    started(&kept, Idle::Day, visitor(77)).await;
    kept.store.close().await;
    for file in ["parlour.redb", "keys.slots"] {
        let bytes = std::fs::read(kept.dir.path().join(file)).unwrap();
        for written in [&[192, 0, 2, 77][..], &b"192.0.2.77"[..]] {
            assert!(!bytes.windows(written.len()).any(|window| window == written), "{file}");
        }
    }
}

#[tokio::test]
async fn an_address_starts_chats_no_faster_than_a_person() {
    let house = House::open().await;
    let (mut started, mut refused) = (0, Value::Null);
    while refused.is_null() {
        let answer = house.post("/api/v1/chats", json!({"names": ["Anny", "Abhi"], "idle": "1d"})).await;
        match answer.status().as_u16() {
            201 => started += 1,
            429 => refused = answer.json().await.unwrap(),
            other => panic!("{other}"),
        }
    }
    assert!(started >= STARTS_BURST, "{started}");
    assert_eq!(refused["code"], "busy");
    assert!(refused["retry_after"].as_u64() <= Some(10), "{refused}");
}

/// S7
#[tokio::test]
async fn a_device_secret_that_opens_nothing_counts_as_none_and_the_house_makes_one() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let enter = async |invited: &crate::support::house::Invited, device: &str| -> Value {
        let question = json!({"token": invited.token, "code": invited.code});
        let path = "/api/v1/invites/enter";
        house.ask(reqwest::Method::POST, path, Some(device), Some(question)).await.json().await.unwrap()
    };
    let chosen = "0".repeat(52);
    let made = enter(&anny, &chosen).await["device"].clone();
    assert!(made.is_string() && made != chosen.as_str(), "{made}");
    let again = enter(&abhi, made.as_str().unwrap()).await;
    assert_eq!(again["device"], Value::Null, "one that opens something is kept");
}
