//! Every example of `docs/protocol.md`, tried: what a client sends is read, and what the house sends is
//! written here from values of the domain and must be the same JSON.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::client::{self, FrameRef, MessageRef};
use super::rest::{
    self, ChatStateAnswer, InviteAnswer, InviteStatus, MessageAnswer, Opening, Participant, Problem, Reach,
    SeatSummary,
};
use super::server::{self, Whose, Why};
use super::text::{
    DeviceTagText, IdleText, IncarnationText, InviteStateText, ParticipantText, SeatText, SeqNumber, Time,
    VanishText,
};
use crate::domain::{
    At, Body, ChangeNumber, ChatId, Description, DeviceTag, Edits, Emoji, EndedBy, Ending, Event,
    GroupChange, Idle, Incarnation, InviteState, Message, MessageId, Name, ParticipantId, Person, Progress,
    Reaction, Refusal, Role, Roster, SeatId, Seq, Standing, Text, Writers,
};

const PROTOCOL: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/protocol.md"));

const ANNY: ParticipantId = ParticipantId(1);
const ABHI: ParticipantId = ParticipantId(2);
const CHAT: ChatId = ChatId(0x00f1_e2d3_c4b5_a697);
const SEAT: SeatId = SeatId { chat: CHAT, participant: ANNY };
const NOW: At = At(1_795_286_520_000);
const EARLIER: At = At(NOW.0 - 60_000);
const TOMORROW: At = At(NOW.0 + 24 * 3_600_000);
const INCARNATION: Incarnation = Incarnation(0x5d41_402a_bc4b_2a76);
const ENDING: Ending = Ending { at: NOW, by: EndedBy::Participant(ANNY), messages: 214 };

/// Every example with its kind, `client-frame` or `http-answer chats`, one line each.
fn examples() -> Vec<(&'static str, &'static str)> {
    let blocks = PROTOCOL.split("```json ").skip(1).map(|block| block.split("```").next().unwrap());
    let lines = blocks.map(|block| block.split_once('\n').unwrap());
    lines.flat_map(|(kind, lines)| lines.lines().map(move |line| (kind.trim(), line))).collect()
}

fn of_kind(kind: &str) -> Vec<&'static str> {
    examples().into_iter().filter(|(found, _)| *found == kind).map(|(_, line)| line).collect()
}

/// The one example of `kind` is what `written` is, as JSON.
fn check(kind: &str, written: &impl Serialize) {
    let [example] = of_kind(kind)[..] else { panic!("one example of {kind}") };
    let example: Value = serde_json::from_str(example).unwrap();
    assert_eq!(serde_json::to_value(written).unwrap(), example, "{kind}");
}

fn message() -> Message {
    let body = Body::Text(Text::parse("Are you there?".to_owned()).unwrap());
    Message::new(
        Seq(12),
        (ABHI, DeviceTag(7)),
        NOW,
        MessageId(0x8f14_e45f_ceea_167a_0000_0000_0000_0003),
        body,
    )
}

fn edited() -> Message {
    let emoji = Emoji::parse("\u{1F44D}").unwrap();
    Message {
        body: Body::Text(Text::parse("Are you at home?".to_owned()).unwrap()),
        edits: Edits { count: 1, at: Some(NOW) },
        reactions: vec![Reaction { from: ANNY, emoji }],
        changed: ChangeNumber(5),
        ..message()
    }
}

fn older_message() -> Message {
    let body = Body::Text(Text::parse("Hello".to_owned()).unwrap());
    Message::new(
        Seq(11),
        (ANNY, DeviceTag(0x9e10_7d9d_372b_b682)),
        EARLIER,
        MessageId(0xc9f0_f895_fb98_ab91_0000_0000_0000_0001),
        body,
    )
}

fn row() -> SeatSummary {
    SeatSummary {
        seat: SeatText(SEAT),
        title: None,
        name: "Anny".to_owned(),
        others: vec!["Abhi".to_owned()],
        head: SeqNumber(Seq(12)),
        unread: 3,
        last_at: Some(Time(NOW)),
        entered: Time(EARLIER),
        idle: IdleText(Idle::Day),
        due: Time(TOMORROW),
    }
}

