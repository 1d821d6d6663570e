//! A code was lost or a link leaked: a new link and code take the place of the old ones, of which nothing is
//! left.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use parlour::crypto::Code;
use parlour::domain::*;
use parlour::limits::SEAT_CHANGES_BURST;
use parlour::store::{Entered, Invite, Seat};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::contract::model::seed;
use crate::support::house::{House, Invited, Person, text, within};
use crate::support::kept::{Kept, is_in_files, refusal};

const ANNY: ParticipantId = ParticipantId(1);
const ABHI: ParticipantId = ParticipantId(2);

async fn ask(house: &House, by: &Person, body: Value) -> Response {
    let path = format!("/api/v1/seats/{}/invites", by.seat);
    house.ask(Method::POST, &path, Some(&by.device), Some(body)).await
}

/// Somebody who is in replaces an invite.
async fn replace(house: &House, by: &Person, body: Value) -> Invited {
    let answer = ask(house, by, body).await;
    assert_eq!(answer.status(), 201);
    let answer: Value = answer.json().await.unwrap();
    let fields: Vec<_> = answer.as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, ["code", "link", "name", "qr"]);
    let rows = answer["qr"].as_array().unwrap();
    assert!(rows.len() >= 21 && rows.iter().all(|row| u128::from_str_radix(&text(row), 16).is_ok()));
    let link = text(&answer["link"]);
    let token = link.split_once("/j#").unwrap().1.to_owned();
    Invited { name: text(&answer["name"]), link, token, code: text(&answer["code"]) }
}

/// All that a link is answered, byte for byte.
async fn answers(house: &House, token: &str, code: &str) -> Vec<(u16, String, Vec<u8>)> {
    let mut answers = Vec::new();
    for (path, body) in [
        ("greeting", json!({"token": token})),
        ("status", json!({"tokens": [token]})),
        ("qr", json!({"token": token})),
        ("enter", json!({"token": token, "code": code})),
    ] {
        let answer = house.post(&format!("/api/v1/invites/{path}"), body).await;
        let fields = answer.headers().iter().filter(|(name, _)| *name != "date");
        let fields = format!("{:?}", fields.collect::<Vec<_>>());
        answers.push((answer.status().as_u16(), fields, answer.bytes().await.unwrap().to_vec()));
    }
    answers
}

#[tokio::test]
async fn the_new_link_and_code_let_in_and_the_old_ones_lead_nowhere() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut a, mut b) = (house.enter(&anny).await, house.enter(&abhi).await);
    a.says("before").await;
    b.hears("before").await;
    let new = replace(&house, &a, json!({"participant": "2"})).await;
    assert_eq!(new.name, "Abhi");
    assert!(new.token != abhi.token && new.code != abhi.code);
    // Its slot is free, and this chat takes it.
    house.start("Bo", "Cy").await;
    assert_eq!(answers(&house, &abhi.token, &abhi.code).await, {
        let never = "0".repeat(26);
        answers(&house, &never, &abhi.code).await
    });
    assert_eq!(
        house.post("/api/v1/invites/enter", json!({"token": new.token, "code": abhi.code})).await.status(),
        401
    );
    let status = house.post("/api/v1/invites/status", json!({"tokens": [new.token]})).await;
    assert_eq!(status.json::<Value>().await.unwrap(), json!({"invites": [{"state": "waiting"}]}));
    b.says("I am still in").await;
    let house = house.reopen().await;
    let mut again = house.enter(&new).await;
    again.hears("before").await;
    assert_eq!(answers(&house, &abhi.token, &abhi.code).await[3].0, 404);
    house.enter(&anny).await.says("the other invite is what it was").await;
}

