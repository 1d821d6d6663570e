//! What the tests are written in: a house with one chat, and peers with pipes to it.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncWriteExt, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, RealMachine};
use crate::crypto::{DeviceSecret, Stretch};
use crate::delivery::Hub;
use crate::domain::{At, Body, Caller, Command, Idle, MessageId, Names, Outcome, SeatId, Text};
use crate::house::failure_log::FailureLog;
use crate::house::{House, RateLimits};
use crate::limits::FRAME_BYTES_MAX;
use crate::protocol::text::{MessageIdText, SeatText};
use crate::session::run;
use crate::session::strangers::{StrangerPermit, Strangers};
use crate::store::{Invite, Options, RealDisk, Store};

/// Bytes that lie in a pipe before a writer waits.
const PIPE_BYTES: usize = 64 * 1024;

pub type Pipe = WebSocketStream<DuplexStream>;

/// The house's end and the peer's.
pub async fn pipe(bytes: usize) -> (Pipe, Pipe) {
    let (house, peer) = duplex(bytes);
    let size = Some(FRAME_BYTES_MAX);
    let config = WebSocketConfig::default().read_buffer_size(4_096).write_buffer_size(4_096);
    let config = config.max_write_buffer_size(256 * 1024).max_message_size(size).max_frame_size(size);
    let house = WebSocketStream::from_raw_socket(house, Role::Server, Some(config)).await;
    (house, WebSocketStream::from_raw_socket(peer, Role::Client, None).await)
}

/// The place of a socket in a house that has enough of them.
pub fn stranger() -> StrangerPermit {
    Strangers::default().admit(IpAddr::V4(Ipv4Addr::LOCALHOST).into())
}

/// A house with one chat of two.
pub struct Table {
    pub house: Arc<House>,
    pub stop: CancellationToken,
    invites: Vec<Invite>,
    _dir: tempfile::TempDir,
}

/// Who has come in: what is needed to speak for them.
#[derive(Clone)]
pub struct Guest {
    pub device: DeviceSecret,
    pub seat: SeatId,
}

