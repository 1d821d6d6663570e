//! Wrong input for groups: one clear refusal, nothing changes, nobody hears of it, and the socket lives. And
//! a pair, for which all of it is wrong.

use reqwest::Method;
use serde_json::{Value, json};

use super::{adds, asks, is_done, is_refused, kitchen, told};
use crate::support::house::{House, Person, fresh_id, text};

/// A body that is right, for each route of groups; what is in the address goes with it.
fn right() -> Vec<(Method, &'static str, Value)> {
    vec![
        (Method::POST, "people", json!({"name": "Dora", "role": "guest"})),
        (Method::DELETE, "people/2", Value::Null),
        (Method::PUT, "people/2/role", json!({"role": "guest"})),
        (Method::PUT, "name", json!({"name": "Newname"})),
        (Method::PATCH, "group", json!({"title": "Hall"})),
        (Method::PUT, "writers", json!({"writers": "admins"})),
        (Method::PUT, "roster", json!({"roster": "admins"})),
        (Method::POST, "leave", json!({})),
    ]
}

/// The same with one thing wrong.
fn wrong() -> Vec<(Method, &'static str, Value, u16, &'static str)> {
    let (person, role) = ("people", "people/2/role");
    let malformed = [
        (Method::POST, person, json!({})),
        (Method::POST, person, json!({"name": "Dora"})),
        (Method::POST, person, json!({"role": "guest"})),
        (Method::POST, person, json!({"name": 5, "role": "guest"})),
        (Method::POST, person, json!({"name": ["Dora"], "role": "guest"})),
        (Method::POST, person, json!({"name": "Dora", "role": "Admin"})),
        (Method::POST, person, json!({"name": "Dora", "role": 1})),
        (Method::POST, person, json!({"name": "Dora", "role": "guest", "history": "yes"})),
        (Method::POST, person, json!({"name": "Dora", "role": "guest", "history": null})),
        (Method::POST, person, json!({"name": "Dora", "role": "guest", "more": 1})),
        (Method::PUT, role, json!({})),
        (Method::PUT, role, json!({"role": null})),
        (Method::PUT, role, json!({"role": "owner"})),
        (Method::PUT, role, json!({"role": "guest", "participant": "3"})),
        (Method::PUT, "name", json!({})),
        (Method::PUT, "name", json!({"name": 5})),
        (Method::PUT, "name", json!({"name": "Newname", "participant": "2"})),
        (Method::PATCH, "group", json!({})),
        (Method::PATCH, "group", json!({"title": 5})),
        (Method::PATCH, "group", json!({"about": ["x"]})),
        (Method::PATCH, "group", json!({"title": "Hall", "writers": "admins"})),
        (Method::PUT, "writers", json!({})),
        (Method::PUT, "writers", json!({"writers": "nobody"})),
        (Method::PUT, "writers", json!({"writers": true})),
        (Method::PUT, "roster", json!({"roster": "hidden"})),
        (Method::PUT, "roster", json!({"roster": ["admins"]})),
        (Method::POST, "leave", json!({"really": true})),
        (Method::POST, "leave", json!([])),
    ];
    malformed.map(|(method, path, body)| (method, path, body, 400, "malformed")).into()
}

/// Names and titles that nobody can read, and what is too long.
fn unreadable() -> Vec<(Method, &'static str, Value, u16, &'static str)> {
    let mut all = Vec::new();
    let towering = format!("a{}", "\u{301}\u{323}\u{330}\u{347}".repeat(5));
    for name in ["", "   ", "\u{202E}", "\u{200B}\u{2066}", "Do\u{0}ra", "Do\nra\u{1b}[2J", &towering] {
        all.push((Method::POST, "people", json!({"name": name, "role": "guest"}), 422, "bad_name"));
        all.push((Method::PUT, "name", json!({"name": name}), 422, "bad_name"));
        all.push((Method::PATCH, "group", json!({"title": name}), 422, "bad_name"));
    }
    let long = "x".repeat(41);
    all.push((Method::POST, "people", json!({"name": long, "role": "guest"}), 422, "bad_name"));
    all.push((Method::PUT, "name", json!({"name": long}), 422, "bad_name"));
    all.push((Method::PATCH, "group", json!({"title": long}), 422, "bad_name"));
    all.push((
        Method::PATCH,
        "group",
        json!({"title": "Hall", "about": "x".repeat(501)}),
        422,
        "description_too_long",
    ));
    for taken in ["Bob", " BOB ", "B\u{43E}b", "\u{202E}Bob", "Bo\u{200B}b"] {
        all.push((Method::POST, "people", json!({"name": taken, "role": "guest"}), 422, "same_name"));
        all.push((Method::PUT, "name", json!({"name": taken}), 422, "same_name"));
    }
    all
}

