#![allow(clippy::unwrap_used)]
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;

use super::*;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::domain::{
    At, Body, DeviceTag, EndedBy, Ending, Message, MessageId, Receipt, SeatId, Seq, Shape, Sight, Text,
};
use crate::limits::{OUTBOX_BYTES_MAX, OUTBOX_FRAMES_MAX, TYPING_INTERVAL};

mod signals;
mod watching;

const CHAT: ChatId = ChatId(7);
const ANNY: SeatId = SeatId { chat: CHAT, participant: ParticipantId(1) };
const ABHI: SeatId = SeatId { chat: CHAT, participant: ParticipantId(2) };
const PHONE: DeviceId = DeviceId([1; 32]);
const LAPTOP: DeviceId = DeviceId([2; 32]);

fn hub() -> Hub {
    Hub::new(Arc::new(|| At(5_000)))
}

/// Sight of everybody in a pair, and of every message from this one on.
fn from(seq: u64) -> Sight {
    Sight { shape: Shape::Pair, since: Seq(seq), sees_everybody: true }
}

impl Hub {
    fn tells(&self, events: Vec<Committed>) {
        self.publish(Publication::Committed(events));
    }
}

fn committed(event: Event) -> Committed {
    Committed { chat: CHAT, event, hidden_people: Vec::new() }
}

fn message(seq: u64, text: &str) -> Message {
    let body = Body::Text(Text::parse(text.to_owned()).unwrap());
    Message::new(Seq(seq), (ANNY.participant, DeviceTag(7)), At(0), MessageId(seq.into()), body)
}

fn said(seq: u64) -> Committed {
    committed(Event::Said(Arc::new(message(seq, "hi"))))
}

fn marked(seq: u64) -> Committed {
    grown(Receipt::default(), Receipt { delivered: Seq(seq), ..Receipt::default() })
}

/// Abhi has got further.
fn grown(before: Receipt, receipt: Receipt) -> Committed {
    committed(Event::Marked { participant: ABHI.participant, before, receipt })
}

fn receipt(delivered: u64, seen: u64, read: u64) -> Receipt {
    Receipt { delivered: Seq(delivered), seen: Seq(seen), read: Seq(read) }
}

fn withholding(sign: Signal) -> PrivacySettings {
    PrivacySettings::NOTHING.and(sign).unwrap()
}

/// What a socket was told of receipts: by how many frames, and up to where somebody has seen.
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
    committed(Event::Ended(Ending { at: At(0), by, messages: 3 }))
}

fn left(seat: SeatId, device: DeviceId) -> Committed {
    committed(Event::Left { participant: seat.participant, device })
}

/// In a few characters: the seqs of messages, and words for the rest.
fn told(subscriber: &Subscriber) -> Vec<String> {
    subscriber.take().iter().map(word).collect()
}

