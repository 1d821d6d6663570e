//! Peers that watch all chats of their device.

use super::table::{Guest, Peer, Table, field, hello, of, open, stranger};
use crate::domain::{Command, Receipt, Seq};

/// Head and unread of the next frame, which has news.
async fn has_news(peer: &mut Peer) -> (u64, u64) {
    let text = peer.gets("seat-news").await;
    (field(&text, "head").parse().unwrap(), field(&text, "unread").parse().unwrap())
}

async fn does(table: &Table, guest: &Guest, command: Command) {
    let seat = table.house.store.seat(&guest.device, guest.seat).await.unwrap();
    table.house.submit(&seat, command).await.unwrap();
}

#[tokio::test]
async fn unread_grows_with_what_others_say_and_shrinks_with_what_was_read_anywhere() {
    let table = Table::laid().await;
    let (anny, abhi) = (table.enter(0).await, table.enter(1).await);
    let mut a = table.watch(&anny).await;
    let first = a.gets("seat-news").await;
    assert!(!first.contains("last_at") && !first.contains("name"), "{first}");
    table.says(&abhi, 1, "one").await;
    assert_eq!(has_news(&mut a).await, (1, 1));
    table.says(&anny, 1, "from another device").await;
    assert_eq!(has_news(&mut a).await, (2, 1));
    let seen = Receipt { delivered: Seq(2), seen: Seq(2), read: Seq(2) };
    does(&table, &anny, Command::Mark(seen)).await;
    assert_eq!(has_news(&mut a).await, (2, 0));
    does(&table, &abhi, Command::Mark(seen)).await;
    does(&table, &abhi, Command::Keep).await;
    a.has_no_more().await;
    assert!(table.house.hub.here(anny.seat.chat).is_empty(), "nobody is here by watching");
}

#[tokio::test]
async fn a_seat_that_the_device_gets_or_loses_is_told() {
    let table = Table::laid().await;
    let (anny, abhi) = (table.enter(0).await, table.enter(1).await);
    let mut a = table.watch(&anny).await;
    a.gets("seat-news").await;
    let second = table.enter_as(&anny, 1).await;
    // And of the first, because one more device came in as Abhi.
    let news = [a.gets("seat-news").await, a.gets("seat-news").await];
    assert!(news.iter().any(|news| news.contains(r#"-2","head":1,"unread":0"#)), "{news:?}");
    does(&table, &second, Command::Leave).await;
    assert!(a.gets("seat-gone").await.contains(r#"-2""#));
    table.says(&abhi, 1, "hi").await;
    assert_eq!(has_news(&mut a).await, (2, 1));
    does(&table, &abhi, Command::End).await;
    assert!(a.gets("seat-gone").await.contains(r#"-1""#));
    a.has_no_more().await;
}

#[tokio::test]
async fn an_open_chat_has_news_beside_its_frames() {
    let table = Table::laid().await;
    let (anny, abhi) = (table.enter(0).await, table.enter(1).await);
    let mut a = table.watch(&anny).await;
    a.gets("seat-news").await;
    a.sends(&open(anny.seat, 0)).await;
    a.gets("chat-state").await;
    table.says(&abhi, 1, "hi").await;
    a.gets("chat-message").await;
    assert_eq!(has_news(&mut a).await, (1, 1));
    a.sends(&of("chat-end", anny.seat)).await;
    let both = [a.next().await.into_text().unwrap(), a.next().await.into_text().unwrap()];
    assert!(both.iter().any(|text| text.contains("chat-ended")), "{both:?}");
    assert!(both.iter().any(|text| text.contains("seat-gone")), "{both:?}");
}

#[tokio::test]
async fn a_busy_chat_brings_few_news_and_the_last_of_them_is_true() {
    const MESSAGES: u64 = 500;
    let table = Table::laid().await;
    let (anny, abhi) = (table.enter(0).await, table.enter(1).await);
    let mut a = table.watch(&anny).await;
    a.gets("seat-news").await;
    table.says_all(&abhi, 1..=MESSAGES, "hi").await;
    let (mut frames, mut last) = (0, (0, 0));
    while last != (MESSAGES, 100) {
        last = has_news(&mut a).await;
        frames += 1;
    }
    assert!(frames <= MESSAGES / 2, "{frames} frames");
    a.has_no_more().await;
}

#[tokio::test]
async fn a_peer_that_does_not_read_for_a_while_misses_nothing() {
    const MESSAGES: u64 = 90;
    let table = Table::laid().await;
    let (anny, abhi) = (table.enter(0).await, table.enter(1).await);
    let mut a = table.connect_by(256, stranger()).await;
    a.sends(&hello(&anny.device).replace('}', r#","watch":true}"#)).await;
    for id in 1..=MESSAGES {
        table.says(&abhi, id.into(), "hi").await;
    }
    a.gets("welcome").await;
    let (mut frames, mut last) = (0, (0, 0));
    while last != (MESSAGES, MESSAGES) {
        last = has_news(&mut a).await;
        frames += 1;
    }
    assert!(frames < MESSAGES / 2, "{frames} frames: the pipe was too wide");
    a.has_no_more().await;
}
