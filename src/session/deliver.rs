//! From the socket's send queue to the socket, in order.

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::Session;
use super::open_seat::SyncState;
use super::socket_writer::{CloseReason, Socket};
use crate::delivery::Delivery;
use crate::domain::{MessageId, Refusal, SeatId, Seq};
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
        for news in self.subscriber.take() {
            match news {
                Delivery::Frame { seat, seq: Some(seq), answers, text } => {
                    self.show(seat, seq, answers, text).await?;
                }
                Delivery::Frame { seat, text, .. } => self.pass_on(seat, text).await?,
                Delivery::Receipt { seat, of, receipt, text } => {
                    let open_seat = self.seats.get_mut(&seat);
                    if open_seat.is_some_and(|open_seat| open_seat.update_receipt(of, receipt)) {
                        self.pass_on(seat, text).await?;
                    }
                }
                Delivery::Typing { seat, text } => {
                    if self.seats.get(&seat).is_some_and(|open_seat| open_seat.state == SyncState::Live) {
                        self.say(text).await?;
                    }
                }
                Delivery::Resync { seat, since } => {
                    self.writer.lag(since);
                    self.resync(seat).await?;
                }
                Delivery::Ended { seat, text } => self.close_seat(seat, text).await?,
                Delivery::Left(seat) => {
                    let open = FrameRef { of: "chat-open", seat: Some(seat), id: None };
                    let refused = server::refused(open, &Refusal::NoSuchSeat);
                    self.close_seat(seat, refused.into()).await?;
                }
            }
        }
        Ok(())
    }

    async fn show(
        &mut self,
        seat: SeatId,
        seq: Seq,
        answers: Option<MessageId>,
        text: Utf8Bytes,
    ) -> Result<(), CloseReason> {
        match self.showing(seat, seq) {
            Showing::NotNow => Ok(()),
            Showing::Gap => self.defer(seat).await,
            Showing::Now => {
                if let Some(id) = answers {
                    self.take_unanswered(seat, id);
                }
                self.say(text).await
            }
        }
    }

    fn showing(&mut self, seat: SeatId, seq: Seq) -> Showing {
        let Some(open_seat) = self.seats.get_mut(&seat) else { return Showing::NotNow };
        match &mut open_seat.state {
            SyncState::Desynced => Showing::NotNow,
            SyncState::CatchingUp { until, .. } => {
                *until = seq.max(*until);
                Showing::NotNow
            }
            SyncState::Live if seq <= open_seat.shown => Showing::NotNow,
            SyncState::Live if seq > open_seat.shown.next() => Showing::Gap,
            SyncState::Live => {
                open_seat.shown = seq;
                Showing::Now
            }
        }
    }

    /// Receipts, presence and the like: written after the backlog, in order.
    async fn pass_on(&mut self, seat: SeatId, text: Utf8Bytes) -> Result<(), CloseReason> {
        match self.seats.get_mut(&seat).map(|open_seat| &mut open_seat.state) {
            None | Some(SyncState::Desynced) => Ok(()),
            Some(SyncState::Live) => self.say(text).await,
            Some(SyncState::CatchingUp { held, .. }) if held.len() < OUTBOX_FRAMES_MAX => {
                held.push(text);
                Ok(())
            }
            Some(SyncState::CatchingUp { .. }) => self.defer(seat).await,
        }
    }

    /// This session cannot go on with the seat in order: it asks to be opened again.
    async fn defer(&mut self, seat: SeatId) -> Result<(), CloseReason> {
        if let Some(open_seat) = self.seats.get(&seat) {
            open_seat.subscription.defer();
        }
        self.resync(seat).await
    }

    /// I4: nothing more of the seat is shown, and the peer knows.
    async fn resync(&mut self, seat: SeatId) -> Result<(), CloseReason> {
        let Some(open_seat) = self.seats.get_mut(&seat) else { return Ok(()) };
        open_seat.state = SyncState::Desynced;
        self.forget_answers(seat);
        self.say(server::resync(seat)).await
    }

    /// The last frame of a seat.
    async fn close_seat(&mut self, seat: SeatId, last: Utf8Bytes) -> Result<(), CloseReason> {
        let Some(open_seat) = self.seats.remove(&seat) else { return Ok(()) };
        open_seat.close(&self.house);
        self.forget_messages(seat);
        self.say(last).await
    }
}
