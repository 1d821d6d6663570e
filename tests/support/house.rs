//! The vocabulary: a house in this process, and people who come in, talk and listen.
//!
//! Everything goes over real sockets on 127.0.0.1. Nobody waits for a while; everybody waits for something,
//! with a deadline, and what went over the wire is printed when it does not come.

use std::collections::{HashSet, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use parlour::app::{App, Listeners, RunError, Surroundings};
use parlour::crypto::Stretch;
use parlour::domain::At;
use parlour::host::config::{Config, Flags};
use parlour::net;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_util::sync::CancellationToken;

use crate::support::disk::TestDisk;
use crate::support::lock;
use crate::support::machine::TestMachine;

/// Nothing that is expected takes longer, even on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// An open house.
pub struct House {
    pub address: SocketAddr,
    pub dir: Arc<tempfile::TempDir>,
    pub disk: TestDisk,
    pub now: Arc<AtomicU64>,
    pub http: reqwest::Client,
    redirect: Option<SocketAddr>,
    reload: mpsc::Sender<oneshot::Sender<()>>,
    stop: CancellationToken,
    running: JoinHandle<Result<(), RunError>>,
}

/// An invite as the starter gets it.
#[derive(Clone, Debug)]
pub struct Invited {
    pub name: String,
    pub link: String,
    pub token: String,
    pub code: String,
}

impl House {
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    /// A house with other settings.
    pub async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::open_in(Arc::new(tempfile::tempdir().unwrap()), change).await
    }

    pub async fn open_in(dir: Arc<tempfile::TempDir>, change: impl FnOnce(&mut Config)) -> Self {
        Self::open_at(dir, 1_800_000_000_000, change).await
    }

    async fn open_at(dir: Arc<tempfile::TempDir>, now: u64, change: impl FnOnce(&mut Config)) -> Self {
        let flags = Flags::default().with("data", dir.path()).with("listen", "127.0.0.1:0");
        let mut config = Config::read(&flags, []).unwrap();
        config.messages_per_second = 100_000;
        change(&mut config);
        let house = net::bind(&config.listen).unwrap();
        let address = house[0].local_addr().unwrap();
        let redirect = net::bind(&config.redirect_listen).unwrap();
        let redirected = redirect.first().map(|listener| listener.local_addr().unwrap());
        let listeners = Listeners { house, redirect };
        lock::until_free(dir.path());
        let (disk, now) = (TestDisk::default(), Arc::new(AtomicU64::new(now)));
        let (stop, clock) = (CancellationToken::new(), Arc::clone(&now));
        let (reload, reloads) = mpsc::channel(1);
        let surroundings = Surroundings {
            clock: Arc::new(move || At(clock.load(Ordering::SeqCst))),
            machine: Arc::new(TestMachine(Arc::clone(&now))),
            disk: Box::new(disk.clone()),
            patience: Duration::ZERO,
            stretch: Stretch::LEAST,
            reloads,
        };
        let app = App::open(config, surroundings);
        let stopped = stop.clone();
        let running = tokio::spawn(async move { app?.serve(listeners, stopped).await });
        let (http, redirect) = (reqwest::Client::new(), redirected);
        Self { address, dir, disk, now, http, redirect, reload, stop, running }
    }

    /// Stops the house and tells how that went.
    pub async fn close(self) -> Result<(), RunError> {
        self.stop.cancel();
        self.ended().await
    }

    /// Waits until the house has stopped by itself.
    pub async fn ended(self) -> Result<(), RunError> {
        within(self.running, "the house to stop").await.unwrap()
    }

    /// Stops the house and opens it again on the same files.
    pub async fn reopen(self) -> Self {
        let dir = Arc::clone(&self.dir);
        self.close().await.unwrap();
        Self::open_in(dir, |_| {}).await
    }

    /// The same, and nobody came for a while.
    pub async fn reopen_after(self, time: Duration) -> Self {
        let (dir, now) = (Arc::clone(&self.dir), self.now.load(Ordering::SeqCst));
        self.close().await.unwrap();
        Self::open_at(dir, now + u64::try_from(time.as_millis()).unwrap(), |_| {}).await
    }

    /// Has the certificates read again, as SIGHUP does.
    pub async fn reloads(&self) {
        let (done, is_done) = oneshot::channel();
        self.reload.send(done).await.unwrap();
        within(is_done, "the certificates to be read").await.unwrap();
    }

    /// One question where plain HTTP is sent on: the head and the body of the answer. The question is a head
    /// without its end.
    pub async fn asks_plainly(&self, head: &str) -> (String, String) {
        let mut stream = TcpStream::connect(self.redirect.unwrap()).await.unwrap();
        stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        within(stream.read_to_string(&mut answer), "an answer").await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_lowercase(), body.to_owned())
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// One question over HTTP.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        device: Option<&str>,
        body: Option<Value>,
    ) -> Response {
        let mut asked = self.http.request(method, self.url(path));
        if let Some(device) = device {
            asked = asked.bearer_auth(device);
        }
        if let Some(body) = body {
            asked = asked.json(&body);
        }
        within(asked.send(), path).await.unwrap()
    }

    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.ask(Method::POST, path, None, Some(body)).await
    }

    /// A chat between two, and both invites.
    pub async fn start(&self, one: &str, other: &str) -> [Invited; 2] {
        let answer = self.post("/api/v1/chats", json!({"names": [one, other], "idle": "1d"})).await;
        assert_eq!(answer.status(), 201, "{answer:?}");
        let answer: Value = answer.json().await.unwrap();
        [0, 1].map(|index| {
            let invite = &answer["invites"][index];
            let link = text(&invite["link"]);
            let token = link.split_once("#").unwrap().1.to_owned();
            Invited { name: text(&invite["name"]), link, token, code: text(&invite["code"]) }
        })
    }

    /// Link, code, chat: somebody comes in on a new device and has the chat open.
    pub async fn enter(&self, invited: &Invited) -> Person {
        let (device, seat) = self.device(invited).await;
        self.come_back(&device, &seat, 0).await
    }

    /// The device secret and seat of somebody who comes in, without a socket.
    pub async fn device(&self, invited: &Invited) -> (String, String) {
        let question = json!({"token": invited.token, "code": invited.code});
        let answer = self.post("/api/v1/invites/enter", question).await;
        assert_eq!(answer.status(), 200, "{:?}", answer.text().await);
        let answer: Value = answer.json().await.unwrap();
        (text(&answer["device"]), text(&answer["seat"]))
    }

    /// A device that is in already opens its chat, behind the last message that it has.
    pub async fn come_back(&self, device: &str, seat: &str, after: u64) -> Person {
        let mut person = self.connect(device, seat).await;
        person.opens(after).await;
        person
    }

    /// The same by a connection that is there already.
    pub async fn come_back_over(&self, stream: TcpStream, device: &str, seat: &str, after: u64) -> Person {
        let mut person = self.socket_over(stream, device, seat).await;
        person.greets().await;
        person.opens(after).await;
        person
    }

    /// The same as `enter`, by somebody who does not tell one thing.
    pub async fn enter_withholding(&self, invited: &Invited, what: &str) -> Person {
        let (device, seat) = self.device(invited).await;
        let mut person = self.socket(&device, &seat).await;
        person.sends(json!({"type": "hello", "device": device, "withholds": [what]})).await;
        person.opens(0).await;
        person
    }

    /// What a device is told when it comes.
    pub async fn welcome(&self, device: &str) -> Value {
        let mut person = self.socket(device, "").await;
        person.sends(json!({"type": "hello", "device": device})).await;
        person.gets("welcome").await
    }

    /// A socket that has said hello.
    pub async fn connect(&self, device: &str, seat: &str) -> Person {
        let mut person = self.socket(device, seat).await;
        person.greets().await;
        person
    }

    /// A socket that has said nothing yet.
    pub async fn socket(&self, device: &str, seat: &str) -> Person {
        let stream = TcpStream::connect(self.address).await.unwrap();
        self.socket_over(stream, device, seat).await
    }

    pub async fn socket_over(&self, stream: TcpStream, device: &str, seat: &str) -> Person {
        let shaken = within(tokio_tungstenite::client_async(self.upgrade(), stream), "the upgrade").await;
        let (socket, answer) = shaken.unwrap();
        assert_eq!(answer.headers()["sec-websocket-protocol"], "parlour.v1");
        let (device, seat) = (device.to_owned(), seat.to_owned());
        let (waiting, notes, said, transcript) =
            (VecDeque::new(), VecDeque::new(), HashSet::new(), Vec::new());
        Person { socket, device, seat, waiting, notes, said, transcript }
    }

    /// The request for a socket.
    pub fn upgrade(&self) -> Request {
        let mut request = format!("ws://{}/api/v1/socket", self.address).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "parlour.v1".parse().unwrap());
        request
    }
}

