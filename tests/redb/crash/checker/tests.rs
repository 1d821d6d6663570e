//! The checker finds each way in which a house could break its word, and nothing in a history that is well.

use std::slice::from_ref;

use super::super::door::Door;
use super::*;

const ANNY: Who = 1;
const ABHI: Who = 2;
const ANNYS: Client = Client { person: ANNY, device: 1 };
const ABHIS: Client = Client { person: ABHI, device: 1 };

fn opens(after: u64) -> Fact {
    Fact::Opens { after }
}

fn stands(head: u64, delivered: u64, seen: u64) -> Fact {
    Fact::Stands { head, receipts: vec![Receipt { of: ABHI, delivered, seen }] }
}

fn says(id: u128) -> Fact {
    Fact::Says { id, text: format!("message {id}") }
}

fn said(id: u128, seq: u64) -> Fact {
    Fact::Said { id, seq }
}

fn message(seq: u64, from: Who, id: u128) -> Heard {
    Heard { seq, from, id, text: Some(format!("message {id}")) }
}

fn hears(seq: u64, from: Who, id: u128) -> Fact {
    Fact::Hears(message(seq, from, id))
}

fn told(delivered: u64, seen: u64) -> Fact {
    Fact::IsTold(Receipt { of: ABHI, delivered, seen })
}

fn ended(by: Who, messages: u64) -> Fact {
    Fact::Ended { by, messages }
}

fn finds(is_there: bool) -> Fact {
    Fact::Finds { door: Door::Link, is_there }
}

/// Two people who said two things, and a kill before which the third was sent.
fn well() -> Vec<(Who, Fact)> {
    vec![
        (ANNY, opens(0)),
        (ABHI, opens(0)),
        (ANNY, stands(0, 0, 0)),
        (ABHI, stands(0, 0, 0)),
        (ANNY, says(11)),
        (ABHI, says(21)),
        (ABHI, said(21, 1)),
        (ABHI, hears(1, ABHI, 21)),
        (ANNY, hears(1, ABHI, 21)),
        (ANNY, said(11, 2)),
        (ANNY, hears(2, ANNY, 11)),
        (ABHI, hears(2, ANNY, 11)),
        (ABHI, Fact::Marks { delivered: 2, seen: 2 }),
        (ANNY, told(2, 2)),
        (ANNY, says(12)),
        (ANNY, Fact::Cut),
        (ABHI, Fact::Cut),
        (ANNY, finds(true)),
        (ANNY, opens(2)),
        (ABHI, opens(2)),
    ]
}

/// The faults of the history that is well and goes on like that.
fn faults(then: &[(Who, Fact)]) -> Vec<Fault> {
    let entries = well().into_iter().chain(then.iter().cloned());
    let entries = entries.map(|(person, fact)| Entry { who: Client { person, device: 1 }, fact });
    check(&entries.collect::<Vec<_>>())
}

#[track_caller]
fn finds_only(then: &[(Who, Fact)], expected: &[Fault]) {
    assert_eq!(faults(then), expected, "{then:?}");
}

#[test]
fn a_history_that_is_well_has_no_fault() {
    let whole = vec![message(1, ABHI, 21), message(2, ANNY, 11), message(3, ANNY, 12)];
    let taken = [(ANNY, says(12)), (ANNY, said(12, 3)), (ABHI, hears(3, ANNY, 12))];
    finds_only(&taken, &[]);
    finds_only(&[&taken[..], &[(ABHI, Fact::Reads(whole))]].concat(), &[]);
    let refused = [(ANNY, Fact::Ends), (ABHI, ended(ANNY, 2)), (ANNY, ended(ANNY, 2)), (ABHI, finds(false))];
    finds_only(&refused, &[]);
}

#[test]
fn a_message_that_stood_there_before_the_kill_may_be_shown_and_acknowledged_once_more() {
    finds_only(&[(ANNY, hears(3, ANNY, 12)), (ANNY, says(12)), (ANNY, said(12, 3))], &[]);
    finds_only(&[(ABHI, opens(0)), (ABHI, hears(1, ABHI, 21)), (ABHI, hears(2, ANNY, 11))], &[]);
}

#[test]
fn an_acknowledged_message_that_is_gone_is_lost() {
    finds_only(&[(ANNY, stands(1, 2, 2))], &[Fault::Lost { who: ANNYS, seq: 2 }]);
    let read = Fact::Reads(vec![message(1, ABHI, 21)]);
    finds_only(&[(ANNY, read)], &[Fault::Lost { who: ANNYS, seq: 2 }]);
    let other = [(ANNY, says(12)), (ANNY, said(12, 2))];
    let (one, other_name) = ((ANNY, 11), (ANNY, 12));
    assert!(faults(&other).contains(&Fault::TwoOrders { seq: 2, one, other: other_name }));
}