#[tokio::test]
async fn everybody_in_the_chat_is_told_whose_invite_was_replaced_and_by_whom() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut a, mut b) = (house.enter(&anny).await, house.enter(&abhi).await);
    let wrong = json!({"token": anny.token, "code": "0000-0000"});
    house.post("/api/v1/invites/enter", wrong).await;
    for (by, whose, hour) in [("1", "2", "09"), ("2", "1", "10"), ("2", "2", "11")] {
        house.now.fetch_add(3_600_000, Ordering::SeqCst);
        replace(&house, if by == "1" { &a } else { &b }, json!({"participant": whose})).await;
        for person in [&mut a, &mut b] {
            let told = person.gets("chat-invited").await;
            assert_eq!((&told["by"], &told["participant"]), (&json!(by), &json!(whose)));
            let due = format!("2027-01-16T{hour}:00:00.000Z");
            let chat = person.seat.split_once('-').unwrap().0;
            assert_eq!((&told["chat"], &told["due"]), (&json!(chat), &json!(due)));
        }
    }
    a.sends(json!({"type": "chat-close", "seat": a.seat})).await;
    let state = a.opens(0).await;
    assert_eq!(state["due"], "2027-01-16T11:00:00.000Z", "it counts as use of the chat");
    for place in state["participants"].as_array().unwrap() {
        assert_eq!((&place["came_in"], &place["tries"]), (&json!(true), &json!(0)), "{place}");
    }
}

#[tokio::test]
async fn the_devices_that_a_leaked_link_let_in_are_signed_out_in_the_same_step() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (mut a, mut thief) = (house.enter(&anny).await, house.enter(&anny).await);
    let mut b = house.enter(&abhi).await;
    let new = replace(&house, &a, json!({"participant": "1", "sign_out": true})).await;
    thief.is_refused("no_such_seat").await;
    a.says("only we two").await;
    b.hears("only we two").await;
    thief.has_not_got("chat-message").await;
    let path = format!("/api/v1/seats/{}/devices", a.seat);
    let rows: Value = house.ask(Method::GET, &path, Some(&a.device), None).await.json().await.unwrap();
    assert_eq!(rows["devices"].as_array().unwrap().len(), 1);
    house.enter(&new).await;
    replace(&house, &a, json!({"participant": "2", "sign_out": true})).await;
    b.is_refused("no_such_seat").await;
}

#[tokio::test]
async fn what_takes_too_much_is_busy_and_what_is_too_fast_must_wait() {
    let house = House::open().await;
    let [anny, _] = house.start("Anny", "Abhi").await;
    let a = house.enter(&anny).await;
    for _ in 0..SEAT_CHANGES_BURST {
        replace(&house, &a, json!({"participant": "2"})).await;
    }
    let answer = ask(&house, &a, json!({"participant": "2"})).await;
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "slow_down");
    let house = Arc::new(House::open().await);
    let [anny, _] = house.start("Anny", "Abhi").await;
    let a = Arc::new(house.enter(&anny).await);
    let asked = (0..SEAT_CHANGES_BURST).map(|_| {
        let (house, a) = (Arc::clone(&house), Arc::clone(&a));
        tokio::spawn(async move { ask(&house, &a, json!({"participant": "2"})).await })
    });
    let mut codes = Vec::new();
    for answer in asked.collect::<Vec<_>>() {
        let answer: Value = within(answer, "an answer").await.unwrap().json().await.unwrap();
        codes.push(if answer["link"].is_string() { "done".to_owned() } else { text(&answer["code"]) });
    }
    let count = |what: &str| codes.iter().filter(|code| *code == what).count();
    assert!(count("done") > 0 && count("busy") > 0, "{codes:?}");
    assert_eq!(count("done") + count("busy"), codes.len(), "{codes:?}");
}