fn state() -> ChatStateAnswer<'static> {
    ChatStateAnswer {
        me: ParticipantText(ANNY),
        head: SeqNumber(Seq(12)),
        since: None,
        changed: 4,
        vanish: VanishText(None),
        idle: IdleText(Idle::Day),
        due: Time(TOMORROW),
        final_call: None,
        group: None,
        participants: participants(),
    }
}

fn participants() -> Vec<Participant<'static>> {
    let anny = Participant {
        participant: ParticipantText(ANNY),
        name: "Anny",
        came_in: true,
        role: None,
        state: None,
        since: None,
        here: true,
        last_here: None,
        delivered: SeqNumber(Seq(12)),
        seen: SeqNumber(Seq(12)),
        tries: 0,
    };
    let abhi = Participant {
        participant: ParticipantText(ABHI),
        name: "Abhi",
        here: false,
        last_here: Some(Time(NOW)),
        seen: SeqNumber(Seq(11)),
        tries: 3,
        ..anny
    };
    vec![anny, abhi]
}

#[test]
fn every_kind_of_example_is_tried() {
    for (kind, line) in examples() {
        let tried = kind == "client-frame" || kind == "server-frame" || TRIED.contains(&kind);
        assert!(tried && !line.is_empty(), "{kind}: {line}");
    }
    assert!(TRIED.iter().all(|kind| of_kind(kind).len() == 1));
}

const TRIED: [&str; 36] = [
    "http-answer house",
    "http-request chats",
    "http-answer chats",
    "http-request greeting",
    "http-answer greeting",
    "http-request status",
    "http-answer status",
    "http-request enter",
    "http-answer enter",
    "http-answer seats",
    "http-answer seat",
    "http-answer news",
    "http-answer devices",
    "http-request invites",
    "http-answer invites",
    "http-answer messages",
    "http-request say",
    "http-answer said",
    "http-request edit",
    "http-answer changed",
    "http-request reaction",
    "http-request timer",
    "http-request idle",
    "http-request receipts",
    "http-answer receipts",
    "http-answer kept",
    "http-answer ended",
    "http-request people",
    "http-answer people",
    "http-request role",
    "http-request name",
    "http-request group",
    "http-request writers",
    "http-request roster",
    "http-answer transcript",
    "http-answer problem",
];

#[test]
fn every_frame_of_a_client_is_understood() {
    let frames = of_kind("client-frame");
    assert_eq!(frames.len(), 19);
    for frame in frames {
        let (named, parsed) = client::parse(frame);
        assert!(parsed.is_ok() && frame.contains(&format!("\"type\":\"{}\"", named.of)), "{frame}");
    }
}

#[test]
fn every_question_is_understood() {
    let body = |kind: &str| of_kind(kind)[0].as_bytes();
    rest::read::<rest::StartChat>(body("http-request chats")).unwrap().parse(&Idle::ALL).unwrap();
    rest::read::<rest::TokenQuestion>(body("http-request greeting")).unwrap().parse().unwrap();
    let tokens = rest::read::<rest::StatusQuestion>(body("http-request status")).unwrap().parse();
    assert!(tokens.iter().all(Option::is_some));
    rest::read::<rest::EnterQuestion>(body("http-request enter")).unwrap().parse().unwrap();
    rest::read::<rest::SayQuestion>(body("http-request say")).unwrap().parse().unwrap();
    rest::read::<rest::ReceiptsQuestion>(body("http-request receipts")).unwrap();
    rest::read::<rest::EditQuestion>(body("http-request edit")).unwrap().parse().unwrap();
    rest::read::<rest::ReactionQuestion>(body("http-request reaction")).unwrap().parse().unwrap();
    rest::read::<rest::TimerQuestion>(body("http-request timer")).unwrap().parse().unwrap();
    rest::read::<rest::IdleQuestion>(body("http-request idle")).unwrap().parse(&Idle::ALL).unwrap();
    rest::read::<rest::AddQuestion>(body("http-request people")).unwrap().parse().unwrap();
    rest::read::<rest::RoleQuestion>(body("http-request role")).unwrap().parse(ABHI).unwrap();
    rest::read::<rest::NameQuestion>(body("http-request name")).unwrap().parse().unwrap();
    rest::read::<rest::GroupQuestion>(body("http-request group")).unwrap().parse().unwrap();
    rest::read::<rest::WritersQuestion>(body("http-request writers")).unwrap().parse().unwrap();
    rest::read::<rest::RosterQuestion>(body("http-request roster")).unwrap().parse().unwrap();
    let replace = rest::read::<rest::ReplaceQuestion>(body("http-request invites")).unwrap();
    assert_eq!(replace.parse(), (ABHI, true));
}

