//! Somebody who visits a real parlour: for tests of the binary, which may be killed at any moment.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::LazyLock;

use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::support::house::{Invited, text, within};

/// What a device keeps.
#[derive(Clone, Debug)]
pub struct Held {
    pub device: String,
    pub seat: String,
}

/// Keeps no connection to a house that may be gone, nor to a test's runtime that will be.
static CLIENT: LazyLock<reqwest::Client> =
    LazyLock::new(|| reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap());

/// One question over a connection of its own: the status and the body of the answer.
pub async fn ask(
    address: SocketAddr,
    method: Method,
    path: &str,
    device: Option<&str>,
    body: Option<&Value>,
) -> (u16, Value) {
    let mut asked = CLIENT.request(method, format!("http://{address}{path}"));
    if let Some(device) = device {
        asked = asked.bearer_auth(device);
    }
    if let Some(body) = body {
        asked = asked.json(body);
    }
    let answer = within(asked.send(), path).await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

/// Whether a read through the store works.
pub async fn is_well(address: SocketAddr) -> bool {
    let asked = CLIENT.get(format!("http://{address}/healthz")).send();
    within(asked, "an answer").await.is_ok_and(|answer| answer.status() == 200)
}

pub async fn post(address: SocketAddr, path: &str, body: &Value) -> Value {
    ask(address, Method::POST, path, None, Some(body)).await.1
}

/// Each chat is started from another address of loopback: those of one address have a pace.
pub async fn start(address: SocketAddr) -> [Invited; 2] {
    let question = json!({"names": ["Canary-Anny", "Canary-Abhi"], "idle": "1w"});
    let number = rand::random_range(1..1 << 16);
    let from = Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 128, 0, 0)) + number);
    let client = reqwest::Client::builder().no_proxy().local_address(IpAddr::from(from)).build().unwrap();
    let asked = client.post(format!("http://{address}/api/v1/chats")).json(&question);
    let answer: Value = within(asked.send(), "a chat").await.unwrap().json().await.unwrap();
    [0, 1].map(|index| {
        let invite = &answer["invites"][index];
        assert!(invite.is_object(), "no chat was started: {answer}");
        let link = text(&invite["link"]);
        let token = link.split_once('#').unwrap().1.to_owned();
        Invited { name: text(&invite["name"]), link, token, code: text(&invite["code"]) }
    })
}

/// Why a device is not in. None when the house is gone.
pub async fn why_not_in(address: SocketAddr, held: &Held) -> Option<Value> {
    let asked = CLIENT.get(format!("http://{address}/api/v1/seats/{}", held.seat)).bearer_auth(&held.device);
    within(asked.send(), "an answer").await.ok()?.json().await.ok()
}

pub async fn enter(address: SocketAddr, invited: &Invited) -> Held {
    let question = json!({"token": invited.token, "code": invited.code});
    let answer = post(address, "/api/v1/invites/enter", &question).await;
    assert!(answer["device"].is_string(), "nobody came in: {answer}");
    Held { device: text(&answer["device"]), seat: text(&answer["seat"]) }
}

pub struct Visitor {
    socket: WebSocketStream<TcpStream>,
    seat: String,
}

impl Visitor {
    /// Opens the chat from its beginning.
    pub async fn open(address: SocketAddr, held: &Held) -> Self {
        let mut visitor = Self::come(address, Ipv4Addr::LOCALHOST, held).await.expect("an open house");
        visitor.send(json!({"type": "chat-open", "seat": held.seat, "after": 0})).await;
        visitor.frame_of("chat-state").await;
        visitor
    }

    /// Wants to know what is new in the device's chats, and opens none.
    pub async fn watch(address: SocketAddr, held: &Held) -> Self {
        let hello = json!({"type": "hello", "device": held.device, "watch": true});
        let mut visitor =
            Self::come_with(address, Ipv4Addr::LOCALHOST, held, hello).await.expect("an open house");
        visitor.frame_of("seat-news").await;
        visitor
    }

    /// Comes from that address of loopback and says who it is. None when the house is gone.
    pub async fn come(address: SocketAddr, from: Ipv4Addr, held: &Held) -> Option<Self> {
        Self::come_with(address, from, held, json!({"type": "hello", "device": held.device})).await
    }

    async fn come_with(address: SocketAddr, from: Ipv4Addr, held: &Held, hello: Value) -> Option<Self> {
        let mut request = format!("ws://{address}/api/v1/socket").into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "parlour.v1".parse().unwrap());
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        let stream = within(socket.connect(address), "a connection").await.ok()?;
        let shaken = within(tokio_tungstenite::client_async(request, stream), "the upgrade").await;
        let mut visitor = Self { socket: shaken.ok()?.0, seat: held.seat.clone() };
        visitor.send(hello).await.then_some(visitor)
    }

    /// Every message of the chat, over HTTP.
    pub async fn history(address: SocketAddr, held: &Held) -> Vec<Value> {
        let mut history: Vec<Value> = Vec::new();
        loop {
            let after = history.len();
            let path = format!("/api/v1/seats/{}/messages?after={after}&limit=100", held.seat);
            let (_, page) = ask(address, Method::GET, &path, Some(&held.device), None).await;
            history.extend(page["messages"].as_array().unwrap().iter().cloned());
            if page["more"] == false {
                return history;
            }
        }
    }

    /// False when the house is gone.
    pub async fn send(&mut self, frame: Value) -> bool {
        within(self.socket.send(Message::Text(frame.to_string().into())), "a frame to be sent").await.is_ok()
    }

    /// Says something and waits until it is kept. Gives the seq.
    pub async fn say(&mut self, id: u128, words: &str) -> u64 {
        let id = format!("{id:032x}");
        self.send(json!({"type": "chat-say", "seat": self.seat, "id": id, "text": words})).await;
        let me = self.seat.split_once('-').unwrap().1.to_owned();
        let is_it = |frame: &Value| frame["id"] == id.as_str() && frame["from"] == me.as_str();
        self.frame_where("chat-message", is_it).await["seq"].as_u64().unwrap()
    }

    pub async fn frame_of(&mut self, kind: &str) -> Value {
        self.frame_where(kind, |_| true).await
    }

    async fn frame_where(&mut self, kind: &str, is_meant: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = self.frame().await.unwrap_or_else(|| panic!("the house is gone: no {kind}"));
            if frame["type"] == kind && is_meant(&frame) {
                return frame;
            }
        }
    }

    /// Reads, and answers pings by that, until the house is gone.
    pub async fn stays(&mut self) {
        while self.socket.next().await.is_some_and(|read| read.is_ok()) {}
    }

    /// The next frame, whatever it is. None when the house is gone.
    pub async fn frame(&mut self) -> Option<Value> {
        loop {
            match within(self.socket.next(), "a frame").await? {
                Ok(Message::Text(text)) => return serde_json::from_str(&text).ok(),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }
}
