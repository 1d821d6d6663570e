//! What a running house still knows of a chat when nobody has it open any more: nothing.
//!
//! The memory of the real process is searched for everything that is secret about one chat. [`search`] reads
//! the memory, [`keys`] finds out the keys as somebody would who has the files, the links and the codes.

mod keys;
mod search;

use std::io::Write;
use std::net::TcpStream;
use std::time::Instant;

use data_encoding::Encoding;
use futures_util::future::select_all;
use reqwest::Method;
use serde_json::{Value, json};

use self::keys::{Keys, crockford};
use self::search::{Needle, search};
use crate::support::house::{DEADLINE, Invited, within};
use crate::support::kept::alone;
use crate::support::process::{Parlour, Premises};
use crate::support::visitor::{Held, Visitor, ask, enter, post, start};

const MESSAGES: u128 = 120;
/// Of them, those that are edited and those that are deleted.
const CHANGED: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn soon_after_the_last_seat_was_closed_nothing_of_a_chat_is_in_memory() {
    let premises = Premises::new();
    let house = premises.open();
    let mut chat = Chat::lived(&house).await;
    let mut sockets = chat.open(&house).await;
    chat.edit_and_delete(&house, &mut sockets[0]).await;
    let keys = Keys::of(&premises, &chat.invited, &chat.held);
    let needles = chat.needles(&keys);
    let unfinished = chat.half_a_request(&house);
    let found = while_open(&mut sockets, search(house.id(), &needles)).await;
    let missed = needles
        .iter()
        .filter(|needle| needle.is_known_while_open && !found.iter().any(|place| place.of == needle.name));
    let missed: Vec<_> = missed.map(|needle| &needle.name).collect();
    assert!(missed.is_empty(), "the search does not find what is there: {missed:?}");
    drop((unfinished, sockets));
    is_forgotten(&house, &needles).await;
    let history = Visitor::history(house.address, &chat.held[0]).await;
    assert_eq!(history.len() as u128, MESSAGES, "and the chat is still there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_watches_has_nothing_of_a_chat_in_memory() {
    let premises = Premises::new();
    let house = premises.open();
    let chat = Chat::lived(&house).await;
    let keys = Keys::of(&premises, &chat.invited, &chat.held);
    let mut watching = Visitor::watch(house.address, &chat.held[0]).await;
    let mut sockets = chat.open(&house).await;
    sockets[1].say(alone(), "Canary of the last message").await;
    while watching.frame_of("seat-news").await["unread"] != 1 {}
    drop(sockets);
    let mut needles = chat.needles(&keys);
    needles.retain(|needle| !needle.name.starts_with("device secret"));
    needles.push(Needle::new("the last message".to_owned(), b"Canary of the last message", true));
    is_forgotten(&house, &needles).await;
    watching.send(json!({"type": "ping"})).await;
    watching.frame_of("pong").await;
}

/// Does something while the sockets answer the pings of the house, which closes one that is silent.
async fn while_open<T>(sockets: &mut [Visitor], work: impl Future<Output = T>) -> T {
    let answering = sockets.iter_mut().map(|socket| Box::pin(socket.stays()));
    tokio::select! {
        done = work => done,
        _ = select_all(answering) => panic!("a socket was closed"),
    }
}

/// A search that begins after the deadline finds nothing, however long one takes.
async fn is_forgotten(house: &Parlour, needles: &[Needle]) {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let is_last = Instant::now() > deadline;
        let found = search(house.id(), needles).await;
        if found.is_empty() {
            return;
        }
        assert!(!is_last, "still in memory: {found:#?}");
    }
}

/// A chat in which much has happened, and nobody is there any more.
struct Chat {
    invited: [Invited; 2],
    held: [Held; 2],
    /// Every text there ever was: also those of messages that were edited or deleted since.
    said: Vec<String>,
}

impl Chat {
    async fn lived(house: &Parlour) -> Self {
        let address = house.address;
        let invited = start(address).await;
        for path in ["greeting", "qr"] {
            post(address, &format!("/api/v1/invites/{path}"), &json!({"token": invited[0].token})).await;
        }
        let wrong = json!({"token": invited[0].token, "code": "0000-0000"});
        assert_eq!(post(address, "/api/v1/invites/enter", &wrong).await["code"], "wrong_code");
        let held = [enter(address, &invited[0]).await, enter(address, &invited[1]).await];
        let chat = Self { invited, held, said: said() };
        chat.talk(house).await;
        chat.read(house).await;
        chat
    }

    async fn talk(&self, house: &Parlour) {
        let mut sockets = self.open(house).await;
        for (id, words) in (0..).zip(&self.said) {
            let (one, other) = sockets.split_at_mut(1);
            let (speaker, hearer) =
                if id % 2 == 0 { (&mut one[0], &mut other[0]) } else { (&mut other[0], &mut one[0]) };
            let seq = speaker.say(id / 2 + 1, words).await;
            while hearer.frame_of("chat-message").await["seq"] != seq {}
        }
        let seat = &self.held[0].seat;
        sockets[0].send(json!({"type": "chat-seen", "seat": seat, "seq": self.said.len()})).await;
        sockets[0].send(json!({"type": "chat-page", "seat": seat, "before": 100, "limit": 100})).await;
        sockets[0].frame_of("chat-page").await;
        sockets[1].frame_of("chat-receipt").await;
    }

