//! What the store promises by itself: nothing lost, nothing twice, nothing readable, nothing left.

use std::net::IpAddr;
use std::time::Duration;

use parlour::crypto::DeviceSecret;
use parlour::domain::*;
use parlour::limits::{ENTER_MESSAGES_MAX, ENTER_TEXT_BYTES_MAX};
use parlour::store::{ChatPreview, Invite, OpenError, Span, Store, StoreError};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::support::disk::Mood;
use crate::support::kept::{Kept, alone, is_in_files, options, refusal, words};
use crate::support::lock;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

#[tokio::test]
async fn what_was_said_is_there_after_a_restart_once_and_in_order() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let (anny, abhi) = (kept.enter(&anny).await, kept.enter(&abhi).await);
    for (place, (seat, id)) in [(&anny.seat, 1), (&abhi.seat, 1), (&anny.seat, 2)].into_iter().enumerate() {
        kept.say(seat, id, &format!("message {place}")).await.unwrap();
    }
    let device = anny.new_device.unwrap();
    let kept = kept.reopen().await;
    let seat = kept.store.seat(&device, anny.seat.id()).await.unwrap();
    assert_eq!(kept.texts(&seat).await, ["message 0", "message 1", "message 2"]);
    let again = kept.say(&seat, 1, "message 0").await.unwrap();
    assert!(matches!(again, Outcome::SaidBefore { seq: Seq(1), .. }), "{again:?}");
    assert_eq!(kept.texts(&seat).await.len(), 3);
}

/// I5
#[tokio::test]
async fn a_seat_that_was_left_can_do_nothing_more() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    kept.store.submit(&seat, Command::Leave).await.unwrap();
    assert_eq!(refusal(kept.say(&seat, 1, "hi").await), Refusal::NoSuchSeat);
    assert_eq!(refusal(kept.store.page(&seat, Span::Newest, 10).await), Refusal::NoSuchSeat);
    assert_eq!(refusal(kept.store.state(&seat).await), Refusal::NoSuchSeat);
    assert_eq!(kept.texts(&kept.enter(&anny).await.seat).await.len(), 0, "the invite still works");
}

/// I5
#[tokio::test]
async fn a_device_has_no_seat_but_its_own() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let (anny, abhi) = (kept.enter(&anny).await, kept.enter(&abhi).await);
    let device = anny.new_device.unwrap();
    assert_eq!(refusal(kept.store.seat(&device, abhi.seat.id()).await), Refusal::NoSuchSeat);
    assert_eq!(
        refusal(kept.store.seat(&DeviceSecret::random(&mut rand::rng()), anny.seat.id()).await),
        Refusal::NoSuchSeat
    );
    assert_eq!(kept.store.seats(&device).await.unwrap().len(), 1);
}

/// I9
#[tokio::test]
async fn an_ended_chat_is_gone_whole_and_both_links_say_so() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let (a, b) = (kept.enter(&anny).await, kept.enter(&abhi).await);
    kept.say(&a.seat, 1, "hi").await.unwrap();
    let Ok(Outcome::Ended(ending)) = kept.store.submit(&b.seat, Command::End).await else { panic!() };
    assert_eq!((ending.messages, ending.by), (1, EndedBy::Participant(ParticipantId(2))));
    let kept = kept.reopen().await;
    for (invite, asked_by) in [(&anny, ParticipantId(1)), (&abhi, ParticipantId(2))] {
        let expected = Refusal::Ended { ending, asked_by };
        assert_eq!(refusal(kept.store.greeting(&invite.token).await), expected);
        assert_eq!(refusal(kept.guess(invite, &invite.code).await), expected);
    }
    assert_eq!(
        refusal(kept.say(&a.seat, 2, "hi").await),
        Refusal::Ended { ending, asked_by: ParticipantId(1) }
    );
    assert_eq!(kept.store.seats(&a.new_device.unwrap()).await.unwrap().len(), 0);
    let states = kept.store.statuses(&[anny.token.clone(), abhi.token.clone()]).await.unwrap();
    assert_eq!(states, [InviteState::Ended, InviteState::Ended]);
}

