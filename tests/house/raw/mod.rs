//! Bytes on a connection, without a client that would mend them: what RFC 6455 and RFC 9112 say of wrong
//! ones, as tables of one line a case. [`frames`], [`handshakes`], [`requests`] and [`matrix`] are the
//! tables.
//!
//! A case is what is sent and, in a few words, everything that comes back. All cases of a table are tried,
//! and what differs is told together.

mod frames;
mod handshakes;
mod matrix;
mod requests;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU16, Ordering};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::support::house::{House, within};

/// The key of RFC 6455, section 1.3, and its answer.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// A connection of its own address, so that no case is counted with another.
struct Wire {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Wire {
    async fn to(house: SocketAddr) -> Self {
        static NEXT: AtomicU16 = AtomicU16::new(1);
        let [high, low] = NEXT.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((Ipv4Addr::new(127, 32, high, low), 0).into()).unwrap();
        let stream = within(socket.connect(house), "a connection").await.unwrap();
        Self { stream, read: Vec::new() }
    }

    /// One whose house may have closed it already: what it said before can be read all the same.
    async fn sends(&mut self, bytes: &[u8]) {
        drop(within(self.stream.write_all(bytes), "bytes to be sent").await);
    }

    async fn ends(&mut self) {
        drop(self.stream.shutdown().await);
    }

    /// More bytes, or false where there are none.
    async fn more(&mut self) -> bool {
        let mut chunk = [0; 4_096];
        let count = within(self.stream.read(&mut chunk), "more bytes").await.unwrap_or(0);
        self.read.extend_from_slice(&chunk[..count]);
        count > 0
    }

    /// So many bytes, taken off; none when it ends before.
    async fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        while self.read.len() < count {
            if !self.more().await {
                return None;
            }
        }
        Some(self.read.drain(..count).collect())
    }

    /// The head of an answer, in lower case, up to its empty line.
    async fn head(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = self.take(end + 4).await?;
                return Some(String::from_utf8(head).unwrap().to_lowercase());
            }
            if !self.more().await {
                return None;
            }
        }
    }

    /// An answer over HTTP as its status, with the refusal's code where it has one; `gone` where there is
    /// none.
    async fn answer(&mut self, asked: Asked) -> String {
        let Some(head) = self.head().await else { return "gone".to_owned() };
        let status = head.split(' ').nth(1).unwrap().to_owned();
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let length = field("content-length:").map_or(0, |length| length.parse().unwrap());
        let has_body = asked == Asked::Whole && !status.starts_with('1') && status != "204";
        let body = if has_body { self.take(length).await.unwrap_or_default() } else { Vec::new() };
        assert!(field("transfer-encoding:").is_none(), "{head}");
        let code = serde_json::from_slice::<Value>(&body)
            .ok()
            .and_then(|body| body["code"].as_str().map(str::to_owned));
        code.map_or(status.clone(), |code| format!("{status}:{code}"))
    }

    /// A socket of this device, as a client opens it.
    async fn socket(house: &House, device: &str) -> Self {
        let mut wire = Self::to(house.address).await;
        wire.sends(handshakes::request(house.address, &[]).as_bytes()).await;
        assert_eq!(wire.answer(Asked::Whole).await, "101");
        wire.sends(&frames::masked(frames::TEXT, &frames::hello(device))).await;
        assert_eq!(wire.frame().await, "welcome");
        wire
    }

    /// A frame in one word: the type of a text, with the code of a refusal; the number of a close; what a
    /// pong carries. The house's own pings are left out.
    async fn frame(&mut self) -> String {
        loop {
            let Some(head) = self.take(2).await else { return "gone".to_owned() };
            let wide = match head[1] {
                126 => 2,
                127 => 8,
                _ => 0,
            };
            let wide = self.take(wide).await.unwrap();
            let length = if wide.is_empty() { usize::from(head[1]) } else { number(&wide) };
            let payload = self.take(length).await.unwrap();
            match head[0] {
                frames::TEXT => return word(&serde_json::from_slice(&payload).unwrap()),
                frames::CLOSE if payload.is_empty() => return "close".to_owned(),
                frames::CLOSE => return number(&payload[..2]).to_string(),
                frames::PONG => return format!("PONG({})", String::from_utf8_lossy(&payload)),
                frames::PING => {}
                other => panic!("a frame that the house may not send: {other:#x}"),
            }
        }
    }
}

/// Whether the answer to a request has the body that it speaks of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Whole,
    Head,
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

fn word(frame: &Value) -> String {
    let kind = frame["type"].as_str().unwrap();
    frame["code"].as_str().map_or(kind.to_owned(), |code| format!("{kind}:{code}"))
}

/// Everything that differs, told together.
#[track_caller]
fn all_as_expected(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