#[tokio::test]
async fn an_invite_that_guessing_closed_is_open_again_and_its_tries_are_forgotten() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let inside = kept.enter(&anny).await.seat;
    let wrong = Code::random(&mut rand::rng());
    for guesser in 0..100u8 {
        let from = IpAddr::from([192, 0, 2, guesser]);
        refusal(kept.store.enter(&abhi.token, &wrong, None, from).await);
        kept.pass(Duration::from_secs(3_600));
    }
    assert_eq!(refusal(kept.guess(&abhi, &abhi.code).await), Refusal::InviteClosed);
    let (_, new) = kept.store.replace(&inside, ABHI, Devices::Stay).await.unwrap();
    let places = kept.store.state(&inside).await.unwrap().participants;
    assert_eq!((places[1].tries, places[1].person.standing), (0, Standing::Invited));
    for _ in 0..5 {
        assert_eq!(refusal(kept.guess(&new, &wrong).await), Refusal::WrongCode { retry_after: None });
    }
    kept.enter(&new).await;
}

/// The old link and code, the files as they were before the replacement, and the slots as they are after it.
#[tokio::test]
async fn an_earlier_copy_of_the_store_with_the_slots_of_now_opens_nothing_by_the_old_invite() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let device = kept.enter(&anny).await.new_device.unwrap();
    let kept = kept.reopen().await;
    let id = SeatId { participant: ANNY, ..kept.store.seats(&device).await.unwrap()[0].id() };
    kept.store.close().await;
    let (store, slots) = (kept.dir.path().join("parlour.redb"), kept.dir.path().join("keys.slots"));
    let before = (std::fs::read(&store).unwrap(), std::fs::read(&slots).unwrap());
    let kept = kept.reopen().await;
    let inside = kept.store.seat(&device, id).await.unwrap();
    let (_, new) = kept.store.replace(&inside, ABHI, Devices::Stay).await.unwrap();
    let now = std::fs::read(&slots).unwrap();
    let gone: Vec<_> = before.1[64..]
        .chunks(64)
        .zip(now[64..].chunks(64))
        .filter(|(old, new)| old[32] == 1 && old != new)
        .collect();
    let [(old, _)] = gone[..] else { panic!("one slot was overwritten, not {}", gone.len()) };
    assert!(!is_in_files(kept.dir.path(), &old[..32]), "the old invite's own key is still on the disk");
    kept.store.close().await;
    std::fs::write(&store, &before.0).unwrap();
    let kept = kept.reopen().await;
    assert_eq!(refusal(kept.guess(&abhi, &abhi.code).await), Refusal::NoSuchLink);
    assert_eq!(refusal(kept.guess(&new, &new.code).await), Refusal::NoSuchLink);
    assert!(kept.store.seat(&device, id).await.is_ok(), "the copy is good otherwise");
    kept.store.close().await;
    std::fs::write(&slots, &before.1).unwrap();
    let kept = kept.reopen().await;
    kept.enter(&abhi).await;
}

/// When the chat ends, the links that were replaced before go on leading nowhere: they tell nothing of it.
#[tokio::test]
async fn a_link_that_was_replaced_does_not_tell_that_the_chat_has_ended() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let inside = kept.enter(&anny).await.seat;
    let (_, new) = kept.store.replace(&inside, ABHI, Devices::Stay).await.unwrap();
    kept.store.submit(&inside, Command::End).await.unwrap();
    assert_eq!(refusal(kept.store.greeting(&abhi.token).await), Refusal::NoSuchLink);
    assert!(matches!(refusal(kept.store.greeting(&new.token).await), Refusal::Ended { .. }));
    let slots = std::fs::read(kept.dir.path().join("keys.slots")).unwrap();
    assert!(slots[64..].chunks(64).all(|slot| slot[..33] == [0; 33]), "a key is left");
}

/// I9
#[tokio::test]
async fn an_ending_that_was_interrupted_leaves_no_key_of_its_invites() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    kept.store.close().await;
    let (store, slots) = (kept.dir.path().join("parlour.redb"), kept.dir.path().join("keys.slots"));
    let before = (std::fs::read(&store).unwrap(), std::fs::read(&slots).unwrap());
    let kept = kept.reopen().await;
    kept.store.submit(&seat, Command::End).await.unwrap();
    kept.store.close().await;
    // The power goes when the chat's own slot, which is the first, is void: nothing is committed.
    let mut torn = std::fs::read(&slots).unwrap();
    torn[128..].copy_from_slice(&before.1[128..]);
    std::fs::write(&slots, torn).unwrap();
    std::fs::write(&store, before.0).unwrap();
    let kept = kept.reopen().await;
    assert!(matches!(refusal(kept.store.greeting(&anny.token).await), Refusal::Ended { .. }));
    let slots = std::fs::read(&slots).unwrap();
    assert!(slots[64..].chunks(64).all(|slot| slot[32] == 0), "a key is left");
}

