//! A group with everybody whom there can be in one: each role, one who is invited, one who was removed and
//! one who has left, all but the invited one with their sockets open.

use reqwest::Method;
use serde_json::{Value, json};

use super::{asks, invited, is_done, told};
use crate::support::house::{House, Person, text};

/// As the docs put them in columns.
pub const ROLES: [&str; 3] = ["admin", "member", "guest"];
/// Anny is admin, Bob a member, Cleo a guest. Dora does not come in, Rita is removed, Leo leaves. Ida asks.
const NAMES: [&str; 7] = ["Anny", "Bob", "Cleo", "Dora", "Rita", "Leo", "Ida"];

/// What is agreed in the group.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub only_admins_write: bool,
    /// People are hidden from each other.
    pub is_hidden: bool,
}

impl Kind {
    pub const OPEN: Self = Self { only_admins_write: false, is_hidden: false };
    pub const ANNOUNCING: Self = Self { only_admins_write: true, is_hidden: false };
    pub const HIDDEN: Self = Self { only_admins_write: true, is_hidden: true };
}

pub struct Cast {
    /// Who asks.
    pub actor: Person,
    /// An admin, a member and a guest.
    pub witnesses: [Person; 3],
    pub removed: Person,
    pub left: Person,
    pub gaps: Gaps,
}

/// What stands for what, in what is asked.
pub struct Gaps(Vec<(&'static str, String)>);

impl Gaps {
    pub fn filled(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (gap, value)| text.replace(gap, value))
    }
}

impl Cast {
    pub async fn gather(house: &House, kind: Kind, role: usize) -> Self {
        let question = json!({"title": "Club", "names": NAMES, "idle": "1d"});
        let answer: Value = house.post("/api/v1/chats", question).await.json().await.unwrap();
        let invites: Vec<_> = answer["invites"].as_array().unwrap().iter().map(invited).collect();
        let mut people = Vec::new();
        for at in [0, 1, 2, 4, 5, 6] {
            people.push(house.enter(&invites[at]).await);
        }
        house.device(&invites[6]).await;
        let [anny, bob, cleo, removed, left, actor] = people.try_into().ok().unwrap();
        let gaps = Gaps(Vec::new());
        let mut cast = Self { actor, witnesses: [anny, bob, cleo], removed, left, gaps };
        cast.takes_roles(house, role).await;
        cast.agrees(house, kind).await;
        cast.knows_gaps(house, kind).await;
        // Those who lose their seats first: the others hear that they are not here any more.
        let Self { actor, witnesses, removed, left, .. } = &mut cast;
        for person in [removed, left, actor].into_iter().chain(witnesses) {
            told(person).await;
        }
        cast
    }

    async fn takes_roles(&mut self, house: &House, role: usize) {
        let anny = &mut self.witnesses[0];
        for (who, role) in [(3, "guest"), (4, "guest"), (7, ROLES[role])] {
            is_done(house, anny, Method::PUT, &format!("people/{who}/role"), json!({"role": role})).await;
        }
        for gap in ["<own>", "<own2>"] {
            self.gaps.0.push((gap, self.actor.says("own").await.to_string()));
        }
        for gap in ["<news>", "<theirs>", "<theirs2>"] {
            self.gaps.0.push((gap, anny.says("news").await.to_string()));
        }
        is_done(house, anny, Method::DELETE, "people/5", Value::Null).await;
        is_done(house, &self.left, Method::POST, "leave", json!({})).await;
    }

    async fn agrees(&mut self, house: &House, kind: Kind) {
        let anny = &mut self.witnesses[0];
        if kind.only_admins_write {
            is_done(house, anny, Method::PUT, "writers", json!({"writers": "admins"})).await;
        }
        if kind.is_hidden {
            is_done(house, anny, Method::PUT, "roster", json!({"roster": "admins"})).await;
            for person in self.witnesses.iter_mut().chain([&mut self.actor]) {
                person.gets("chat-resync").await;
                person.opens(0).await;
            }
        }
    }

    async fn knows_gaps(&mut self, house: &House, kind: Kind) {
        let devices = asks(house, &self.actor, Method::GET, "devices", Value::Null).await;
        let devices: Value = devices.json().await.unwrap();
        let other = devices["devices"].as_array().unwrap().iter().find(|one| one["this"] == false);
        let tag = text(&other.unwrap()["device"]);
        let other_of = |is_admins| if is_admins { "everybody" } else { "admins" }.to_owned();
        let device = self.actor.device.clone();
        self.gaps.0.extend([("<tag>", tag), ("<device>", device)]);
        self.gaps.0.push(("<writers>", other_of(kind.only_admins_write)));
        self.gaps.0.push(("<roster>", other_of(kind.is_hidden)));
    }
}
