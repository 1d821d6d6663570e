//! Whatever people do to messages, and whenever sockets break: at rest everybody sees what the house has.

use std::collections::BTreeMap;

use parlour::limits::CHANGES_KEPT;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::house::{House, Person, fresh_id, within};

const EMOJI: [&str; 2] = ["\u{1F44D}", "\u{1F602}"];
const TURNS: u64 = 600;

/// One device. What it keeps outlives its sockets.
struct Client {
    device: String,
    seat: String,
    messages: BTreeMap<u64, Value>,
    changed: Option<u64>,
    person: Option<Person>,
    /// How often it had to read the chat again.
    afresh: usize,
}

impl Client {
    async fn new(house: &House, invited: &crate::support::house::Invited) -> Self {
        let (device, seat) = house.device(invited).await;
        Self { device, seat, messages: BTreeMap::new(), changed: None, person: None, afresh: 0 }
    }

    fn head(&self) -> u64 {
        self.messages.last_key_value().map_or(0, |(seq, _)| *seq)
    }

    async fn connect(&mut self, house: &House) {
        self.person = Some(house.connect(&self.device, &self.seat).await);
        self.open().await;
    }

    async fn open(&mut self) {
        let mut open = json!({"type": "chat-open", "seat": self.seat, "after": self.head()});
        if let Some(changed) = self.changed {
            open["changed"] = changed.into();
        }
        self.person.as_mut().unwrap().sends(open).await;
    }

    /// Takes in what has come by now: more may be on its way.
    async fn reads(&mut self) {
        let Some(person) = &mut self.person else { return };
        person.sends(json!({"type": "ping"})).await;
        let mut frames = Vec::new();
        loop {
            let frame = person.gets_next().await;
            if frame["type"] == "pong" {
                break;
            }
            frames.push(frame);
        }
        // A note comes in its place among the messages; the test's person puts it aside.
        let notes: Vec<_> = person.notes().collect();
        for note in notes {
            self.messages.insert(note["seq"].as_u64().unwrap(), plain(&note));
        }
        for frame in frames {
            self.take(&frame).await;
        }
        let places: Vec<_> = self.messages.keys().copied().collect();
        assert_eq!(places, (1..=places.len() as u64).collect::<Vec<_>>(), "1, 2, 3");
    }

    async fn take(&mut self, frame: &Value) {
        match frame["type"].as_str().unwrap() {
            // What it has not, it gets as it is now.
            "chat-state" if self.changed.is_none() => self.changed = frame["changed"].as_u64(),
            "chat-message" => drop(self.messages.insert(frame["seq"].as_u64().unwrap(), plain(frame))),
            "chat-changed" => {
                let (number, message) = (frame["number"].as_u64().unwrap(), &frame["message"]);
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
            "chat-resync" => {
                if frame["afresh"] == true {
                    self.messages.clear();
                    (self.changed, self.afresh) = (None, self.afresh + 1);
                }
                self.open().await;
            }
            _ => {}
        }
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

async fn asks(house: &House, client: &Client, method: Method, rest: &str, body: Option<Value>) -> Value {
    let path = format!("/api/v1/seats/{}/{rest}", client.seat);
    let answer = house.ask(method, &path, Some(&client.device), body).await;
    answer.json().await.unwrap_or_default()
}

async fn head(house: &House, client: &Client) -> u64 {
    asks(house, client, Method::GET, "news?newest=1", None).await["state"]["head"].as_u64().unwrap()
}

/// Somebody does something, or tries: what is refused changes nothing.
async fn does_something(house: &House, client: &Client, rng: &mut StdRng, turn: u64) {
    let seq = rng.random_range(1..=head(house, client).await + 1);
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
    asks(house, client, method, &path, body).await;
}

/// More changes than are remembered.
async fn changes_a_lot(house: &House, client: &Client) {
    let said = json!({"id": fresh_id(), "text": "a message"});
    let seq = asks(house, client, Method::POST, "messages", Some(said)).await["seq"].as_u64().unwrap();
    for turn in 0..=usize::try_from(CHANGES_KEPT).unwrap() {
        let body = Some(json!({"emoji": EMOJI[turn % 2]}));
        let changed = asks(house, client, Method::PUT, &format!("messages/{seq}/reaction"), body).await;
        assert!(changed["number"].is_u64(), "{changed}");
    }
}

async fn what_the_house_has(house: &House, client: &Client) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let path = format!("messages?after={}&limit=100", all.len());
        let page = asks(house, client, Method::GET, &path, None).await;
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
    for invited in [&anny, &anny, &abhi] {
        clients.push(Client::new(&house, invited).await);
    }
    for turn in 0..TURNS {
        let who = rng.random_range(0..clients.len());
        match rng.random_range(0..10) {
            0 => clients[who].person = None,
            1..3 if clients[who].person.is_none() => clients[who].connect(&house).await,
            3 => clients[who].reads().await,
            _ => does_something(&house, &clients[who], &mut rng, turn).await,
        }
        if turn == TURNS / 2 {
            // It was there, and is away for too long.
            clients[0].connect(&house).await;
            clients[0].reads().await;
            clients[0].person = None;
            changes_a_lot(&house, &clients[2]).await;
        }
    }
    for client in &mut clients {
        if client.person.is_none() {
            client.connect(&house).await;
        }
        let expected = what_the_house_has(&house, client).await;
        let rest = async {
            while client.sees() != expected {
                client.reads().await;
            }
        };
        within(rest, "everything to be shown").await;
    }
    assert!(clients[0].afresh > 0, "it was away for too long");
}