#[test]
fn the_house_and_its_invites_are_answered_as_promised() {
    let house = rest::HouseAnswer {
        version: "0.1.0".to_owned(),
        may_start: true,
        idles: Idle::ALL.map(IdleText).to_vec(),
        idle_default: IdleText(Idle::Month),
        reach: Reach::Network,
        warnings: vec![rest::Warning {
            code: "no-network".to_owned(),
            says: "Links only work on this machine: it has no address on a network.".to_owned(),
            mend: "Connect the machine to the network, or write its address as public_url.".to_owned(),
        }],
    };
    check("http-answer house", &house);
    let invite = |name: &str, token: &str, code: &str| InviteAnswer {
        name: name.to_owned(),
        link: format!("http://192.168.1.20:8080/j#{token}"),
        code: code.to_owned(),
        qr: ["1fc", "104"].map(str::to_owned).to_vec(),
    };
    let anny = invite("Anny", "0123456789ABCDEFGHJKMNPQRW", "K7QM-3XRP");
    let abhi = invite("Abhi", "ZYXWVTSRQPNMKJHGFEDCBA9874", "3XRP-K7QM");
    let invites = vec![anny, abhi];
    check("http-answer chats", &rest::Started { idle: IdleText(Idle::Day), reach: Reach::Network, invites });
    check("http-answer invites", &invite("Abhi", "NPQRSTVWXYZ0123456789ABCDM", "7QMK-RP3X"));
    let dora = invite("Dora", "NPQRSTVWXYZ0123456789ABCDM", "7QMK-RP3X");
    let participant = ParticipantText(ParticipantId(3));
    check("http-answer people", &rest::AddedAnswer { participant, invite: dora });
    check("http-answer greeting", &rest::Greeting { name: "Anny".to_owned() });
    let invites = [InviteState::In, InviteState::Waiting]
        .map(InviteStateText)
        .map(|state| InviteStatus { state })
        .to_vec();
    check("http-answer status", &rest::StatusAnswer { invites });
    let messages = [older_message(), message()];
    let entered = rest::EnterAnswer {
        device: Some("0123456789ABCDEFGHJKMNPQRSTVWXYZ0123456789ABCDEFGHJG".to_owned()),
        seat: SeatText(SEAT),
        name: "Anny".to_owned(),
        others: vec!["Abhi".to_owned()],
        chat: Some(Opening { state: state(), messages: messages.iter().map(MessageAnswer::from).collect() }),
    };
    check("http-answer enter", &entered);
}

#[test]
fn a_chat_is_answered_as_promised() {
    check("http-answer seats", &rest::SeatsAnswer { seats: vec![row()] });
    let seat = || rest::SeatAnswer { seat: SeatText(SEAT), name: "Anny", state: state() };
    check("http-answer seat", &seat());
    let (said, incarnation) = (message(), IncarnationText(INCARNATION));
    let messages = vec![MessageAnswer::from(&said)];
    check(
        "http-answer news",
        &rest::NewsAnswer {
            incarnation,
            state: seat(),
            messages,
            more: false,
            changes: None,
            changes_up_to: None,
            afresh: false,
        },
    );
    let device = |tag, this, last_here| rest::DeviceRow {
        device: DeviceTagText(DeviceTag(tag)),
        this,
        since: Time(EARLIER),
        last_here,
    };
    let devices = [
        device(0x9e10_7d9d_372b_b682, true, None),
        device(0xe4d9_09c2_90d0_fb1c, false, Some(Time(At(1_795_287_600_000)))),
    ];
    check("http-answer devices", &rest::DevicesAnswer { devices: devices.to_vec() });
    let message = message();
    let messages = vec![MessageAnswer::from(&message)];
    check("http-answer messages", &rest::MessagesAnswer { messages, more: true });
    check("http-answer changed", &rest::ChangedAnswer::from(ChangeNumber(5)));
    check("http-answer said", &rest::SaidAnswer { seq: SeqNumber(Seq(12)), at: Time(NOW) });
    let (delivered, seen, read) = (SeqNumber(Seq(12)), SeqNumber(Seq(11)), SeqNumber(Seq(12)));
    check("http-answer receipts", &rest::ReceiptsAnswer { delivered, seen, read });
    check("http-answer kept", &rest::KeptAnswer { due: Time(TOMORROW) });
    check("http-answer ended", &rest::Ended::from(ENDING));
    let line = rest::TranscriptMessage {
        seq: SeqNumber(Seq(12)),
        from: "Abhi".to_owned(),
        at: Time(NOW),
        text: Some("Are you there?".to_owned()),
        reply_to: None,
        edited: None,
    };
    let participants = vec!["Anny".to_owned(), "Abhi".to_owned()];
    check("http-answer transcript", &rest::Transcript { participants, messages: vec![line] });
}

