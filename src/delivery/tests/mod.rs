#![allow(clippy::unwrap_used)]
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;

use super::*;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::domain::{Body, EndedBy, Ending, Message, MessageId, Receipt, Seq, Text};
use crate::limits::{OUTBOX_BYTES_MAX, OUTBOX_FRAMES_MAX, TYPING_INTERVAL};

mod signals;

const CHAT: ChatId = ChatId(7);
const ANNY: SeatId = SeatId { chat: CHAT, participant: ParticipantId(1) };
const ABHI: SeatId = SeatId { chat: CHAT, participant: ParticipantId(2) };
const PHONE: DeviceId = DeviceId([1; 32]);
const LAPTOP: DeviceId = DeviceId([2; 32]);

fn hub() -> Hub {
    Hub::new(Arc::new(|| At(5_000)))
}

fn committed(event: Event, origin: Option<Origin>) -> Committed {
    Committed { chat: CHAT, event, origin }
}

fn message(seq: u64, text: &str) -> Message {
    let body = Body::Text(Text::parse(text.to_owned()).unwrap());
    Message { seq: Seq(seq), from: ANNY.participant, at: At(0), id: MessageId(seq.into()), body }
}

fn said(seq: u64, origin: Option<Origin>) -> Committed {
    committed(Event::Said(message(seq, "hi")), origin)
}

fn marked(seq: u64) -> Committed {
    grown(Receipt::default(), Receipt { delivered: Seq(seq), ..Receipt::default() })
}

/// Abhi has got further.
fn grown(before: Receipt, receipt: Receipt) -> Committed {
    committed(Event::Marked { participant: ABHI.participant, before, receipt }, None)
}

fn receipt(delivered: u64, seen: u64, read: u64) -> Receipt {
    Receipt { delivered: Seq(delivered), seen: Seq(seen), read: Seq(read) }
}

fn withholding(sign: Signal) -> PrivacySettings {
    PrivacySettings::NOTHING.and(sign).unwrap()
}

/// What a socket was told of receipts: up to where somebody has seen.
fn seen(subscriber: &Subscriber) -> Vec<u64> {
    let texts = subscriber.take().into_iter().map(|delivery| match delivery {
        Delivery::Receipt { text, .. } => text,
        other => panic!("{other:?}"),
    });
    let after =
        |text: Utf8Bytes| text.split_once("\"seen\":").unwrap().1.trim_end_matches('}').parse().unwrap();
    texts.map(after).collect()
}

fn ended() -> Committed {
    let by = EndedBy::Participant(ANNY.participant);
    committed(Event::Ended(Ending { at: At(0), by, messages: 3 }), None)
}

fn left(seat: SeatId, device: DeviceId) -> Committed {
    committed(Event::Left { participant: seat.participant, device }, None)
}

/// In a few characters: the seqs of messages, and words for the rest.
fn told(subscriber: &Subscriber) -> Vec<String> {
    subscriber.take().iter().map(word).collect()
}

fn word(delivery: &Delivery) -> String {
    match delivery {
        Delivery::Frame { seq: Some(seq), answers: Some(_), text, .. } => {
            assert!(text.contains("\"chat-said\""), "{text}");
            format!("said {}", seq.0)
        }
        Delivery::Frame { seq: Some(seq), answers: None, text, .. } => {
            assert!(text.contains("\"chat-message\""), "{text}");
            seq.0.to_string()
        }
        Delivery::Frame { text, .. } if text.contains("\"here\":true") => "here".to_owned(),
        Delivery::Frame { text, .. } if text.contains("\"here\":false") => {
            assert!(text.contains("1970-01-01T00:00:05.000Z"), "{text}");
            "gone".to_owned()
        }
        Delivery::Frame { .. } | Delivery::Receipt { .. } => "frame".to_owned(),
        Delivery::Typing { .. } => "typing".to_owned(),
        Delivery::Resync { .. } => "resync".to_owned(),
        Delivery::Ended { .. } => "ended".to_owned(),
        Delivery::Left(_) => "left".to_owned(),
    }
}

