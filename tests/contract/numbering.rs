//! Once and in order: what a seat may count on, whatever it sends again, too early or too late.

use parlour::domain::*;
use parlour::limits::{
    CHECKPOINT_MESSAGES, PRODUCER_MESSAGES_MAX, PRODUCER_SEARCH_MAX, PRODUCERS_PER_SEAT_MAX,
};
use parlour::store::{Seat, StoreError};

use crate::support::kept::{Kept, alone, refusal};

/// A producer, as an opened page has one.
const PAGE: u64 = 7;

/// Message `sequence` of a producer; its words say which one it is.
async fn says(kept: &Kept, seat: &Seat, producer: u64, sequence: u64) -> Result<Outcome, StoreError> {
    kept.say(seat, MessageId::new(producer, sequence).0, &format!("{producer} {sequence}")).await
}

/// The messages up to `last`, all of them new.
async fn talks(kept: &Kept, seat: &Seat, producer: u64, last: u64) {
    for sequence in 1..=last {
        assert!(matches!(says(kept, seat, producer, sequence).await, Ok(Outcome::Said { .. })), "{sequence}");
    }
}

/// A number of messages, each by a producer of its own.
async fn is_drowned_out(kept: &Kept, seat: &Seat, messages: usize) {
    for _ in 0..messages {
        kept.say(seat, alone(), "something else").await.unwrap();
    }
}

#[track_caller]
fn is_new(outcome: Result<Outcome, StoreError>, place: u64) {
    assert!(matches!(outcome, Ok(Outcome::Said { seq, .. }) if seq.0 == place), "{outcome:?}");
}

#[track_caller]
fn was_taken(outcome: Result<Outcome, StoreError>, place: u64) {
    assert!(matches!(outcome, Ok(Outcome::SaidBefore { seq, .. }) if seq.0 == place), "{outcome:?}");
}

#[track_caller]
fn is_early(outcome: Result<Outcome, StoreError>, expected: u64) {
    let Refusal::OutOfOrder { expected: next } = refusal(outcome) else { panic!("not out of order") };
    assert_eq!(next, MessageId::new(PAGE, expected));
}

#[tokio::test]
async fn a_message_that_somebody_else_sent_first_under_ones_own_id_takes_nothing_from_one() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let (anny, abhi) = (kept.enter(&anny).await.seat, kept.enter(&abhi).await.seat);
    is_new(says(&kept, &abhi, PAGE, 1).await, 1);
    is_new(says(&kept, &anny, PAGE, 1).await, 2);
    is_new(says(&kept, &abhi, PAGE, 2).await, 3);
    is_new(says(&kept, &anny, PAGE, 2).await, 4);
    was_taken(says(&kept, &anny, PAGE, 1).await, 2);
}

#[tokio::test]
async fn three_devices_of_one_person_advance_nobody_but_themselves() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let mut devices = Vec::new();
    for _ in 0..3 {
        devices.push(kept.enter(&anny).await.seat);
    }
    // The second and the third device are noted before all messages.
    let notes = 2;
    for sequence in 1..=3 {
        for (number, seat) in (0..).zip(&devices) {
            is_new(says(&kept, seat, PAGE, sequence).await, notes + (sequence - 1) * 3 + number + 1);
        }
    }
    is_early(says(&kept, &devices[0], PAGE, 5).await, 4);
    was_taken(says(&kept, &devices[2], PAGE, 1).await, notes + 3);
}

#[tokio::test]
async fn a_message_that_is_refused_advances_nothing() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    talks(&kept, &seat, PAGE, 2).await;
    is_early(says(&kept, &seat, PAGE, 5).await, 3);
    let other = kept.say(&seat, MessageId::new(PAGE, 2).0, "other words").await;
    assert_eq!(refusal(other), Refusal::IdTaken);
    is_new(says(&kept, &seat, PAGE, 3).await, 3);
    assert_eq!(kept.texts(&seat).await.len(), 3);
}

#[tokio::test]
async fn what_was_said_long_ago_is_known_to_be_taken_and_is_not_said_again() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let entered = kept.enter(&anny).await;
    let last = PRODUCER_MESSAGES_MAX as u64 + 1;
    talks(&kept, &entered.seat, PAGE, last).await;
    assert_eq!(refusal(says(&kept, &entered.seat, PAGE, 1).await), Refusal::AlreadyTaken);
    was_taken(says(&kept, &entered.seat, PAGE, 2).await, 2);
    let kept = kept.reopen().await;
    let seat = kept.store.seat(&entered.new_device.unwrap(), entered.seat.id()).await.unwrap();
    assert_eq!(refusal(says(&kept, &seat, PAGE, 1).await), Refusal::AlreadyTaken);
    is_new(says(&kept, &seat, PAGE, last + 1).await, last + 1);
}

/// Before and behind a checkpoint: what is remembered comes from it, and from the messages since.
#[tokio::test]
async fn a_message_whose_answer_was_lost_at_a_start_of_the_house_is_not_said_twice() {
    for last in [3, CHECKPOINT_MESSAGES, CHECKPOINT_MESSAGES + 3] {
        let kept = Kept::open();
        let [anny, _] = kept.start().await;
        let entered = kept.enter(&anny).await;
        talks(&kept, &entered.seat, PAGE, last).await;
        let kept = kept.reopen().await;
        let seat = kept.store.seat(&entered.new_device.unwrap(), entered.seat.id()).await.unwrap();
        was_taken(says(&kept, &seat, PAGE, last).await, last);
        let other = kept.say(&seat, MessageId::new(PAGE, last).0, "other words").await;
        assert_eq!(refusal(other), Refusal::IdTaken);
        is_early(says(&kept, &seat, PAGE, last + 2).await, last + 1);
        is_new(says(&kept, &seat, PAGE, last + 1).await, last + 1);
    }
}

#[tokio::test]
async fn a_producer_that_was_forgotten_for_newer_ones_is_found_among_the_messages() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    talks(&kept, &seat, PAGE, 3).await;
    is_drowned_out(&kept, &seat, PRODUCERS_PER_SEAT_MAX).await;
    was_taken(says(&kept, &seat, PAGE, 1).await, 1);
    was_taken(says(&kept, &seat, PAGE, 3).await, 3);
    is_drowned_out(&kept, &seat, PRODUCERS_PER_SEAT_MAX).await;
    is_early(says(&kept, &seat, PAGE, 5).await, 4);
    is_drowned_out(&kept, &seat, PRODUCERS_PER_SEAT_MAX).await;
    is_new(says(&kept, &seat, PAGE, 4).await, 4 + 3 * PRODUCERS_PER_SEAT_MAX as u64);
}

#[tokio::test]
async fn a_producer_of_which_no_message_is_near_begins_again_with_its_first() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let (anny, abhi) = (kept.enter(&anny).await.seat, kept.enter(&abhi).await.seat);
    talks(&kept, &anny, PAGE, 3).await;
    is_drowned_out(&kept, &anny, PRODUCERS_PER_SEAT_MAX).await;
    is_drowned_out(&kept, &abhi, PRODUCER_SEARCH_MAX).await;
    is_early(says(&kept, &anny, PAGE, 4).await, 1);
    is_new(says(&kept, &anny, PAGE, 1).await, 4 + (PRODUCERS_PER_SEAT_MAX + PRODUCER_SEARCH_MAX) as u64);
}
