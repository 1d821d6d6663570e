//! Open seats: order, backlog, acknowledgements.

use super::table::{Guest, Table, field, of, open, say};
use crate::domain::{ChatId, Command, ParticipantId, Receipt, SeatId, Seq};
use crate::limits::SOCKET_COMMANDS_MAX;

async fn two() -> (Table, Guest, Guest) {
    let table = Table::laid().await;
    let (anny, abhi) = (table.enter(0).await, table.enter(1).await);
    (table, anny, abhi)
}

/// Says so many things, with the ids 1, 2, 3 ...
async fn backlog(table: &Table, guest: &Guest, count: u128) {
    says(table, guest, 1..=count).await;
}

async fn says(table: &Table, guest: &Guest, ids: std::ops::RangeInclusive<u128>) {
    for id in ids {
        table.says(guest, id, "earlier").await;
    }
}

#[tokio::test]
async fn what_is_said_comes_to_the_speaker_as_to_everybody_else() {
    let (table, anny, abhi) = two().await;
    let (mut a, mut b) = (table.sit(&anny, 0).await, table.sit(&abhi, 0).await);
    let mut tablet = table.sit(&anny, 0).await;
    a.sends(&say(anny.seat, 1, "hi")).await;
    for peer in [&mut a, &mut b, &mut tablet] {
        assert_eq!(peer.shown().await, ("chat-message".to_owned(), 1));
    }
    a.has_no_more().await;
    b.has_no_more().await;
}

#[tokio::test]
async fn a_backlog_of_many_pages_comes_whole_and_what_happens_meanwhile_after_it() {
    let (table, anny, abhi) = two().await;
    backlog(&table, &anny, 250).await;
    let mut b = table.greet(&abhi).await;
    b.sends(&open(abhi.seat, 10)).await;
    for id in 251..=300 {
        table.says(&anny, id, "meanwhile").await;
    }
    b.gets("chat-state").await;
    for seq in 11..=300 {
        assert_eq!(b.shown().await.1, seq);
    }
    b.has_no_more().await;
}

#[tokio::test]
async fn what_is_said_before_the_backlog_was_sent_is_answered_once_and_in_its_place() {
    let (table, anny, abhi) = two().await;
    backlog(&table, &abhi, 250).await;
    let mut a = table.greet(&anny).await;
    a.sends(&open(anny.seat, 0)).await;
    for id in 1..=10 {
        a.sends(&say(anny.seat, id, "at once")).await;
    }
    a.gets("chat-state").await;
    for seq in 1..=260 {
        assert_eq!(a.shown().await, ("chat-message".to_owned(), seq));
    }
    a.has_no_more().await;
}

#[tokio::test]
async fn what_was_taken_before_is_answered_at_once_and_what_was_not_comes_in_its_place() {
    let (table, anny, abhi) = two().await;
    backlog(&table, &abhi, 120).await;
    table.says(&anny, 1, "was taken").await;
    says(&table, &abhi, 121..=130).await;
    let mut a = table.greet(&anny).await;
    a.sends(&open(anny.seat, 0)).await;
    a.sends(&say(anny.seat, 1, "was taken")).await;
    a.sends(&say(anny.seat, 2, "was not taken")).await;
    a.gets("chat-state").await;
    let (mut said, mut last) = (Vec::new(), 0);
    while last < 132 || said.is_empty() {
        let (kind, at) = a.shown().await;
        if kind == "chat-said" {
            said.push(at);
        } else {
            last += 1;
            assert_eq!(at, last);
        }
    }
    assert_eq!(said, [121]);
    a.has_no_more().await;
}

