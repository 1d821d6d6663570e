//! Sockets that watch all chats of their device.

use super::*;
use crate::domain::ChangedChats;

/// In which chats something changed.
fn changed(subscriber: &Subscriber) -> Vec<u64> {
    match subscriber.take_changed() {
        ChangedChats::Some(chats) => chats.into_iter().map(|chat| chat.0).collect(),
        ChangedChats::All => panic!("everything"),
    }
}

fn watching(hub: &Hub, device: DeviceId, seats: &[SeatId]) -> Subscriber {
    let subscriber = hub.listen(device, PrivacySettings::NOTHING).unwrap();
    subscriber.watch();
    subscriber.watch_seats(seats.iter().copied());
    subscriber
}

fn read(before: u64, after: u64) -> Committed {
    grown(receipt(9, 0, before), receipt(9, 0, after))
}

#[test]
fn a_socket_that_watches_is_told_in_which_chat_something_changed_and_not_what() {
    let hub = hub();
    let (anny, abhi) = (watching(&hub, PHONE, &[ANNY]), watching(&hub, LAPTOP, &[ABHI]));
    hub.tells(vec![said(1), said(2)]);
    assert_eq!((changed(&anny), changed(&abhi)), (vec![7], vec![7]));
    hub.tells(vec![read(0, 2)]);
    assert_eq!((changed(&anny), changed(&abhi)), (vec![], vec![7]), "what he has read changes his count");
    hub.tells(vec![read(2, 2), committed(Event::Kept { due: At(1) })]);
    assert_eq!((changed(&anny), changed(&abhi)), (vec![], vec![]));
    assert!(told(&anny).is_empty() && hub.here(CHAT).is_empty(), "nobody is here by watching");
}

#[test]
fn a_device_that_comes_in_watches_the_new_chat_and_one_that_left_does_not() {
    let hub = hub();
    let (anny, tablet) = (watching(&hub, PHONE, &[]), watching(&hub, PHONE, &[]));
    hub.tells(vec![said(1)]);
    assert!(changed(&anny).is_empty());
    hub.tells(vec![entered(ANNY, PHONE), entered(ABHI, LAPTOP)]);
    assert_eq!((changed(&anny), changed(&tablet)), (vec![7], vec![7]));
    hub.tells(vec![said(2)]);
    assert_eq!(changed(&anny), [7]);
    hub.tells(vec![left(ANNY, PHONE), said(3)]);
    assert_eq!(changed(&anny), [7]);
    hub.tells(vec![said(4)]);
    assert!(changed(&anny).is_empty());
}

fn entered(seat: SeatId, device: DeviceId) -> Committed {
    committed(Event::Entered { participant: seat.participant, device })
}

#[test]
fn nothing_is_kept_of_a_chat_that_ended_or_a_socket_that_is_gone() {
    let hub = hub();
    let (anny, abhi) = (watching(&hub, PHONE, &[ANNY]), watching(&hub, LAPTOP, &[ABHI]));
    hub.tells(vec![ended()]);
    assert_eq!((changed(&anny), changed(&abhi)), (vec![7], vec![7]));
    let tablet = watching(&hub, PHONE, &[ANNY, ABHI]);
    drop((anny, abhi));
    assert!(!hub.0.channels().watchers.is_empty());
    drop(tablet);
    assert!(hub.0.channels().watchers.is_empty());
}

#[test]
fn a_full_queue_loses_no_change_and_a_doubt_changes_everything() {
    let hub = hub();
    let subscriber = watching(&hub, LAPTOP, &[ABHI]);
    let _open = subscriber.open(ABHI, from(1));
    hub.tells((1..=u64::try_from(OUTBOX_FRAMES_MAX).unwrap() + 1).map(said).collect());
    hub.tells(vec![said(9_999)]);
    assert_eq!(changed(&subscriber), [7]);
    hub.tells(vec![said(10_000)]);
    assert_eq!(changed(&subscriber), [7]);
    hub.publish(Publication::Doubt);
    assert_eq!(subscriber.take_changed(), ChangedChats::All);
}

#[tokio::test]
async fn a_change_wakes_the_session() {
    let hub = hub();
    let subscriber = watching(&hub, PHONE, &[ANNY]);
    assert!(subscriber.ready().now_or_never().is_none());
    hub.tells(vec![said(1)]);
    assert!(subscriber.ready().now_or_never().is_some());
    assert_eq!(changed(&subscriber), [7]);
    assert!(subscriber.ready().now_or_never().is_none());
}
