//! Whatever people do to messages, and whenever sockets break: at rest everybody sees what the house has.

use std::collections::BTreeMap;

use parlour::limits::CHANGES_KEPT;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::house::{House, Invited, Person, fresh_id, text, within};

const EMOJI: [&str; 2] = ["\u{1F44D}", "\u{1F602}"];
const TURNS: u64 = 600;
/// A connection is lost when fewer frames than this were taken in.
const CUT_AFTER_MAX: usize = 60;

/// One device, with one seat of the chat or with both. What it keeps outlives its sockets.
struct Client {
    device: String,
    views: Vec<View>,
    person: Option<Person>,
}

/// The chat as a device shows it in one seat.
struct View {
    seat: String,
    messages: BTreeMap<u64, Value>,
    changed: Option<u64>,
    /// It has come to its `chat-state`: what comes before that is for another seat.
    is_open: bool,
    /// How often it had to read the chat again.
    afresh: usize,
}

impl Client {
    /// Enters by each of the invites.
    async fn new(house: &House, invites: &[&Invited]) -> Self {
        let (device, first) = house.device(invites[0]).await;
        let mut client = Self { device, views: vec![View::new(first)], person: None };
        for invited in &invites[1..] {
            let entered = json!({"token": invited.token, "code": invited.code});
            let path = "/api/v1/invites/enter";
            let answer = house.ask(Method::POST, path, Some(&client.device), Some(entered)).await;
            let answer: Value = answer.json().await.unwrap();
            client.views.push(View::new(text(&answer["seat"])));
        }
        client
    }

    async fn connect(&mut self, house: &House) {
        self.person = Some(house.connect(&self.device, &self.views[0].seat).await);
        for view in &mut self.views {
            view.open(self.person.as_mut().unwrap()).await;
        }
    }

    fn through(&self, seat: usize) -> Who<'_> {
        Who { device: &self.device, seat: &self.views[seat].seat }
    }

    /// Takes in what has come by now: more may be on its way.
    async fn reads(&mut self) {
        self.reads_frames(usize::MAX).await;
    }

    /// Takes in so many frames, and loses the connection.
    async fn is_cut_off(&mut self, frames: usize) {
        self.reads_frames(frames).await;
        self.person = None;
        self.views.iter_mut().for_each(|view| view.is_open = false);
    }

    async fn reads_frames(&mut self, most: usize) {
        let Some(person) = &mut self.person else { return };
        person.sends(json!({"type": "ping"})).await;
        for _ in 0..most {
            let frame = person.gets_any().await;
            if frame["type"] == "pong" {
                break;
            }
            for view in self.views.iter_mut().filter(|view| view.is_meant(&frame)) {
                if view.take(&frame) == Next::Open {
                    view.open(person).await;
                }
            }
        }
        for view in &self.views {
            let places: Vec<_> = view.messages.keys().copied().collect();
            assert_eq!(places, (1..=places.len() as u64).collect::<Vec<_>>(), "1, 2, 3");
        }
    }
}

#[derive(PartialEq, Eq)]
enum Next {
    GoOn,
    Open,
}

impl View {
    fn new(seat: String) -> Self {
        Self { seat, messages: BTreeMap::new(), changed: None, is_open: false, afresh: 0 }
    }

    async fn open(&mut self, person: &mut Person) {
        let after = self.messages.last_key_value().map_or(0, |(seq, _)| *seq);
        let mut open = json!({"type": "chat-open", "seat": self.seat, "after": after});
        if let Some(changed) = self.changed {
            open["changed"] = changed.into();
        }
        self.is_open = false;
        person.sends(open).await;
    }

    fn is_meant(&self, frame: &Value) -> bool {
        match frame.get("seat") {
            Some(seat) => *seat == self.seat.as_str(),
            None => self.is_open,
        }
    }

    fn take(&mut self, frame: &Value) -> Next {
        match frame["type"].as_str().unwrap() {
            "chat-state" => {
                self.is_open = true;
                // What it has not, it gets as it is now.
                self.changed = self.changed.or(frame["changed"].as_u64());
            }
            "chat-message" if self.is_open => {
                drop(self.messages.insert(frame["seq"].as_u64().unwrap(), plain(frame)))
            }
            "chat-changed" if self.is_open => {
                self.change(frame["number"].as_u64().unwrap(), &frame["message"])
            }
            "chat-resync" => {
                if frame["afresh"] == true {
                    self.messages.clear();
                    (self.changed, self.afresh) = (None, self.afresh + 1);
                }
                return Next::Open;
            }
            _ => {}
        }
        Next::GoOn
    }

    fn change(&mut self, number: u64, message: &Value) {
        let known = self.messages.get_mut(&message["seq"].as_u64().unwrap());
        if let Some(known) = known.filter(|known| known["changed"].as_u64().unwrap_or(0) < number) {
            let is_hidden = known["hidden"] == true;
            *known = plain(message);
            if is_hidden {
                known["hidden"] = true.into();
            }
        }
        self.changed = self.changed.max(Some(number));
    }

    fn sees(&self) -> Vec<Value> {
        self.messages.values().map(seen).collect()
    }
}