#[tokio::test]
async fn two_seats_of_one_chat_on_one_socket_hear_a_message_once() {
    let (table, anny, abhi) = two().await;
    backlog(&table, &abhi, 3).await;
    let guest = table.enter_as(&anny, 1).await;
    let mut both = table.sit(&anny, 0).await;
    // The last is a note: one more device came in as Abhi.
    for seq in 1..=4 {
        assert_eq!(both.shown().await.1, seq);
    }
    both.sends(&open(guest.seat, 3)).await;
    both.gets("chat-state").await;
    assert_eq!(both.shown().await.1, 4, "what the second seat asked for");
    assert_eq!(field(&both.gets("chat-presence").await, "participant"), "2");
    both.sends(&say(guest.seat, 1, "hi")).await;
    assert_eq!(both.shown().await, ("chat-message".to_owned(), 5));
    both.has_no_more().await;
    both.sends(&of("chat-close", anny.seat)).await;
    both.gets("chat-presence").await;
    both.sends(&say(anny.seat, 1, "through the closed one")).await;
    assert_eq!(both.shown().await, ("chat-message".to_owned(), 6));
    assert_eq!(both.shown().await, ("chat-said".to_owned(), 6));
    both.sends(&of("chat-end", guest.seat)).await;
    assert!(both.gets("chat-ended").await.contains(r#""by":"2""#));
    both.has_no_more().await;
}

#[tokio::test]
async fn a_seat_that_is_opened_beside_another_takes_nothing_from_it() {
    let (table, anny, abhi) = two().await;
    backlog(&table, &abhi, 250).await;
    let guest = table.enter_as(&anny, 1).await;
    let mut both = table.greet(&anny).await;
    both.sends(&open(anny.seat, 0)).await;
    // Behind them is a note: one more device came in as Abhi.
    both.sends(&open(guest.seat, 251)).await;
    let (mut states, mut last, mut presence) = (0, 0, false);
    while last < 251 || states < 2 || !presence {
        let text = both.next().await.into_text().unwrap();
        match field(&text, "type").as_str() {
            "chat-state" => states += 1,
            "chat-message" => {
                last += 1;
                assert_eq!(field(&text, "seq"), last.to_string());
            }
            other => {
                assert_eq!((other, last), ("chat-presence", 251), "behind the backlog");
                presence = true;
            }
        }
    }
    both.has_no_more().await;
}

#[tokio::test]
async fn a_chat_is_opened_with_its_newest_messages_back_to_the_first_unread_one() {
    let (table, anny, abhi) = two().await;
    backlog(&table, &anny, 20).await;
    let mut a = table.greet(&anny).await;
    let newest = |seat, count: u64| open(seat, 0).replace(r#""after":0"#, &format!(r#""newest":{count}"#));
    let read = Command::Mark(Receipt { delivered: Seq(15), seen: Seq(15), read: Seq(15) });
    let seat = table.house.store.seat(&anny.device, anny.seat).await.unwrap();
    table.house.submit(&seat, read).await.unwrap();
    for (count, first) in [(3, 16), (7, 14), (300, 1)] {
        a.sends(&newest(anny.seat, count)).await;
        a.gets("chat-state").await;
        for seq in first..=20 {
            assert_eq!(a.shown().await.1, seq, "{count}");
        }
        a.has_no_more().await;
    }
    let mut b = table.greet(&abhi).await;
    for both_or_none in ["", r#","after":1,"newest":1"#] {
        b.sends(&of("chat-open", abhi.seat).replace('}', &format!("{both_or_none}}}"))).await;
        b.is_refused("chat-open", "malformed").await;
    }
}

#[tokio::test]
async fn a_seat_that_is_not_open_can_be_used_and_is_answered() {
    let (table, anny, abhi) = two().await;
    let (mut a, mut b) = (table.greet(&anny).await, table.sit(&abhi, 0).await);
    a.sends(&say(anny.seat, 1, "hi")).await;
    a.sends(&of("chat-keep", anny.seat)).await;
    assert_eq!(a.shown().await, ("chat-said".to_owned(), 1));
    a.gets("chat-kept").await;
    assert_eq!(b.shown().await.1, 1);
    b.gets("chat-kept").await;
    a.sends(&of("chat-end", anny.seat)).await;
    assert!(a.gets("chat-ended").await.contains(r#""by":"1""#));
    assert!(b.gets("chat-ended").await.contains(r#""by":"1""#));
    a.has_no_more().await;
}

#[tokio::test]
async fn a_session_goes_on_with_more_commands_than_may_be_under_way() {
    let (table, anny, abhi) = two().await;
    let (mut a, mut b) = (table.sit(&anny, 0).await, table.sit(&abhi, 0).await);
    let count = SOCKET_COMMANDS_MAX as u64 * 5;
    for id in 1..=count {
        a.sends(&say(anny.seat, id.into(), "hi")).await;
    }
    for seq in 1..=count {
        assert_eq!(a.shown().await, ("chat-message".to_owned(), seq));
        assert_eq!(b.shown().await, ("chat-message".to_owned(), seq));
    }
}

#[tokio::test]
async fn a_seat_that_is_opened_again_begins_again() {
    let (table, anny, abhi) = two().await;
    backlog(&table, &anny, 3).await;
    let (mut a, mut b) = (table.sit(&anny, 3).await, table.sit(&abhi, 3).await);
    a.gets("chat-presence").await;
    for (after, expected) in [(0, 1..4), (2, 3..4), (3, 4..4), (9, 4..4)] {
        b.sends(&open(abhi.seat, after)).await;
        b.gets("chat-state").await;
        for seq in expected {
            assert_eq!(b.shown().await.1, seq);
        }
        b.has_no_more().await;
    }
    table.says(&anny, 4, "next").await;
    assert_eq!((a.shown().await.1, b.shown().await.1), (4, 4));
    a.has_no_more().await;
}

#[tokio::test]
async fn a_closed_seat_is_silent_and_the_other_sees_that_nobody_is_there() {
    let (table, anny, abhi) = two().await;
    let (mut a, mut b) = (table.sit(&anny, 0).await, table.sit(&abhi, 0).await);
    assert!(a.gets("chat-presence").await.contains(r#""here":true"#));
    b.sends(&of("chat-close", abhi.seat)).await;
    let gone = a.gets("chat-presence").await;
    assert!(gone.contains(r#""here":false"#) && gone.contains("1970-01-01T00:00:05.000Z"), "{gone}");
    table.says(&anny, 1, "hi").await;
    assert_eq!(a.shown().await.1, 1);
    b.has_no_more().await;
    b.sends(&open(abhi.seat, 0)).await;
    assert!(
        b.gets("chat-state").await.contains(r#""participant":"1","name":"Anny","came_in":true,"here":true"#)
    );
}

#[tokio::test]
async fn what_is_not_ones_own_cannot_be_touched() {
    let (table, anny, abhi) = two().await;
    let mut a = table.greet(&anny).await;
    let nowhere = SeatId { chat: ChatId(1), participant: ParticipantId(1) };
    for seat in [abhi.seat, nowhere] {
        for kind in ["chat-close", "chat-typing", "chat-keep", "chat-end"] {
            a.sends(&of(kind, seat)).await;
            a.is_refused(kind, "no_such_seat").await;
        }
        a.sends(&say(seat, 1, "hi")).await;
        a.is_refused("chat-say", "no_such_seat").await;
        a.sends(&open(seat, 0)).await;
        a.is_refused("chat-open", "no_such_seat").await;
    }
}

#[tokio::test]
async fn a_device_that_leaves_is_told_and_hears_nothing_more() {
    let (table, anny, abhi) = two().await;
    let mut b = table.sit(&abhi, 0).await;
    let seat = table.house.store.seat(&abhi.device, abhi.seat).await.unwrap();
    table.house.submit(&seat, Command::Leave).await.unwrap();
    b.is_refused("chat-open", "no_such_seat").await;
    table.says(&anny, 1, "hi").await;
    b.has_no_more().await;
    assert!(table.house.hub.here(abhi.seat.chat).is_empty());
}

#[tokio::test]
async fn the_end_is_the_last_frame_and_the_chat_cannot_be_opened_again() {
    let (table, anny, abhi) = two().await;
    let (mut a, mut b) = (table.sit(&anny, 0).await, table.greet(&abhi).await);
    a.sends(&of("chat-end", anny.seat)).await;
    a.gets("chat-ended").await;
    a.has_no_more().await;
    b.sends(&open(abhi.seat, 0)).await;
    let refused = b.gets("refused").await;
    assert!(
        refused.contains(r#""code":"ended""#)
            && refused.contains(r#""by":"1""#)
            && refused.contains(r#""me":"2""#),
        "{refused}"
    );
}

#[tokio::test]
async fn history_is_paged_backwards() {
    let (table, anny, _abhi) = two().await;
    backlog(&table, &anny, 5).await;
    let mut a = table.greet(&anny).await;
    let mut frame = of("chat-page", anny.seat);
    frame.truncate(frame.len() - 1);
    a.sends(&format!(r#"{frame},"before":4,"limit":2}}"#)).await;
    let page = a.gets("chat-page").await;
    assert_eq!((field(&page, "seq"), page.matches("\"seq\"").count()), ("2".to_owned(), 2));
    assert!(page.contains(r#""more":true"#));
}