    /// Each of the two edits two messages and deletes two, the one over the socket, the other over HTTP.
    async fn edit_and_delete(&mut self, house: &Parlour, socket: &mut Visitor) {
        for seq in 1..=CHANGED {
            let edited = (seq <= CHANGED / 2).then(|| one(MESSAGES + seq as u128));
            let held = &self.held[(seq - 1) % 2];
            if seq % 2 == 1 {
                change_by_frame(socket, held, seq, edited.as_deref()).await;
            } else {
                change_by_request(house, held, seq, edited.as_deref()).await;
            }
            self.said.extend(edited);
        }
    }

    /// By all that tells of a chat over HTTP.
    async fn read(&self, house: &Parlour) {
        for held in &self.held {
            Visitor::history(house.address, held).await;
            for path in ["", "/transcript", "/devices"] {
                let path = match path {
                    "" => "/api/v1/seats".to_owned(),
                    _ => format!("/api/v1/seats/{}{path}", held.seat),
                };
                ask(house.address, Method::GET, &path, Some(&held.device), None).await;
            }
        }
        let transcript = format!("http://{}/api/v1/seats/{}/transcript", house.address, self.held[0].seat);
        let asked = reqwest::Client::new().get(transcript).bearer_auth(&self.held[0].device);
        let answer = within(asked.header("accept", "application/json").send(), "a transcript").await.unwrap();
        assert_eq!(
            answer.json::<Value>().await.unwrap()["messages"].as_array().unwrap().len() as u128,
            MESSAGES
        );
    }

    async fn open(&self, house: &Parlour) -> Vec<Visitor> {
        let mut sockets = Vec::new();
        for held in &self.held {
            sockets.push(Visitor::open(house.address, held).await);
        }
        sockets
    }

    /// Somebody is about to say everything that is written anywhere, and has not come to its end.
    fn half_a_request(&self, house: &Parlour) -> TcpStream {
        let written: Vec<_> = self.texts().map(|(_, text)| text).collect();
        let body = format!("{{\"text\": \"{}", written.join(" "));
        let head = [
            format!("POST /api/v1/seats/{}/messages HTTP/1.1", self.held[0].seat),
            format!("Host: {}", house.address),
            "Content-Type: application/json".to_owned(),
            format!("Content-Length: {}", body.len() + 10),
        ];
        let mut stream = TcpStream::connect(house.address).unwrap();
        stream.write_all(format!("{}\r\n\r\n{body}", head.join("\r\n")).as_bytes()).unwrap();
        stream
    }

    /// What of the chat is text.
    fn texts(&self) -> impl Iterator<Item = (String, String)> {
        let people = self.invited.iter().zip(&self.held).flat_map(|(invited, held)| {
            [
                ("name", invited.name.clone()),
                ("link token", invited.token.clone()),
                ("code", invited.code.clone()),
                ("code without its dash", invited.code.replace('-', "")),
                ("device secret", held.device.clone()),
            ]
            .map(|(what, text)| (format!("{what} of {}", invited.name), text))
        });
        let said =
            self.said.iter().enumerate().map(|(id, text)| (format!("message {id}"), canary(text).to_owned()));
        people.chain(said)
    }

    fn needles(&self, keys: &Keys) -> Vec<Needle> {
        let texts = self.texts().map(|(name, text)| Needle::new(name, text.as_bytes(), true));
        let raw = self.invited.iter().zip(&self.held).flat_map(|(invited, held)| {
            let of = |what: &str, text: &str, is_known| {
                Needle::new(format!("{what} of {}, raw", invited.name), &bytes(&crockford(), text), is_known)
            };
            [of("link token", &invited.token, false), of("device secret", &held.device, true)]
        });
        let keys = keys.named.iter().map(|(name, key)| Needle::new(name.clone(), key, name == "K"));
        texts.chain(raw).chain(keys).collect()
    }
}

/// Another text, or none any more.
async fn change_by_frame(socket: &mut Visitor, held: &Held, seq: usize, text: Option<&str>) {
    let seat = &held.seat;
    let frame = match text {
        Some(text) => json!({"type": "chat-edit", "seat": seat, "seq": seq, "base": 0, "text": text}),
        None => json!({"type": "chat-delete", "seat": seat, "seq": seq}),
    };
    socket.send(frame).await;
    assert_eq!(socket.frame_of("chat-done").await["seq"], seq);
}

async fn change_by_request(house: &Parlour, held: &Held, seq: usize, text: Option<&str>) {
    let path = format!("/api/v1/seats/{}/messages/{seq}", held.seat);
    let (method, path, body) = match text {
        Some(text) => (Method::PATCH, path, Some(json!({"base": 0, "text": text}))),
        None => (Method::DELETE, format!("{path}?for=everybody"), None),
    };
    let (status, answer) = ask(house.address, method, &path, Some(&held.device), body.as_ref()).await;
    assert_eq!(status, 200, "{answer}");
}

fn bytes(alphabet: &Encoding, text: &str) -> Vec<u8> {
    alphabet.decode(text.as_bytes()).unwrap()
}

/// Most messages are short, some are as long as they may be.
fn said() -> Vec<String> {
    (0..MESSAGES).map(|id| if id % 10 == 7 { one(id).repeat(80) } else { one(id) }).collect()
}

fn one(id: u128) -> String {
    format!("Canary-{:032x}-{id}", rand::random::<u128>())
}

/// The part of a message that no other has.
fn canary(text: &str) -> &str {
    &text[..39]
}
