//! Everything that can be asked in a group, by everybody whom there is, in every kind of group: what is
//! answered, and what each of the others hears of it.
//!
//! Which frames and routes there are the house says itself, so that a new one cannot be forgotten here. Who
//! may do what is read from `docs/groups.md`.

use std::collections::{BTreeMap, BTreeSet};

use parlour::protocol::client::frame_types;
use reqwest::Method;
use serde_json::{Value, json};

use super::cast::{Cast, Gaps, Kind, ROLES};
use super::told;
use crate::support::house::{House, Person, fresh_id, text};

const GROUPS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/groups.md"));

/// Rows of the table in the docs.
const WRITE: &str = "write, answer, edit what one wrote";
const REACT: &str = "react, delete one's own message, hide a message";
const STAY: &str = "mark as read, keep the chat longer, sign out a device";
const DELETE_OTHERS: &str = "delete what somebody else wrote";
const TIMES: &str = "set when messages vanish, and the time without use";
const OWN_INVITE: &str = "replace one's own link and code";
const INVITE: &str = "replace somebody else's link and code";
const RENAME: &str = "correct one's own name";
const ADD: &str = "let somebody in";
const REMOVE: &str = "remove somebody";
const ROLE: &str = "give somebody another role";
const DESCRIBE: &str = "change the title and what the group is about";
const WRITERS: &str = "say who may write";
const ROSTER: &str = "hide people from each other, or show them";
const LEAVE: &str = "leave";
const END: &str = "end the group for everybody";
/// What has no row: everybody who is in may look.
const LOOK: &str = "";

/// Whom what is heard of it names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Nobody,
    /// The one who asks.
    Actor,
    /// Somebody else, who is no admin.
    Other,
}

use Names::{Actor, Nobody, Other};

/// What is asked: a frame, or a method and an address, and what goes with it; its row of the table; whom it
/// names; and what the others hear. After a bar is what those hear who are not shown whom it names.
type Asked = (&'static str, &'static str, &'static str, Names, &'static str);