/// Addresses of people who are not there.
fn nobody() -> Vec<(Method, String, Value, u16, &'static str)> {
    let numbers = [
        "0",
        "4",
        "02",
        "-1",
        "x",
        "Bob",
        "4294967295",
        "4294967298",
        "99999999999999999999",
        "2%2F3",
        "%00",
    ];
    let mut all = Vec::new();
    for number in numbers {
        let role = format!("people/{number}/role");
        all.push((Method::DELETE, format!("people/{number}"), Value::Null, 404, "no_such_participant"));
        all.push((Method::PUT, role, json!({"role": "guest"}), 404, "no_such_participant"));
    }
    all
}

/// All that can be read of the group.
async fn picture(house: &House, by: &Person) -> String {
    let mut picture = String::new();
    for path in ["", "/messages", "/news?changed=0"] {
        let path = format!("/api/v1/seats/{}{path}", by.seat);
        picture += &house.ask(Method::GET, &path, Some(&by.device), None).await.text().await.unwrap();
    }
    picture
}

#[tokio::test]
async fn wrong_input_for_a_group_is_refused_and_nobody_hears_of_it() {
    let house = House::open().await;
    let [anny, mut bob, _cleo] = kitchen(&house).await;
    let before = picture(&house, &anny).await;
    told(&mut bob).await;
    let named = wrong().into_iter().chain(unreadable());
    let named = named.map(|(method, path, body, status, code)| (method, path.to_owned(), body, status, code));
    for (method, path, body, status, code) in named.chain(nobody()) {
        let refused = is_refused(&house, &anny, method.clone(), &path, body.clone()).await;
        assert_eq!(refused, (status, code.to_owned()), "{method} {path} {body}");
    }
    assert_eq!(picture(&house, &anny).await, before);
    assert_eq!(told(&mut bob).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused_by_every_route_of_groups() {
    let house = House::open().await;
    let [anny, mut bob, _cleo] = kitchen(&house).await;
    told(&mut bob).await;
    for (method, path, _) in right().into_iter().filter(|(method, ..)| *method != Method::DELETE) {
        for body in [
            "",
            "{",
            "[]",
            "null",
            "5",
            "\"x\"",
            "{}{}",
            "{\"role\":\"guest\",\"role\":\"guest\"}",
            "\u{feff}{}",
        ] {
            let url = house.url(&format!("/api/v1/seats/{}/{path}", anny.seat));
            let asked = house.http.request(method.clone(), url).bearer_auth(&anny.device);
            let asked = asked.header("content-type", "application/json").body(body);
            let answer = asked.send().await.unwrap();
            assert_eq!(answer.status(), 400, "{path} {body}");
            assert_eq!(answer.json::<Value>().await.unwrap()["code"], "malformed", "{path} {body}");
        }
    }
    assert_eq!(told(&mut bob).await, Vec::<Value>::new());
}

#[tokio::test]
async fn what_is_asked_of_groups_is_no_frame_and_the_socket_lives() {
    let house = House::open().await;
    let [mut anny, mut bob, _cleo] = kitchen(&house).await;
    for kind in
        ["chat-add", "chat-person", "chat-remove", "chat-role", "chat-group", "chat-writers", "chat-leave"]
    {
        anny.sends(json!({"type": kind, "seat": anny.seat, "participant": "2", "role": "guest"})).await;
        anny.is_refused("malformed").await;
    }
    let fields =
        json!({"type": "chat-say", "seat": anny.seat, "id": fresh_id(), "text": "x", "role": "admin"});
    anny.sends(fields).await;
    anny.is_refused("malformed").await;
    anny.says("still here").await;
    bob.hears("still here").await;
}

#[tokio::test]
async fn a_title_and_a_name_are_kept_without_what_turns_the_text_around() {
    let house = House::open().await;
    let [anny, mut bob, _cleo] = kitchen(&house).await;
    is_done(&house, &anny, Method::PATCH, "group", json!({"title": "\u{202E}nehctiK \u{2067} !"})).await;
    assert_eq!(bob.gets("chat-group").await["title"], "nehctiK !");
    is_done(&house, &anny, Method::PUT, "name", json!({"name": "\u{202E}ynnA\u{2069}"})).await;
    assert_eq!(bob.gets_where("chat-person", |told| told["participant"] == "1").await["name"], "ynnA");
    let title = "\u{5D0}".repeat(40);
    is_done(&house, &anny, Method::PATCH, "group", json!({"title": title})).await;
    assert_eq!(bob.gets("chat-group").await["title"], title);
}

#[tokio::test]
async fn a_group_that_is_begun_with_wrong_names_or_a_wrong_title_is_not_begun() {
    let house = House::open().await;
    let many: Vec<_> = (0..51).map(|number| format!("Guest {number}")).collect();
    let (two, long) = (["Anny", "Bob"], "x".repeat(41));
    for (body, status, code) in [
        (json!({"title": "Hall", "names": many, "idle": "1d"}), 400, "malformed"),
        (json!({"title": "Hall", "names": ["Anny"], "idle": "1d"}), 400, "malformed"),
        (json!({"title": "Hall", "names": [], "idle": "1d"}), 400, "malformed"),
        (json!({"title": 5, "names": two, "idle": "1d"}), 400, "malformed"),
        (json!({"title": long, "names": two, "idle": "1d"}), 422, "bad_name"),
        (json!({"title": "", "names": two, "idle": "1d"}), 422, "bad_name"),
        (json!({"title": "\u{202E}", "names": two, "idle": "1d"}), 422, "bad_name"),
        (json!({"title": "Hall", "names": ["Anny", "\u{202E}anny"], "idle": "1d"}), 422, "same_name"),
        (json!({"title": "Hall", "names": ["Anny", long], "idle": "1d"}), 422, "bad_name"),
    ] {
        let answer = house.post("/api/v1/chats", body.clone()).await;
        assert_eq!(answer.status(), status, "{body}");
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], code, "{body}");
    }
}