/// I9: the slot is overwritten before the commit. When that commit fails, the next start finishes what was
/// begun.
#[tokio::test]
async fn an_ending_that_was_interrupted_is_finished_at_the_next_start() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let seat = kept.enter(&abhi).await.seat;
    kept.say(&seat, 1, "hi").await.unwrap();
    kept.disk.set(Mood::StoreSyncFails);
    assert!(matches!(kept.store.submit(&seat, Command::End).await, Err(StoreError::Unknown)));
    let kept = kept.reopen().await;
    let Refusal::Ended { ending, .. } = refusal(kept.store.greeting(&anny.token).await) else { panic!() };
    assert_eq!((ending.messages, ending.by), (1, EndedBy::Participant(ParticipantId(2))));
    assert!(matches!(refusal(kept.store.state(&seat).await), Refusal::Ended { .. }));
}

/// I2
#[tokio::test]
async fn a_commit_that_fails_is_unknown_and_stops_the_store() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let entered = kept.enter(&anny).await;
    let said_before = kept.events().len();
    kept.disk.set(Mood::SyncFails);
    assert!(matches!(kept.say(&entered.seat, 1, "hi").await, Err(StoreError::Unknown)));
    kept.store.failed().await;
    assert!(matches!(kept.say(&entered.seat, 2, "hi").await, Err(StoreError::Unknown)));
    assert_eq!(kept.events().len(), said_before, "nothing is published that was not committed");
    let kept = kept.reopen().await;
    let seat = kept.store.seat(&entered.new_device.unwrap(), entered.seat.id()).await.unwrap();
    kept.say(&seat, 1, "hi").await.unwrap();
    assert_eq!(kept.texts(&seat).await, ["hi"], "sent again, it stands there once");
}

/// I1
#[tokio::test]
async fn nothing_is_answered_or_published_before_its_commit() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    let before = kept.events().len();
    kept.disk.set(Mood::Held);
    let mut saying = std::pin::pin!(kept.say(&seat, 1, "hi"));
    let answered = tokio::time::timeout(Duration::from_millis(200), &mut saying).await;
    assert!(answered.is_err(), "answered before the disk had it");
    assert_eq!(kept.events().len(), before, "published before the disk had it");
    kept.disk.set(Mood::Well);
    assert!(matches!(saying.await.unwrap(), Outcome::Said { .. }));
    assert_eq!(kept.events().len(), before + 1);
}

#[tokio::test]
async fn a_link_that_never_was_leads_nowhere() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let token = parlour::crypto::LinkToken::random(&mut rand::rng());
    assert_eq!(refusal(kept.store.greeting(&token).await), Refusal::NoSuchLink);
    assert_eq!(refusal(kept.store.enter(&token, &anny.code, None, HERE).await), Refusal::NoSuchLink);
    assert_eq!(
        kept.store.statuses(&[token, anny.token]).await.unwrap(),
        [InviteState::Unknown, InviteState::Waiting]
    );
}

#[tokio::test]
async fn one_device_can_hold_both_seats_and_they_stay_apart() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let first = kept.enter(&anny).await;
    let device = first.new_device.unwrap();
    let second = kept.store.enter(&abhi.token, &abhi.code, Some(device.clone()), HERE).await.unwrap();
    assert!(second.new_device.is_none());
    assert_eq!((first.name.as_str(), second.name.as_str()), ("Anny", "Abhi"));
    kept.say(&first.seat, 1, "from Anny").await.unwrap();
    kept.say(&second.seat, 1, "from Abhi").await.unwrap();
    let page = kept.store.page(&second.seat, Span::Newest, 10).await.unwrap();
    let senders: Vec<_> = page.messages.iter().map(|message| message.from).collect();
    assert_eq!(senders, [ParticipantId(1), ParticipantId(2)]);
    assert_eq!(kept.store.seats(&device).await.unwrap().len(), 2);
}

#[tokio::test]
async fn unread_counts_what_others_said_and_nobody_saw() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let (anny, abhi) = (kept.enter(&anny).await.seat, kept.enter(&abhi).await.seat);
    for (seat, id) in [(&abhi, 1), (&abhi, 2), (&anny, 1), (&abhi, 3), (&abhi, 4)] {
        kept.say(seat, id, "hi").await.unwrap();
    }
    let seen = Command::Mark(Receipt { seen: Seq(2), ..Receipt::default() });
    kept.store.submit(&anny, seen).await.unwrap();
    let rows = kept.store.summaries(vec![anny, abhi]).await.unwrap();
    assert_eq!(
        rows.iter().map(|row| (row.seat.participant.0, row.head.0, row.unread)).collect::<Vec<_>>(),
        [(1, 5, 2), (2, 5, 1)]
    );
}

