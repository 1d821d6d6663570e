//! A group whose people are hidden from each other: who hears what of whom.

use reqwest::Method;
use serde_json::{Value, json};

use super::{adds, asks, invited, is_done, is_refused};
use crate::support::house::{House, Invited, Person, text};

/// Anny is the admin of a club, Bob is a member, Cleo a guest, and Dora is the one whom they may not know of.
struct Club {
    anny: Person,
    bob: Person,
    cleo: Person,
    dora: Person,
    doras: Invited,
}

async fn club(house: &House) -> Club {
    let question = json!({"title": "Club", "names": ["Anny", "Bob", "Cleo", "Dora"], "idle": "1d"});
    let answer: Value = house.post("/api/v1/chats", question).await.json().await.unwrap();
    let invites: Vec<_> = answer["invites"].as_array().unwrap().iter().map(invited).collect();
    let mut people = Vec::new();
    for invite in &invites {
        people.push(house.enter(invite).await);
    }
    let [anny, bob, cleo, dora] = people.try_into().ok().unwrap();
    is_done(house, &anny, Method::PUT, "people/3/role", json!({"role": "guest"})).await;
    Club { anny, bob, cleo, dora, doras: invites[3].clone() }
}

/// The same, and people are hidden: everybody has the chat open again.
async fn hidden(house: &House) -> Club {
    let mut club = club(house).await;
    is_done(house, &club.anny, Method::PUT, "writers", json!({"writers": "admins"})).await;
    is_done(house, &club.anny, Method::PUT, "roster", json!({"roster": "admins"})).await;
    for person in [&mut club.anny, &mut club.bob, &mut club.cleo, &mut club.dora] {
        begins_afresh(person).await;
    }
    club
}

async fn begins_afresh(person: &mut Person) -> Value {
    assert_eq!(person.gets("chat-resync").await["afresh"], true);
    person.opens(0).await
}

/// What has come by now, as it was written.
async fn told(person: &mut Person) -> Vec<String> {
    super::told(person).await.iter().map(Value::to_string).collect()
}

