//! Somebody who visits a real parlour: for tests of the binary, which may be killed at any moment.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::house::{Invited, text, within};

/// What a device keeps.
#[derive(Clone, Debug)]
pub struct Held {
    pub device: String,
    pub seat: String,
}

pub async fn post(address: SocketAddr, path: &str, body: &Value) -> Value {
    let asked = reqwest::Client::new().post(format!("http://{address}{path}")).json(body).send();
    within(asked, path).await.unwrap().json().await.unwrap()
}

pub async fn start(address: SocketAddr) -> [Invited; 2] {
    let question = json!({"names": ["Canary-Anny", "Canary-Abhi"], "idle": "1w"});
    let answer = post(address, "/api/v1/chats", &question).await;
    [0, 1].map(|index| {
        let invite = &answer["invites"][index];
        let link = text(&invite["link"]);
        let token = link.split_once('#').unwrap().1.to_owned();
        Invited { name: text(&invite["name"]), link, token, code: text(&invite["code"]) }
    })
}

pub async fn enter(address: SocketAddr, invited: &Invited) -> Held {
    let answer =
        post(address, "/api/v1/invites/enter", &json!({"token": invited.token, "code": invited.code})).await;
    Held { device: text(&answer["device"]), seat: text(&answer["seat"]) }
}

pub struct Visitor {
    socket: WebSocketStream<TcpStream>,
    seat: String,
}

impl Visitor {
    /// Opens the chat from its beginning.
    pub async fn open(address: SocketAddr, held: &Held) -> Self {
        let mut request = format!("ws://{address}/api/v1/socket").into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "parlour.v1".parse().unwrap());
        let stream = TcpStream::connect(address).await.unwrap();
        let (socket, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();
        let mut visitor = Self { socket, seat: held.seat.clone() };
        visitor.send(json!({"type": "hello", "device": held.device})).await;
        visitor.send(json!({"type": "chat-open", "seat": held.seat, "after": 0})).await;
        visitor.frame_of("chat-state").await;
        visitor
    }

    /// Every message of the chat, over HTTP.
    pub async fn history(address: SocketAddr, held: &Held) -> Vec<Value> {
        let client = reqwest::Client::new();
        let mut history: Vec<Value> = Vec::new();
        loop {
            let after = history.len();
            let url = format!("http://{address}/api/v1/seats/{}/messages?after={after}&limit=100", held.seat);
            let answer = within(client.get(url).bearer_auth(&held.device).send(), "a page").await.unwrap();
            let page: Value = answer.json().await.unwrap();
            history.extend(page["messages"].as_array().unwrap().iter().cloned());
            if page["more"] == false {
                return history;
            }
        }
    }

    async fn send(&mut self, frame: Value) -> bool {
        self.socket.send(Message::Text(frame.to_string().into())).await.is_ok()
    }

    pub async fn say(&mut self, id: u128, words: &str) -> u64 {
        self.try_say(id, words).await.expect("an acknowledgement")
    }

    /// Says something; nothing comes back when the house is gone.
    pub async fn try_say(&mut self, id: u128, words: &str) -> Option<u64> {
        let id = format!("{id:032x}");
        if !self.send(json!({"type": "chat-say", "seat": self.seat, "id": id, "text": words})).await {
            return None;
        }
        loop {
            let frame = self.try_frame().await?;
            if frame["type"] == "chat-said" && frame["id"] == id.as_str() {
                return frame["seq"].as_u64();
            }
            if frame["type"] == "chat-resync" {
                let open = json!({"type": "chat-open", "seat": self.seat, "after": 0});
                self.send(open).await;
            }
        }
    }

    pub async fn frame_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.try_frame().await.unwrap_or_else(|| panic!("the house is gone: no {kind}"));
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    async fn try_frame(&mut self) -> Option<Value> {
        loop {
            match within(self.socket.next(), "a frame").await? {
                Ok(Message::Text(text)) => return serde_json::from_str(&text).ok(),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }
}