#[tokio::test]
async fn what_was_read_in_silence_is_neither_unread_nor_seen_even_after_a_restart() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let (anny, abhi) = (kept.enter(&anny).await, kept.enter(&abhi).await);
    kept.say(&abhi.seat, 1, "hi").await.unwrap();
    let read = Command::Mark(Receipt { read: Seq(1), ..Receipt::default() });
    kept.store.submit(&anny.seat, read).await.unwrap();
    let kept = kept.reopen().await;
    let seat = kept.store.seat(&anny.new_device.unwrap(), anny.seat.id()).await.unwrap();
    let receipt = Receipt { delivered: Seq(1), seen: Seq::NONE, read: Seq(1) };
    assert_eq!(kept.store.state(&seat).await.unwrap().participants[0].person.receipt, receipt);
    assert_eq!(kept.store.summaries(vec![seat]).await.unwrap()[0].unread, 0);
}

#[tokio::test]
async fn what_is_shown_first_is_the_newest_and_little() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    assert!(kept.store.preview(&seat).await.unwrap().messages.is_empty());
    let (short, long, longest) = ("hi", "x".repeat(4_000), "\u{1F600}".repeat(4_000));
    for (texts, shown) in [
        (vec![short; ENTER_MESSAGES_MAX + 5], ENTER_MESSAGES_MAX),
        (vec![&long; 5], ENTER_TEXT_BYTES_MAX / 4_000),
        (vec![&longest; 2], 1),
        (vec![short; 1], 2),
    ] {
        for text in texts {
            kept.say(&seat, alone(), text).await.unwrap();
        }
        let ChatPreview { state, messages } = kept.store.preview(&seat).await.unwrap();
        let seqs: Vec<_> = messages.iter().map(|message| message.seq.0).collect();
        let first = state.head.0 + 1 - shown as u64;
        assert_eq!(seqs, (first..=state.head.0).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn pages_are_whole_in_both_directions() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    for id in 0..25 {
        kept.say(&seat, id + 1, &format!("{id}")).await.unwrap();
    }
    for (span, limit, expected, more) in [
        (Span::Newest, 3, 22..=24, true),
        (Span::Before(Seq(23)), 3, 19..=21, true),
        (Span::Before(Seq(3)), 10, 0..=1, false),
        (Span::After(Seq(20)), 3, 20..=22, true),
        (Span::After(Seq(22)), 10, 22..=24, false),
    ] {
        let page = kept.store.page(&seat, span, limit).await.unwrap();
        let texts: Vec<_> = page.messages.iter().map(words).collect();
        assert_eq!((texts, page.more), (expected.map(|n| n.to_string()).collect(), more), "{span:?}");
    }
    for span in
        [Span::Before(Seq(1)), Span::Before(Seq::NONE), Span::After(Seq(25)), Span::After(Seq(u64::MAX))]
    {
        assert!(kept.store.page(&seat, span, 10).await.unwrap().messages.is_empty(), "{span:?}");
    }
}

#[tokio::test]
async fn a_page_of_long_messages_is_short() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    for id in 1..=6 {
        kept.say(&seat, id, &"\u{1F600}".repeat(4_000)).await.unwrap();
    }
    let page = kept.store.page(&seat, Span::Newest, 100).await.unwrap();
    assert_eq!((page.messages.len(), page.more), (2, true));
}

#[tokio::test]
async fn a_second_house_in_the_same_directory_is_refused_in_one_sentence() {
    let kept = Kept::open();
    let second = Store::open(options(kept.dir.path(), &kept.disk, &kept.now), |_| {});
    let Err(error) = second else { panic!("opened twice") };
    assert!(matches!(error, OpenError::InUse(_)));
    assert!(error.to_string().contains("another parlour is running"), "{error}");
}

/// redb panics at some of these.
#[tokio::test]
async fn a_store_file_that_is_damaged_anywhere_is_refused_in_one_sentence_or_opens() {
    const COPIES: u64 = 60;
    const FLIPPED: usize = 12;
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let entered = kept.enter(&anny).await;
    kept.say(&entered.seat, 1, "hi").await.unwrap();
    kept.store.close().await;
    let path = kept.dir.path().join("parlour.redb");
    let whole = std::fs::read(&path).unwrap();
    let mut refused = 0;
    for seed in 0..COPIES {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut damaged = whole.clone();
        for _ in 0..FLIPPED {
            let at = rng.random_range(..damaged.len());
            damaged[at] = rng.random();
        }
        std::fs::write(&path, damaged).unwrap();
        match lock::open(|| Store::open(options(kept.dir.path(), &kept.disk, &kept.now), |_| {})) {
            Ok(store) => store.close().await,
            Err(error) => {
                refused += 1;
                assert!(error.to_string().contains("Restore"), "{seed}: {error}");
            }
        }
    }
    assert!(refused > 0, "none of {COPIES} was damaged where it matters");
}

