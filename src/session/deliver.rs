//! From the socket's send queue to the socket, in order.

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::Session;
use super::open_chat::SyncState;
use super::socket_writer::{CloseReason, Socket};
use crate::delivery::Delivery;
use crate::domain::{ChatId, Refusal, SeatId, Seq};
use crate::limits::OUTBOX_FRAMES_MAX;
use crate::protocol::client::FrameRef;
use crate::protocol::server;

/// What is done with a message that the hub tells of.
enum Showing {
    /// It is the next one.
    Now,
    /// It was shown, or will be.
    NotNow,
    /// One before it is missing.
    Gap,
}

impl<S: Socket> Session<S> {
    pub(super) async fn deliver(&mut self) -> Result<(), CloseReason> {
        for delivery in self.subscriber.take() {
            match delivery {
                Delivery::Message { chat, seq, text, has_sequel } => {
                    self.show((chat, seq), text, has_sequel).await?;
                }
                Delivery::Frame { chat, text } => self.pass_on(chat, text).await?,
                Delivery::Receipt { chat, of, receipt, text, has_sequel } => {
                    let open_chat = self.chats.get_mut(&chat);
                    if open_chat.is_some_and(|chat| chat.update_receipt(of, receipt, has_sequel)) {
                        self.pass_on(chat, text).await?;
                    }
                }
                Delivery::Typing { chat, text } => {
                    if self.chats.get(&chat).is_some_and(|chat| chat.state == SyncState::Live) {
                        self.say(text).await?;
                    }
                }
                Delivery::Resync { chat, since } => {
                    self.writer.lag(since);
                    self.resync(chat).await?;
                }
                Delivery::Afresh(chat) => self.begin_afresh(chat).await?,
                Delivery::Ended { chat, text } => Box::pin(self.end(chat, text)).await?,
                Delivery::Left(seat) => Box::pin(self.revoke(seat)).await?,
            }
        }
        self.read_news();
        Ok(())
    }

    async fn show(
        &mut self,
        (chat, seq): (ChatId, Seq),
        text: Utf8Bytes,
        has_sequel: bool,
    ) -> Result<(), CloseReason> {
        match self.showing(chat, seq, has_sequel) {
            Showing::NotNow => Ok(()),
            Showing::Gap => self.defer(chat).await,
            Showing::Now => self.say(text).await,
        }
    }

    fn showing(&mut self, chat: ChatId, seq: Seq, has_sequel: bool) -> Showing {
        let Some(chat) = self.chats.get_mut(&chat) else { return Showing::NotNow };
        match &mut chat.state {
            SyncState::Desynced => Showing::NotNow,
            SyncState::CatchingUp { until, .. } => {
                *until = seq.max(*until);
                Showing::NotNow
            }
            SyncState::Live if seq <= chat.shown => Showing::NotNow,
            SyncState::Live if seq > chat.shown.next() => Showing::Gap,
            SyncState::Live => {
                if !has_sequel {
                    chat.shown = seq;
                }
                Showing::Now
            }
        }
    }

    /// Receipts, presence and the like: written after the backlog, in order.
    async fn pass_on(&mut self, chat: ChatId, text: Utf8Bytes) -> Result<(), CloseReason> {
        match self.chats.get_mut(&chat).map(|chat| &mut chat.state) {
            None | Some(SyncState::Desynced) => Ok(()),
            Some(SyncState::Live) => self.say(text).await,
            Some(SyncState::CatchingUp { held, .. }) if held.len() < OUTBOX_FRAMES_MAX => {
                held.push(text);
                Ok(())
            }
            Some(SyncState::CatchingUp { .. }) => self.defer(chat).await,
        }
    }

    /// This session cannot go on with the chat in order: it asks to be opened again.
    pub(super) async fn defer(&mut self, chat: ChatId) -> Result<(), CloseReason> {
        if let Some(chat) = self.chats.get(&chat) {
            chat.subscription.defer();
        }
        self.resync(chat).await
    }

    /// I4: nothing more of the chat is shown, and the peer knows.
    async fn resync(&mut self, chat: ChatId) -> Result<(), CloseReason> {
        let Some(chat) = self.chats.get_mut(&chat) else { return Ok(()) };
        chat.state = SyncState::Desynced;
        for seat in chat.seat_ids() {
            self.say(server::resync(seat)).await?;
        }
        Ok(())
    }

    /// Others are shown than before: what the peer has of the chat is to be forgotten.
    async fn begin_afresh(&mut self, chat: ChatId) -> Result<(), CloseReason> {
        let Some(chat) = self.chats.get_mut(&chat) else { return Ok(()) };
        chat.state = SyncState::Desynced;
        for seat in chat.seat_ids() {
            self.say(server::resync_afresh(seat)).await?;
        }
        Ok(())
    }

    /// The last frame of a chat.
    async fn end(&mut self, chat: ChatId, last: Utf8Bytes) -> Result<(), CloseReason> {
        let Some(open_chat) = self.chats.remove(&chat) else { return Ok(()) };
        open_chat.close(&self.house);
        self.ended.insert(chat);
        self.say(last).await
    }

    /// The last frame of a seat that the device has lost.
    async fn revoke(&mut self, seat: SeatId) -> Result<(), CloseReason> {
        if !self.close_seat(seat) {
            return Ok(());
        }
        let open = FrameRef { seat: Some(seat), ..FrameRef::of("chat-open") };
        self.say(server::refused(open, &Refusal::NoSuchSeat)).await
    }
}