/// In this order in one group. What is in angle brackets the [`Cast`] knows.
const IN_ONE_GROUP: &[Asked] = &[
    ("hello", r#""device":"<device>""#, LOOK, Nobody, ""),
    ("ping", "", LOOK, Nobody, ""),
    ("chat-open", r#""after":0"#, LOOK, Nobody, ""),
    ("chat-page", r#""before":9,"limit":9"#, LOOK, Nobody, ""),
    ("chat-typing", "", LOOK, Actor, "chat-typing |"),
    ("chat-keep", "", STAY, Nobody, "chat-kept"),
    ("chat-delivered", r#""seq":2"#, STAY, Actor, "chat-receipt |"),
    ("chat-seen", r#""seq":2"#, STAY, Actor, "chat-receipt |"),
    ("chat-say", r#""id":"<id>","text":"hello""#, WRITE, Actor, "text"),
    ("chat-say", r#""id":"<id>","text":"yes","reply_to":<news>"#, WRITE, Actor, "text"),
    ("chat-edit", r#""seq":<own>,"base":0,"text":"edited""#, WRITE, Actor, "chat-changed"),
    ("chat-react", r#""seq":<news>,"emoji":"👍""#, REACT, Actor, "chat-changed"),
    ("chat-react", r#""seq":<news>"#, REACT, Actor, "chat-changed"),
    ("chat-hide", r#""seq":<news>"#, REACT, Nobody, ""),
    ("chat-delete", r#""seq":<own>"#, REACT, Actor, "chat-changed"),
    ("chat-delete", r#""seq":<theirs>"#, DELETE_OTHERS, Actor, "chat-changed"),
    ("GET /seats", "", LOOK, Nobody, ""),
    ("GET /seats/{seat}", "", LOOK, Nobody, ""),
    ("GET /seats/{seat}/news", "", LOOK, Nobody, ""),
    ("GET /seats/{seat}/messages", "", LOOK, Nobody, ""),
    ("GET /seats/{seat}/transcript", "", LOOK, Nobody, ""),
    ("GET /seats/{seat}/devices", "", LOOK, Nobody, ""),
    ("POST /seats/{seat}/keep", "{}", STAY, Nobody, "chat-kept"),
    ("POST /seats/{seat}/receipts", r#"{"delivered":5}"#, STAY, Actor, "chat-receipt |"),
    ("DELETE /seats/{seat}/devices/<tag>", "", STAY, Nobody, ""),
    ("POST /seats/{seat}/messages", r#"{"id":"<id>","text":"hello"}"#, WRITE, Actor, "text"),
    ("PATCH /seats/{seat}/messages/<own2>", r#"{"base":0,"text":"new"}"#, WRITE, Actor, "chat-changed"),
    ("PUT /seats/{seat}/messages/<theirs2>/reaction", r#"{"emoji":"👍"}"#, REACT, Actor, "chat-changed"),
    ("DELETE /seats/{seat}/messages/<theirs2>/reaction", "", REACT, Actor, "chat-changed"),
    ("DELETE /seats/{seat}/messages/<theirs2>?for=me", "", REACT, Nobody, ""),
    ("DELETE /seats/{seat}/messages/<own2>?for=everybody", "", REACT, Actor, "chat-changed"),
    ("DELETE /seats/{seat}/messages/<theirs2>?for=everybody", "", DELETE_OTHERS, Actor, "chat-changed"),
    ("PUT /seats/{seat}/timer", r#"{"after":"1d"}"#, TIMES, Actor, "vanish"),
    ("PUT /seats/{seat}/idle", r#"{"idle":"1w"}"#, TIMES, Actor, "idle chat-kept"),
    (
        "POST /seats/{seat}/invites",
        r#"{"participant":"<me>"}"#,
        OWN_INVITE,
        Actor,
        "chat-invited replaced | hidden",
    ),
    ("POST /seats/{seat}/invites", r#"{"participant":"4"}"#, INVITE, Other, "chat-invited replaced | hidden"),
    ("PUT /seats/{seat}/name", r#"{"name":"Newname"}"#, RENAME, Actor, "chat-person renamed"),
    ("PUT /seats/{seat}/people/4/role", r#"{"role":"member"}"#, ROLE, Other, "chat-person role | hidden"),
    (
        "POST /seats/{seat}/people",
        r#"{"name":"Zoe","role":"guest"}"#,
        ADD,
        Other,
        "chat-person added | hidden",
    ),
    ("PATCH /seats/{seat}/group", r#"{"title":"Hall"}"#, DESCRIBE, Actor, "chat-group described"),
    ("DELETE /seats/{seat}/people/4", "", REMOVE, Other, "chat-person removed | hidden"),
];

/// Each in a group of its own, because little can be asked afterwards.
const LAST: &[Asked] = &[
    ("chat-close", "", LOOK, Actor, "chat-presence |"),
    ("chat-end", "", END, Nobody, "chat-ended"),
    ("POST /seats/{seat}/end", "{}", END, Nobody, "chat-ended"),
    ("DELETE /seats/{seat}", "", STAY, Actor, "chat-presence |"),
    ("POST /seats/{seat}/leave", "{}", LEAVE, Actor, "chat-person left chat-presence | hidden"),
    ("PUT /seats/{seat}/writers", r#"{"writers":"<writers>"}"#, WRITERS, Nobody, "chat-group writers"),
    ("PUT /seats/{seat}/roster", r#"{"roster":"<roster>"}"#, ROSTER, Nobody, "chat-resync"),
];

/// Whether each role may do what is in a row.
fn table() -> BTreeMap<&'static str, [bool; 3]> {
    let rows = GROUPS.lines().filter(|line| line.starts_with("| ")).skip(2);
    let cells = rows.map(|row| row.split('|').map(str::trim).skip(1).collect::<Vec<_>>());
    cells.map(|row| (row[0], [1, 2, 3].map(|role| row[role] == "yes"))).collect()
}

/// How it is refused to a person who is in; none where it is done.
fn refused((name, _, row, ..): Asked, kind: Kind, role: usize) -> Option<&'static str> {
    let is_admin = role == 0;
    match row {
        LOOK => (name == "hello").then_some("malformed"),
        WRITE if kind.only_admins_write && !is_admin => Some("only_admins_talk"),
        ADD | RENAME if kind.is_hidden && !is_admin => Some("only_admins"),
        // Who writes is seen.
        WRITERS if kind.is_hidden && is_admin => Some("people_hidden"),
        ROSTER if !kind.only_admins_write && is_admin => Some("people_hidden"),
        _ if table()[row][role] => None,
        DELETE_OTHERS => Some("not_yours"),
        _ => Some("only_admins"),
    }
}

/// What a person with this role hears of what was done.
fn heard((.., names, heard): Asked, kind: Kind, by: usize, listener: usize) -> Vec<&'static str> {
    let is_hidden = kind.is_hidden && listener != 0 && (names == Other || names == Actor && by != 0);
    let (full, reduced) = heard.split_once('|').unwrap_or((heard, heard));
    if is_hidden { reduced } else { full }.split_whitespace().collect()
}

/// What a frame is called in these tables: a message by what it is.
fn label(frame: &Value) -> String {
    match &frame["note"]["what"] {
        Value::String(what) => what.clone(),
        _ if frame["hidden"] == true && frame["type"] == "chat-message" => "hidden".to_owned(),
        _ if frame["type"] == "chat-message" => "text".to_owned(),
        _ => text(&frame["type"]),
    }
}

async fn hears(person: &mut Person) -> Vec<String> {
    told(person).await.iter().map(label).collect()
}

/// Asks by frame. All that it does is done when what was asked after it is refused.
async fn sends(by: &mut Person, kind: &str, fields: &str) -> Option<String> {
    const NOWHERE: u64 = 999_999;
    let seat =
        if ["hello", "ping"].contains(&kind) { String::new() } else { format!(r#","seat":"{}""#, by.seat) };
    let comma = if fields.is_empty() { "" } else { "," };
    by.sends_text(format!(r#"{{"type":"{kind}"{seat}{comma}{fields}}}"#)).await;
    by.sends(json!({"type": "chat-hide", "seat": by.seat, "seq": NOWHERE})).await;
    let mut code = None;
    loop {
        let frame = by.gets_any().await;
        if frame["type"] == "refused" && frame["seq"] == NOWHERE {
            return code;
        }
        if frame["type"] == "refused" && frame["of"] == kind {
            code = Some(text(&frame["code"]));
        }
    }
}

/// Asks over HTTP. What its own devices hear is heard, too.
async fn requests(house: &House, by: &mut Person, name: &str, body: &str) -> Option<String> {
    let (method, path) = name.split_once(' ').unwrap();
    let path = format!("/api/v1{}", path.replace("{seat}", &by.seat));
    let body = (!body.is_empty()).then(|| serde_json::from_str(body).unwrap());
    let answer = house.ask(method.parse().unwrap(), &path, Some(&by.device), body).await;
    let code = match answer.status().is_success() {
        true => None,
        false => Some(text(&answer.json::<Value>().await.unwrap()["code"])),
    };
    by.ping().await;
    code
}

/// Asks it, and gives how it was refused.
async fn asks(house: &House, gaps: &Gaps, by: &mut Person, (name, body, ..): Asked) -> Option<String> {
    let me = by.seat.split_once('-').unwrap().1.to_owned();
    let filled = |text: &str| gaps.filled(text).replace("<id>", &fresh_id()).replace("<me>", &me);
    let (name, body) = (filled(name), filled(body));
    if name.contains(' ') { requests(house, by, &name, &body).await } else { sends(by, &name, &body).await }
}

impl Cast {
    /// What each of the others has heard, beside what they were to hear.
    async fn check_hearing(&mut self, what: &str, expected: impl Fn(usize) -> Vec<&'static str>) {
        for (role, witness) in self.witnesses.iter_mut().enumerate() {
            assert_eq!(hears(witness).await, expected(role), "{what}: heard by {}", ROLES[role]);
        }
        for gone in [&mut self.removed, &mut self.left] {
            assert_eq!(hears(gone).await, Vec::<String>::new(), "{what}: heard by somebody who is out");
        }
    }
}

/// One who is in asks everything that there is.
async fn asks_everything(kind: Kind, role: usize) {
    let house = House::open().await;
    let mut cast = Cast::gather(&house, kind, role).await;
    for asked in IN_ONE_GROUP {
        is_judged(&house, &mut cast, kind, (role, *asked)).await;
    }
    for asked in LAST {
        let mut cast = Cast::gather(&house, kind, role).await;
        is_judged(&house, &mut cast, kind, (role, *asked)).await;
    }
}

async fn is_judged(house: &House, cast: &mut Cast, kind: Kind, (role, asked): (usize, Asked)) {
    let what = format!("{} {} by {} in {kind:?}", asked.0, asked.1, ROLES[role]);
    let answered = asks(house, &cast.gaps, &mut cast.actor, asked).await;
    let expected = refused(asked, kind, role);
    assert_eq!(answered.as_deref(), expected, "{what}");
    let is_done = expected.is_none();
    let hearing = |listener| if is_done { heard(asked, kind, role, listener) } else { Vec::new() };
    cast.check_hearing(&what, hearing).await;
}

#[tokio::test]
async fn a_group_does_for_each_role_what_the_docs_say_and_tells_each_what_they_may_hear() {
    for role in 0..ROLES.len() {
        asks_everything(Kind::OPEN, role).await;
    }
}

#[tokio::test]
async fn a_group_in_which_only_admins_write_does_the_same() {
    for role in 0..ROLES.len() {
        asks_everything(Kind::ANNOUNCING, role).await;
    }
}

#[tokio::test]
async fn a_group_whose_people_are_hidden_does_the_same() {
    for role in 0..ROLES.len() {
        asks_everything(Kind::HIDDEN, role).await;
    }
}

/// Of those who are not in nobody is done anything for, and nobody hears that they asked.
async fn is_told_nothing(house: &House, gaps: &Gaps, witnesses: &mut [Person], by: &mut Person) {
    for asked in IN_ONE_GROUP.iter().chain(LAST) {
        let what = format!("{} {} by {}", asked.0, asked.1, by.seat);
        let expected = match asked.0 {
            "hello" => Some("malformed"),
            "ping" | "GET /seats" => None,
            _ => Some("no_such_seat"),
        };
        assert_eq!(asks(house, gaps, by, *asked).await.as_deref(), expected, "{what}");
        for witness in witnesses.iter_mut() {
            assert_eq!(hears(witness).await, Vec::<String>::new(), "{what}");
        }
    }
    let rows = house.ask(Method::GET, "/api/v1/seats", Some(&by.device), None).await;
    assert!(!rows.text().await.unwrap().contains(by.seat.split_once('-').unwrap().0));
}

#[tokio::test]
async fn a_person_who_is_removed_or_has_left_or_is_not_yet_in_does_nothing_and_reads_nothing() {
    let house = House::open().await;
    for kind in [Kind::OPEN, Kind::ANNOUNCING, Kind::HIDDEN] {
        let cast = Cast::gather(&house, kind, 1).await;
        let Cast { gaps, mut witnesses, mut removed, mut left, actor: _stays } = cast;
        // She has another chat on her device.
        let [nora, _] = house.start("Nora", "Olaf").await;
        let (device, _) = house.device(&nora).await;
        let chat = removed.seat.split_once('-').unwrap().0;
        let mut invited = house.connect(&device, &format!("{chat}-4")).await;
        for person in [&mut removed, &mut left, &mut invited] {
            is_told_nothing(&house, &gaps, &mut witnesses, person).await;
        }
    }
}

#[tokio::test]
async fn everything_that_can_be_asked_of_a_chat_is_in_these_tables() {
    let house = House::open().await;
    let description = house.ask(Method::GET, "/api/v1/openapi.json", None, None).await;
    let description: Value = description.json().await.unwrap();
    let mut all: BTreeSet<String> = frame_types().iter().map(|name| (*name).to_owned()).collect();
    for (path, item) in description["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap().keys().filter(|key| *key != "servers");
        let routes = methods.map(|method| format!("{} {path}", method.to_uppercase()));
        all.extend(routes.filter(|route| route.contains(" /seats")));
    }
    let tried = IN_ONE_GROUP.iter().chain(LAST).map(|(name, ..)| pattern(name)).collect::<BTreeSet<_>>();
    assert_eq!(tried, all);
    let rows: BTreeSet<_> = IN_ONE_GROUP.iter().chain(LAST).map(|(_, _, row, ..)| *row).collect();
    let of_docs: BTreeSet<_> = table().into_keys().chain([LOOK]).collect();
    assert_eq!(rows, of_docs);
}

/// The route as the table of routes has it.
fn pattern(name: &str) -> String {
    let name = name
        .split('?')
        .next()
        .unwrap()
        .replace("<tag>", "{device}")
        .replace("people/4", "people/{participant}");
    match name.split_once('<').and_then(|(before, rest)| Some((before, rest.split_once('>')?.1))) {
        Some((before, after)) => format!("{before}{{seq}}{after}"),
        None => name,
    }
}
