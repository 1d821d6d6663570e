#![allow(clippy::unwrap_used)]
use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::domain::{Body, DeviceId, DeviceTag, EndedBy, Text};
use crate::protocol::client::MessageRef;

const ANNY: ParticipantId = ParticipantId(1);
const ABHI: ParticipantId = ParticipantId(2);
const CHAT: ChatId = ChatId(0x00f1_e2d3_c4b5_a697);

fn shown(event: &Event) -> Value {
    serde_json::from_str(&super::event(event, Whose::Chat(CHAT)).unwrap()).unwrap()
}

fn message(text: &str) -> Message {
    let body = Body::Text(Text::parse(text.to_owned()).unwrap());
    Message::new(Seq(12), (ANNY, DeviceTag(7)), At(1_795_286_520_000), MessageId(7), body)
}

#[test]
fn a_message_says_whose_it_is_and_in_which_chat() {
    let frame = shown(&Event::Said(Arc::new(message("hi"))));
    assert_eq!((&frame["type"], &frame["from"]), (&json!("chat-message"), &json!("1")));
    assert_eq!((&frame["chat"], frame.get("seat")), (&json!("00f1e2d3c4b5a697"), None));
}

#[test]
fn a_message_of_a_kind_that_is_not_known_has_no_text() {
    let event = Event::Said(Arc::new(Message { body: Body::Unsupported, ..message("hi") }));
    let frame = shown(&event);
    assert_eq!((&frame["seq"], frame.get("text")), (&json!(12), None));
}

#[test]
fn everybody_is_told_alike_by_whom_it_ended_and_a_refusal_says_who_asked() {
    for (by, written) in [
        (EndedBy::Participant(ANNY), "1"),
        (EndedBy::Participant(ABHI), "2"),
        (EndedBy::Clock, "clock"),
        (EndedBy::Host, "host"),
    ] {
        let ending = Ending { at: At(0), by, messages: 3 };
        assert_eq!(shown(&Event::Ended(ending))["by"], written);
        let refusal = Refusal::Ended { ending, asked_by: ABHI };
        let refused: Value = serde_json::from_str(&refused(FrameRef::of("chat-open"), &refusal)).unwrap();
        assert_eq!((&refused["by"], &refused["messages"]), (&json!(written), &json!(3)));
        assert_eq!(refused["me"], "2");
    }
}

#[test]
fn a_device_that_came_or_left_is_nobodys_business() {
    let (participant, device) = (ANNY, DeviceId([0; 32]));
    assert_eq!(super::event(&Event::Left { participant, device }, Whose::Chat(CHAT)), None);
    assert_eq!(super::event(&Event::Entered { participant, device }, Whose::Chat(CHAT)), None);
}

#[test]
fn any_text_comes_through_as_it_was_typed() {
    for text in [
        "\"\\/\u{8}\u{c}\n\r\t\u{1}\u{7f}",
        "</script>\u{2028}",
        "\u{1F468}\u{200D}\u{1F469}",
        &("\u{1}".repeat(3_999) + "a"),
    ] {
        let frame = super::message(Whose::Chat(CHAT), &message(text));
        let frame: Value = serde_json::from_str(&frame).unwrap();
        assert_eq!(frame["text"], text);
    }
}

#[test]
fn a_refusal_leaves_out_what_it_does_not_know() {
    let frame: Value = serde_json::from_str(&refused(FrameRef::default(), &Refusal::TooLarge)).unwrap();
    let detail = sentences::refused(&Refusal::TooLarge);
    assert_eq!(frame, json!({"type": "refused", "code": "too_large", "detail": detail}));
}

#[test]
fn what_failed_in_the_house_is_told_by_a_number() {
    let of = FrameRef { about: MessageRef::Id(MessageId(7)), ..FrameRef::of("chat-say") };
    let frame: Value = serde_json::from_str(&failed(of, "4711")).unwrap();
    assert_eq!((&frame["of"], &frame["code"]), (&json!("chat-say"), &json!("failed")));
    assert!(frame["detail"].as_str().unwrap().contains("4711"));
}