#[tokio::test]
async fn a_group_of_fifty_takes_nobody_more_until_somebody_is_out() {
    let house = House::open().await;
    let names: Vec<_> = (0..50).map(|number| format!("Guest {number}")).collect();
    let body = json!({"title": "Hall", "names": names, "idle": "1d"});
    let answer: Value = house.post("/api/v1/chats", body).await.json().await.unwrap();
    let first = house.enter(&super::invited(&answer["invites"][0])).await;
    let dora = || json!({"name": "Dora", "role": "guest"});
    let refused = is_refused(&house, &first, Method::POST, "people", dora()).await;
    assert_eq!(refused, (409, "no_more_places".to_owned()));
    is_done(&house, &first, Method::DELETE, "people/50", Value::Null).await;
    assert_eq!(adds(&house, &first, dora()).await.0, "51");
}

#[tokio::test]
async fn a_person_who_is_no_admin_can_take_themselves_out() {
    let house = House::open().await;
    let [mut anny, mut bob, cleo] = kitchen(&house).await;
    is_done(&house, &anny, Method::PUT, "people/3/role", json!({"role": "guest"})).await;
    assert_eq!(anny.reads_note().await["what"], "role");
    for (person, number) in [(&bob, "2"), (&cleo, "3")] {
        is_done(&house, person, Method::DELETE, &format!("people/{number}"), Value::Null).await;
        assert_eq!(anny.reads_note().await, json!({"what": "left"}));
    }
    bob.is_refused("no_such_seat").await;
}

#[tokio::test]
async fn a_person_who_takes_themselves_out_leaves_and_whoever_is_out_has_no_role_and_no_new_link() {
    let house = House::open().await;
    let [mut anny, bob, mut cleo] = kitchen(&house).await;
    is_done(&house, &anny, Method::DELETE, "people/3", Value::Null).await;
    cleo.is_refused("no_such_seat").await;
    for (method, path, body) in [
        (Method::DELETE, "people/3", Value::Null),
        (Method::PUT, "people/3/role", json!({"role": "admin"})),
        (Method::POST, "invites", json!({"participant": "3"})),
    ] {
        let refused = is_refused(&house, &anny, method, path, body).await;
        assert_eq!(refused, (404, "no_such_participant".to_owned()), "{path}");
    }
    assert_eq!(anny.reads_note().await, json!({"what": "removed", "participant": "3"}));
    is_done(&house, &anny, Method::DELETE, "people/1", Value::Null).await;
    anny.is_refused("no_such_seat").await;
    let path = format!("/api/v1/seats/{}", bob.seat);
    let state = house.ask(Method::GET, &path, Some(&bob.device), None).await;
    let state: Value = state.json().await.unwrap();
    let states: Vec<_> =
        state["participants"].as_array().unwrap().iter().map(|one| text(&one["state"])).collect();
    assert_eq!(states, ["left", "in", "removed"]);
    assert_eq!(state["participants"][1]["role"], "admin", "the last admin left");
}