/// Somebody in the chat, on one device.
pub struct Person {
    pub socket: WebSocketStream<TcpStream>,
    pub device: String,
    pub seat: String,
    waiting: VecDeque<Value>,
    /// What was noted among the messages: nobody said it.
    notes: VecDeque<Value>,
    /// The ids of what was said here: those messages come back.
    said: HashSet<String>,
    transcript: Vec<String>,
}

impl Person {
    pub async fn sends(&mut self, frame: Value) {
        if frame["type"] == "chat-say" {
            self.said.extend(frame["id"].as_str().map(str::to_owned));
        }
        self.sends_text(frame.to_string()).await;
    }

    pub async fn sends_text(&mut self, frame: String) {
        self.transcript.push(format!("> {}", beginning(&frame)));
        within(self.socket.send(Message::Text(frame.into())), "a frame to be sent").await.unwrap();
    }

    /// The first frame, and its answer.
    pub async fn greets(&mut self) {
        self.sends(json!({"type": "hello", "device": self.device})).await;
        self.gets("welcome").await;
    }

    /// Says something and waits until it is kept. Gives the seq.
    pub async fn says(&mut self, text: &str) -> u64 {
        let id = fresh_id();
        self.says_as(&id, text).await
    }

    pub async fn says_as(&mut self, id: &str, text: &str) -> u64 {
        self.sends(json!({"type": "chat-say", "seat": self.seat, "id": id, "text": text})).await;
        self.is_acknowledged(id).await
    }

