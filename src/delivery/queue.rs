//! What waits for one socket: a bounded list that the hub fills and the session empties.
//!
//! All chats that a socket has open share its queue. What is ordinary is bounded in frames and bytes. What
//! ends a chat for this socket gets in even when the queue is full, so that it cannot be lost: there is at
//! most one of each kind for an open seat. Beside the list is in which chats something changed, for a socket
//! that watches: names of chats, so that a full list loses none. Nothing here waits but
//! [`SendQueue::ready`] and [`SendQueue::woken`], and they hold no lock.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::domain::{ChangedChats, ChatId, ParticipantId, Receipt, SeatId, Seq};
use crate::limits::{OUTBOX_BYTES_MAX, OUTBOX_FRAMES_MAX};

/// One thing for one of the chats that a socket has open, in the order in which it became true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// A message.
    Message {
        chat: ChatId,
        seq: Seq,
        text: Utf8Bytes,
        /// Whether the same follows as another seat of the socket is shown it.
        has_sequel: bool,
    },
    /// A frame to write.
    Frame { chat: ChatId, text: Utf8Bytes },
    /// How far somebody has got. One that was shown already, with the state of the chat, is not shown again.
    Receipt {
        chat: ChatId,
        of: ParticipantId,
        receipt: Receipt,
        text: Utf8Bytes,
        /// Whether the same follows as the others are shown it, for a socket that has several seats open.
        has_sequel: bool,
    },
    /// A frame that nobody misses if it comes too late: somebody types.
    Typing { chat: ChatId, text: Utf8Bytes },
    /// The socket could not keep up: after this it hears nothing of the chat until it opens it again (I4).
    Resync {
        chat: ChatId,
        /// When the queue was found full.
        since: Instant,
    },
    /// Others are shown to somebody than before: after this it hears nothing of the chat until it opens it
    /// again, and forgets what it has of it.
    Afresh(ChatId),
    /// The chat is destroyed; the frame is the last one of the chat.
    Ended { chat: ChatId, text: Utf8Bytes },
    /// The device has lost its right to the seat, and heard nothing more through it since (I5).
    Left(SeatId),
}

impl Delivery {
    pub fn chat(&self) -> ChatId {
        match self {
            Self::Message { chat, .. }
            | Self::Frame { chat, .. }
            | Self::Receipt { chat, .. }
            | Self::Typing { chat, .. }
            | Self::Resync { chat, .. }
            | Self::Ended { chat, .. }
            | Self::Afresh(chat)
            | Self::Left(SeatId { chat, .. }) => *chat,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Message { text, .. }
            | Self::Frame { text, .. }
            | Self::Receipt { text, .. }
            | Self::Typing { text, .. }
            | Self::Ended { text, .. } => text.len(),
            Self::Resync { .. } | Self::Afresh(_) | Self::Left(_) => 0,
        }
    }
}

/// What waits for one socket.
#[derive(Default)]
pub struct SendQueue {
    waiting: Mutex<QueueState>,
    notify: Notify,
}

#[derive(Default)]
struct QueueState {
    delivery: Vec<Delivery>,
    bytes: usize,
    changed: ChangedChats,
    /// Whether this queue is in somebody's [`WakeList`] already.
    is_listed: bool,
}

/// The queue has no room for what is ordinary.
pub struct Full;

impl SendQueue {
    /// Everything that waits, in order.
    pub fn take(&self) -> Vec<Delivery> {
        let mut waiting = self.waiting();
        waiting.bytes = 0;
        mem::take(&mut waiting.delivery)
    }

    /// In which of the watched chats something changed since the last call.
    pub fn take_changed(&self) -> ChangedChats {
        self.waiting().changed.take()
    }

    /// Returns when something waits. It may return for nothing. A wake-up that somebody else took is not
    /// missed: what it was for still waits.
    pub async fn ready(&self) {
        let notify = self.notify.notified();
        if self.waiting().is_empty() {
            notify.await;
        } else {
            // Taken along, so that it does not wake the session once more for the same.
            notify.now_or_never();
        }
    }

    /// Returns when something more may have come in.
    pub async fn woken(&self) {
        self.notify.notified().await;
    }

    /// Since when the socket is known to be unable to keep up, if word of that still waits here.
    pub fn stuck_since(&self) -> Option<Instant> {
        self.waiting().delivery.iter().find_map(|delivery| match delivery {
            Delivery::Resync { since, .. } => Some(*since),
            _ => None,
        })
    }

    /// Forgets what waits of a chat, because it is opened again; but not that a seat was lost.
    pub fn forget(&self, chat: ChatId) {
        let mut waiting = self.waiting();
        let stays = |delivery: &Delivery| delivery.chat() != chat || matches!(delivery, Delivery::Left(_));
        waiting.delivery.retain(stays);
        waiting.bytes = waiting.delivery.iter().map(Delivery::bytes).sum();
    }

    fn waiting(&self) -> MutexGuard<'_, QueueState> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl QueueState {
    fn is_empty(&self) -> bool {
        self.delivery.is_empty() && self.changed.is_empty()
    }

    fn has_room(&self, delivery: &Delivery) -> bool {
        self.delivery.len() < OUTBOX_FRAMES_MAX && self.bytes + delivery.bytes() <= OUTBOX_BYTES_MAX
    }

    fn push(&mut self, delivery: Delivery) {
        self.bytes += delivery.bytes();
        self.delivery.push(delivery);
    }
}

/// The send queues that got something while the hub was locked. Each is woken once, when it is unlocked.
#[derive(Default)]
pub struct WakeList(Vec<Arc<SendQueue>>);

impl WakeList {
    /// Puts something ordinary into a queue, if it has room.
    pub fn push(&mut self, queue: &Arc<SendQueue>, delivery: Delivery) -> Result<(), Full> {
        let mut waiting = queue.waiting();
        if !waiting.has_room(&delivery) {
            return Err(Full);
        }
        waiting.push(delivery);
        self.note(queue, waiting);
        Ok(())
    }

    /// Puts something into a queue, whether or not it has room: the last word about an open seat.
    pub fn push_beyond(&mut self, queue: &Arc<SendQueue>, delivery: Delivery) {
        let mut waiting = queue.waiting();
        waiting.push(delivery);
        self.note(queue, waiting);
    }

    /// Notes for a socket that watches in which chats something changed.
    pub fn note_change(&mut self, queue: &Arc<SendQueue>, change: impl FnOnce(&mut ChangedChats)) {
        let mut waiting = queue.waiting();
        change(&mut waiting.changed);
        self.note(queue, waiting);
    }

    /// Wakes the sessions.
    pub fn wake_all(self) {
        for queue in self.0 {
            queue.waiting().is_listed = false;
            queue.notify.notify_one();
        }
    }

    fn note(&mut self, queue: &Arc<SendQueue>, mut waiting: MutexGuard<'_, QueueState>) {
        if !mem::replace(&mut waiting.is_listed, true) {
            self.0.push(Arc::clone(queue));
        }
    }
}
