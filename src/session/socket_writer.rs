//! The writing half of a session's socket: frames are gathered, and written when nothing more is at hand.
//!
//! Every write has a deadline, a shorter one when the peer is known not to keep up. Says the last word when a
//! session is over. Never looks into a frame.

use std::future::{pending, poll_fn};

use futures_util::{FutureExt, Sink, SinkExt, Stream, StreamExt};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use crate::delivery::Subscriber;
use crate::limits::{FAREWELL_DEADLINE, STUCK_DEADLINE, WRITE_DEADLINE};
use crate::protocol::server::{self, Why};

/// What a session needs of a socket. Tests have one without a network.
pub trait Socket: Stream<Item = Result<Message, Error>> + Sink<Message, Error = Error> + Unpin {}

impl<S: Stream<Item = Result<Message, Error>> + Sink<Message, Error = Error> + Unpin> Socket for S {}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// The peer is gone, or does not read: there is nobody to talk to.
    Gone,
    /// The peer is told by the number of the close (RFC 6455, section 7.4).
    Close(CloseCode),
    /// The peer is told to come back: `bye`, then close 1001.
    Bye(Why),
}

/// A socket, and what is known of its peer's patience and ours.
pub struct SocketWriter<S> {
    socket: S,
    has_unflushed: bool,
    stuck_since: Option<Instant>,
    broken: bool,
}

impl<S: Socket> SocketWriter<S> {
    pub fn new(socket: S) -> Self {
        Self { socket, has_unflushed: false, stuck_since: None, broken: false }
    }

    /// What the peer sends next. Dropping the future loses nothing.
    pub async fn hear(&mut self) -> Result<Message, CloseReason> {
        match self.socket.next().await {
            Some(Ok(message)) => Ok(message),
            Some(Err(error)) => {
                self.broken = true;
                Err(over(&error))
            }
            None => Err(CloseReason::Gone),
        }
    }

    /// Adds a frame to what will be written. `subscriber` tells whether the peer cannot keep up meanwhile.
    pub async fn feed(
        &mut self,
        text: impl Into<Utf8Bytes>,
        subscriber: Option<&Subscriber>,
    ) -> Result<(), CloseReason> {
        self.push(Message::Text(text.into()), subscriber).await
    }

    pub async fn ping(&mut self, subscriber: Option<&Subscriber>) -> Result<(), CloseReason> {
        self.push(Message::Ping(bytes::Bytes::new()), subscriber).await
    }

    /// Writes what was gathered, and what the socket itself answers to pings.
    pub async fn flush(&mut self, subscriber: Option<&Subscriber>) -> Result<(), CloseReason> {
        if !self.has_unflushed {
            return Ok(());
        }
        let stuck_since = self.stuck_since;
        within(poll_fn(|cx| self.socket.poll_flush_unpin(cx)), stuck_since, subscriber).await?;
        self.has_unflushed = false;
        self.stuck_since = None;
        Ok(())
    }

    /// The socket itself has an answer to write: that to a ping.
    pub fn owe(&mut self) {
        self.has_unflushed = true;
    }

    /// The peer could not keep up since then, and is told so by what is written next.
    pub fn lag(&mut self, since: Instant) {
        self.stuck_since.get_or_insert(since);
    }

    /// The last word. Waits a moment for the peer to read it: a socket that is shut while something unread
    /// lies in it is reset, and the peer would not learn why.
    pub async fn farewell(mut self: Box<Self>, over: CloseReason) {
        let (words, code) = match over {
            CloseReason::Gone => return,
            CloseReason::Close(code) => (None, code),
            CloseReason::Bye(why) => (Some(server::bye(why)), CloseCode::Away),
        };
        let leaving = async {
            if let Some(words) = words {
                self.socket.feed(Message::Text(words.into())).await?;
            }
            let close = CloseFrame { code, reason: Utf8Bytes::from_static("") };
            self.socket.send(Message::Close(Some(close))).await?;
            while let Some(Ok(_)) = self.socket.next().await {}
            if self.broken {
                pending::<()>().await;
            }
            Ok::<(), Error>(())
        };
        // A peer that does not read this in time misses it.
        let _ = timeout(FAREWELL_DEADLINE, leaving).await;
    }

    async fn push(&mut self, message: Message, subscriber: Option<&Subscriber>) -> Result<(), CloseReason> {
        let stuck_since = self.stuck_since;
        within(poll_fn(|cx| self.socket.poll_ready_unpin(cx)), stuck_since, subscriber).await?;
        self.has_unflushed = true;
        self.socket.start_send_unpin(message).map_err(|_| CloseReason::Gone)
    }
}

/// Ends when a peer that cannot keep up had its time.
async fn patience(stuck_since: Option<Instant>, subscriber: Option<&Subscriber>) {
    let since = match (stuck_since, subscriber) {
        (Some(since), _) => since,
        (None, Some(subscriber)) => subscriber.stuck().await,
        (None, None) => pending().await,
    };
    sleep_until(since + STUCK_DEADLINE).await;
}

/// One write. Most are done at once, and then no timer is touched, nor room for one kept in every session.
async fn within(
    mut write: impl Future<Output = Result<(), Error>> + Unpin,
    stuck_since: Option<Instant>,
    subscriber: Option<&Subscriber>,
) -> Result<(), CloseReason> {
    if let Some(written) = (&mut write).now_or_never() {
        return written.map_err(|_| CloseReason::Gone);
    }
    Box::pin(async {
        tokio::select! {
            biased;
            written = write => written.map_err(|_| CloseReason::Gone),
            () = patience(stuck_since, subscriber) => Err(CloseReason::Close(CloseCode::Again)),
            () = sleep(WRITE_DEADLINE) => Err(CloseReason::Gone),
        }
    })
    .await
}

/// What to say to a peer that sends what no socket understands.
fn over(error: &Error) -> CloseReason {
    match error {
        Error::Capacity(_) => CloseReason::Close(CloseCode::Size),
        Error::Utf8(_) => CloseReason::Close(CloseCode::Invalid),
        Error::Protocol(_) => CloseReason::Close(CloseCode::Protocol),
        _ => CloseReason::Gone,
    }
}