    /// Waits for the message itself, or for word that it was taken where that does not come. Gives its seq.
    pub async fn is_acknowledged(&mut self, id: &str) -> u64 {
        let me = self.seat.split_once('-').unwrap().1.to_owned();
        let is_it = |frame: &Value| match frame["type"].as_str() {
            Some("chat-message") => frame["id"] == id && frame["from"] == me.as_str(),
            Some("chat-said") => frame["id"] == id && frame["seat"].as_str().unwrap().ends_with(&me),
            _ => false,
        };
        self.gets_that("an acknowledgement", is_it).await["seq"].as_u64().unwrap()
    }

    /// Opens the chat behind the last message that the device has, and gives how it stands.
    pub async fn opens(&mut self, after: u64) -> Value {
        self.sends(json!({"type": "chat-open", "seat": self.seat, "after": after})).await;
        self.gets("chat-state").await
    }

    /// Waits for a message that did not come from here, and gives its seq.
    pub async fn hears(&mut self, words: &str) -> u64 {
        let said = std::mem::take(&mut self.said);
        let me = self.seat.split_once('-').map_or("", |(_, me)| me).to_owned();
        let is_own = |frame: &Value| frame["from"] == me.as_str() && said.contains(&text(&frame["id"]));
        let heard = self.gets_where("chat-message", |frame| !is_own(frame)).await;
        self.said = said;
        assert_eq!(heard["text"], words, "{}", self.told());
        heard["seq"].as_u64().unwrap()
    }

    /// The next frame of this type, whatever comes before it.
    pub async fn gets(&mut self, kind: &str) -> Value {
        self.gets_where(kind, |_| true).await
    }

    pub async fn gets_where(&mut self, kind: &str, is_meant: impl Fn(&Value) -> bool) -> Value {
        self.gets_that(kind, |frame| frame["type"] == kind && is_meant(frame)).await
    }

    async fn gets_that(&mut self, kind: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.waiting.iter().position(&is_it) {
            return self.waiting.remove(at).unwrap();
        }
        loop {
            let frame = self.next(kind).await;
            if is_it(&frame) {
                return frame;
            }
            self.waiting.push_back(frame);
        }
    }