#[test]
fn a_message_that_is_left_out_or_comes_again_is_a_gap() {
    let more = [(ABHI, says(22)), (ANNY, says(13)), (ANNY, said(12, 3))];
    let skipped = [&more[..], &[(ABHI, hears(4, ANNY, 13))]].concat();
    finds_only(&skipped, &[Fault::Gap { who: ABHIS, due: 3, seq: 4 }]);
    finds_only(&[(ABHI, hears(2, ANNY, 11))], &[Fault::Gap { who: ABHIS, due: 3, seq: 2 }]);
    let hole = Fact::Reads(vec![message(1, ABHI, 21), message(3, ANNY, 12)]);
    finds_only(&[(ABHI, hole)], &[Fault::Gap { who: ABHIS, due: 2, seq: 3 }]);
}

#[test]
fn a_message_that_stands_twice_is_found() {
    let twice = [(ANNY, said(12, 3)), (ANNY, said(12, 4))];
    let twice_fault = Fault::Twice { name: (ANNY, 12), one: 3, other: 4 };
    finds_only(&twice, &[twice_fault]);
}

#[test]
fn a_message_that_was_refused_gives_its_number_to_another_and_is_not_there_itself() {
    let not_taken = (ANNY, Fact::NotTaken { id: 12 });
    let other = (ANNY, Fact::Says { id: 12, text: "another".to_owned() });
    let another = Heard { text: Some("another".to_owned()), ..message(3, ANNY, 12) };
    let given = [not_taken.clone(), other, (ANNY, said(12, 3)), (ABHI, Fact::Hears(another.clone()))];
    finds_only(&given, &[]);
    let name = (ANNY, 12);
    let early = [(ANNY, said(12, 3)), not_taken.clone()];
    finds_only(&early, &[Fault::TakenAllTheSame { name }]);
    let late = faults(&[not_taken, (ABHI, hears(3, ANNY, 12))]);
    assert!(late.contains(&Fault::NeverSent { name }), "{late:?}");
    // Under its old number, and under the one that it was given.
    let again = (ANNY, Fact::Says { id: 13, text: "message 12".to_owned() });
    let twice = Heard { text: Some("message 12".to_owned()), ..message(4, ANNY, 13) };
    let twice = [(ABHI, hears(3, ANNY, 12)), again, (ABHI, Fact::Hears(twice))];
    finds_only(&twice, &[Fault::Twice { name: (ANNY, 13), one: 3, other: 4 }]);
}

#[test]
fn two_orders_are_found() {
    let one_each = [(ABHI, says(22)), (ANNY, said(12, 3)), (ABHI, said(22, 3))];
    finds_only(&one_each, &[Fault::TwoOrders { seq: 3, one: (ANNY, 12), other: (ABHI, 22) }]);
}

#[test]
fn a_sender_whose_order_is_not_kept_is_found() {
    let then = [(ANNY, says(13)), (ANNY, said(13, 3)), (ANNY, said(12, 4))];
    finds_only(&then, &[Fault::OutOfOrder { name: (ANNY, 12), after: (ANNY, 13) }]);
}

/// Each device counts for itself: which one is first is nobody's matter.
#[test]
fn two_devices_of_one_person_have_an_order_each() {
    let of_tablet = 7 << 64;
    let then = [(ANNY, says(of_tablet)), (ANNY, said(of_tablet, 3)), (ANNY, said(12, 4))];
    finds_only(&then, &[]);
}

#[test]
fn what_nobody_sent_is_found() {
    for (seq, from, id) in [(3, ABHI, 12), (3, ANNY, 99)] {
        let found = faults(&[(ABHI, hears(seq, from, id))]);
        assert!(found.contains(&Fault::NeverSent { name: (from, id) }), "{found:?}");
    }
    let forged = Heard { text: Some("message 13".to_owned()), ..message(3, ANNY, 12) };
    finds_only(&[(ABHI, Fact::Hears(forged))], &[Fault::NeverSent { name: (ANNY, 12) }]);
    assert!(faults(&[(ABHI, said(99, 3))]).contains(&Fault::NeverSent { name: (ABHI, 99) }));
}

