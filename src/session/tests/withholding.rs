//! Sockets that do not tell everything, and are not told it.

use super::table::{Guest, Peer, Table, field, of, open, say};
use crate::protocol::text::SeatText;

async fn two() -> (Table, Guest, Guest) {
    let table = Table::laid().await;
    let (anny, abhi) = (table.enter(0).await, table.enter(1).await);
    (table, anny, abhi)
}

fn receipt(kind: &str, guest: &Guest, seq: u64) -> String {
    format!(r#"{{"type":"{kind}","seat":"{}","seq":{seq}}}"#, SeatText(guest.seat))
}

/// Up to where a message was delivered and seen, by the next frame.
async fn is_told(peer: &mut Peer) -> (String, String) {
    let text = peer.gets("chat-receipt").await;
    (field(&text, "delivered"), field(&text, "seen"))
}

fn told(delivered: u64, seen: u64) -> (String, String) {
    (delivered.to_string(), seen.to_string())
}

#[tokio::test]
async fn typing_that_is_withheld_is_accepted_and_goes_nowhere() {
    let (table, anny, abhi) = two().await;
    let mut b = table.sit(&abhi, 0).await;
    let mut a = table.sit_withholding(&anny, "typing", 0).await.0;
    b.gets("chat-presence").await;
    a.sends(&of("chat-typing", anny.seat)).await;
    a.has_no_more().await;
    b.has_no_more().await;
    b.sends(&of("chat-typing", abhi.seat)).await;
    b.has_no_more().await;
    a.has_no_more().await;
}

#[tokio::test]
async fn nobody_notes_when_a_socket_left_that_did_not_say_it_was_here() {
    let (table, anny, abhi) = two().await;
    let mut b = table.sit(&abhi, 0).await;
    let (mut a, state) = table.sit_withholding(&anny, "here", 0).await;
    assert!(!state.contains(r#""here":true"#), "{state}");
    a.sends(&of("chat-close", anny.seat)).await;
    a.sends(&say(anny.seat, 1, "this commit would have taken the note along")).await;
    assert_eq!(a.shown().await, ("chat-said".to_owned(), 1), "the seat is closed");
    b.gets("chat-message").await;
    b.sends(&open(abhi.seat, 1)).await;
    let state = b.gets("chat-state").await;
    assert!(!state.contains("last_here"), "{state}");
    b.has_no_more().await;
}

#[tokio::test]
async fn what_is_seen_in_silence_is_delivered_to_the_others_and_seen_by_oneself() {
    let (table, anny, abhi) = two().await;
    table.says(&abhi, 1, "one").await;
    table.says(&abhi, 2, "two").await;
    let mut b = table.sit(&abhi, 2).await;
    let (mut a, mut tablet) =
        (table.sit_withholding(&anny, "seen", 2).await.0, table.sit_withholding(&anny, "here", 2).await.0);
    b.gets("chat-presence").await;
    a.sends(&receipt("chat-seen", &anny, 1)).await;
    assert_eq!((is_told(&mut a).await, is_told(&mut b).await), (told(1, 1), told(1, 0)));
    assert_eq!(is_told(&mut tablet).await, told(1, 1));
    a.sends(&receipt("chat-delivered", &anny, 2)).await;
    assert_eq!((is_told(&mut a).await, is_told(&mut b).await), (told(2, 1), told(2, 0)));
    a.sends(&receipt("chat-seen", &anny, 2)).await;
    assert_eq!(is_told(&mut a).await, told(2, 2));
    b.has_no_more().await;
}

#[tokio::test]
async fn a_person_who_withholds_seen_is_not_told_what_the_others_saw() {
    let (table, anny, abhi) = two().await;
    table.says(&anny, 1, "hi").await;
    let (mut a, mut b) = (table.sit_withholding(&anny, "seen", 1).await.0, table.sit(&abhi, 1).await);
    a.gets("chat-presence").await;
    b.sends(&receipt("chat-seen", &abhi, 1)).await;
    assert_eq!((is_told(&mut a).await, is_told(&mut b).await), (told(1, 0), told(1, 1)));
    a.sends(&open(anny.seat, 1)).await;
    let state = a.gets("chat-state").await;
    assert!(state.contains(r#""delivered":1,"seen":0"#) && !state.contains(r#""seen":1"#), "{state}");
}
