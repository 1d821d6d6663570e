//! A group as its people meet it: over HTTP and on their sockets.

mod cast;
mod hiding;
mod late;
mod matrix;
mod wrong;

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::house::{House, Invited, Person, fresh_id, text};

fn invited(invite: &Value) -> Invited {
    let link = text(&invite["link"]);
    let token = link.split_once('#').unwrap().1.to_owned();
    Invited { name: text(&invite["name"]), link, token, code: text(&invite["code"]) }
}

/// Anny, the admin, Bob and Cleo are in the kitchen, each with the chat open.
async fn kitchen(house: &House) -> [Person; 3] {
    let question = json!({"title": "Kitchen", "names": ["Anny", "Bob", "Cleo"], "idle": "1d"});
    let answer = house.post("/api/v1/chats", question).await;
    assert_eq!(answer.status(), 201);
    let answer: Value = answer.json().await.unwrap();
    let mut people = Vec::new();
    for invite in answer["invites"].as_array().unwrap() {
        people.push(house.enter(&invited(invite)).await);
    }
    people.try_into().ok().unwrap()
}

async fn asks(house: &House, by: &Person, method: Method, rest: &str, body: Value) -> Response {
    let path = format!("/api/v1/seats/{}/{rest}", by.seat);
    let body = Some(body).filter(|body| !body.is_null());
    house.ask(method, &path, Some(&by.device), body).await
}

async fn is_done(house: &House, by: &Person, method: Method, rest: &str, body: Value) {
    let answer = asks(house, by, method, rest, body).await;
    assert_eq!(answer.status(), 204, "{rest}: {:?}", answer.text().await);
}

async fn is_refused(house: &House, by: &Person, method: Method, rest: &str, body: Value) -> (u16, String) {
    let answer = asks(house, by, method, rest, body).await;
    let status = answer.status().as_u16();
    let problem: Value = answer.json().await.unwrap();
    assert!(text(&problem["detail"]).ends_with('.'), "{problem}");
    (status, text(&problem["code"]))
}

/// Everything that has come by now.
async fn told(person: &mut Person) -> Vec<Value> {
    person.sends(json!({"type": "ping"})).await;
    let mut told = Vec::new();
    loop {
        let frame = person.gets_any().await;
        if frame["type"] == "pong" {
            return told;
        }
        told.push(frame);
    }
}

async fn adds(house: &House, by: &Person, body: Value) -> (String, Invited) {
    let answer = asks(house, by, Method::POST, "people", body).await;
    assert_eq!(answer.status(), 201);
    let answer: Value = answer.json().await.unwrap();
    (text(&answer["participant"]), invited(&answer))
}

#[tokio::test]
async fn a_group_is_started_with_a_title_and_its_first_person_is_its_admin() {
    let house = House::open().await;
    let [mut anny, mut bob, _cleo] = kitchen(&house).await;
    let state = bob.opens(0).await;
    assert_eq!(
        state["group"],
        json!({"title": "Kitchen", "about": "", "writers": "everybody", "roster": "everybody"})
    );
    let roles: Vec<_> =
        state["participants"].as_array().unwrap().iter().map(|one| text(&one["role"])).collect();
    assert_eq!(roles, ["admin", "member", "member"]);
    bob.says("Soup is ready").await;
    anny.hears("Soup is ready").await;
    let rows = house.ask(Method::GET, "/api/v1/seats", Some(&anny.device), None).await;
    let rows: Value = rows.json().await.unwrap();
    assert_eq!(
        (&rows["seats"][0]["title"], &rows["seats"][0]["others"]),
        (&json!("Kitchen"), &json!(["Bob", "Cleo"]))
    );
}

