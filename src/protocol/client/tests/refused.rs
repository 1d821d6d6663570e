//! What is refused, and with which words.

use super::*;

#[test]
fn what_is_not_an_object_is_malformed() {
    for input in ["", " ", "{", "{\"type\":", r#"{"type":"pi"#] {
        refuses(input, "", "ends too early");
    }
    refuses(r#"{"type":"ping""#, "ping", "ends too early");
    for input in ["[]", "null", "true", "12", "-1", "1.5", r#""ping""#, r#"["type","ping"]"#, "[[[[]]]]"] {
        refuses(input, "", "not a JSON object");
    }
    for input in
        ["ping", "{type:1}", "{'type':'ping'}", "{,}", "{\"type\":01}", "{\"type\":\"\u{1}\"}", "\u{FEFF}{}"]
    {
        refuses(input, "", "not JSON at line 1, column");
    }
    refuses("{\"type\":\"ping\"}{}", "ping", "not JSON at line 1, column 16");
    refuses("{\"type\":\"ping\",}", "ping", "not JSON");
    refuses("{\"type\":\"ping\"} x", "ping", "not JSON");
}

#[test]
fn deep_nesting_is_malformed_and_nothing_worse() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [3, 100, 127, 5_000] {
            for key in ["type", "seat", "other"] {
                let nested = format!("{{\"{key}\":{}1{}}}", open.repeat(depth), close.repeat(depth));
                assert!(matches!(refused(&nested).1, Refusal::Malformed(_)));
            }
        }
    }
}

