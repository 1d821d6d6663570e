//! How sessions end, and what happens to peers that do not keep up.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::{Instant, pause, timeout};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::table::{Table, field, hello, open, pipe, say, stranger, within};
use crate::delivery::Hub;
use crate::domain::{
    At, Body, ChatId, DeviceId, DeviceTag, Event, Message, MessageId, ParticipantId, Person, PrivacySettings,
    Role, Roster, SeatId, Seq, Shape, Text,
};
use crate::limits::{OUTBOX_FRAMES_MAX, SILENCE_DEADLINE, STUCK_DEADLINE, WRITE_DEADLINE};
use crate::session::run;
use crate::session::socket_writer::{CloseReason, SocketWriter};
use crate::store::{Committed, Publication};

#[tokio::test]
async fn a_house_that_stops_says_bye_to_everybody() {
    let table = Table::laid().await;
    let anny = table.enter(0).await;
    let (mut stranger, mut peer) = (table.connect().await, table.sit(&anny, 0).await);
    table.stop.cancel();
    for peer in [&mut stranger, &mut peer] {
        assert!(peer.gets("bye").await.contains("stopping"));
    }
    assert_eq!(stranger.closes().await, 1001);
    assert_eq!(peer.closes().await, 1001);
    assert!(table.house.hub.here(anny.seat.chat).is_empty());
}

#[tokio::test]
async fn a_writer_that_has_stopped_says_reconnect_and_never_no() {
    let table = Table::laid().await;
    let anny = table.enter(0).await;
    let mut peer = table.sit(&anny, 0).await;
    table.house.store.close().await;
    peer.sends(&say(anny.seat, 1, "hi")).await;
    assert!(peer.gets("bye").await.contains("reconnect"));
    assert_eq!(peer.closes().await, 1001);
}

#[tokio::test]
async fn a_peer_that_closes_is_gone_at_once() {
    let table = Table::laid().await;
    let (anny, abhi) = (table.enter(0).await, table.enter(1).await);
    let (mut a, mut b) = (table.sit(&anny, 0).await, table.sit(&abhi, 0).await);
    a.gets("chat-presence").await;
    within(b.socket.close(None)).await.unwrap();
    assert!(a.gets("chat-presence").await.contains(r#""here":false"#));
    assert!(matches!(within(b.socket.next()).await, Some(Ok(close)) if close.is_close()));
    within(b.session).await.unwrap();
}

#[tokio::test]
async fn a_silent_peer_is_dropped() {
    let table = Table::laid().await;
    let peer = table.sit(&table.enter(0).await, 0).await;
    pause();
    let began = Instant::now();
    peer.session.await.unwrap();
    assert!(began.elapsed().abs_diff(SILENCE_DEADLINE) < Duration::from_secs(5));
}

#[tokio::test]
async fn a_peer_that_answers_pings_is_kept() {
    let table = Table::laid().await;
    let mut peer = table.sit(&table.enter(0).await, 0).await;
    pause();
    let reading = async { while peer.socket.next().await.is_some() {} };
    assert!(timeout(SILENCE_DEADLINE * 5, reading).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_write_that_takes_too_long_is_the_end() {
    let (house, _peer) = pipe(64).await;
    let mut writer = Box::new(SocketWriter::new(house));
    let began = Instant::now();
    writer.feed("x".repeat(1_000), None).await.unwrap();
    assert_eq!(writer.flush(None).await, Err(CloseReason::Gone));
    assert_eq!(began.elapsed(), WRITE_DEADLINE);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_is_behind_for_too_long_is_closed_with_1013() {
    let seat = SeatId { chat: ChatId(1), participant: ParticipantId(1) };
    let hub = Hub::new(Arc::new(|| At(0)));
    let subscriber = hub.listen(DeviceId([0; 32]), PrivacySettings::NOTHING).unwrap();
    let _open = subscriber.open(seat, Person::first(Role::Admin).sight(Shape::Pair, Roster::Everybody));
    let (house, mut peer) = pipe(64).await;
    let mut writer = Box::new(SocketWriter::new(house));
    writer.feed("x".repeat(100), Some(&subscriber)).await.unwrap();
    let began = Instant::now();
    let all = (1..=OUTBOX_FRAMES_MAX as u64 + 1).map(|seq| said(seat, seq)).collect();
    hub.publish(Publication::Committed(all));
    assert_eq!(writer.flush(Some(&subscriber)).await, Err(CloseReason::Close(CloseCode::Again)));
    assert_eq!(began.elapsed(), STUCK_DEADLINE);
    let leaving = tokio::spawn(writer.farewell(CloseReason::Close(CloseCode::Again)));
    assert!(peer.next().await.unwrap().unwrap().is_text());
    assert!(peer.next().await.unwrap().unwrap().is_close());
    leaving.await.unwrap();
}

fn said(seat: SeatId, seq: u64) -> Committed {
    let body = Body::Text(Text::parse("hi".to_owned()).unwrap());
    let message =
        Message::new(Seq(seq), (ParticipantId(2), DeviceTag(7)), At(0), MessageId(seq.into()), body);
    Committed { chat: seat.chat, event: Event::Said(message.into()), hidden_people: Vec::new() }
}

#[tokio::test]
async fn a_peer_that_cannot_keep_up_is_resynced_and_misses_nothing() {
    const MESSAGES: u64 = 300;
    let table = Table::laid().await;
    let (anny, abhi) = (table.enter(0).await, table.enter(1).await);
    let mut b = table.connect_by(1_024, stranger()).await;
    b.sends(&hello(&abhi.device)).await;
    b.gets("welcome").await;
    b.sends(&open(abhi.seat, 0)).await;
    b.gets("chat-state").await;
    let long = "x".repeat(4_000);
    table.says_all(&anny, 1..=MESSAGES, &long).await;
    let (mut last, mut resyncs) = (0, 0);
    while last < MESSAGES {
        let text = b.next().await.into_text().unwrap();
        match field(&text, "type").as_str() {
            "chat-message" => {
                last += 1;
                assert_eq!(field(&text, "seq"), last.to_string());
            }
            "chat-resync" => {
                resyncs += 1;
                b.sends(&open(abhi.seat, last)).await;
            }
            kind => assert_eq!(kind, "chat-state"),
        }
    }
    assert_eq!(resyncs, 1);
    b.has_no_more().await;
}

#[tokio::test]
async fn a_session_can_be_spawned_and_is_small() {
    let table = Table::laid().await;
    let (house, _peer) = pipe(64).await;
    let session = run(table.house.clone(), house, stranger(), table.stop.clone());
    let bytes = size_of_val(&session);
    assert!(bytes <= 2_048, "a session's future has {bytes} bytes");
    drop(tokio::spawn(session));
}