#[tokio::test]
async fn two_files_that_do_not_belong_together_are_refused() {
    let (kept, other) = (Kept::open(), Kept::open());
    kept.store.close().await;
    other.store.close().await;
    std::fs::copy(other.dir.path().join("keys.slots"), kept.dir.path().join("keys.slots")).unwrap();
    let Err(error) = Store::open(options(kept.dir.path(), &kept.disk, &kept.now), |_| {}) else {
        panic!("opened")
    };
    assert!(matches!(error, OpenError::Torn(_)), "{error}");
}

#[tokio::test]
async fn a_house_whose_store_is_missing_or_empty_is_left_as_it_is_until_the_store_is_put_back() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let entered = kept.enter(&anny).await;
    kept.say(&entered.seat, 1, "hi").await.unwrap();
    kept.store.close().await;
    let (store, aside) = (kept.dir.path().join("parlour.redb"), kept.dir.path().join("lost+found"));
    let keys = std::fs::read(kept.dir.path().join("keys.slots")).unwrap();
    std::fs::rename(&store, &aside).unwrap();
    for what in ["missing", "empty"] {
        let opened = lock::open(|| Store::open(options(kept.dir.path(), &kept.disk, &kept.now), |_| {}));
        let Err(error) = opened else { panic!("a new house where one is: {what}") };
        assert!(matches!(error, OpenError::Missing(_)), "{what}: {error}");
        assert_eq!(std::fs::read(kept.dir.path().join("keys.slots")).unwrap(), keys, "{what}");
        std::fs::write(&store, "").unwrap();
    }
    std::fs::rename(&aside, &store).unwrap();
    let kept = Kept::open_in(kept.dir);
    let seat = kept.store.seat(&entered.new_device.unwrap(), entered.seat.id()).await.unwrap();
    assert_eq!(kept.texts(&seat).await, ["hi"]);
}

#[tokio::test]
async fn a_house_whose_files_vanish_while_it_runs_stops_and_makes_no_new_one() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    for name in ["parlour.redb", "keys.slots"] {
        std::fs::remove_file(kept.dir.path().join(name)).unwrap();
    }
    kept.disk.set(Mood::OneSyncFails);
    assert!(matches!(kept.say(&seat, 1, "hi").await, Err(StoreError::Unknown)));
    tokio::time::timeout(Duration::from_secs(10), kept.store.failed()).await.unwrap();
    assert!(!kept.dir.path().join("parlour.redb").exists());
}

/// I7
#[tokio::test]
async fn nothing_on_the_disk_can_be_read_and_a_destroyed_key_is_overwritten() {
    let kept = Kept::open();
    let names = Names::parse(&["Canary-Anny", "Canary-Abhi"]).unwrap();
    let [anny, abhi]: [Invite; 2] =
        kept.store.start(&names, Idle::Day, Caller::Host).await.unwrap().try_into().ok().unwrap();
    let entered = kept.enter(&anny).await;
    kept.say(&entered.seat, 1, "Canary-text that nobody else reads").await.unwrap();
    let slots = std::fs::read(kept.dir.path().join("keys.slots")).unwrap();
    let slot = slots[64..96].to_vec();
    let secrets = [
        "Canary".to_owned(),
        anny.token.text().to_string(),
        anny.code.text().to_string(),
        abhi.code.text().replace('-', ""),
        entered.new_device.as_ref().unwrap().text().to_string(),
    ];
    kept.store.close().await;
    for secret in &secrets {
        assert!(!is_in_files(kept.dir.path(), secret.as_bytes()), "{secret} is on the disk");
    }
    assert!(is_in_files(kept.dir.path(), &slot), "the search finds what is there");
    let kept = kept.reopen().await;
    let seat = kept.store.seat(&entered.new_device.unwrap(), entered.seat.id()).await.unwrap();
    kept.store.submit(&seat, Command::End).await.unwrap();
    assert!(!is_in_files(kept.dir.path(), &slot), "the slot's key is still on the disk");
}