/// What only groups have.
const OF_GROUPS: [&str; 11] = [
    "group",
    "title",
    "about",
    "writers",
    "roster",
    "role",
    "state",
    "since",
    "reaction_counts",
    "history",
    "afresh",
];

/// The names of all fields, however deep.
fn fields(value: &Value) -> Vec<String> {
    match value {
        Value::Object(object) => {
            let inside = object.values().flat_map(fields);
            // What `news` calls so is how the chat is.
            let own = object.iter().filter(|(name, value)| *name != "state" || value.is_string());
            own.map(|(name, _)| name.clone()).chain(inside).collect()
        }
        Value::Array(list) => list.iter().flat_map(fields).collect(),
        _ => Vec::new(),
    }
}

fn is_of_a_pair(told: &Value) {
    let of_groups: Vec<_> =
        fields(told).into_iter().filter(|name| OF_GROUPS.contains(&name.as_str())).collect();
    assert!(of_groups.is_empty(), "{of_groups:?} in {told}");
    assert!(!["chat-person", "chat-group"].contains(&told["type"].as_str().unwrap_or_default()), "{told}");
}

#[tokio::test]
async fn a_pair_refuses_everything_that_is_for_groups_in_one_way_and_stays_as_it_is() {
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let (anny, mut abhi) = (house.enter(&anny).await, house.enter(&abhi).await);
    told(&mut abhi).await;
    let before = picture(&house, &anny).await;
    for (method, path, body) in right() {
        let refused = is_refused(&house, &anny, method, path, body).await;
        assert_eq!(refused, (409, "not_a_group".to_owned()), "{path}");
    }
    for (method, path, body) in [
        (Method::DELETE, "people/1", Value::Null),
        (Method::DELETE, "people/9", Value::Null),
        (Method::PUT, "people/9/role", json!({"role": "guest"})),
        (Method::PUT, "writers", json!({"writers": "everybody"})),
        (Method::PUT, "roster", json!({"roster": "everybody"})),
        (Method::POST, "people", json!({"name": "Anny", "role": "admin", "history": true})),
    ] {
        let refused = is_refused(&house, &anny, method, path, body).await;
        assert_eq!(refused, (409, "not_a_group".to_owned()), "{path}");
    }
    assert_eq!(picture(&house, &anny).await, before);
    assert_eq!(told(&mut abhi).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_pair_is_told_nothing_that_only_groups_have() {
    let house = House::open().await;
    let [anny, abhis] = house.start("Anny", "Abhi").await;
    let (mut anny, mut abhi) = (house.enter(&anny).await, house.enter(&abhis).await);
    let seq = anny.says("hello").await;
    for frame in [
        json!({"type": "chat-seen", "seat": abhi.seat, "seq": seq}),
        json!({"type": "chat-typing", "seat": abhi.seat}),
        json!({"type": "chat-react", "seat": abhi.seat, "seq": seq, "emoji": "👍"}),
        json!({"type": "chat-say", "seat": abhi.seat, "id": fresh_id(), "text": "hi", "reply_to": seq}),
        json!({"type": "chat-hide", "seat": abhi.seat, "seq": seq}),
        json!({"type": "chat-page", "seat": abhi.seat, "before": 9, "limit": 9}),
        json!({"type": "chat-delete", "seat": abhi.seat, "seq": 2}),
        json!({"type": "chat-keep", "seat": abhi.seat}),
    ] {
        abhi.sends(frame).await;
    }
    abhi.gets("chat-kept").await;
    house.device(&abhis).await;
    assert_eq!(asks(&house, &anny, Method::POST, "invites", json!({"participant": "2"})).await.status(), 201);
    is_done(&house, &anny, Method::PUT, "timer", json!({"after": "1d"})).await;
    is_of_a_pair(&abhi.opens(0).await);
    for path in ["", "/messages", "/news?changed=0", "/transcript"] {
        let path = format!("/api/v1/seats/{}{path}", anny.seat);
        let answer = house.ask(Method::GET, &path, Some(&anny.device), None).await;
        is_of_a_pair(&serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default());
    }
    let rows = house.ask(Method::GET, "/api/v1/seats", Some(&anny.device), None).await;
    is_of_a_pair(&rows.json().await.unwrap());
    anny.sends(json!({"type": "chat-end", "seat": anny.seat})).await;
    anny.gets("chat-ended").await;
    for person in [&mut anny, &mut abhi] {
        let heard = told(person).await;
        assert!(heard.len() > 4, "{heard:#?}");
        heard.iter().for_each(is_of_a_pair);
    }
}