/// Whether this tells who Dora is, or that she is there.
fn names_dora(told: &str) -> bool {
    let signs = ["Dora", r#""participant":"4""#, r#""from":"4""#, r#""by":"4""#];
    signs.iter().any(|sign| told.contains(sign))
}

#[tokio::test]
async fn of_a_hidden_person_admins_and_nobody_else_hear_what_they_do_and_what_is_done_to_them() {
    let house = House::open().await;
    let Club { mut anny, mut bob, mut cleo, mut dora, doras } = hidden(&house).await;
    let seq = anny.says("news").await;
    for person in [&mut anny, &mut bob, &mut cleo] {
        told(person).await;
    }
    dora.sends(json!({"type": "chat-typing", "seat": dora.seat})).await;
    dora.sends(json!({"type": "chat-seen", "seat": dora.seat, "seq": seq})).await;
    dora.sends(json!({"type": "chat-react", "seat": dora.seat, "seq": seq, "emoji": "👍"})).await;
    dora.gets("chat-done").await;
    let wrong = json!({"token": doras.token, "code": "0000 0000"});
    assert_eq!(house.post("/api/v1/invites/enter", wrong).await.status(), 401);
    let mut laptop = house.enter(&doras).await;
    laptop.sends(json!({"type": "chat-close", "seat": laptop.seat})).await;
    laptop.ping().await;
    dora.sends(json!({"type": "chat-close", "seat": dora.seat})).await;
    dora.ping().await;
    let replaces = json!({"participant": "4"});
    assert_eq!(asks(&house, &anny, Method::POST, "invites", replaces).await.status(), 201);
    is_done(&house, &anny, Method::PUT, "people/4/role", json!({"role": "guest"})).await;
    is_done(&house, &anny, Method::DELETE, "people/4", Value::Null).await;

    let heard = told(&mut anny).await;
    for sign in [
        "chat-typing",
        "chat-receipt",
        "chat-changed",
        "chat-guess",
        "new-device",
        r#""here":false"#,
        "chat-invited",
        r#""what":"replaced""#,
        r#""role":"guest""#,
        r#""state":"removed""#,
        r#""what":"removed""#,
    ] {
        let of_dora = heard.iter().find(|frame| frame.contains(sign) && names_dora(frame));
        assert!(of_dora.is_some(), "Anny has not heard {sign}: {heard:#?}");
    }
    for person in [&mut bob, &mut cleo] {
        let heard = told(person).await;
        assert!(!heard.iter().any(|frame| names_dora(frame)), "{heard:#?}");
        let counted = heard.iter().find(|frame| frame.contains("chat-changed")).unwrap();
        assert!(counted.contains(r#""reaction_counts":[{"count":1,"emoji":"👍"}]"#), "{counted}");
    }
}

#[tokio::test]
async fn what_is_read_of_a_group_names_nobody_who_is_hidden_and_one_reads_what_concerns_oneself() {
    let house = House::open().await;
    let Club { mut anny, bob, cleo, mut dora, .. } = hidden(&house).await;
    let seq = anny.says("news").await;
    dora.sends(json!({"type": "chat-react", "seat": dora.seat, "seq": seq, "emoji": "👍"})).await;
    dora.gets("chat-done").await;
    is_done(&house, &anny, Method::PUT, "people/4/role", json!({"role": "guest"})).await;
    for path in ["", "/messages", "/news?after=0&changed=0", "/transcript"] {
        let read = async |person: &Person| {
            let path = format!("/api/v1/seats/{}{path}", person.seat);
            house.ask(Method::GET, &path, Some(&person.device), None).await.text().await.unwrap()
        };
        for person in [&bob, &cleo] {
            let read = read(person).await;
            assert!(!names_dora(&read), "{path}: {read}");
        }
        for person in [&anny, &dora] {
            let read = read(person).await;
            assert!(path == "/transcript" || names_dora(&read), "{path}: {read}");
        }
    }
    for (person, others) in [(&anny, json!(["Bob", "Cleo", "Dora"])), (&bob, json!(["Anny"]))] {
        let rows = house.ask(Method::GET, "/api/v1/seats", Some(&person.device), None).await;
        assert_eq!(rows.json::<Value>().await.unwrap()["seats"][0]["others"], others);
    }
}

#[tokio::test]
async fn a_person_who_becomes_admin_is_shown_everybody_and_is_shown_to_everybody() {
    let house = House::open().await;
    let Club { anny, mut bob, mut cleo, .. } = hidden(&house).await;
    is_done(&house, &anny, Method::PUT, "people/2/role", json!({"role": "admin"})).await;
    let names = |state: &Value| {
        let people = state["participants"].as_array().unwrap().iter();
        people.map(|one| text(&one["name"])).collect::<Vec<_>>()
    };
    assert_eq!(names(&begins_afresh(&mut bob).await), ["Anny", "Bob", "Cleo", "Dora"]);
    assert_eq!(names(&begins_afresh(&mut cleo).await), ["Anny", "Bob", "Cleo"]);
    is_done(&house, &anny, Method::PUT, "people/2/role", json!({"role": "member"})).await;
    assert_eq!(names(&begins_afresh(&mut bob).await), ["Anny", "Bob"]);
    assert_eq!(names(&begins_afresh(&mut cleo).await), ["Anny", "Cleo"]);
    is_done(&house, &anny, Method::PUT, "roster", json!({"roster": "everybody"})).await;
    assert_eq!(names(&begins_afresh(&mut cleo).await), ["Anny", "Bob", "Cleo", "Dora"]);
}

#[tokio::test]
async fn people_are_hidden_only_where_only_admins_write_and_then_members_let_nobody_in() {
    let house = House::open().await;
    let Club { anny, bob, .. } = club(&house).await;
    let hide = || json!({"roster": "admins"});
    let refused = is_refused(&house, &anny, Method::PUT, "roster", hide()).await;
    assert_eq!(refused, (409, "people_hidden".to_owned()));
    is_done(&house, &anny, Method::PUT, "writers", json!({"writers": "admins"})).await;
    let refused = is_refused(&house, &bob, Method::PUT, "roster", hide()).await;
    assert_eq!(refused, (403, "only_admins".to_owned()));
    is_done(&house, &anny, Method::PUT, "roster", hide()).await;
    let everybody = json!({"writers": "everybody"});
    let refused = is_refused(&house, &anny, Method::PUT, "writers", everybody).await;
    assert_eq!(refused, (409, "people_hidden".to_owned()));
    for (method, path, body) in [
        (Method::POST, "people", json!({"name": "Dora", "role": "guest"})),
        (Method::PUT, "name", json!({"name": "Dora"})),
    ] {
        let refused = is_refused(&house, &bob, method, path, body).await;
        assert_eq!(refused, (403, "only_admins".to_owned()), "{path}: the answer would tell who is there");
    }
    adds(&house, &anny, json!({"name": "Emil", "role": "guest"})).await;
}

#[tokio::test]
async fn two_people_on_one_socket_are_each_told_of_those_whom_they_are_shown() {
    let house = House::open().await;
    let Club { anny, mut dora, .. } = hidden(&house).await;
    let (_, invite) = adds(&house, &anny, json!({"name": "Emil", "role": "guest"})).await;
    let enters = json!({"token": invite.token, "code": invite.code});
    let entered = house.ask(Method::POST, "/api/v1/invites/enter", Some(&anny.device), Some(enters)).await;
    let emil = text(&entered.json::<Value>().await.unwrap()["seat"]);
    let mut both = house.come_back(&anny.device, &anny.seat, 0).await;
    both.sends(json!({"type": "chat-open", "seat": emil, "after": 0})).await;
    told(&mut both).await;
    dora.sends(json!({"type": "chat-typing", "seat": dora.seat})).await;
    dora.ping().await;
    let replaces = json!({"participant": "4"});
    assert_eq!(asks(&house, &anny, Method::POST, "invites", replaces).await.status(), 201);
    let heard = told(&mut both).await;
    assert!(heard.iter().any(|frame| frame.contains("chat-typing")), "{heard:#?}");
    for frame in heard.iter().filter(|frame| names_dora(frame)) {
        assert!(frame.contains(&format!(r#""seat":"{}""#, anny.seat)), "{frame}");
    }
    let nothing_told = heard.iter().find(|frame| frame.contains(r#""hidden":true"#)).unwrap();
    assert!(nothing_told.contains(&format!(r#""seat":"{emil}""#)), "{nothing_told}");
}
