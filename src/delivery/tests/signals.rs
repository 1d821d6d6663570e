//! Presence, typing and what was seen: who is told, and who withholds it.

use super::*;

#[test]
fn a_participant_is_here_from_the_first_socket_to_the_last() {
    let hub = hub();
    let [phone, laptop, other] =
        [PHONE, LAPTOP, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let _his = other.open(ABHI, from(1));
    let (mut one, mut two) = (phone.open(ANNY, from(1)), laptop.open(ANNY, from(1)));
    assert_eq!(told(&other), ["here"]);
    assert_eq!(hub.here(CHAT), [ANNY.participant, ABHI.participant]);
    assert_eq!(one.close(ANNY.participant), None);
    assert!(told(&other).is_empty());
    assert_eq!(two.close(ANNY.participant), Some(At(5_000)));
    assert_eq!(told(&other), ["gone"]);
    assert_eq!(hub.here(CHAT), [ABHI.participant]);
    assert!(told(&phone).is_empty() && told(&laptop).is_empty());
}

#[test]
fn a_socket_that_opens_its_seat_again_was_never_away() {
    let hub = hub();
    let [anny, abhi] = [PHONE, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let (hers, _his) = (anny.open(ANNY, from(1)), abhi.open(ABHI, from(1)));
    hub.tells(vec![said(1)]);
    hers.renew();
    assert!(told(&anny).is_empty());
    drop(hers);
    assert_eq!(told(&abhi), ["1", "gone"]);
}

#[tokio::test(start_paused = true)]
async fn typing_is_told_to_the_others_now_and_then() {
    let hub = hub();
    let [phone, laptop, other] =
        [PHONE, PHONE, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let _open = (phone.open(ANNY, from(1)), laptop.open(ANNY, from(1)), other.open(ABHI, from(1)));
    other.take();
    phone.typing(ANNY);
    laptop.typing(ANNY);
    other.typing(ABHI);
    assert_eq!(
        (told(&other), told(&phone)),
        (vec!["typing".to_owned()], vec!["here".to_owned(), "typing".to_owned()])
    );
    tokio::time::advance(TYPING_INTERVAL).await;
    phone.typing(ANNY);
    assert_eq!(told(&other), ["typing"]);
}

#[tokio::test(start_paused = true)]
async fn a_person_who_withholds_typing_tells_nobody_and_is_told_nothing() {
    let hub = hub();
    let [telling, silent] = [PrivacySettings::NOTHING, withholding(Signal::Typing)];
    let (phone, laptop) = (hub.listen(PHONE, silent).unwrap(), hub.listen(PHONE, telling).unwrap());
    let other = hub.listen(LAPTOP, telling).unwrap();
    let _open = (phone.open(ANNY, from(1)), laptop.open(ANNY, from(1)), other.open(ABHI, from(1)));
    phone.take();
    laptop.take();
    phone.typing(ANNY);
    other.typing(ABHI);
    assert!(told(&other).is_empty() && told(&phone).is_empty());
    assert_eq!(told(&laptop), ["typing"]);
    laptop.typing(ANNY);
    assert_eq!(told(&other), ["typing"], "what is withheld does not use up what is told");
}

#[test]
fn a_person_who_withholds_presence_is_nowhere_and_sees_nobody_come_or_go() {
    let hub = hub();
    let phone = hub.listen(PHONE, withholding(Signal::Here)).unwrap();
    let other = hub.listen(LAPTOP, PrivacySettings::NOTHING).unwrap();
    let mut hers = phone.open(ANNY, from(1));
    let mut his = other.open(ABHI, from(1));
    assert_eq!(hub.here(CHAT), [ABHI.participant]);
    assert_eq!(his.close(ABHI.participant), Some(At(5_000)));
    assert!(told(&phone).is_empty());
    let _his = other.open(ABHI, from(1));
    assert_eq!(hers.close(ANNY.participant), None, "nobody was told that she was here");
    assert!(told(&phone).is_empty() && told(&other).is_empty());
}

#[test]
fn a_participant_is_here_by_the_devices_that_tell_so() {
    let hub = hub();
    let silent = hub.listen(PHONE, withholding(Signal::Here)).unwrap();
    let [telling, other] =
        [PHONE, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let _his = other.open(ABHI, from(1));
    let _silently = silent.open(ANNY, from(1));
    assert!(told(&other).is_empty());
    let mut open = telling.open(ANNY, from(1));
    assert_eq!((told(&other), hub.here(CHAT).len()), (vec!["here".to_owned()], 2));
    assert_eq!(open.close(ANNY.participant), Some(At(5_000)));
    assert_eq!((told(&other), hub.here(CHAT).len()), (vec!["gone".to_owned()], 1));
}

#[test]
fn what_was_seen_is_not_told_to_a_socket_that_withholds_it_and_is_to_one_beside_it() {
    let hub = hub();
    let silent = hub.listen(PHONE, withholding(Signal::Seen)).unwrap();
    let [telling, own] = [PHONE, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let _open = (silent.open(ANNY, from(1)), telling.open(ANNY, from(1)), own.open(ABHI, from(1)));
    silent.take();
    telling.take();
    hub.tells(vec![grown(receipt(0, 0, 0), receipt(3, 3, 3))]);
    assert_eq!((seen(&silent), seen(&telling), seen(&own)), (vec![0], vec![3], vec![3]));
}

#[test]
fn what_was_read_in_silence_is_told_to_the_own_devices_alone() {
    let hub = hub();
    let own = hub.listen(PHONE, withholding(Signal::Seen)).unwrap();
    let [laptop, other] = [PHONE, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let _open = (own.open(ABHI, from(1)), laptop.open(ABHI, from(1)), other.open(ANNY, from(1)));
    own.take();
    laptop.take();
    hub.tells(vec![grown(receipt(3, 0, 0), receipt(3, 0, 3))]);
    assert_eq!((seen(&own), seen(&laptop)), (vec![3], vec![3]));
    assert!(told(&other).is_empty(), "that something is told at all would tell it");
}

#[test]
fn a_person_with_both_seats_open_sees_each_of_them_as_the_other() {
    let hub = hub();
    let both = hub.listen(PHONE, PrivacySettings::NOTHING).unwrap();
    let mut open = both.open(ANNY, from(1));
    both.typing(ANNY);
    assert!(told(&both).is_empty(), "there is only her own seat");
    open.add(ABHI.participant, from(1));
    both.typing(ABHI);
    assert_eq!(told(&both), ["here", "typing"]);
    let silent = hub.listen(LAPTOP, withholding(Signal::Seen)).unwrap();
    let _silently = silent.open(ABHI, from(1));
    hub.tells(vec![grown(receipt(0, 0, 0), receipt(3, 3, 3))]);
    assert_eq!((seen(&both), seen(&silent)), (vec![3, 3], vec![3]));
}

#[test]
fn typing_resyncs_nobody() {
    let hub = hub();
    let subscriber = hub.listen(LAPTOP, PrivacySettings::NOTHING).unwrap();
    let _open = subscriber.open(ABHI, from(1));
    hub.tells((1..=u64::try_from(OUTBOX_FRAMES_MAX).unwrap()).map(said).collect());
    hub.listen(PHONE, PrivacySettings::NOTHING).unwrap().typing(ANNY);
    assert_eq!(told(&subscriber).len(), OUTBOX_FRAMES_MAX);
}
