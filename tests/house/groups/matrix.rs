//! Who may do what in a group, over every route of a seat and by every frame: admins, members and guests,
//! where everybody writes, where only admins do, and where people are hidden; and somebody who was removed.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::{asks, invited, is_done, told};
use crate::support::house::{House, Person, fresh_id, text};

/// Whom a group lets do something.
#[derive(Clone, Copy, PartialEq)]
enum May {
    All,
    Members,
    Admins,
    /// All, but only admins where only they write.
    Write,
    /// Members, but only admins where people are hidden.
    Add,
    /// All, but only admins where people are hidden.
    Rename,
    /// Delete what somebody else wrote.
    DeleteOthers,
}

/// What holds for a group, apart from roles.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    EverybodyWrites,
    AdminsWrite,
    PeopleHidden,
}

const ROLES: [&str; 3] = ["guest", "member", "admin"];
/// Frames whose refusal comes later, or not at all.
const UNANSWERED: [&str; 4] = ["chat-typing", "chat-close", "chat-delivered", "chat-seen"];
const RULES: [Rule; 3] = [Rule::EverybodyWrites, Rule::AdminsWrite, Rule::PeopleHidden];

impl May {
    /// The refusal, if somebody in this role is refused.
    fn refuses(self, role: &str, rule: Rule) -> Option<&'static str> {
        let is_admin = role == "admin";
        let refused = match self {
            Self::All => false,
            Self::Members => role == "guest",
            Self::Admins | Self::DeleteOthers => !is_admin,
            Self::Write => !is_admin && rule != Rule::EverybodyWrites,
            Self::Add => role == "guest" || (!is_admin && rule == Rule::PeopleHidden),
            Self::Rename => !is_admin && rule == Rule::PeopleHidden,
        };
        refused.then_some(match self {
            Self::Write => "only_admins_talk",
            Self::DeleteOthers => "not_yours",
            _ => "only_admins",
        })
    }
}

/// A group in which one is tried out, and what there is in it to try.
struct Tried {
    house: House,
    /// Who is tried.
    bob: Person,
    /// Who was removed, with a socket that is open.
    dora: Person,
    /// What Bob said, and what Anny said: one message for each time that one is deleted.
    own: [u64; 3],
    others: [u64; 3],
}

impl Tried {
    /// Anny is admin, Bob has this role, Cleo is a member, and Dora was removed.
    async fn open(role: &str, rule: Rule) -> Self {
        let house = House::open().await;
        let question = json!({"title": "Club", "names": ["Anny", "Bob", "Cleo", "Dora"], "idle": "1d"});
        let answer: Value = house.post("/api/v1/chats", question).await.json().await.unwrap();
        let invites: Vec<_> = answer["invites"].as_array().unwrap().iter().map(invited).collect();
        let (mut anny, mut bob) = (house.enter(&invites[0]).await, house.enter(&invites[1]).await);
        let mut dora = house.enter(&invites[3]).await;
        let (mut own, mut others) = ([0; 3], [0; 3]);
        for at in 0..3 {
            (own[at], others[at]) = (bob.says("mine").await, anny.says("Anny's").await);
        }
        is_done(&house, &anny, Method::PUT, "people/2/role", json!({"role": role})).await;
        is_done(&house, &anny, Method::DELETE, "people/4", Value::Null).await;
        if rule != Rule::EverybodyWrites {
            is_done(&house, &anny, Method::PUT, "writers", json!({"writers": "admins"})).await;
        }
        if rule == Rule::PeopleHidden {
            is_done(&house, &anny, Method::PUT, "roster", json!({"roster": "admins"})).await;
            bob.gets("chat-resync").await;
        }
        bob.opens(0).await;
        dora.is_refused("no_such_seat").await;
        Self { house, bob, dora, own, others }
    }
}

