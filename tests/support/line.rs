//! A line between a visitor and the house, in the test's hands: a TCP proxy on 127.0.0.1 for one connection.
//!
//! It carries bytes until its mood changes, or until it has carried as many as it may. `network` breaks lines
//! with it; it knows nothing of what is said on them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::support::house::within;

/// So little is on its way at once, so that an end that does not read is noticed soon; 127.0.0.1 holds
/// megabytes.
const WINDOW_BYTES: u32 = 4 * 1024;
/// Bytes of a segment, as on an Ethernet.
const SEGMENT_BYTES: u32 = 1_460;

/// What a line does with what it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// It carries it.
    Passes,
    /// It holds it for good, and both sockets say that they are open: a laptop sleeps.
    Stalls,
    /// It takes it and carries nothing, not even the end.
    Swallows,
    /// It ends both sockets by RST (RFC 9293, section 3.10.7).
    Resets,
    /// It carries nothing more that comes from here, and says so; the other way stays open.
    HalfCloses(End),
}

/// One of the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Visitor,
    House,
}

/// A line that was laid. Dropping this leaves it as it is.
pub struct Line {
    shared: Arc<Shared>,
    from_house: JoinHandle<()>,
}

struct Shared {
    mood: watch::Sender<Mood>,
    /// Bytes that may still be carried, in both directions together.
    left: AtomicUsize,
    /// What happens then.
    after: Mood,
}

impl Line {
    /// The visitor's end of a line to the house, and the line.
    pub async fn to(house: SocketAddr) -> (TcpStream, Self) {
        Self::that_breaks(house, usize::MAX, Mood::Resets).await
    }

    /// One whose mood changes when it has carried so many bytes.
    pub async fn that_breaks(house: SocketAddr, bytes: usize, after: Mood) -> (TcpStream, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let visitor = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (outer, _) = listener.accept().await.unwrap();
        let inner = TcpSocket::new_v4().unwrap();
        inner.set_recv_buffer_size(WINDOW_BYTES).unwrap();
        SockRef::from(&inner).set_tcp_mss(SEGMENT_BYTES).unwrap();
        let inner = within(inner.connect(house), "a connection to the house").await.unwrap();
        let (mood, left) = (watch::Sender::new(Mood::Passes), AtomicUsize::new(bytes));
        let shared = Arc::new(Shared { mood, left, after });
        let ((from_visitor, to_visitor), (from_house, to_house)) = (outer.into_split(), inner.into_split());
        drop(tokio::spawn(Arc::clone(&shared).carry(End::Visitor, from_visitor, to_house)));
        let from_house = tokio::spawn(Arc::clone(&shared).carry(End::House, from_house, to_visitor));
        (visitor, Self { shared, from_house })
    }

    pub fn becomes(&self, mood: Mood) {
        self.shared.mood.send_replace(mood);
    }

    /// How much of `bytes` is left.
    pub fn left(&self) -> usize {
        self.shared.left.load(Ordering::SeqCst)
    }

    /// Waits until the house has closed its end.
    pub async fn closed_by_the_house(self) {
        within(self.from_house, "the house to close its end of the line").await.unwrap();
    }
}

impl Shared {
    /// One direction, from its first byte to its end. Where it ends, the other side is told so.
    async fn carry(self: Arc<Self>, end: End, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let mut mood = self.mood.subscribe();
        let mut bytes = [0; 1_024];
        loop {
            let now = *mood.borrow_and_update();
            match now {
                Mood::Resets => return reset(to),
                Mood::HalfCloses(closed) if closed == end => return,
                Mood::Stalls => drop(mood.changed().await),
                Mood::Passes | Mood::Swallows | Mood::HalfCloses(_) => tokio::select! {
                    _ = mood.changed() => {}
                    read = from.read(&mut bytes) => match (read, now) {
                        (Ok(1..), Mood::Swallows) => {}
                        (Ok(0) | Err(_), Mood::Swallows) => drop(mood.changed().await),
                        (Ok(count @ 1..), _) => self.write(&mut to, &bytes[..count]).await,
                        (Ok(0) | Err(_), _) => return,
                    }
                },
            }
        }
    }

    /// As many of the bytes as may still be carried.
    async fn write(&self, to: &mut OwnedWriteHalf, bytes: &[u8]) {
        let less = |left: usize| Some(left.saturating_sub(bytes.len()));
        let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).unwrap_or_default();
        // An end that does not take it is gone, which the other direction finds out.
        let _ = to.write_all(&bytes[..bytes.len().min(left)]).await;
        if bytes.len() >= left {
            self.mood.send_replace(self.after);
        }
    }
}

/// Nothing is said before the RST: dropping a half says FIN otherwise.
fn reset(to: OwnedWriteHalf) {
    to.as_ref().set_zero_linger().unwrap();
    to.forget();
}
