#![allow(clippy::unwrap_used)]
use serde_json::{Value, json};

use super::*;
use crate::domain::{Body, DeviceId, EndedBy, Ending, PrivacySettings, Receipt, Signal, Text};

const ANNY: ParticipantId = ParticipantId(1);
const ABHI: ParticipantId = ParticipantId(2);
const CHAT: ChatId = ChatId(0x00f1_e2d3_c4b5_a697);

fn shown(event: &Event, viewer: ParticipantId, view: Recipient) -> Value {
    serde_json::from_str(&super::event(event, CHAT, Viewer::of(viewer), view).unwrap()).unwrap()
}

/// What one viewer is shown of a receipt of Anny that grew: delivered and seen.
fn shown_of(before: Receipt, receipt: Receipt, viewer: Viewer) -> Option<(u64, u64)> {
    let event = Event::Marked { participant: ANNY, before, receipt };
    let frame: Value = serde_json::from_str(&super::event(&event, CHAT, viewer, Recipient::Other)?).unwrap();
    Some((frame["delivered"].as_u64().unwrap(), frame["seen"].as_u64().unwrap()))
}

fn receipt(delivered: u64, seen: u64, read: u64) -> Receipt {
    Receipt { delivered: Seq(delivered), seen: Seq(seen), read: Seq(read) }
}

fn message(text: &str) -> Message {
    let body = Body::Text(Text::parse(text.to_owned()).unwrap());
    Message { seq: Seq(12), from: ANNY, at: At(1_795_286_520_000), id: MessageId(7), body }
}

#[test]
fn the_sending_socket_hears_said_and_everybody_else_the_message() {
    let event = Event::Said(message("hi"));
    assert_eq!(shown(&event, ANNY, Recipient::Origin)["type"], "chat-said");
    for viewer in [ANNY, ABHI] {
        let frame = shown(&event, viewer, Recipient::Other);
        assert_eq!((&frame["type"], &frame["from"]), (&json!("chat-message"), &json!("1")));
    }
}

#[test]
fn a_message_of_a_kind_that_is_not_known_has_no_text() {
    let event = Event::Said(Message { body: Body::Unsupported, ..message("hi") });
    let frame = shown(&event, ABHI, Recipient::Other);
    assert_eq!((&frame["seq"], frame.get("text")), (&json!(12), None));
}

#[test]
fn each_participant_is_named_the_seat_of_its_own() {
    let event = Event::Kept { due: At(0) };
    assert_eq!(shown(&event, ANNY, Recipient::Origin)["seat"], "00f1e2d3c4b5a697-1");
    assert_eq!(shown(&event, ABHI, Recipient::Other)["seat"], "00f1e2d3c4b5a697-2");
}

#[test]
fn whoever_ended_it_is_named_as_the_viewer_knows_them() {
    for (by, anny, abhi) in [
        (EndedBy::Participant(ANNY), "you", "other"),
        (EndedBy::Participant(ABHI), "other", "you"),
        (EndedBy::Clock, "clock", "clock"),
        (EndedBy::Host, "host", "host"),
    ] {
        let ending = Ending { at: At(0), by, messages: 3 };
        assert_eq!(shown(&Event::Ended(ending), ANNY, Recipient::Origin)["by"], anny);
        assert_eq!(shown(&Event::Ended(ending), ABHI, Recipient::Other)["by"], abhi);
        let refusal = Refusal::Ended { ending, asked_by: ABHI };
        let refused: Value = serde_json::from_str(&refused(FrameRef::of("chat-open"), &refusal)).unwrap();
        assert_eq!((&refused["by"], &refused["messages"]), (&json!(abhi), &json!(3)));
    }
}

#[test]
fn a_device_that_left_is_nobodys_business() {
    let event = Event::Left { participant: ANNY, device: DeviceId([0; 32]) };
    assert_eq!(super::event(&event, CHAT, Viewer::of(ABHI), Recipient::Other), None);
}

#[test]
fn a_receipt_is_told_only_to_whom_it_is_news() {
    let withheld = PrivacySettings::NOTHING.and(Signal::Seen).unwrap();
    let silent = Viewer { participant: ABHI, withheld };
    for (before, after, annys, abhis, silently) in [
        (receipt(0, 0, 0), receipt(3, 0, 0), Some((3, 0)), Some((3, 0)), Some((3, 0))),
        (receipt(3, 0, 0), receipt(3, 0, 3), Some((3, 3)), None, None),
        (receipt(3, 0, 0), receipt(4, 0, 4), Some((4, 4)), Some((4, 0)), Some((4, 0))),
        (receipt(4, 0, 4), receipt(4, 2, 4), None, Some((4, 2)), None),
        (receipt(4, 2, 4), receipt(5, 5, 5), Some((5, 5)), Some((5, 5)), Some((5, 0))),
    ] {
        assert_eq!(shown_of(before, after, Viewer::of(ANNY)), annys, "{after:?}");
        assert_eq!(shown_of(before, after, Viewer::of(ABHI)), abhis, "{after:?}");
        assert_eq!(shown_of(before, after, silent), silently, "{after:?}");
    }
}

#[test]
fn any_text_comes_through_as_it_was_typed() {
    for text in [
        "\"\\/\u{8}\u{c}\n\r\t\u{1}\u{7f}",
        "</script>\u{2028}",
        "\u{1F468}\u{200D}\u{1F469}",
        &("\u{1}".repeat(3_999) + "a"),
    ] {
        let frame = super::message(SeatId { chat: CHAT, participant: ABHI }, &message(text));
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
    let of = FrameRef { id: Some(MessageId(7)), ..FrameRef::of("chat-say") };
    let frame: Value = serde_json::from_str(&failed(of, "4711")).unwrap();
    assert_eq!((&frame["of"], &frame["code"]), (&json!("chat-say"), &json!("failed")));
    assert!(frame["detail"].as_str().unwrap().contains("4711"));
}