#[test]
fn a_type_that_is_missing_or_not_known_is_malformed() {
    refuses("{}", "", "`type` is missing");
    refuses(&format!("{{{S}}}"), "", "`type` is missing");
    for value in ["\"\"", "\"Ping\"", "\"chat-said\"", "\"chat-\"", "\"ping \""] {
        refuses(&format!("{{\"type\":{value}}}"), "", "`type` is not the type of a frame");
    }
    for value in ["1", "null", "[\"ping\"]", "{\"ping\":1}", "true", "-1", "1e3"] {
        refuses(&format!("{{\"type\":{value}}}"), "", "`type` is not a string");
    }
    refuses(r#"{"Type":"ping"}"#, "", "`type` is missing");
}

#[test]
fn a_field_that_is_missing_is_named() {
    for (of, rest, missing) in [
        ("hello", "", "device"),
        ("hello", r#","seen_incarnation":"5d41402abc4b2a76""#, "device"),
        ("chat-open", r#","after":1"#, "seat"),
        ("chat-close", "", "seat"),
        ("chat-say", &format!(r#",{I},"text":"a""#), "seat"),
        ("chat-say", &format!(r#",{S},"text":"a""#), "id"),
        ("chat-say", &format!(",{S},{I}"), "text"),
        ("chat-edit", &format!(r#",{S},"base":0,"text":"a""#), "seq"),
        ("chat-edit", &format!(r#",{S},"seq":1,"text":"a""#), "base"),
        ("chat-edit", &format!(r#",{S},"seq":1,"base":0"#), "text"),
        ("chat-delete", &format!(",{S}"), "seq"),
        ("chat-hide", r#","seq":1"#, "seat"),
        ("chat-react", r#","seq":1"#, "seat"),
        ("chat-page", r#","before":2,"limit":5"#, "seat"),
        ("chat-page", &format!(r#",{S},"limit":5"#), "before"),
        ("chat-page", &format!(r#",{S},"before":5"#), "limit"),
        ("chat-delivered", r#","seq":1"#, "seat"),
        ("chat-delivered", &format!(",{S}"), "seq"),
        ("chat-seen", r#","seq":1"#, "seat"),
        ("chat-seen", &format!(",{S}"), "seq"),
        ("chat-typing", "", "seat"),
        ("chat-keep", "", "seat"),
        ("chat-end", "", "seat"),
    ] {
        refuses(&format!(r#"{{"type":"{of}"{rest}}}"#), of, &format!("`{missing}` is missing"));
    }
}

/// One good frame of each type, and the fields that it has.
fn good_frames() -> Vec<String> {
    let with = |of: &str, rest: &str| format!(r#"{{"type":"{of}"{rest}}}"#);
    vec![
        with("hello", &format!(r#","device":"{DEVICE}",{KNOWN},"withholds":["seen"],"watch":true"#)),
        with("chat-open", &format!(r#",{S},"after":12,"changed":4"#)),
        with("chat-close", &format!(",{S}")),
        with("chat-say", &format!(r#",{S},{I},"text":"secret words","reply_to":3"#)),
        with("chat-edit", &format!(r#",{S},"seq":12,"base":0,"text":"secret words""#)),
        with("chat-delete", &format!(r#",{S},"seq":12"#)),
        with("chat-hide", &format!(r#",{S},"seq":12"#)),
        with("chat-react", &format!(r#",{S},"seq":12,"emoji":"\u2764""#)),
        with("chat-page", &format!(r#",{S},"before":12,"limit":50"#)),
        with("chat-delivered", &format!(r#",{S},"seq":12"#)),
        with("chat-seen", &format!(r#",{S},"seq":12"#)),
        with("chat-typing", &format!(",{S}")),
        with("chat-keep", &format!(",{S}")),
        with("chat-end", &format!(",{S}")),
        with("ping", ""),
    ]
}

/// The type of a good frame, and its fields.
fn parts(frame: &str) -> (String, BTreeSet<String>) {
    let frame: Value = serde_json::from_str(frame).unwrap();
    let fields = frame.as_object().unwrap().keys().cloned();
    (frame["type"].as_str().unwrap().to_owned(), fields.collect())
}

#[test]
fn each_kind_of_frame_is_known_by_its_name() {
    let mut kinds = Vec::new();
    for frame in good_frames() {
        let (named, parsed) = parse(&frame);
        let (kind, fields) = parts(&frame);
        assert!(parsed.is_ok() && named.of == kind, "{frame}");
        assert_eq!(named.seat.is_some(), fields.contains("seat"));
        assert_eq!(named.id().is_some(), fields.contains("id"));
        assert_eq!(named.seq().is_some(), fields.contains("seq"));
        kinds.push(kind);
    }
    assert_eq!(kinds, object::variants::<WrittenFrame>());
}

#[test]
fn a_field_that_a_frame_does_not_have_is_refused_in_each() {
    let all: BTreeSet<_> = good_frames().iter().flat_map(|frame| parts(frame).1).collect();
    for frame in good_frames() {
        let (kind, fields) = parts(&frame);
        let others = all.difference(&fields).map(String::as_str);
        for field in others.chain(["sea", "Seat", "seat ", "", "K7QM-3XRP", "\\u0000"]) {
            for value in ["1", "null", "\"x\"", "[1,[]]", "{\"type\":1}"] {
                let input = frame.replacen('{', &format!("{{\"{field}\":{value},"), 1);
                refuses(&input, &kind, "there is a field beside `type`");
                assert!(!format!("{:?}", refused(&input)).contains("K7QM"));
            }
        }
    }
}

#[test]
fn a_field_that_stands_twice_is_refused_in_each() {
    for frame in good_frames() {
        let (kind, fields) = parts(&frame);
        for field in fields {
            let at = frame.find(&format!("\"{field}\":")).unwrap();
            let pair = frame[at..].split([',', '}']).next().unwrap();
            refuses(
                &frame.replacen('{', &format!("{{{pair},"), 1),
                &kind,
                &format!("`{field}` appears twice"),
            );
            let null_first = frame.replacen('{', &format!("{{\"{field}\":null,"), 1);
            refuses(&null_first, &kind, &format!("`{field}` appears twice"));
        }
    }
}

#[test]
fn a_value_of_the_wrong_type_is_refused_in_each() {
    for frame in good_frames() {
        for field in parts(&frame).1.iter().filter(|field| *field != "type") {
            let at = frame.find(&format!("\"{field}\":")).unwrap() + field.len() + 3;
            let value = frame[at..].split([',', '}']).next().unwrap();
            let wrong = if value.starts_with('"') { "12" } else { "\"12\"" };
            let wrongs = [wrong, "null", "true", "-1", "1.0", "[\"a\"]", "{\"a\":1}", "1e400"];
            for wrong in wrongs.into_iter().filter(|wrong| *wrong != value) {
                let input = format!("{}{wrong}{}", &frame[..at], &frame[at + value.len()..]);
                let place = if wrong == "1e400" { "not JSON" } else { &format!("`{field}` is not a") };
                let (_, told) = refused(&input);
                assert!(sentences::refused(&told).contains(place), "{input}: {told:?}");
            }
        }
    }
}

#[test]
fn ids_and_numbers_have_bounds() {
    for seat in [
        "",
        "1",
        "00f1e2d3c4b5a697",
        "00F1E2D3C4B5A697-1",
        "00f1e2d3c4b5a697-0",
        "00f1e2d3c4b5a697-5000000000",
    ] {
        refuses(&format!(r#"{{"type":"chat-keep","seat":"{seat}"}}"#), "chat-keep", "`seat` is not a seat");
    }
    for id in [
        "",
        "8f14",
        "8F14E45FCEEA167A0000000000000003",
        "8f14e45fceea167a00000000000000030",
        "8f14e45fceea167a0000000000000000",
    ] {
        refuses(
            &format!(r#"{{"type":"chat-say",{S},"id":"{id}","text":"a"}}"#),
            "chat-say",
            "`id` is not 32",
        );
    }
    refuses(
        &format!(r#"{{"type":"hello","device":"{DEVICE}","seen_incarnation":"5d41"}}"#),
        "hello",
        "`seen_inc",
    );
    for seq in
        ["0", "-1", "9007199254740992", "18446744073709551615", "18446744073709551616", "1.0", "1e1", "\"1\""]
    {
        for of in ["chat-delivered", "chat-seen"] {
            let place = "`seq` is not a whole number from 1 to 9007199254740991";
            refuses(&format!(r#"{{"type":"{of}",{S},"seq":{seq}}}"#), of, place);
        }
        refuses(
            &format!(r#"{{"type":"chat-page",{S},"before":{seq},"limit":1}}"#),
            "chat-page",
            "`before` is not",
        );
    }
    for after in ["-1", "9007199254740992", "-0", "0.0"] {
        refuses(&format!(r#"{{"type":"chat-open",{S},"after":{after}}}"#), "chat-open", "`after` is not");
    }
    for newest in ["0", "301", "-1", "1.5", "null"] {
        let place = "`newest` is not a whole number from 1 to 300";
        refuses(&format!(r#"{{"type":"chat-open",{S},"newest":{newest}}}"#), "chat-open", place);
    }
    for both_or_none in ["", r#","after":0,"newest":1"#] {
        let place = "one of `after` and `newest`";
        refuses(&format!(r#"{{"type":"chat-open",{S}{both_or_none}}}"#), "chat-open", place);
    }
    for limit in ["0", "101", "-1", "18446744073709551616", "1.5"] {
        let place = "`limit` is not a whole number from 1 to 100";
        refuses(&format!(r#"{{"type":"chat-page",{S},"before":2,"limit":{limit}}}"#), "chat-page", place);
    }
}

#[test]
fn a_device_that_cannot_be_one_is_not_in() {
    for device in ["", "x", &DEVICE[1..], &format!("{DEVICE}0"), &DEVICE.replace('Z', "U")] {
        let told = refused(&format!(r#"{{"type":"hello","device":"{device}"}}"#));
        assert_eq!(told, (FrameRef::of("hello"), Refusal::NotIn));
    }
}

#[test]
fn what_is_wrong_with_a_message_names_the_message() {
    for (text, refusal) in [
        (String::new(), Refusal::EmptyMessage),
        (" \\n".to_owned(), Refusal::EmptyMessage),
        ("x".repeat(MESSAGE_CHARS_MAX + 1), Refusal::MessageTooLong),
        ("\\u00e9".repeat(MESSAGE_CHARS_MAX + 1), Refusal::MessageTooLong),
    ] {
        let told = refused(&format!(r#"{{"type":"chat-say",{S},{I},"text":"{text}"}}"#));
        assert_eq!(told, (FrameRef { of: "chat-say", seat: Some(SEAT), about: MessageRef::Id(ID) }, refusal));
    }
}

#[test]
fn half_of_a_character_is_told_as_that() {
    for half in ["\\ud83d", "a\\ud83d", "\\ude00", "\\ud83d\\ud83d", "\\ud83dx", "\\ud83d\\n"] {
        let input = format!(r#"{{"type":"chat-say",{S},{I},"text":"{half}"}}"#);
        refuses(&input, "chat-say", "half of a character");
        assert_eq!(refused(&input).0.id(), Some(ID), "{input}");
    }
    assert!(parse(&format!(r#"{{"type":"chat-say",{S},{I},"text":"\ud83d\ude00"}}"#)).1.is_ok());
}

#[test]
fn a_refusal_names_what_the_frame_named_wherever_it_stood() {
    for input in [
        format!(r#"{{"text":5,{I},{S},"type":"chat-say"}}"#),
        format!(r#"{{"type":"chat-say",{I},{S},"text":null}}"#),
        format!(r#"{{"txet":"a",{I},{S},"type":"chat-say"}}"#),
        format!(r#"{{{I},{S},"type":"chat-say","text":"a"}} x"#),
    ] {
        let expected = FrameRef { of: "chat-say", seat: Some(SEAT), about: MessageRef::Id(ID) };
        assert_eq!(refused(&input).0, expected, "{input}");
    }
}

#[test]
fn the_longest_message_fits_and_a_larger_frame_is_refused_unread() {
    let longest = "\\u00e9".repeat(MESSAGE_CHARS_MAX);
    assert!(parse(&format!(r#"{{"type":"chat-say",{S},{I},"text":"{longest}"}}"#)).1.is_ok());
    let padded = |size: usize| format!("{}{}", r#"{"type":"ping"}"#, " ".repeat(size - 15));
    assert_eq!(parse(&padded(FRAME_BYTES_MAX)), (FrameRef::of("ping"), Ok(ClientFrame::Ping)));
    assert_eq!(parse(&padded(FRAME_BYTES_MAX + 1)), (FrameRef::default(), Err(Refusal::TooLarge)));
}

#[test]
fn nothing_secret_is_told_by_a_refusal_or_printed_with_a_frame() {
    let secrets = [DEVICE, "secret words", "K7QM-3XRP"];
    let quiet = |printed: &str| {
        for secret in secrets {
            assert!(!printed.contains(secret), "{printed}");
        }
    };
    for frame in good_frames() {
        quiet(&format!("{:?}", parse(&frame).1.unwrap()));
    }
    for secret in secrets {
        for input in [
            format!("\"{secret}\""),
            secret.to_owned(),
            format!(r#"{{"type":"{secret}"}}"#),
            format!(r#"{{"type":"hello","device":"{secret}x"}}"#),
            format!(r#"{{"type":"hello","device":["{secret}"]}}"#),
            format!(r#"{{"type":"hello","device":"{DEVICE}","{secret}":1}}"#),
            format!(r#"{{"type":"hello","device":"{DEVICE}","seen_incarnation":"{secret}"}}"#),
            format!(r#"{{"type":"chat-say","seat":"{secret}",{I},"text":"{secret}"}}"#),
            format!(r#"{{"type":"chat-say",{S},"id":"{secret}","text":"{secret}"}}"#),
            format!(r#"{{"type":"chat-say",{S},{I},"text":{{"a":"{secret}"}}}}"#),
            format!(r#"{{"type":"chat-seen",{S},"seq":"{secret}"}}"#),
            format!(r#"{{"type":"chat-say",{S},{I},"text":"{secret}"#),
        ] {
            let (named, refusal) = refused(&input);
            quiet(&format!("{named:?} {refusal:?} {}", sentences::refused(&refusal)));
        }
    }
}

/// What may stand in the place of a piece of a frame.
fn piece() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "\"",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "null",
        "\\u",
        "\\ud83d",
        "1e9",
        "-",
        "\u{0}",
        "\u{1F600}",
    ];
    prop_oneof![Just(String::new()), prop::sample::select(WORDS).prop_map(str::to_owned), ".{0,4}"]
}

proptest! {
    #[test]
    fn whatever_is_sent_is_answered(input in any::<String>()) {
        let _ = parse(&input);
    }

    #[test]
    fn a_good_frame_that_was_damaged_is_answered(
        frame in prop::sample::select(good_frames()),
        at in 0_usize..200,
        gone in 0_usize..20,
        piece in piece(),
    ) {
        let characters: Vec<char> = frame.chars().collect();
        let at = at.min(characters.len());
        let head: String = characters[..at].iter().collect();
        let tail: String = characters[at..].iter().skip(gone).collect();
        let (named, parsed) = parse(&format!("{head}{piece}{tail}"));
        prop_assert!(named.of.is_empty() || object::variants::<WrittenFrame>().contains(&named.of));
        if let Err(refusal) = parsed {
            prop_assert!(!sentences::refused(&refusal).contains("secret words"));
        }
    }
}
