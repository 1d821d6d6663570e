//! Codes that are wrong: charged, told to everybody in the chat, and stopped.

use std::net::IpAddr;
use std::time::Duration;

use parlour::crypto::Code;
use parlour::domain::*;
use parlour::limits::SEATS_PER_DEVICE_MAX;

use crate::support::kept::{Kept, refusal};

#[tokio::test]
async fn a_wrong_code_is_charged_and_everybody_is_told_and_the_one_who_is_in_stays_in() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let inside = kept.enter(&anny).await;
    let wrong = Code::random(&mut rand::rng());
    for tries in 1..=5 {
        assert_eq!(
            refusal(kept.guess(&anny, &wrong).await),
            Refusal::WrongCode { retry_after: None },
            "{tries}"
        );
    }
    let wait = Duration::from_secs(30);
    assert_eq!(refusal(kept.guess(&anny, &wrong).await), Refusal::WrongCode { retry_after: Some(wait) });
    assert_eq!(refusal(kept.guess(&anny, &anny.code).await), Refusal::TooManyTries { retry_after: wait });
    assert!(kept.say(&inside.seat, 1, "hi").await.is_ok());
    assert_eq!(kept.store.state(&inside.seat).await.unwrap().participants[0].tries, 6);
    let guessed = Event::Guessed { participant: ParticipantId(1), tries: 6 };
    assert!(kept.events().contains(&guessed));
    kept.pass(wait);
    kept.enter(&anny).await;
    assert_eq!(kept.store.state(&inside.seat).await.unwrap().participants[0].tries, 0);
}

#[tokio::test]
async fn tries_are_counted_over_a_restart() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let wrong = Code::random(&mut rand::rng());
    for _ in 0..6 {
        refusal(kept.guess(&anny, &wrong).await);
    }
    let kept = kept.reopen().await;
    assert!(matches!(refusal(kept.guess(&anny, &anny.code).await), Refusal::TooManyTries { .. }));
}

#[tokio::test]
async fn after_a_hundred_wrong_codes_the_invite_lets_nobody_new_in() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let inside = kept.enter(&anny).await;
    let wrong = Code::random(&mut rand::rng());
    for guesser in 0..100u8 {
        let from = IpAddr::from([192, 0, 2, guesser]);
        refusal(kept.store.enter(&anny.token, &wrong, None, from).await);
        kept.pass(Duration::from_secs(3_600));
    }
    assert_eq!(refusal(kept.guess(&anny, &anny.code).await), Refusal::InviteClosed);
    assert!(kept.say(&inside.seat, 1, "hi").await.is_ok());
}

#[tokio::test]
async fn an_address_that_guesses_is_stopped_and_another_is_not() {
    let kept = Kept::open();
    let wrong = Code::random(&mut rand::rng());
    for _ in 0..4 {
        let [anny, _] = kept.start().await;
        for _ in 0..5 {
            assert_eq!(refusal(kept.guess(&anny, &wrong).await), Refusal::WrongCode { retry_after: None });
        }
    }
    let [anny, _] = kept.start().await;
    assert!(matches!(refusal(kept.guess(&anny, &anny.code).await), Refusal::TooManyTries { .. }));
    let elsewhere = IpAddr::from([192, 0, 2, 1]);
    assert!(kept.store.enter(&anny.token, &anny.code, None, elsewhere).await.is_ok());
}

#[tokio::test]
async fn a_right_code_on_its_way_is_nobody_s_guess() {
    let kept = Kept::open();
    for _ in 0..20 {
        let [anny, abhi] = kept.start().await;
        let anny = kept.enter(&anny).await;
        let entering = kept.enter(&abhi);
        tokio::pin!(entering);
        loop {
            tokio::select! {
                _ = &mut entering => break,
                state = kept.store.state(&anny.seat) => assert_eq!(state.unwrap().participants[1].tries, 0),
            }
        }
    }
}

#[tokio::test]
async fn a_device_that_has_no_room_for_one_more_seat_is_told_so_and_its_code_does_not_count() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let first = kept.enter(&anny).await;
    let device = first.new_device.unwrap();
    let here = IpAddr::from([127, 0, 0, 1]);
    for _ in 1..SEATS_PER_DEVICE_MAX {
        let [anny, _] = kept.start().await;
        kept.store.enter(&anny.token, &anny.code, Some(device.clone()), here).await.unwrap();
    }
    let [mia, _] = kept.start().await;
    for _ in 0..10 {
        let entered = kept.store.enter(&mia.token, &mia.code, Some(device.clone()), here).await;
        assert_eq!(refusal(entered), Refusal::TooManySeats);
    }
    let seat = kept.enter(&mia).await.seat;
    let tries = kept.store.state(&seat).await.unwrap().participants.into_iter().map(|person| person.tries);
    assert_eq!(tries.collect::<Vec<_>>(), [0, 0]);
    assert!(kept.store.enter(&anny.token, &anny.code, Some(device), here).await.is_ok(), "where it is in");
}