/// A message without what only some frames have.
fn plain(message: &Value) -> Value {
    let mut message = message.clone();
    for field in ["type", "chat", "seat", "device"] {
        message.as_object_mut().unwrap().remove(field);
    }
    message
}

/// What matters of a message to the one who looks: nothing but that it is hidden, where it is.
fn seen(message: &Value) -> Value {
    if message["hidden"] == true { "hidden".into() } else { message.clone() }
}

/// Somebody of the chat, through one device.
#[derive(Clone, Copy)]
struct Who<'a> {
    device: &'a str,
    seat: &'a str,
}

async fn asks(house: &House, who: Who<'_>, method: Method, rest: &str, body: Option<Value>) -> Value {
    let path = format!("/api/v1/seats/{}/{rest}", who.seat);
    let answer = house.ask(method, &path, Some(who.device), body).await;
    answer.json().await.unwrap_or_default()
}

async fn head(house: &House, who: Who<'_>) -> u64 {
    asks(house, who, Method::GET, "news?newest=1", None).await["state"]["head"].as_u64().unwrap()
}

/// Somebody does something, or tries: what is refused changes nothing.
async fn does_something(house: &House, who: Who<'_>, rng: &mut StdRng, turn: u64) {
    let seq = rng.random_range(1..=head(house, who).await + 1);
    let message = format!("messages/{seq}");
    let (method, path, body) = match rng.random_range(0..12) {
        0..4 => {
            let mut said = json!({"id": fresh_id(), "text": format!("message {turn}")});
            if rng.random_bool(0.3) {
                said["reply_to"] = seq.into();
            }
            (Method::POST, "messages".to_owned(), Some(said))
        }
        4..6 => {
            let edit = json!({"base": rng.random_range(0..3), "text": format!("edit {turn}")});
            (Method::PATCH, message, Some(edit))
        }
        6 => (Method::DELETE, format!("{message}?for=everybody"), None),
        7 => (Method::DELETE, format!("{message}?for=me"), None),
        8..10 => {
            let emoji = EMOJI[rng.random_range(0..EMOJI.len())];
            (Method::PUT, format!("{message}/reaction"), Some(json!({"emoji": emoji})))
        }
        10 => (Method::DELETE, format!("{message}/reaction"), None),
        _ => {
            let after = if rng.random_bool(0.5) { "1d" } else { "never" };
            (Method::PUT, "timer".to_owned(), Some(json!({"after": after})))
        }
    };
    asks(house, who, method, &path, body).await;
}

/// More changes than are remembered.
async fn changes_a_lot(house: &House, who: Who<'_>) {
    let said = json!({"id": fresh_id(), "text": "a message"});
    let seq = asks(house, who, Method::POST, "messages", Some(said)).await["seq"].as_u64().unwrap();
    for turn in 0..=usize::try_from(CHANGES_KEPT).unwrap() {
        let body = Some(json!({"emoji": EMOJI[turn % 2]}));
        let changed = asks(house, who, Method::PUT, &format!("messages/{seq}/reaction"), body).await;
        assert!(changed["number"].is_u64(), "{changed}");
    }
}

async fn what_the_house_has(house: &House, who: Who<'_>) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let path = format!("messages?after={}&limit=100", all.len());
        let page = asks(house, who, Method::GET, &path, None).await;
        all.extend(page["messages"].as_array().unwrap().iter().map(|message| seen(&plain(message))));
        if page["more"] == false {
            return all;
        }
    }
}

#[tokio::test]
async fn at_rest_every_client_sees_what_the_house_has_whatever_was_changed_and_cut_off() {
    let seed = rand::random();
    println!("seed {seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let house = House::open().await;
    let [anny, abhi] = house.start("Anny", "Abhi").await;
    let mut clients = Vec::new();
    for invites in [&[&anny][..], &[&anny], &[&abhi], &[&anny, &abhi]] {
        clients.push(Client::new(&house, invites).await);
    }
    for turn in 0..TURNS {
        let who = rng.random_range(0..clients.len());
        match rng.random_range(0..10) {
            0 => clients[who].is_cut_off(rng.random_range(0..CUT_AFTER_MAX)).await,
            1..3 if clients[who].person.is_none() => clients[who].connect(&house).await,
            3 => clients[who].reads().await,
            _ => {
                let seat = rng.random_range(0..clients[who].views.len());
                does_something(&house, clients[who].through(seat), &mut rng, turn).await;
            }
        }
        if turn == TURNS / 2 {
            // It was there, and is away for too long.
            clients[0].connect(&house).await;
            clients[0].reads().await;
            clients[0].is_cut_off(0).await;
            changes_a_lot(&house, clients[2].through(0)).await;
        }
    }
    for client in &mut clients {
        if client.person.is_none() {
            client.connect(&house).await;
        }
        for seat in 0..client.views.len() {
            let expected = what_the_house_has(&house, client.through(seat)).await;
            let rest = async {
                while client.views[seat].sees() != expected {
                    client.reads().await;
                }
            };
            within(rest, "everything to be shown").await;
        }
    }
    assert!(clients[0].views[0].afresh > 0, "it was away for too long");
}