/// A request over HTTP: its route below the seat, what stands for the last gap of it, and its body.
type Request = (May, Method, &'static str, String, Value);

/// Every route of a seat, in an order in which each can be done: what ends something comes last.
fn requests(Tried { own, others, .. }: &Tried) -> Vec<Request> {
    let none = String::new;
    let mut all = vec![
        (May::All, Method::GET, "", none(), Value::Null),
        (May::All, Method::GET, "/news", none(), Value::Null),
        (May::All, Method::GET, "/messages", none(), Value::Null),
        (May::All, Method::GET, "/transcript", none(), Value::Null),
        (May::All, Method::GET, "/devices", none(), Value::Null),
        (May::All, Method::POST, "/keep", none(), json!({})),
        (May::All, Method::POST, "/receipts", none(), json!({"delivered": 1, "seen": 1})),
        (May::Write, Method::POST, "/messages", none(), json!({"id": fresh_id(), "text": "hello"})),
    ];
    let (mine, theirs) = (own[0].to_string(), others[0].to_string());
    let edit = json!({"base": 0, "text": "mended"});
    all.extend([
        (May::Write, Method::PATCH, "/messages/{seq}", mine.clone(), edit),
        (May::All, Method::PUT, "/messages/{seq}/reaction", theirs.clone(), json!({"emoji": "👍"})),
        (May::All, Method::DELETE, "/messages/{seq}/reaction", theirs.clone(), Value::Null),
        (May::All, Method::DELETE, "/messages/{seq}", format!("{mine}?for=everybody"), Value::Null),
        (May::All, Method::DELETE, "/messages/{seq}", format!("{}?for=me", others[1]), Value::Null),
        (
            May::DeleteOthers,
            Method::DELETE,
            "/messages/{seq}",
            format!("{theirs}?for=everybody"),
            Value::Null,
        ),
        (May::Admins, Method::PUT, "/timer", none(), json!({"after": "1d"})),
        (May::Admins, Method::PUT, "/idle", none(), json!({"idle": "1w"})),
        (May::Admins, Method::PATCH, "/group", none(), json!({"about": "Who cooks"})),
        (May::Admins, Method::PUT, "/writers", none(), json!({"writers": "admins"})),
        (May::Admins, Method::PUT, "/roster", none(), json!({"roster": "admins"})),
        (May::Members, Method::POST, "/invites", none(), json!({"participant": "2", "sign_out": false})),
        (May::Admins, Method::POST, "/invites", none(), json!({"participant": "3", "sign_out": true})),
        (May::Rename, Method::PUT, "/name", none(), json!({"name": "Bobby"})),
        (May::Add, Method::POST, "/people", none(), json!({"name": "Emil", "role": "guest"})),
        (May::Admins, Method::PUT, "/people/{participant}/role", "3".to_owned(), json!({"role": "guest"})),
        (May::Admins, Method::DELETE, "/people/{participant}", "3".to_owned(), Value::Null),
    ]);
    all
}

/// What takes one's own seat away: each needs a group of its own.
fn farewells() -> [Request; 4] {
    [
        (May::All, Method::DELETE, "/devices/{device}", "own".to_owned(), Value::Null),
        (May::All, Method::DELETE, "", String::new(), Value::Null),
        (May::All, Method::POST, "/leave", String::new(), json!({})),
        (May::Admins, Method::POST, "/end", String::new(), json!({})),
    ]
}

/// What it is refused with, if it is.
async fn answer(house: &House, by: &Person, (_, method, route, filled, body): &Request) -> Option<String> {
    let gap = route.find('{').unwrap_or(route.len());
    let rest = route[gap..].find('}').map_or("", |end| &route[gap + end + 1..]);
    let (filled, query) =
        filled.split_once('?').map_or((filled.as_str(), ""), |(filled, query)| (filled, query));
    let own;
    let filled = if filled == "own" {
        own = own_device(house, by).await;
        &own
    } else {
        filled
    };
    let path = format!("{}{filled}{rest}", &route[..gap]);
    let path = if query.is_empty() { path } else { format!("{path}?{query}") };
    let path = format!("/api/v1/seats/{}{path}", by.seat);
    let body = Some(body.clone()).filter(|body| !body.is_null());
    let answer = house.ask(method.clone(), &path, Some(&by.device), body).await;
    if answer.status().is_success() {
        return None;
    }
    let problem: Value = answer.json().await.unwrap();
    Some(text(&problem["code"]))
}

async fn own_device(house: &House, by: &Person) -> String {
    let answer = asks(house, by, Method::GET, "devices", Value::Null).await;
    let devices: Value = answer.json().await.unwrap();
    devices["devices"].as_array().map_or("9e107d9d372bb682".to_owned(), |all| text(&all[0]["device"]))
}

/// Every frame that names a seat.
fn frames(Tried { bob, own, others, .. }: &Tried) -> Vec<(May, Value)> {
    let seat = &bob.seat;
    vec![
        (May::All, json!({"type": "chat-page", "seat": seat, "before": 3, "limit": 2})),
        (May::All, json!({"type": "chat-delivered", "seat": seat, "seq": 2})),
        (May::All, json!({"type": "chat-seen", "seat": seat, "seq": 2})),
        (May::All, json!({"type": "chat-typing", "seat": seat})),
        (May::All, json!({"type": "chat-keep", "seat": seat})),
        (May::Write, json!({"type": "chat-say", "seat": seat, "id": fresh_id(), "text": "hello"})),
        (May::Write, json!({"type": "chat-edit", "seat": seat, "seq": own[1], "base": 0, "text": "mended"})),
        (May::All, json!({"type": "chat-react", "seat": seat, "seq": others[2], "emoji": "👍"})),
        (May::All, json!({"type": "chat-delete", "seat": seat, "seq": own[1]})),
        (May::DeleteOthers, json!({"type": "chat-delete", "seat": seat, "seq": others[2]})),
        (May::All, json!({"type": "chat-hide", "seat": seat, "seq": own[2]})),
        (May::All, json!({"type": "chat-close", "seat": seat})),
        (May::All, json!({"type": "chat-open", "seat": seat, "after": 0})),
        (May::Admins, json!({"type": "chat-end", "seat": seat})),
    ]
}

/// What a frame is refused with, once everything that the house says to it has come.
async fn reply(person: &mut Person, frame: Value) -> Option<String> {
    let of = frame["type"].clone();
    person.sends(frame).await;
    let answers: &[&str] = match of.as_str() {
        Some("chat-say") => &["chat-message", "chat-said"],
        Some("chat-edit" | "chat-delete" | "chat-react" | "chat-hide") => &["chat-done"],
        Some("chat-end") => &["chat-ended"],
        _ => &["pong"],
    };
    if answers == ["pong"] {
        person.sends(json!({"type": "ping"})).await;
    }
    loop {
        let told = person.gets_any().await;
        let is_refused = told["type"] == "refused" && told["of"] == of;
        if is_refused || answers.iter().any(|answer| told["type"] == *answer) {
            return is_refused.then(|| text(&told["code"]));
        }
    }
}

#[tokio::test]
async fn over_http_each_role_may_do_what_the_table_says_whatever_holds_for_the_group() {
    for role in ROLES {
        for rule in RULES {
            let tried = Tried::open(role, rule).await;
            for request in requests(&tried) {
                let told = answer(&tried.house, &tried.bob, &request).await;
                let (may, method, route, ..) = &request;
                assert_eq!(told.as_deref(), may.refuses(role, rule), "{method} {route}: {role}, {rule:?}");
            }
        }
        for request in farewells() {
            let tried = Tried::open(role, Rule::EverybodyWrites).await;
            let told = answer(&tried.house, &tried.bob, &request).await;
            let (may, method, route, ..) = &request;
            assert_eq!(told.as_deref(), may.refuses(role, Rule::EverybodyWrites), "{method} {route}: {role}");
        }
    }
}

#[tokio::test]
async fn by_a_socket_each_role_may_do_what_the_table_says_whatever_holds_for_the_group() {
    for role in ROLES {
        for rule in RULES {
            let mut tried = Tried::open(role, rule).await;
            for (may, frame) in frames(&tried) {
                let told = reply(&mut tried.bob, frame.clone()).await;
                assert_eq!(told.as_deref(), may.refuses(role, rule), "{frame}: {role}, {rule:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_person_who_was_removed_may_do_nothing_and_hears_nothing_of_what_others_do() {
    for rule in RULES {
        let mut tried = Tried::open("admin", rule).await;
        let all: Vec<_> = requests(&tried).into_iter().chain(farewells()).collect();
        for request in &all {
            let told = answer(&tried.house, &tried.dora, request).await;
            assert_eq!(told.as_deref(), Some("no_such_seat"), "{} {}", request.1, request.2);
        }
        let seat = tried.dora.seat.clone();
        for (_, mut frame) in frames(&tried) {
            frame["seat"] = json!(seat);
            let of = frame["type"].clone();
            tried.dora.sends(frame).await;
            if !UNANSWERED.contains(&of.as_str().unwrap()) {
                let refused = tried.dora.gets_where("refused", |told| told["of"] == of).await;
                assert_eq!(refused["code"], "no_such_seat");
            }
        }
        told(&mut tried.dora).await;
        for request in requests(&tried) {
            answer(&tried.house, &tried.bob, &request).await;
        }
        for (_, frame) in frames(&tried) {
            reply(&mut tried.bob, frame).await;
        }
        let mut heard = told(&mut tried.dora).await;
        // Of her own receipts, which are gathered.
        heard.retain(|frame| !frame.contains("no_such_seat"));
        assert_eq!(heard, [""; 0], "{rule:?}");
    }
}

#[tokio::test]
async fn there_is_no_other_route_of_a_seat_and_no_other_frame() {
    let tried = Tried::open("member", Rule::EverybodyWrites).await;
    let answer = tried.house.ask(Method::GET, "/api/v1/openapi.json", None, None).await;
    let description: Value = answer.json().await.unwrap();
    let mut routes = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        let Some(route) = path.split("/seats/{seat}").nth(1) else { continue };
        let methods = methods.as_object().unwrap().keys().filter(|key| key.as_str() != "parameters");
        routes.extend(methods.map(|method| format!("{} {route}", method.to_uppercase())));
    }
    let tried_out = requests(&tried).into_iter().chain(farewells());
    let tried_out: BTreeSet<_> =
        tried_out.map(|(_, method, route, ..)| format!("{method} {route}")).collect();
    assert_eq!(tried_out, routes);
    const PROTOCOL: &str = include_str!("../../../docs/protocol.md");
    let from_client = PROTOCOL.split("```json client-frame\n").nth(1).unwrap().split("```").next().unwrap();
    let written = from_client.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let written: BTreeSet<_> =
        written.filter(|frame| frame.get("seat").is_some()).map(|frame| text(&frame["type"])).collect();
    let sent: BTreeSet<_> = frames(&tried).iter().map(|(_, frame)| text(&frame["type"])).collect();
    assert_eq!(sent, written);
}