#[test]
fn a_message_that_was_deleted_and_is_there_and_one_that_is_not_are_found() {
    let (one, other) = (message(1, ABHI, 21), message(2, ANNY, 11));
    let gone = Heard { text: None, ..one.clone() };
    let reads = |first: &Heard| (ANNY, Fact::Reads(vec![first.clone(), other.clone(), message(3, ANNY, 12)]));
    let asks = (ABHI, Fact::Deletes { seq: 1 });
    let is_told = (ABHI, Fact::Deleted { seq: 1 });
    let undeleted = Fault::Undeleted { who: ANNYS, seq: 1 };
    finds_only(&[asks.clone(), is_told.clone(), reads(&gone)], &[]);
    finds_only(&[asks.clone(), reads(&one)], &[]);
    finds_only(&[asks.clone(), reads(&gone)], &[]);
    finds_only(&[asks, is_told, reads(&one)], std::slice::from_ref(&undeleted));
    finds_only(&[reads(&gone)], &[undeleted]);
}

#[test]
fn a_receipt_that_shrinks_or_that_nobody_gave_is_found() {
    let shrunk = Fault::Shrunk { who: ANNYS, of: ABHI };
    finds_only(&[(ANNY, told(1, 1))], from_ref(&shrunk));
    finds_only(&[(ANNY, told(2, 1))], &[shrunk]);
    // Anny was told before Abhi opened the chat.
    finds_only(&[(ABHI, stands(2, 2, 1))], &[Fault::Shrunk { who: ABHIS, of: ABHI }]);
    finds_only(&[(ANNY, told(3, 2))], &[Fault::Claimed { who: ANNYS, of: ABHI }]);
    finds_only(&[(ANNY, told(2, 3))], &[Fault::Claimed { who: ANNYS, of: ABHI }]);
}

#[test]
fn what_has_ended_and_is_there_again_is_found() {
    let over = [(ANNY, Fact::Ends), (ANNY, ended(ANNY, 2))];
    for (then, fault) in [
        (vec![(ANNY, said(12, 3))], Fault::Risen { who: ANNYS }),
        (vec![(ABHI, opens(2)), (ABHI, stands(2, 2, 2))], Fault::Risen { who: ABHIS }),
        (vec![(ABHI, finds(true))], Fault::Risen { who: ABHIS }),
        (
            vec![(ABHI, Fact::Reads(vec![message(1, ABHI, 21), message(2, ANNY, 11)]))],
            Fault::Risen { who: ABHIS },
        ),
    ] {
        finds_only(&[&over[..], &then].concat(), &[fault]);
    }
    let late = [&over[..], &[(ABHI, hears(3, ANNY, 12)), (ABHI, ended(ANNY, 2))]].concat();
    assert_eq!(faults(&late), [Fault::OtherEnd { who: ABHIS }], "the end counted what was said before it");
}

#[test]
fn a_chat_that_is_half_there_is_found() {
    let half = Fault::Half { door: Door::Link };
    let cut = [(ANNY, Fact::Ends), (ANNY, Fact::Cut)];
    for (first, then) in [(true, false), (false, true)] {
        let found = [(ANNY, finds(first)), (ABHI, finds(then))];
        finds_only(&[&cut[..], &found].concat(), from_ref(&half));
    }
    let again = [(ANNY, finds(true)), (ANNY, Fact::Ends), (ANNY, Fact::Cut), (ABHI, finds(false))];
    finds_only(&[&cut[..], &again].concat(), &[]);
    finds_only(&[(ABHI, finds(false))], &[half]);
    let risen = [(ABHI, finds(false)), (ABHI, opens(2)), (ABHI, stands(2, 2, 2))];
    finds_only(&[&cut[..], &risen].concat(), &[Fault::Risen { who: ABHIS }]);
}

#[test]
fn an_end_that_is_told_differently_or_that_nobody_asked_for_is_found() {
    let other = Fault::OtherEnd { who: ABHIS };
    finds_only(&[(ABHI, ended(ANNY, 2))], from_ref(&other));
    finds_only(&[(ANNY, Fact::Ends), (ABHI, ended(ANNY, 1))], from_ref(&other));
    finds_only(&[(ANNY, Fact::Ends), (ABHI, ended(ANNY, 4))], from_ref(&other));
    let two = [(ANNY, Fact::Ends), (ANNY, ended(ANNY, 2)), (ABHI, ended(ANNY, 3))];
    finds_only(&two, &[other]);
}

#[test]
fn any_other_refusal_is_found() {
    let code = "failed".to_owned();
    finds_only(&[(ANNY, Fact::Refused { code: code.clone() })], &[Fault::Refused { who: ANNYS, code }]);
}