/// Who is in by which device, and which invite is each one's.
struct Paper {
    invites: [Invite; 2],
    dead: Vec<Invite>,
    inside: Vec<Entered>,
}

impl Paper {
    fn devices_of(&self, who: ParticipantId) -> usize {
        self.inside.iter().filter(|entered| entered.seat.id().participant == who).count()
    }

    /// The seat of anybody who is in.
    fn anybody(&self, rng: &mut StdRng) -> Option<(usize, Seat)> {
        let one = (!self.inside.is_empty()).then(|| rng.random_range(0..self.inside.len()))?;
        Some((one, self.inside[one].seat.clone()))
    }
}

/// Random people come in, replace invites, sign devices out and restart the house; after each step exactly
/// those are in who should be, and exactly the newest invites open.
#[tokio::test]
async fn only_the_newest_invites_open_and_only_who_was_not_signed_out_is_in_whatever_happens() {
    let seed = seed();
    println!("PARLOUR_MODEL_SEED={seed}");
    let rng = &mut StdRng::seed_from_u64(seed);
    let mut kept = Kept::open();
    let invites = kept.start().await;
    let mut paper = Paper { invites, dead: Vec::new(), inside: Vec::new() };
    for step in 0..120 {
        let what = rng.random_range(0..10);
        match (what, paper.anybody(rng)) {
            (0..=3, _) | (_, None) => {
                let entered = kept.enter(&paper.invites[rng.random_range(0..2)]).await;
                paper.inside.push(entered);
            }
            (4..=6, Some((_, seat))) => replace_one(&kept, &mut paper, &seat, rng).await,
            (7..=8, Some((one, seat))) => {
                let rows = kept.store.devices(&seat).await.unwrap();
                let own = rows.iter().find(|row| row.is_asking).unwrap();
                kept.store.sign_out(&seat, own.tag).await.unwrap();
                paper.inside.remove(one);
            }
            (_, Some(_)) => kept = kept.reopen().await,
        }
        agrees(&kept, &paper, step).await;
    }
}

async fn replace_one(kept: &Kept, paper: &mut Paper, seat: &Seat, rng: &mut StdRng) {
    let whose = if rng.random() { ANNY } else { ABHI };
    let devices = if rng.random() { Devices::SignedOut } else { Devices::Stay };
    let (_, new) = kept.store.replace(seat, whose, devices).await.unwrap();
    paper.dead.push(std::mem::replace(&mut paper.invites[whose.index()], new));
    if devices == Devices::SignedOut {
        let stays = |id: SeatId, device| id.participant != whose || device == seat.device();
        paper.inside.retain(|entered| stays(entered.seat.id(), entered.seat.device()));
    }
}

async fn agrees(kept: &Kept, paper: &Paper, step: usize) {
    for invite in &paper.dead {
        assert_eq!(refusal(kept.store.greeting(&invite.token).await), Refusal::NoSuchLink, "{step}");
    }
    for (invite, name) in paper.invites.iter().zip(["Anny", "Abhi"]) {
        assert_eq!(kept.store.greeting(&invite.token).await.unwrap().as_str(), name, "{step}");
    }
    for entered in &paper.inside {
        let rows = kept.store.devices(&entered.seat).await.unwrap();
        assert_eq!(rows.len(), paper.devices_of(entered.seat.id().participant), "{step}");
    }
    if let Some(dead) = paper.dead.last() {
        assert_eq!(refusal(kept.guess(dead, &dead.code).await), Refusal::NoSuchLink, "{step}");
    }
}