impl Table {
    pub async fn laid() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock: Clock = Arc::new(|| At(5_000));
        let hub = Hub::new(clock.clone());
        let published = hub.clone();
        let options = Options {
            machine: Arc::new(RealMachine::default()),
            dir: dir.path().join("data"),
            stretch: Stretch::LEAST,
            clock: clock.clone(),
            disk: Box::new(RealDisk),
            patience: Duration::ZERO,
        };
        let store = Store::open(options, move |publication| published.publish(publication)).unwrap();
        let names = Names::parse(&["Anny", "Abhi"]).unwrap();
        let invites = store.start(&names, Idle::Day, Caller::Host).await.unwrap();
        let house = Arc::new(House {
            store,
            hub,
            rate_limits: RateLimits::new(100_000, 300_000),
            clock,
            failures: FailureLog::default(),
            metrics: Arc::default(),
        });
        Self { house, stop: CancellationToken::new(), invites, _dir: dir }
    }

    /// Anny is 0, Abhi is 1.
    pub async fn enter(&self, who: usize) -> Guest {
        let Invite { token, code, .. } = &self.invites[who];
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let entered = self.house.store.enter(token, code, None, from).await.unwrap();
        Guest { device: entered.new_device.unwrap(), seat: entered.seat.id() }
    }

    /// The device of one comes in as somebody else, too.
    pub async fn enter_as(&self, guest: &Guest, who: usize) -> Guest {
        let Invite { token, code, .. } = &self.invites[who];
        let (from, device) = (IpAddr::V4(Ipv4Addr::LOCALHOST), guest.device.clone());
        let entered = self.house.store.enter(token, code, Some(device.clone()), from).await.unwrap();
        Guest { device, seat: entered.seat.id() }
    }

    /// A peer that watches.
    pub async fn watch(&self, guest: &Guest) -> Peer {
        let mut peer = self.connect().await;
        peer.sends(&hello(&guest.device).replace('}', r#","watch":true}"#)).await;
        peer.gets("welcome").await;
        peer
    }

    /// Says something without a socket.
    pub async fn says(&self, guest: &Guest, id: u128, text: &str) -> Outcome {
        let seat = self.house.store.seat(&guest.device, guest.seat).await.unwrap();
        let body = Body::Text(Text::parse(text.to_owned()).unwrap());
        self.house.submit(&seat, Command::Say { id: MessageId(id), draft: body.into() }).await.unwrap()
    }

    /// Says many things at once: a busy disk syncs a few times and not once for each.
    pub async fn says_all(&self, guest: &Guest, ids: RangeInclusive<u64>, text: &str) {
        let seat = self.house.store.seat(&guest.device, guest.seat).await.unwrap();
        let say = |id: u64| {
            let body = Body::Text(Text::parse(text.to_owned()).unwrap());
            self.house.submit(&seat, Command::Say { id: MessageId(id.into()), draft: body.into() })
        };
        try_join_all(ids.map(say)).await.unwrap();
    }

    /// A peer that has not said hello.
    pub async fn connect(&self) -> Peer {
        self.connect_by(PIPE_BYTES, stranger()).await
    }

    pub async fn connect_by(&self, bytes: usize, place: StrangerPermit) -> Peer {
        let (house, peer) = pipe(bytes).await;
        let session = tokio::spawn(run(self.house.clone(), house, place, self.stop.clone()));
        Peer { socket: peer, session }
    }

    /// A peer that was welcomed.
    pub async fn greet(&self, guest: &Guest) -> Peer {
        let mut peer = self.connect().await;
        peer.sends(&hello(&guest.device)).await;
        peer.gets("welcome").await;
        peer
    }

    /// A peer that has the chat open and has got the messages after `after`.
    pub async fn sit(&self, guest: &Guest, after: u64) -> Peer {
        let mut peer = self.greet(guest).await;
        peer.sends(&open(guest.seat, after)).await;
        peer.gets("chat-state").await;
        peer
    }

    /// A peer that withholds something and has the chat open, and how it was shown to it.
    pub async fn sit_withholding(&self, guest: &Guest, sign: &str, after: u64) -> (Peer, Utf8Bytes) {
        let mut peer = self.connect().await;
        let hello = hello(&guest.device).replace('}', &format!(r#","withholds":["{sign}"]}}"#));
        peer.sends(&hello).await;
        peer.gets("welcome").await;
        peer.sends(&open(guest.seat, after)).await;
        let state = peer.gets("chat-state").await;
        (peer, state)
    }
}

/// The other end of a session.
pub struct Peer {
    pub socket: Pipe,
    pub session: JoinHandle<()>,
}

impl Peer {
    pub async fn sends(&mut self, text: &str) {
        self.send(Message::text(text.to_owned())).await;
    }

    pub async fn send(&mut self, message: Message) {
        within(self.socket.send(message)).await.unwrap();
    }

    /// Bytes that no frame is made of.
    pub async fn sends_raw(&mut self, bytes: &[u8]) {
        self.socket.get_mut().write_all(bytes).await.unwrap();
    }

    /// The next frame that is not a ping.
    pub async fn next(&mut self) -> Message {
        // One deadline for all of it: pings come for as long as the socket is open.
        within(async {
            loop {
                match self.socket.next().await.expect("the socket has ended too early").unwrap() {
                    Message::Ping(_) => {}
                    message => return message,
                }
            }
        })
        .await
    }

    /// The next frame, which is of this type.
    pub async fn gets(&mut self, kind: &str) -> Utf8Bytes {
        let message = self.next().await;
        let Message::Text(text) = message else { panic!("{kind} was expected, not {message:?}") };
        assert!(text.contains(&format!(r#""type":"{kind}""#)), "{kind} was expected, not {text}");
        text
    }

    /// The next message or acknowledgement: its type and seq. Presence and receipts in between are left out.
    pub async fn shown(&mut self) -> (String, u64) {
        loop {
            let message = self.next().await;
            let Message::Text(text) = message else { panic!("a message was expected, not {message:?}") };
            let kind = field(&text, "type");
            match kind.as_str() {
                "chat-presence" | "chat-receipt" => {}
                "chat-said" | "chat-message" => return (kind, field(&text, "seq").parse().unwrap()),
                _ => panic!("a message was expected, not {text}"),
            }
        }
    }

    pub async fn is_refused(&mut self, of: &str, code: &str) {
        let text = self.gets("refused").await;
        let named = of.is_empty() || text.contains(&format!(r#""of":"{of}""#));
        assert!(named && text.contains(&format!(r#""code":"{code}""#)), "{text}");
    }

    /// The number of the close, which is the next frame; and the session ends.
    pub async fn closes(mut self) -> u16 {
        let message = self.next().await;
        let Message::Close(Some(close)) = message else { panic!("a close was expected, not {message:?}") };
        drop(self.socket);
        within(self.session).await.unwrap();
        close.code.into()
    }

    /// Nothing more has been written: the answer to a ping is the next frame.
    pub async fn has_no_more(&mut self) {
        self.sends(r#"{"type":"ping"}"#).await;
        self.gets("pong").await;
    }
}

/// The value of a field that has no escapes in it.
pub fn field(text: &str, name: &str) -> String {
    let (_, rest) = text.split_once(&format!(r#""{name}":"#)).unwrap();
    rest.trim_start_matches('"').chars().take_while(|c| !matches!(c, '"' | ',' | '}')).collect()
}

/// Long enough for a slow machine.
pub async fn within<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(50), future).await.expect("nothing happened in time")
}

pub fn hello(device: &DeviceSecret) -> String {
    format!(r#"{{"type":"hello","device":"{}"}}"#, device.text().as_str())
}

pub fn open(seat: SeatId, after: u64) -> String {
    format!(r#"{{"type":"chat-open","seat":"{}","after":{after}}}"#, SeatText(seat))
}

pub fn say(seat: SeatId, id: u128, text: &str) -> String {
    let id = MessageIdText(MessageId(id));
    format!(r#"{{"type":"chat-say","seat":"{}","id":"{id}","text":"{text}"}}"#, SeatText(seat))
}

pub fn of(kind: &str, seat: SeatId) -> String {
    format!(r#"{{"type":"{kind}","seat":"{}"}}"#, SeatText(seat))
}