#[test]
fn everybody_hears_everything_in_one_order_and_the_origin_its_answer() {
    let hub = hub();
    let [phone, laptop, other] =
        [PHONE, PHONE, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let _open = (phone.open(ANNY), laptop.open(ANNY), other.open(ABHI));
    phone.take();
    laptop.take();
    hub.tell(vec![said(1, Some(phone.origin())), said(2, Some(laptop.origin())), marked(2), said(3, None)]);
    assert_eq!(told(&phone), ["said 1", "2", "frame", "3"]);
    assert_eq!(told(&laptop), ["1", "said 2", "frame", "3"]);
    assert_eq!(told(&other), ["1", "2", "frame", "3"]);
    assert!(told(&other).is_empty());
}

#[test]
fn on_a_socket_with_both_seats_only_the_speaker_is_answered() {
    let hub = hub();
    let subscriber = hub.listen(PHONE, PrivacySettings::NOTHING).unwrap();
    let _open = (subscriber.open(ANNY), subscriber.open(ABHI));
    subscriber.take();
    hub.tell(vec![said(1, Some(subscriber.origin()))]);
    assert_eq!(told(&subscriber), ["said 1", "1"]);
}

#[test]
fn a_frame_is_written_once_for_all_who_get_the_same() {
    let hub = hub();
    let [one, two] = [LAPTOP, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let _open = (one.open(ABHI), two.open(ABHI));
    hub.tell(vec![said(1, None)]);
    let texts = [one.take(), two.take()].map(|delivery| match delivery.into_iter().next() {
        Some(Delivery::Frame { text, .. }) => text.as_str().as_ptr(),
        other => panic!("{other:?}"),
    });
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn a_chat_that_is_not_open_is_not_heard() {
    let hub = hub();
    let subscriber = hub.listen(PHONE, PrivacySettings::NOTHING).unwrap();
    hub.tell(vec![said(1, None)]);
    let open = subscriber.open(ANNY);
    hub.tell(vec![said(2, None)]);
    open.close();
    hub.tell(vec![said(3, None)]);
    assert_eq!(told(&subscriber), ["2"]);
}

#[test]
fn a_listener_that_cannot_keep_up_is_told_once_and_never_skips() {
    let hub = hub();
    let subscriber = hub.listen(LAPTOP, PrivacySettings::NOTHING).unwrap();
    let open = subscriber.open(ABHI);
    let all = u64::try_from(OUTBOX_FRAMES_MAX).unwrap();
    hub.tell((1..=all + 5).map(|seq| said(seq, None)).collect());
    let mut expected: Vec<_> = (1..=all).map(|seq| seq.to_string()).collect();
    expected.push("resync".to_owned());
    assert_eq!(told(&subscriber), expected);
    hub.tell(vec![said(all + 6, None)]);
    assert!(told(&subscriber).is_empty());
    let _open = open.renewed();
    hub.tell(vec![said(all + 7, None)]);
    assert_eq!(told(&subscriber), [(all + 7).to_string()]);
}

#[test]
fn a_socket_that_reopens_just_as_the_seat_is_taken_away_is_told_that_it_is_gone() {
    let hub = hub();
    let subscriber = hub.listen(LAPTOP, PrivacySettings::NOTHING).unwrap();
    let open = subscriber.open(ABHI);
    hub.tell(vec![left(ABHI, LAPTOP)]);
    let _open = open.renewed();
    hub.tell(vec![said(1, None)]);
    assert_eq!(told(&subscriber), ["left"]);
}

#[test]
fn bytes_are_bounded_as_frames_are() {
    let hub = hub();
    let subscriber = hub.listen(LAPTOP, PrivacySettings::NOTHING).unwrap();
    let _open = subscriber.open(ABHI);
    let long = "x".repeat(4_000);
    hub.tell((1..=100).map(|seq| committed(Event::Said(message(seq, &long)), None)).collect());
    let delivery = subscriber.take();
    assert_eq!(delivery.last().map(word).unwrap(), "resync");
    assert!(delivery.len() - 1 < OUTBOX_BYTES_MAX / 4_000 && delivery.len() > 50, "{}", delivery.len());
}

#[test]
fn a_stuck_socket_is_resynced_for_each_of_its_seats_and_knows_since_when() {
    let hub = hub();
    let subscriber = hub.listen(LAPTOP, PrivacySettings::NOTHING).unwrap();
    let _open = (subscriber.open(ANNY), subscriber.open(ABHI));
    assert!(subscriber.stuck().now_or_never().is_none());
    let all = u64::try_from(OUTBOX_FRAMES_MAX).unwrap();
    hub.tell((1..=all).map(|seq| said(seq, None)).collect());
    assert!(subscriber.stuck().now_or_never().is_some());
    let mut resyncs: Vec<_> =
        subscriber.take().iter().filter(|delivery| word(delivery) == "resync").map(Delivery::seat).collect();
    resyncs.sort_unstable();
    assert_eq!(resyncs, [ANNY, ABHI]);
}

#[test]
fn the_last_word_gets_in_where_nothing_else_does() {
    let hub = hub();
    let [full, revoked] = [LAPTOP, PHONE].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let _open = (full.open(ABHI), revoked.open(ABHI));
    let more_than_all = u64::try_from(OUTBOX_FRAMES_MAX).unwrap() + 1;
    hub.tell((1..=more_than_all).map(|seq| said(seq, None)).collect());
    hub.tell(vec![left(ABHI, PHONE), ended()]);
    assert_eq!(told(&full)[OUTBOX_FRAMES_MAX..], ["resync", "ended"]);
    assert_eq!(told(&revoked)[OUTBOX_FRAMES_MAX..], ["resync", "left"]);
}

#[test]
fn after_the_end_nobody_listens() {
    let hub = hub();
    let [anny, abhi] = [PHONE, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let (hers, _his) = (anny.open(ANNY), abhi.open(ABHI));
    anny.take();
    hub.tell(vec![ended(), said(4, None)]);
    assert_eq!((told(&anny), told(&abhi)), (vec!["ended".to_owned()], vec!["ended".to_owned()]));
    assert!(hub.here(CHAT).is_empty());
    assert_eq!(hers.close(), None);
    assert!(told(&abhi).is_empty());
}

#[test]
fn a_device_that_left_hears_nothing_more_and_the_others_do() {
    let hub = hub();
    let [phone, laptop] = [PHONE, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let (hers, _other) = (phone.open(ANNY), laptop.open(ANNY));
    hub.tell(vec![left(ANNY, PHONE), said(1, None)]);
    assert_eq!(told(&phone), ["left"]);
    assert_eq!(told(&laptop), ["1"]);
    let _hers = hers.renewed();
    hub.tell(vec![said(2, None), ended()]);
    assert!(told(&phone).is_empty());
}

#[test]
fn a_device_has_so_many_sockets() {
    let hub = hub();
    let mut listeners: Vec<_> =
        (0..SOCKETS_PER_DEVICE_MAX).map(|_| hub.listen(PHONE, PrivacySettings::NOTHING).unwrap()).collect();
    assert_eq!(hub.listen(PHONE, PrivacySettings::NOTHING).err(), Some(Refusal::TooManySockets));
    assert!(hub.listen(LAPTOP, PrivacySettings::NOTHING).is_ok());
    listeners.pop();
    assert!(hub.listen(PHONE, PrivacySettings::NOTHING).is_ok());
    drop(listeners);
    assert!(hub.0.channels().sockets.is_empty());
}

#[test]
fn an_empty_room_is_not_kept() {
    let hub = hub();
    let subscriber = hub.listen(PHONE, PrivacySettings::NOTHING).unwrap();
    drop(subscriber.open(ANNY));
    assert!(hub.0.channels().chats.is_empty());
}

#[tokio::test]
async fn a_session_that_waits_is_woken_once_for_everything_at_hand() {
    let hub = hub();
    let subscriber = hub.listen(PHONE, PrivacySettings::NOTHING).unwrap();
    let _open = subscriber.open(ANNY);
    hub.tell(vec![said(1, None), said(2, None)]);
    tokio::time::timeout(Duration::from_secs(5), subscriber.ready()).await.unwrap();
    assert_eq!(told(&subscriber), ["1", "2"]);
    assert!(subscriber.ready().now_or_never().is_none());
    hub.tell(vec![said(3, None)]);
    assert!(subscriber.stuck().now_or_never().is_none());
    assert!(
        subscriber.ready().now_or_never().is_some(),
        "a notify was missed because somebody else heard it"
    );
}
