//! What waits for one socket: a bounded list that the hub fills and the session empties.
//!
//! All chats that a socket has open share its inbox. What is ordinary is bounded in frames and bytes. What
//! ends a chat for this socket gets in even when the inbox is full, so that it cannot be lost: there is at
//! most one of each kind for an open seat. Nothing here waits but [`Inbox::called`] and [`Inbox::rung`],
//! and they hold no lock.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::domain::{MessageId, ParticipantId, Receipt, SeatId, Seq};
use crate::limits::{OUTBOX_BYTES_MAX, OUTBOX_FRAMES_MAX};

/// One thing for one socket, in the order in which it became true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A frame to write.
    Frame {
        /// For which of the socket's seats.
        seat: SeatId,
        /// The place of the message that it shows, if it shows one.
        seq: Option<Seq>,
        /// The message of this socket that it acknowledges, if it does.
        answers: Option<MessageId>,
        /// The frame.
        text: Utf8Bytes,
    },
    /// How far somebody has got. One that was shown already, with the state of the chat, is not shown again.
    Receipt {
        /// For which of the socket's seats.
        seat: SeatId,
        /// Whose.
        of: ParticipantId,
        /// So far.
        receipt: Receipt,
        /// The frame.
        text: Utf8Bytes,
    },
    /// A frame that nobody misses if it comes too late: somebody types.
    Typing {
        /// For which of the socket's seats.
        seat: SeatId,
        /// The frame.
        text: Utf8Bytes,
    },
    /// The socket could not keep up: after this it hears nothing of the seat until it opens it anew (I4).
    Resync {
        /// Which of the socket's seats.
        seat: SeatId,
        /// When the inbox was found full.
        since: Instant,
    },
    /// The chat is destroyed; the frame is the last one of the seat.
    Ended {
        /// Which of the socket's seats.
        seat: SeatId,
        /// The frame.
        text: Utf8Bytes,
    },
    /// The device has lost its right to the seat, and heard nothing more since (I5).
    Left(SeatId),
}

impl News {
    /// Which of the socket's seats it is for.
    pub fn seat(&self) -> SeatId {
        match self {
            Self::Frame { seat, .. }
            | Self::Receipt { seat, .. }
            | Self::Typing { seat, .. }
            | Self::Resync { seat, .. }
            | Self::Ended { seat, .. }
            | Self::Left(seat) => *seat,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Frame { text, .. }
            | Self::Receipt { text, .. }
            | Self::Typing { text, .. }
            | Self::Ended { text, .. } => text.len(),
            Self::Resync { .. } | Self::Left(_) => 0,
        }
    }
}

/// What waits for one socket.
#[derive(Default)]
pub struct Inbox {
    waiting: Mutex<Waiting>,
    bell: Notify,
}

#[derive(Default)]
struct Waiting {
    news: Vec<News>,
    bytes: usize,
    /// Whether this inbox stands in somebody's [`Bells`] already.
    to_ring: bool,
}

/// The inbox has no room for what is ordinary.
pub struct Full;

impl Inbox {
    /// Everything that waits, in order.
    pub fn take(&self) -> Vec<News> {
        let mut waiting = self.waiting();
        waiting.bytes = 0;
        mem::take(&mut waiting.news)
    }

    /// Returns when something waits. It may return for nothing. A bell that somebody else heard is not
    /// missed: what it rang for still waits.
    pub async fn called(&self) {
        let bell = self.bell.notified();
        if self.is_empty() {
            bell.await;
        } else {
            // Taken along, so that it does not ring once more for the same.
            bell.now_or_never();
        }
    }

    /// Returns when something more may have come in.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }

    /// Since when the socket is known to be unable to keep up, if word of that still waits here.
    pub fn stuck_since(&self) -> Option<Instant> {
        self.waiting().news.iter().find_map(|news| match news {
            News::Resync { since, .. } => Some(*since),
            _ => None,
        })
    }

    /// Forgets what waits for a seat, because it is opened anew.
    pub fn forget(&self, seat: SeatId) {
        let mut waiting = self.waiting();
        waiting.news.retain(|news| news.seat() != seat);
        waiting.bytes = waiting.news.iter().map(News::bytes).sum();
    }

    fn is_empty(&self) -> bool {
        self.waiting().news.is_empty()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn has_room(&self, news: &News) -> bool {
        self.news.len() < OUTBOX_FRAMES_MAX && self.bytes + news.bytes() <= OUTBOX_BYTES_MAX
    }

    fn push(&mut self, news: News) {
        self.bytes += news.bytes();
        self.news.push(news);
    }
}

/// The inboxes that got something while the hub was locked. They are rung once each, when it is not any more.
#[derive(Default)]
pub struct Bells(Vec<Arc<Inbox>>);

impl Bells {
    /// Puts something ordinary into an inbox, if it has room.
    pub fn post(&mut self, inbox: &Arc<Inbox>, news: News) -> Result<(), Full> {
        let mut waiting = inbox.waiting();
        if !waiting.has_room(&news) {
            return Err(Full);
        }
        waiting.push(news);
        self.note(inbox, waiting);
        Ok(())
    }

    /// Puts something into an inbox, whether or not it has room: the last word about an open seat.
    pub fn insist(&mut self, inbox: &Arc<Inbox>, news: News) {
        let mut waiting = inbox.waiting();
        waiting.push(news);
        self.note(inbox, waiting);
    }

    /// Wakes the sessions.
    pub fn ring(self) {
        for inbox in self.0 {
            inbox.waiting().to_ring = false;
            inbox.bell.notify_one();
        }
    }

    fn note(&mut self, inbox: &Arc<Inbox>, mut waiting: MutexGuard<'_, Waiting>) {
        if !mem::replace(&mut waiting.to_ring, true) {
            self.0.push(Arc::clone(inbox));
        }
    }
}