fn word(delivery: &Delivery) -> String {
    match delivery {
        Delivery::Message { seq, text, .. } => {
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
        Delivery::Afresh(_) => "afresh".to_owned(),
        Delivery::Left(_) => "left".to_owned(),
    }
}

#[test]
fn everybody_hears_everything_in_one_order() {
    let hub = hub();
    let [phone, laptop, other] =
        [PHONE, PHONE, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let _open = (phone.open(ANNY, from(1)), laptop.open(ANNY, from(1)), other.open(ABHI, from(1)));
    phone.take();
    laptop.take();
    hub.tells(vec![said(1), said(2), marked(2), said(3)]);
    for subscriber in [phone, laptop, other] {
        assert_eq!(told(&subscriber), ["1", "2", "frame", "3"]);
        assert!(told(&subscriber).is_empty());
    }
}

#[test]
fn a_socket_with_both_seats_hears_what_all_are_told_once() {
    let hub = hub();
    let subscriber = hub.listen(PHONE, PrivacySettings::NOTHING).unwrap();
    let mut open = subscriber.open(ANNY, from(1));
    open.add(ABHI.participant, from(1));
    assert_eq!(hub.here(CHAT), [ANNY.participant, ABHI.participant]);
    subscriber.take();
    hub.tells(vec![said(1)]);
    assert_eq!(told(&subscriber), ["1"]);
    hub.tells(vec![grown(receipt(0, 0, 0), receipt(3, 2, 3))]);
    assert_eq!(seen(&subscriber), [3, 2], "as the person who read it, and as the other");
    assert_eq!(open.close(ABHI.participant), Some(At(5_000)));
    assert_eq!(told(&subscriber), ["gone"]);
    hub.tells(vec![said(2), ended()]);
    assert_eq!(told(&subscriber), ["2", "ended"]);
}

#[test]
fn of_a_socket_with_both_seats_one_may_be_taken_away() {
    let hub = hub();
    let subscriber = hub.listen(PHONE, PrivacySettings::NOTHING).unwrap();
    let mut open = subscriber.open(ANNY, from(1));
    open.add(ABHI.participant, from(1));
    hub.tells(vec![left(ABHI, PHONE), said(1), grown(receipt(0, 0, 0), receipt(3, 2, 3))]);
    assert_eq!(told(&subscriber), ["here", "left", "1", "frame"], "one frame: that of the other");
    hub.tells(vec![grown(receipt(3, 2, 3), receipt(4, 4, 4))]);
    assert_eq!(seen(&subscriber), [4], "as the other only");
}

/// Of a frame of a chat, whose it is: the chat's, or a seat's.
fn whose(delivery: &Delivery) -> String {
    let (Delivery::Frame { text, .. } | Delivery::Message { text, .. }) = delivery else {
        panic!("{delivery:?}")
    };
    let (_, whose) = text.split_once("\"seat\":\"").or(text.split_once("\"chat\":\"")).unwrap();
    whose.split_once('"').unwrap().0.to_owned()
}

#[test]
fn of_a_socket_with_both_seats_only_the_one_that_may_read_a_message_hears_that_it_changed() {
    let hub = hub();
    let [both, other] = [PHONE, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let mut open = both.open(ANNY, from(1));
    open.add(ABHI.participant, from(5));
    let _alone = other.open(ANNY, from(1));
    both.take();
    let changed = |seq| committed(Event::Changed(Arc::new(message(seq, "hey"))));
    hub.tells(vec![changed(4), changed(5)]);
    let heard: Vec<_> = both.take().iter().map(whose).collect();
    assert_eq!(heard, ["0000000000000007-1", "0000000000000007"]);
    let heard: Vec<_> = other.take().iter().map(whose).collect();
    assert_eq!(heard, ["0000000000000007"; 2]);
    hub.tells(vec![left(ABHI, PHONE), changed(4)]);
    assert!(matches!(&both.take()[..], [Delivery::Left(_), Delivery::Frame { .. }]));
}

#[test]
fn several_receipts_of_one_person_in_one_commit_are_told_once() {
    let hub = hub();
    let other = hub.listen(PHONE, PrivacySettings::NOTHING).unwrap();
    let _open = other.open(ANNY, from(1));
    let steps = [receipt(0, 0, 0), receipt(1, 0, 0), receipt(1, 1, 1), receipt(3, 2, 2)];
    let mut events: Vec<_> = steps.windows(2).map(|step| grown(step[0], step[1])).collect();
    events.insert(1, said(4));
    hub.tells(events);
    assert_eq!(told(&other), ["4", "frame"]);
    hub.tells(vec![grown(receipt(3, 2, 2), receipt(4, 2, 2)), grown(receipt(4, 2, 2), receipt(4, 4, 4))]);
    assert_eq!(seen(&other), [4]);
}

#[test]
fn a_frame_is_written_once_for_all_who_get_the_same() {
    let hub = hub();
    let [one, two] = [PHONE, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let _open = (one.open(ANNY, from(1)), two.open(ABHI, from(1)));
    one.take();
    hub.tells(vec![said(1)]);
    let texts = [one.take(), two.take()].map(|delivery| match delivery.into_iter().next() {
        Some(Delivery::Message { text, .. }) => text.as_str().as_ptr(),
        other => panic!("{other:?}"),
    });
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn a_chat_that_is_not_open_is_not_heard() {
    let hub = hub();
    let subscriber = hub.listen(PHONE, PrivacySettings::NOTHING).unwrap();
    hub.tells(vec![said(1)]);
    let mut open = subscriber.open(ANNY, from(1));
    hub.tells(vec![said(2)]);
    open.close(ANNY.participant);
    hub.tells(vec![said(3)]);
    assert_eq!(told(&subscriber), ["2"]);
}

#[test]
fn a_listener_that_cannot_keep_up_is_told_once_and_never_skips() {
    let hub = hub();
    let subscriber = hub.listen(LAPTOP, PrivacySettings::NOTHING).unwrap();
    let open = subscriber.open(ABHI, from(1));
    let all = u64::try_from(OUTBOX_FRAMES_MAX).unwrap();
    hub.tells((1..=all + 5).map(said).collect());
    let mut expected: Vec<_> = (1..=all).map(|seq| seq.to_string()).collect();
    expected.push("resync".to_owned());
    assert_eq!(told(&subscriber), expected);
    hub.tells(vec![said(all + 6)]);
    assert!(told(&subscriber).is_empty());
    open.renew();
    hub.tells(vec![said(all + 7)]);
    assert_eq!(told(&subscriber), [(all + 7).to_string()]);
}

#[test]
fn a_socket_that_reopens_just_as_the_seat_is_taken_away_is_told_that_it_is_gone() {
    let hub = hub();
    let subscriber = hub.listen(LAPTOP, PrivacySettings::NOTHING).unwrap();
    let open = subscriber.open(ABHI, from(1));
    hub.tells(vec![left(ABHI, LAPTOP)]);
    open.renew();
    hub.tells(vec![said(1)]);
    assert_eq!(told(&subscriber), ["left"]);
}

#[test]
fn bytes_are_bounded_as_frames_are() {
    let hub = hub();
    let subscriber = hub.listen(LAPTOP, PrivacySettings::NOTHING).unwrap();
    let _open = subscriber.open(ABHI, from(1));
    let long = "x".repeat(4_000);
    hub.tells((1..=100).map(|seq| committed(Event::Said(Arc::new(message(seq, &long))))).collect());
    let delivery = subscriber.take();
    assert_eq!(delivery.last().map(word).unwrap(), "resync");
    assert!(delivery.len() - 1 < OUTBOX_BYTES_MAX / 4_000 && delivery.len() > 50, "{}", delivery.len());
}

#[test]
fn a_stuck_socket_is_resynced_for_each_of_its_chats_and_knows_since_when() {
    let hub = hub();
    let subscriber = hub.listen(LAPTOP, PrivacySettings::NOTHING).unwrap();
    let elsewhere = SeatId { chat: ChatId(8), ..ABHI };
    let _open = (subscriber.open(ABHI, from(1)), subscriber.open(elsewhere, from(1)));
    assert!(subscriber.stuck().now_or_never().is_none());
    let all = u64::try_from(OUTBOX_FRAMES_MAX).unwrap();
    hub.tells((1..=all + 1).map(said).collect());
    hub.tells(vec![Committed { chat: elsewhere.chat, ..said(1) }]);
    assert!(subscriber.stuck().now_or_never().is_some());
    let is_resync = |delivery: &Delivery| matches!(delivery, Delivery::Resync { .. });
    let resyncs: Vec<_> = subscriber.take().iter().filter(|one| is_resync(one)).map(Delivery::chat).collect();
    assert_eq!(resyncs, [CHAT, elsewhere.chat]);
}

#[test]
fn the_last_word_gets_in_where_nothing_else_does() {
    let hub = hub();
    let [full, revoked] = [LAPTOP, PHONE].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let _open = (full.open(ABHI, from(1)), revoked.open(ABHI, from(1)));
    let more_than_all = u64::try_from(OUTBOX_FRAMES_MAX).unwrap() + 1;
    hub.tells((1..=more_than_all).map(said).collect());
    hub.tells(vec![left(ABHI, PHONE), ended()]);
    assert_eq!(told(&full)[OUTBOX_FRAMES_MAX..], ["resync", "ended"]);
    assert_eq!(told(&revoked)[OUTBOX_FRAMES_MAX..], ["resync", "left"]);
}

#[test]
fn after_the_end_nobody_listens() {
    let hub = hub();
    let [anny, abhi] = [PHONE, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let (mut hers, _his) = (anny.open(ANNY, from(1)), abhi.open(ABHI, from(1)));
    anny.take();
    hub.tells(vec![ended(), said(4)]);
    assert_eq!((told(&anny), told(&abhi)), (vec!["ended".to_owned()], vec!["ended".to_owned()]));
    assert!(hub.here(CHAT).is_empty());
    assert_eq!(hers.close(ANNY.participant), None);
    assert!(told(&abhi).is_empty());
}

#[test]
fn a_device_that_left_hears_nothing_more_and_the_others_do() {
    let hub = hub();
    let [phone, laptop] = [PHONE, LAPTOP].map(|device| hub.listen(device, PrivacySettings::NOTHING).unwrap());
    let (hers, _other) = (phone.open(ANNY, from(1)), laptop.open(ANNY, from(1)));
    hub.tells(vec![left(ANNY, PHONE), said(1)]);
    assert_eq!(told(&phone), ["left"]);
    assert_eq!(told(&laptop), ["1"]);
    hers.renew();
    hub.tells(vec![said(2), ended()]);
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
    assert!(hub.0.channels().sockets.is_empty() && hub.0.channels().watchers.is_empty());
}

#[test]
fn an_empty_room_is_not_kept() {
    let hub = hub();
    let subscriber = hub.listen(PHONE, PrivacySettings::NOTHING).unwrap();
    drop(subscriber.open(ANNY, from(1)));
    assert!(hub.0.channels().chats.is_empty());
}

#[tokio::test]
async fn a_session_that_waits_is_woken_once_for_everything_at_hand() {
    let hub = hub();
    let subscriber = hub.listen(PHONE, PrivacySettings::NOTHING).unwrap();
    let _open = subscriber.open(ANNY, from(1));
    hub.tells(vec![said(1), said(2)]);
    tokio::time::timeout(Duration::from_secs(5), subscriber.ready()).await.unwrap();
    assert_eq!(told(&subscriber), ["1", "2"]);
    assert!(subscriber.ready().now_or_never().is_none());
    hub.tells(vec![said(3)]);
    assert!(subscriber.stuck().now_or_never().is_none());
    assert!(
        subscriber.ready().now_or_never().is_some(),
        "a notify was missed because somebody else heard it"
    );
}