    /// The next frame, whatever it is.
    pub async fn gets_next(&mut self) -> Value {
        match self.waiting.pop_front() {
            Some(frame) => frame,
            None => self.next("frame").await,
        }
    }

    /// The same, also if it only notes something.
    pub async fn gets_any(&mut self) -> Value {
        match self.waiting.pop_front() {
            Some(frame) => frame,
            None => self.read("frame", tokio::time::Instant::now() + DEADLINE).await,
        }
    }

    /// What was noted next, once everything that the house has said by now has come.
    pub async fn reads_note(&mut self) -> Value {
        self.ping().await;
        self.notes.pop_front().unwrap_or_else(|| panic!("nothing was noted\n{}", self.told()))["note"].clone()
    }

    /// Is refused with this code, and can go on.
    pub async fn is_refused(&mut self, code: &str) -> Value {
        let refused = self.gets("refused").await;
        assert_eq!(refused["code"], code, "{}", self.told());
        refused
    }

    /// A question and its answer: whatever the house had to say before it has come by then.
    pub async fn ping(&mut self) {
        self.sends(json!({"type": "ping"})).await;
        self.gets("pong").await;
    }

    /// Nothing of this type has come until now.
    pub async fn has_not_got(&mut self, kind: &str) {
        self.ping().await;
        let got = self.waiting.iter().find(|frame| frame["type"] == kind);
        assert!(got.is_none(), "{got:?}\n{}", self.told());
    }

    /// Waits until the house closes the socket, and gives the code.
    pub async fn is_closed(&mut self) -> Option<u16> {
        loop {
            match within(self.socket.next(), "the socket to be closed").await {
                Some(Ok(Message::Close(frame))) => return frame.map(|CloseFrame { code, .. }| code.into()),
                Some(Ok(Message::Text(text))) => self.keep(&text),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// Frames that came while something else was waited for.
    pub fn has_got(&self, kind: &str) -> bool {
        self.waiting.iter().any(|frame| frame["type"] == kind)
    }

    fn keep(&mut self, text: &Utf8Bytes) {
        self.transcript.push(format!("< {}", beginning(text)));
        self.waiting.push_back(serde_json::from_str(text).unwrap());
    }

    async fn next(&mut self, kind: &str) -> Value {
        // One deadline for all of it: notes come for as long as there are any.
        let deadline = tokio::time::Instant::now() + DEADLINE;
        loop {
            match self.read(kind, deadline).await {
                note if note.get("note").is_some() => self.notes.push_back(note),
                frame => return frame,
            }
        }
    }

    /// Pings come for as long as the socket is open.
    async fn read(&mut self, kind: &str, deadline: tokio::time::Instant) -> Value {
        loop {
            match tokio::time::timeout_at(deadline, self.socket.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => {
                    self.keep(&text);
                    return self.waiting.pop_back().unwrap();
                }
                Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => {}
                other => panic!("no {kind} came, but {other:?}\n{}", self.told()),
            }
        }
    }

    fn told(&self) -> String {
        let last = self.transcript.len().saturating_sub(40);
        self.transcript[last..].join("\n")
    }
}

/// The text of a JSON value.
/// The id of a message without an order to keep: the only one of its producer.
pub fn fresh_id() -> String {
    format!("{:016x}{:016x}", rand::random::<u64>(), 1)
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

/// Waits with a deadline.
pub async fn within<T>(what: impl Future<Output = T>, name: &str) -> T {
    tokio::time::timeout(DEADLINE, what)
        .await
        .unwrap_or_else(|_| panic!("waited for {name} and it did not come"))
}

/// Between two looks at something of which nobody would tell.
const LOOK: Duration = Duration::from_millis(5);

/// Looks again and again until there is something, with a deadline, while the house in this process goes on.
pub async fn until<T>(name: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let mut looks = tokio::time::interval(LOOK);
    let found = async {
        loop {
            looks.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    };
    within(found, name).await
}

/// As much of a frame as a transcript needs.
fn beginning(frame: &str) -> &str {
    frame.char_indices().nth(300).map_or(frame, |(end, _)| &frame[..end])
}
