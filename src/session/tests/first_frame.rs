//! Before and at the welcome.

use futures_util::{SinkExt, StreamExt};
use tokio::time::{Instant, advance};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::table::{Pipe, Table, hello, pipe, stranger};
use crate::crypto::DeviceSecret;
use crate::domain::AddressBlock;
use crate::limits::{FRAME_BYTES_MAX, HELLO_DEADLINE, SOCKETS_PER_DEVICE_MAX, STRANGERS_MAX};
use crate::session::hello::hello as wait_for_hello;
use crate::session::socket_writer::{CloseReason, SocketWriter};
use crate::session::strangers::Strangers;

fn here() -> AddressBlock {
    std::net::IpAddr::from([127, 0, 0, 1]).into()
}

fn device() -> DeviceSecret {
    DeviceSecret::random(&mut rand::rng())
}

async fn next_text(peer: &mut Pipe) -> String {
    peer.next().await.unwrap().unwrap().into_text().unwrap().to_string()
}

#[tokio::test(start_paused = true)]
async fn a_stranger_who_says_nothing_is_closed_when_the_time_is_over() {
    let (house, mut peer) = pipe(4_096).await;
    let began = Instant::now();
    let mut writer = Box::new(SocketWriter::new(house));
    let heard = wait_for_hello(&mut writer, &stranger()).await;
    assert_eq!(heard.err(), Some(CloseReason::Close(CloseCode::Policy)));
    assert_eq!(began.elapsed(), HELLO_DEADLINE);
    let leaving = tokio::spawn(writer.farewell(CloseReason::Close(CloseCode::Policy)));
    assert!(next_text(&mut peer).await.contains("hello_first"));
    assert!(
        matches!(peer.next().await, Some(Ok(Message::Close(Some(close)))) if close.code == CloseCode::Policy)
    );
    drop(peer);
    leaving.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn pings_do_not_prolong_the_time_for_hello() {
    let (house, mut peer) = pipe(4_096).await;
    let mut writer = Box::new(SocketWriter::new(house));
    let began = Instant::now();
    let pinging = tokio::spawn(async move {
        while peer.send(Message::Ping(bytes::Bytes::new())).await.is_ok() {
            advance(HELLO_DEADLINE / 10).await;
        }
    });
    assert!(wait_for_hello(&mut writer, &stranger()).await.is_err());
    assert!(began.elapsed() < HELLO_DEADLINE * 2);
    drop(writer);
    pinging.await.unwrap();
}

#[tokio::test]
async fn the_first_frame_is_hello() {
    for first in [
        Message::text(r#"{"type":"ping"}"#),
        Message::text("not JSON"),
        Message::text(r#"{"type":"chat-close","seat":"0000000000000001-1"}"#),
        Message::binary("hello"),
    ] {
        let (house, mut peer) = pipe(4_096).await;
        peer.send(first).await.unwrap();
        let heard = wait_for_hello(&mut SocketWriter::new(house), &stranger()).await;
        assert_eq!(heard.err(), Some(CloseReason::Close(CloseCode::Policy)));
    }
}

#[tokio::test]
async fn a_hello_that_is_written_wrongly_may_be_said_again() {
    let (house, mut peer) = pipe(4_096).await;
    let secret = device();
    peer.send(Message::text(r#"{"type":"hello","device":"1","name":"Anny"}"#)).await.unwrap();
    peer.send(Message::text(hello(&secret))).await.unwrap();
    let heard = wait_for_hello(&mut SocketWriter::new(house), &stranger()).await;
    assert_eq!(heard.ok().map(|hello| hello.device.id()), Some(secret.id()));
    assert!(next_text(&mut peer).await.contains(r#""of":"hello""#));
}

#[tokio::test]
async fn what_is_no_frame_is_told_by_the_number_of_the_close() {
    let too_large = "x".repeat(FRAME_BYTES_MAX + 1);
    for (sent, expected) in
        [(Message::text(too_large.clone()), CloseCode::Size), (Message::binary(too_large), CloseCode::Size)]
    {
        let (house, mut peer) = pipe(1 << 20).await;
        peer.send(sent).await.unwrap();
        let mut writer = Box::new(SocketWriter::new(house));
        assert_eq!(writer.hear().await.err(), Some(CloseReason::Close(expected)));
        let leaving = tokio::spawn(writer.farewell(CloseReason::Close(expected)));
        assert!(matches!(peer.next().await, Some(Ok(Message::Close(Some(close)))) if close.code == expected));
        leaving.await.unwrap();
    }
}

#[tokio::test]
async fn text_that_is_not_utf_8_closes_with_1007_and_an_unknown_opcode_with_1002() {
    for (bytes, expected) in
        [([0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28].as_slice(), 1007), ([0x83, 0x80, 0, 0, 0, 0].as_slice(), 1002)]
    {
        let table = Table::laid().await;
        let mut peer = table.connect().await;
        peer.sends_raw(bytes).await;
        assert_eq!(peer.closes().await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stranger_who_gives_way_to_another_is_told_to_come_again() {
    let strangers = Strangers::default();
    let (house, mut peer) = pipe(4_096).await;
    let mut writer = Box::new(SocketWriter::new(house));
    let place = strangers.admit(here());
    let _others: Vec<_> = (0..STRANGERS_MAX).map(|_| strangers.admit(here())).collect();
    let over = wait_for_hello(&mut writer, &place).await.err();
    assert_eq!(over, Some(CloseReason::Close(CloseCode::Again)));
    let leaving = tokio::spawn(writer.farewell(CloseReason::Close(CloseCode::Again)));
    let told = next_text(&mut peer).await;
    assert!(told.contains(r#""code":"busy""#) && told.contains(r#""retry_after":1"#), "{told}");
    drop(peer);
    leaving.await.unwrap();
}

#[tokio::test]
async fn a_device_secret_that_opens_nothing_is_refused_and_the_socket_closes() {
    let table = Table::laid().await;
    let anny = table.enter(0).await;
    let mut peer = table.connect().await;
    peer.sends(&hello(&device())).await;
    peer.is_refused("hello", "not_in").await;
    assert_eq!(peer.closes().await, 1008);
    table.greet(&anny).await.has_no_more().await;
}

#[tokio::test]
async fn a_place_is_held_only_until_hello() {
    let table = Table::laid().await;
    let anny = table.enter(0).await;
    let strangers = Strangers::default();
    let mut peers = Vec::new();
    for _ in 0..SOCKETS_PER_DEVICE_MAX {
        let mut peer = table.connect_by(4_096, strangers.admit(here())).await;
        peer.sends(&hello(&anny.device)).await;
        peer.gets("welcome").await;
        peers.push(peer);
    }
    let _crowd: Vec<_> = (0..=STRANGERS_MAX).map(|_| strangers.admit(here())).collect();
    for mut peer in peers {
        peer.has_no_more().await;
    }
}

#[tokio::test]
async fn one_socket_too_many_is_refused() {
    let table = Table::laid().await;
    let anny = table.enter(0).await;
    let mut peers = Vec::new();
    for _ in 0..SOCKETS_PER_DEVICE_MAX {
        peers.push(table.greet(&anny).await);
    }
    let mut peer = table.connect().await;
    peer.sends(&hello(&anny.device)).await;
    peer.is_refused("hello", "too_many_sockets").await;
    assert_eq!(peer.closes().await, 1008);
}

#[tokio::test]
async fn what_is_refused_does_not_end_the_session() {
    let table = Table::laid().await;
    let anny = table.enter(0).await;
    let mut peer = table.greet(&anny).await;
    peer.sends(&hello(&anny.device)).await;
    peer.is_refused("hello", "malformed").await;
    peer.send(Message::binary("hi")).await;
    peer.is_refused("", "malformed").await;
    peer.sends("{}").await;
    peer.is_refused("", "malformed").await;
    peer.has_no_more().await;
}