#[tokio::test]
async fn everybody_is_told_who_is_let_in_and_whoever_comes_later_hears_no_change_of_what_was_before() {
    let house = House::open().await;
    let [mut anny, mut bob, _cleo] = kitchen(&house).await;
    anny.says("the canary sings").await;
    bob.hears("the canary sings").await;
    let (number, invite) = adds(&house, &anny, json!({"name": "Dora", "role": "guest"})).await;
    let told = bob.gets_where("chat-person", |told| told["participant"] == number.as_str()).await;
    assert_eq!(
        (&told["participant"], &told["name"], &told["role"], &told["state"]),
        (&json!(number), &json!("Dora"), &json!("guest"), &json!("invited"))
    );
    let note = bob.reads_note().await;
    assert_eq!(note, json!({"what": "added", "participant": number, "history": false}));

    let mut dora = house.enter(&invite).await;
    bob.gets_where("chat-person", |told| told["participant"] == "4" && told["state"] == "in").await;
    let state = dora.opens(0).await;
    assert_eq!(state["since"], 2);
    let change =
        json!({"type": "chat-edit", "seat": anny.seat, "seq": 1, "base": 0, "text": "the canary flew"});
    anny.sends(change).await;
    bob.gets("chat-changed").await;
    bob.says("hello Dora").await;
    dora.hears("hello Dora").await;
    dora.has_not_got("chat-changed").await;
    for path in ["messages", "transcript", "news?after=0&changed=0"] {
        let answer = asks(&house, &dora, Method::GET, path, Value::Null).await.text().await.unwrap();
        assert!(!answer.contains("canary"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_person_who_came_later_is_shown_nothing_from_before_by_a_socket_that_somebody_else_uses_too() {
    let house = House::open().await;
    let [mut anny, _bob, _cleo] = kitchen(&house).await;
    anny.says("the canary sings").await;
    let (_, invite) = adds(&house, &anny, json!({"name": "Dora", "role": "guest"})).await;
    let enters = json!({"token": invite.token, "code": invite.code});
    let entered = house.ask(Method::POST, "/api/v1/invites/enter", Some(&anny.device), Some(enters)).await;
    let dora = text(&entered.json::<Value>().await.unwrap()["seat"]);
    let mut both = house.connect(&anny.device, &anny.seat).await;
    both.opens(0).await;
    both.hears("the canary sings").await;
    both.sends(json!({"type": "chat-open", "seat": dora, "after": 0, "changed": 0})).await;
    let again = both.gets("chat-message").await;
    assert_eq!((&again["seq"], &again["seat"]), (&json!(1), &json!(anny.seat)));
    let edit = json!({"type": "chat-edit", "seat": anny.seat, "seq": 1, "base": 0, "text": "it flew"});
    both.sends(edit).await;
    let changed = both.gets("chat-changed").await;
    assert_eq!(changed["seat"], anny.seat);
    both.has_not_got("chat-message").await;
    both.has_not_got("chat-changed").await;
    anny.says("to all").await;
    let said = both.gets("chat-message").await;
    assert_eq!((&said["text"], said.get("seat")), (&json!("to all"), None));
}

#[tokio::test]
async fn a_person_who_is_removed_hears_nothing_after_the_commit() {
    let house = House::open().await;
    let [mut anny, bob, mut cleo] = kitchen(&house).await;
    is_done(&house, &anny, Method::DELETE, "people/3", Value::Null).await;
    cleo.is_refused("no_such_seat").await;
    anny.says("now that Cleo is gone").await;
    anny.gets_where("chat-person", |told| told["participant"] == "3" && told["state"] == "removed").await;
    cleo.ping().await;
    cleo.has_not_got("chat-message").await;
    assert_eq!(
        is_refused(&house, &cleo, Method::POST, "keep", json!({})).await,
        (404, "no_such_seat".to_owned())
    );
    let again = json!({"role": "admin"});
    assert_eq!(
        is_refused(&house, &anny, Method::PUT, "people/3/role", again).await,
        (404, "no_such_participant".to_owned())
    );
    assert_eq!(
        is_refused(&house, &bob, Method::POST, "end", json!({})).await,
        (403, "only_admins".to_owned())
    );
}

#[tokio::test]
async fn roles_names_and_who_may_write_are_told_to_everybody() {
    let house = House::open().await;
    let [anny, mut bob, mut cleo] = kitchen(&house).await;
    is_done(&house, &anny, Method::PUT, "people/2/role", json!({"role": "guest"})).await;
    bob.gets_where("chat-person", |told| told["participant"] == "2" && told["role"] == "guest").await;
    is_done(&house, &bob, Method::PUT, "name", json!({"name": "Bobby"})).await;
    cleo.gets_where("chat-person", |told| told["name"] == "Bobby").await;
    is_done(&house, &anny, Method::PATCH, "group", json!({"title": "Pantry", "about": "Who cooks"})).await;
    let told = cleo.gets("chat-group").await;
    assert_eq!((&told["title"], &told["about"]), (&json!("Pantry"), &json!("Who cooks")));
    is_done(&house, &anny, Method::PUT, "writers", json!({"writers": "admins"})).await;
    assert_eq!(cleo.gets("chat-group").await["writers"], "admins");
    let say = json!({"type": "chat-say", "seat": cleo.seat, "id": fresh_id(), "text": "hm"});
    cleo.sends(say).await;
    cleo.is_refused("only_admins_talk").await;
    for (body, code) in [
        (json!({"name": "Bobby", "role": "member"}), (422, "same_name")),
        (json!({"name": "", "role": "member"}), (422, "bad_name")),
        (json!({"name": "Emil", "role": "king"}), (400, "malformed")),
    ] {
        let (status, told) = is_refused(&house, &anny, Method::POST, "people", body).await;
        assert_eq!((status, told.as_str()), code);
    }
    let long = "x".repeat(501);
    let (status, code) = is_refused(&house, &anny, Method::PATCH, "group", json!({"about": long})).await;
    assert_eq!((status, code.as_str()), (422, "description_too_long"));
    let refused = is_refused(&house, &anny, Method::PUT, "people/1/role", json!({"role": "guest"})).await;
    assert_eq!(refused, (409, "last_admin".to_owned()));
}

#[tokio::test]
async fn a_person_who_leaves_is_out_and_the_last_one_ends_the_group() {
    let house = House::open().await;
    let [mut anny, bob, cleo] = kitchen(&house).await;
    is_done(&house, &bob, Method::POST, "leave", json!({})).await;
    assert_eq!(anny.reads_note().await, json!({"what": "left"}));
    is_done(&house, &anny, Method::POST, "leave", json!({})).await;
    let answer = asks(&house, &cleo, Method::POST, "leave", json!({})).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json::<Value>().await.unwrap()["by"], "3");
    let [anny, _] = house.start("Anny", "Abhi").await;
    let anny = house.enter(&anny).await;
    assert_eq!(
        is_refused(&house, &anny, Method::POST, "leave", json!({})).await,
        (409, "not_a_group".to_owned())
    );
}