#[test]
fn a_refusal_is_answered_as_promised() {
    let refusal = Refusal::WrongCode { retry_after: Some(Duration::from_secs(30)) };
    check("http-answer problem", &Problem::of(&refusal, 401, "Unauthorized"));
    let health = serde_json::to_string(&rest::Health { status: "ok" }).unwrap();
    assert!(PROTOCOL.contains(&format!("`{health}`")));
}

#[test]
fn every_frame_of_the_house_is_as_promised() {
    let written = [answers(), events()].concat();
    let written: Vec<Value> = written.iter().map(|frame| serde_json::from_str(frame).unwrap()).collect();
    let promised = of_kind("server-frame");
    assert_eq!(promised.len(), written.len());
    for example in promised {
        let example: Value = serde_json::from_str(example).unwrap();
        assert!(written.contains(&example), "{example} is not among {written:#?}");
    }
}

fn answers() -> Vec<String> {
    let last = message();
    let early = MessageId::new(last.id.producer(), 5);
    let gap = FrameRef { seat: Some(SEAT), about: MessageRef::Id(early), ..FrameRef::of("chat-say") };
    vec![
        server::welcome(INCARNATION, NOW, &[SEAT]),
        server::seat_news(SEAT, Seq(12), 3, Some(NOW)),
        server::seat_gone(SEAT),
        server::state(SEAT, &state()),
        server::said(SEAT, last.id, last.seq, last.at),
        server::page(SEAT, &[older_message()], false),
        server::presence(Whose::Chat(CHAT), ABHI, false, Some(NOW)),
        server::typing(Whose::Chat(CHAT), ABHI),
        server::resync(SEAT),
        server::resync_afresh(SEAT),
        server::done(SEAT, "chat-edit", Seq(12), ChangeNumber(5)),
        server::message(Whose::Seat(SEAT), &message().hidden(ChangeNumber(6))),
        server::changed(Whose::Seat(SEAT), &message().hidden(ChangeNumber(6))),
        server::refused(gap, &Refusal::OutOfOrder { expected: last.id }),
        server::pong(),
        server::bye(Why::Stopping),
    ]
}

fn events() -> Vec<String> {
    let shown = |event: &Event| server::event(event, Whose::Chat(CHAT)).unwrap();
    let progress = Progress { delivered: Seq(12), seen: Seq(12) };
    vec![
        shown(&Event::Said(Arc::new(message()))),
        shown(&Event::Changed(Arc::new(edited()))),
        server::receipt(Whose::Chat(CHAT), ABHI, progress),
        server::receipt(Whose::Seat(SEAT), SEAT.participant, progress),
        shown(&Event::Called { at: TOMORROW }),
        shown(&Event::Kept { due: TOMORROW }),
        shown(&Event::Guessed { participant: ANNY, tries: 3 }),
        shown(&Event::Invited { participant: ABHI, by: ANNY, due: TOMORROW }),
        shown(&Event::Person {
            participant: ABHI,
            person: Person { role: Role::Limited, standing: Standing::In, ..Person::first(Role::Admin) },
            name: Some(Arc::new(Name::parse("Bobby").unwrap())),
        }),
        shown(&Event::Described {
            change: GroupChange {
                title: Name::parse("Kitchen").ok(),
                about: Description::parse("Who cooks".to_owned()).ok(),
            },
            writers: Writers::Admins,
            roster: Roster::Admins,
        }),
        shown(&Event::Ended(Ending { by: EndedBy::Participant(ABHI), ..ENDING })),
    ]
}
