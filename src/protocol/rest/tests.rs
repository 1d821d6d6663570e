#![allow(clippy::unwrap_used)]
use std::fmt::Debug;
use std::time::Duration;

use serde_json::{Value, json};

use super::super::sentences;
use super::super::text::SeatText;
use super::*;
use crate::domain::{
    At, ChatId, EndedBy, Ending, Idle, ParticipantId, PrivacySettings, Receipt, Refusal, SeatId, Seq, Signal,
};
use crate::limits::{BODY_BYTES_MAX, STATUS_TOKENS_MAX};

const TOKEN: &str = "0123456789ABCDEFGHJKMNPQRW";

/// The place that is told when `body` is refused as malformed.
fn place<T: RequestBody + Debug>(body: &str) -> String {
    match read::<T>(body.as_bytes()).unwrap_err() {
        Refusal::Malformed(place) => place,
        other => panic!("{body}: {other:?}"),
    }
}

#[test]
fn a_body_has_exactly_its_fields() {
    assert_eq!(place::<TokenQuestion>("{}"), "`token` is missing");
    assert_eq!(place::<EnterQuestion>(r#"{"token":"x"}"#), "`code` is missing");
    assert_eq!(place::<EnterQuestion>(r#"{"token":"x","code":7}"#), "`code` is not a string");
    assert_eq!(place::<EnterQuestion>(r#"{"token":"x","code":"y","code":"z"}"#), "`code` appears twice");
    assert_eq!(place::<StartChat>(r#"{"names":["a","b"]}"#), "`idle` is missing");
    assert_eq!(
        place::<StartChat>(r#"{"names":"a","idle":"1d"}"#),
        "`names` is not a list of at most 50 strings"
    );
    assert_eq!(
        place::<StartChat>(r#"{"names":["a",1],"idle":"1d"}"#),
        "`names` is not a list of at most 50 strings"
    );
    assert_eq!(
        place::<StartChat>(r#"{"names":["a",["b"]],"idle":"1d"}"#),
        "`names` is not a list of at most 50 strings"
    );
    let flag = r#"{"participant":"2","sign_out":"yes"}"#;
    assert_eq!(place::<ReplaceQuestion>(flag), "`sign_out` is not a boolean");
    assert_eq!(place::<ReplaceQuestion>(r#"{"participant":"02"}"#), "`participant` is not a participant");
    assert_eq!(place::<Nothing>(r#"{"seat":1}"#), "this takes no fields");
    assert_eq!(place::<Nothing>("null"), "it is not a JSON object");
    assert_eq!(place::<Nothing>(""), "the JSON ends too early");
    assert_eq!(
        place::<ReceiptsQuestion>(r#"{"seen":null}"#),
        "`seen` is not a whole number from 0 to 9007199254740991"
    );
    let place = place::<TokenQuestion>(r#"{"token":"x","Token":"y"}"#);
    assert_eq!(place, "there is a field beside `token`, which are all that this takes");
}

#[test]
fn a_body_that_is_too_large_or_not_utf_8_is_refused() {
    assert_eq!(read::<Nothing>(&vec![b' '; BODY_BYTES_MAX + 1]).unwrap_err(), Refusal::TooLarge);
    let malformed = Refusal::Malformed("it is not UTF-8".to_owned());
    assert_eq!(read::<TokenQuestion>(b"{\"token\":\"\xFF\"}").unwrap_err(), malformed);
    assert_eq!(read::<TokenQuestion>(b"{\"token\":\"\xED\xA0\x80\"}").unwrap_err(), malformed);
}

#[test]
fn what_a_body_means_is_checked_after_its_form() {
    let start = |body: &str| read::<StartChat>(body.as_bytes()).and_then(|body| body.parse(&[Idle::Day]));
    for (body, refusal) in [
        (r#"{"names":["Anny","anny"],"idle":"1d"}"#, Refusal::SameName { place: Some(2) }),
        (r#"{"names":["","Abhi"],"idle":"1d"}"#, Refusal::BadName { place: Some(1) }),
        (r#"{"names":["Anny",""],"idle":"1d"}"#, Refusal::BadName { place: Some(2) }),
        (r#"{"names":["Anny","Abhi"],"idle":"1w"}"#, Refusal::BadIdle),
        (r#"{"names":["Anny","Abhi"],"idle":"2d"}"#, Refusal::BadIdle),
    ] {
        assert_eq!(start(body).unwrap_err(), refusal, "{body}");
    }
    assert!(matches!(start(r#"{"names":["Anny"],"idle":"1d"}"#), Err(Refusal::Malformed(_))));
    let (title, names, idle) = start(r#"{"names":["Anny","Abhi"],"idle":"1d"}"#).unwrap();
    assert_eq!((title, names.as_slice().len(), idle), (None, 2, Idle::Day));
    let group = r#"{"title":"Kitchen","names":["Anny","Abhi","Bob"],"idle":"1d"}"#;
    assert_eq!(start(group).unwrap().1.as_slice().len(), 3);
    let same = group.replace("Bob", "ABHI");
    assert_eq!(start(&same).unwrap_err(), Refusal::SameName { place: Some(3) });
    assert!(matches!(start(&group.replace(r#""title":"Kitchen","#, "")), Err(Refusal::Malformed(_))));
}

#[test]
fn a_text_that_is_no_token_leads_nowhere_and_one_that_is_no_code_is_a_bad_code() {
    let token = |token: &str| {
        read::<TokenQuestion>(json!({ "token": token }).to_string().as_bytes()).unwrap().parse()
    };
    assert!(token(TOKEN).is_ok());
    assert_eq!(token("x").unwrap_err(), Refusal::NoSuchLink);
    let enter = |token: &str, code: &str| {
        let body = json!({ "token": token, "code": code }).to_string();
        read::<EnterQuestion>(body.as_bytes()).unwrap().parse().map(|_| ())
    };
    assert_eq!(enter(TOKEN, "k7qm 3xrp"), Ok(()));
    assert_eq!(enter(TOKEN, "k7qm"), Err(Refusal::BadCode));
    assert_eq!(enter("x", "k7qm"), Err(Refusal::NoSuchLink));
}

#[test]
fn a_person_who_comes_in_may_say_what_is_withheld() {
    let enter = |withholds: Value| {
        let body = json!({ "token": TOKEN, "code": "k7qm 3xrp", "withholds": withholds }).to_string();
        read::<EnterQuestion>(body.as_bytes()).and_then(|question| Ok(question.parse()?.2))
    };
    let withheld = enter(json!(["here", "seen"])).unwrap();
    assert_eq!(Signal::ALL.map(|sign| withheld.has(sign)), [false, true, true]);
    assert_eq!(enter(json!([])).unwrap(), PrivacySettings::NOTHING);
    for wrong in [json!(["here", "here"]), json!(["there"]), json!("here"), json!(null)] {
        assert!(matches!(enter(wrong), Err(Refusal::Malformed(_))));
    }
}

#[test]
fn a_chat_that_was_not_read_is_left_out() {
    let seat = SeatText(SeatId { chat: ChatId(7), participant: ParticipantId(1) });
    let (name, others) = ("Anny".to_owned(), vec!["Abhi".to_owned()]);
    let answer = serde_json::to_value(EnterAnswer { device: None, seat, name, others, chat: None }).unwrap();
    assert_eq!(answer, json!({"seat": "0000000000000007-1", "name": "Anny", "others": ["Abhi"]}));
}

#[test]
fn at_most_50_tokens_are_asked_about_at_once() {
    let body = |count: usize| json!({ "tokens": vec![TOKEN; count] }).to_string();
    let asked = read::<StatusQuestion>(body(STATUS_TOKENS_MAX).as_bytes()).unwrap().parse();
    assert_eq!(asked.iter().flatten().count(), STATUS_TOKENS_MAX);
    assert_eq!(
        place::<StatusQuestion>(&body(STATUS_TOKENS_MAX + 1)),
        "`tokens` is not a list of at most 50 strings"
    );
    let mixed = read::<StatusQuestion>(json!({ "tokens": ["x", TOKEN] }).to_string().as_bytes()).unwrap();
    let known: Vec<_> = mixed.parse().iter().map(Option::is_some).collect();
    assert_eq!(known, [false, true]);
}

#[test]
fn a_receipt_that_is_left_out_claims_nothing() {
    for (body, delivered, seen, was_read) in [
        ("{}", 0, 0, 0),
        (r#"{"seen":3}"#, 0, 3, 0),
        (r#"{"read":4}"#, 0, 0, 4),
        (r#"{"delivered":5,"seen":0}"#, 5, 0, 0),
    ] {
        let receipt = Receipt { delivered: Seq(delivered), seen: Seq(seen), read: Seq(was_read) };
        let command = read::<ReceiptsQuestion>(body.as_bytes()).unwrap().parse();
        assert_eq!(command, crate::domain::Command::Mark(receipt), "{body}");
    }
}

#[test]
fn nothing_secret_is_printed_with_a_question() {
    let secret = "K7QM-3XRP";
    let text = |value: Value| value.to_string().into_bytes();
    let id = "8f14e45fceea167a0000000000000003";
    let printed = [
        format!("{:?}", read::<StartChat>(&text(json!({"names": [secret, secret], "idle": "1d"})))),
        format!("{:?}", read::<TokenQuestion>(&text(json!({"token": secret})))),
        format!("{:?}", read::<StatusQuestion>(&text(json!({"tokens": [secret]})))),
        format!("{:?}", read::<EnterQuestion>(&text(json!({"token": secret, "code": secret})))),
        format!("{:?}", read::<SayQuestion>(&text(json!({"id": id, "text": secret})))),
        format!("{:?}", read::<SayQuestion>(&text(json!({"id": secret, "text": secret})))),
        format!("{:?}", read::<Nothing>(&text(json!({secret: secret})))),
    ];
    for printed in printed {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[test]
fn the_problem_of_an_ended_chat_tells_how_it_ended() {
    let ending =
        Ending { at: At(1_795_286_520_000), by: EndedBy::Participant(ParticipantId(1)), messages: 214 };
    let refusal = Refusal::Ended { ending, asked_by: ParticipantId(1) };
    let problem: Value = serde_json::from_str(&Problem::of(&refusal, 410, "Gone").text()).unwrap();
    let expected = json!({
        "type": "about:blank", "title": "Gone", "status": 410, "code": "ended",
        "detail": sentences::refused(&refusal),
        "at": "2026-11-21T18:42:00.000Z", "by": "1", "messages": 214, "me": "1",
    });
    assert_eq!(problem, expected);
}

#[test]
fn our_own_faults_tell_no_cause() {
    let failed: Value = serde_json::from_str(&Problem::failed("4711").text()).unwrap();
    assert_eq!((&failed["status"], &failed["code"]), (&json!(500), &json!("failed")));
    assert!(failed["detail"].as_str().unwrap().contains("4711"));
    let reconnect: Value = serde_json::from_str(&Problem::reconnect().text()).unwrap();
    assert_eq!((&reconnect["status"], &reconnect["code"]), (&json!(503), &json!("reconnect")));
}

#[test]
fn waiting_is_told_in_whole_seconds_and_never_too_few() {
    for (millis, expected) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (29_999, 30)] {
        assert_eq!(seconds(Duration::from_millis(millis)), expected);
    }
    assert_eq!(seconds(Duration::MAX), u64::MAX);
}
