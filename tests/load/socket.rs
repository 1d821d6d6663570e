//! The client's end of a socket (RFC 6455), made for spending little: what it costs is taken from the house.
//!
//! A frame is read in place, from one buffer; nothing is allocated for it. The mask of what is sent is zero,
//! which RFC 6455 lets a server not notice. It reads what Parlour sends and no more: whole text frames,
//! pings, closes.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::Range;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::Outcome;
use crate::chats::Seat;

/// Bytes of the read buffer: more than the largest frame of these measures, and less than a burst is cut at.
const INBOX_BYTES: usize = 64 * 1024;
/// The upgrade of RFC 6455 section 4.1; the key is the one of its section 1.3, for no key is looked at here.
const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                       Sec-WebSocket-Protocol: parlour.v1\r\n\r\n";

const TEXT: u8 = 0x81;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;
const MASKED: u8 = 0x80;
/// In the place of the length: it follows in 16 bits (126).
const LENGTH_FOLLOWS: u8 = 0x7e;

/// An open socket.
pub struct Socket {
    stream: TcpStream,
    inbox: Vec<u8>,
    read: Range<usize>,
}

/// A frame of the house; the payload lies in the inbox until the next one is asked for.
enum Frame {
    Text(Range<usize>),
    Ping(Range<usize>),
    Close(Range<usize>),
}

impl Socket {
    /// Connects from that address of loopback and upgrades.
    pub async fn open(house: SocketAddr, from: Ipv4Addr) -> Outcome<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((IpAddr::from(from), 0).into())?;
        let mut stream = socket.connect(house).await?;
        stream.set_nodelay(true)?;
        let head = format!("GET /api/v1/socket HTTP/1.1\r\nHost: {house}\r\n{UPGRADE}");
        stream.write_all(head.as_bytes()).await?;
        let mut socket = Self { stream, inbox: vec![0; INBOX_BYTES], read: 0..0 };
        socket.await_upgrade().await?;
        Ok(socket)
    }

    /// Says who asks, and waits for the welcome.
    pub async fn hello(&mut self, seat: &Seat) -> Outcome<Value> {
        self.send(&json!({"type": "hello", "device": seat.device})).await?;
        self.await_frame("welcome").await
    }

    /// Opens the chat from its beginning, and waits for its state.
    pub async fn open_chat(&mut self, seat: &Seat) -> Outcome<Value> {
        self.send(&json!({"type": "chat-open", "seat": seat.seat, "after": 0})).await?;
        self.await_frame("chat-state").await
    }

    /// Sends frames that are ready, with heads and masks.
    pub async fn write(&mut self, frames: &[u8]) -> Outcome<()> {
        Ok(self.stream.write_all(frames).await?)
    }

    /// Waits for bytes. The end of the stream is an error: the house has no reason to close.
    pub async fn fill(&mut self) -> Outcome<()> {
        self.inbox.copy_within(self.read.clone(), 0);
        self.read = 0..self.read.len();
        match self.stream.read(&mut self.inbox[self.read.end..]).await? {
            0 => Err("the house closed a socket without saying why".into()),
            length => {
                self.read.end += length;
                Ok(())
            }
        }
    }

    /// The next text frame that is wholly here; a ping on the way is answered into `out`.
    pub fn text(&mut self, out: &mut Vec<u8>) -> Outcome<Option<&[u8]>> {
        while let Some(frame) = self.frame()? {
            match frame {
                Frame::Text(payload) => return Ok(Some(&self.inbox[payload])),
                Frame::Ping(payload) => append_frame(out, PONG, &self.inbox[payload]),
                Frame::Close(payload) => return Err(closed(&self.inbox[payload])),
            }
        }
        Ok(None)
    }

    async fn send(&mut self, frame: &Value) -> Outcome<()> {
        let mut out = Vec::new();
        append_text(&mut out, frame.to_string().as_bytes());
        self.write(&out).await
    }

    /// Frames of other types are passed over; a refusal is an error.
    async fn await_frame(&mut self, kind: &str) -> Outcome<Value> {
        loop {
            let mut out = Vec::new();
            while let Some(text) = self.text(&mut out)? {
                let frame: Value = serde_json::from_slice(text)?;
                match frame["type"].as_str() {
                    Some(this) if this == kind => return Ok(frame),
                    Some("refused" | "bye") => return Err(format!("waiting for {kind}: {frame}").into()),
                    _ => {}
                }
            }
            self.write(&out).await?;
            self.fill().await?;
        }
    }

    async fn await_upgrade(&mut self) -> Outcome<()> {
        loop {
            self.fill().await?;
            let head = &self.inbox[self.read.clone()];
            if let Some(end) = head.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let is_upgraded = head.starts_with(b"HTTP/1.1 101 ");
                let said = String::from_utf8_lossy(head).into_owned();
                self.read.start += end + 4;
                return if is_upgraded { Ok(()) } else { Err(format!("no upgrade: {said}").into()) };
            }
        }
    }

    /// RFC 6455 section 5.2, as a server sends it: no mask, no fragments, no length of 64 bits.
    fn frame(&mut self) -> Outcome<Option<Frame>> {
        let (kind, skip, length) = match self.inbox[self.read.clone()] {
            [kind, length @ 0..=125, ..] => (kind, 2, usize::from(length)),
            [kind, LENGTH_FOLLOWS, high, low, ..] => (kind, 4, usize::from(u16::from_be_bytes([high, low]))),
            [_, 127..=255, ..] => return Err("the house sent a frame that is masked or too long".into()),
            _ => return Ok(None),
        };
        if self.read.len() < skip + length {
            return Ok(None);
        }
        let payload = self.read.start + skip..self.read.start + skip + length;
        self.read.start = payload.end;
        match kind {
            TEXT => Ok(Some(Frame::Text(payload))),
            PING => Ok(Some(Frame::Ping(payload))),
            CLOSE => Ok(Some(Frame::Close(payload))),
            PONG => self.frame(),
            _ => Err(format!("the house sent a frame that begins with {kind:#x}").into()),
        }
    }
}

/// Appends a text frame with a zero mask. Returns where its payload begins.
pub fn append_text(out: &mut Vec<u8>, payload: &[u8]) -> usize {
    append_frame(out, TEXT, payload);
    out.len() - payload.len()
}

fn append_frame(out: &mut Vec<u8>, kind: u8, payload: &[u8]) {
    out.push(kind);
    let length = u16::try_from(payload.len()).expect("no frame of these measures reaches 64 KiB");
    match length.to_be_bytes() {
        [0, length @ 0..=125] => out.push(MASKED | length),
        [high, low] => out.extend_from_slice(&[MASKED | LENGTH_FOLLOWS, high, low]),
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(payload);
}

fn closed(payload: &[u8]) -> Box<dyn std::error::Error + Send + Sync> {
    let code = payload.first_chunk().map_or(0, |code| u16::from_be_bytes(*code));
    let reason = String::from_utf8_lossy(payload.get(2..).unwrap_or_default());
    format!("the house closed a socket with {code} {reason}").into()
}

/// An address of loopback for the socket of that number: one address may hold 200 of them.
pub fn loopback(socket: usize) -> Ipv4Addr {
    const SOCKETS_PER_ADDRESS: usize = 100;
    let block = u32::try_from(socket / SOCKETS_PER_ADDRESS).expect("there are at most 8,000 sockets");
    Ipv4Addr::from_bits(Ipv4Addr::new(127, 0, 1, 1).to_bits() + block)
}
