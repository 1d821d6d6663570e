//! From the hub's inbox to the socket, in order.

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::Session;
use super::outlet::{Over, Socket};
use super::seat::Stage;
use crate::delivery::News;
use crate::domain::{MessageId, Refusal, SeatId, Seq};
use crate::limits::OUTBOX_FRAMES_MAX;
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
    /// Writes everything that waits.
    pub(super) async fn deliver(&mut self) -> Result<(), Over> {
        for news in self.listener.take() {
            match news {
                News::Frame { seat, seq: Some(seq), answers, text } => {
                    self.show(seat, seq, answers, text).await?;
                }
                News::Frame { seat, text, .. } => self.pass_on(seat, text).await?,
                News::Receipt { seat, of, receipt, text } => {
                    if self.seats.get_mut(&seat).is_some_and(|opened| opened.learns(of, receipt)) {
                        self.pass_on(seat, text).await?;
                    }
                }
                News::Typing { seat, text } => {
                    if self.stage(seat) == Some(&Stage::Live) {
                        self.say(text).await?;
                    }
                }
                News::Resync { seat, since } => {
                    self.outlet.lag(since);
                    self.resync(seat).await?;
                }
                News::Ended { seat, text } => self.part(seat, text).await?,
                News::Left(seat) => {
                    let refused = server::refused("chat-open", Some(seat), None, &Refusal::NoSuchSeat);
                    self.part(seat, refused.into()).await?;
                }
            }
        }
        Ok(())
    }

    /// Nothing when the seat is not open.
    fn stage(&self, seat: SeatId) -> Option<&Stage> {
        self.seats.get(&seat).map(|opened| &opened.stage)
    }

    async fn show(
        &mut self,
        seat: SeatId,
        seq: Seq,
        answers: Option<MessageId>,
        text: Utf8Bytes,
    ) -> Result<(), Over> {
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
        let Some(opened) = self.seats.get_mut(&seat) else { return Showing::NotNow };
        match &mut opened.stage {
            Stage::Deaf => Showing::NotNow,
            Stage::CatchingUp { until, .. } => {
                *until = seq.max(*until);
                Showing::NotNow
            }
            Stage::Live if seq <= opened.shown => Showing::NotNow,
            Stage::Live if seq > opened.shown.next() => Showing::Gap,
            Stage::Live => {
                opened.shown = seq;
                Showing::Now
            }
        }
    }

    /// Receipts, presence and the like: written after the backlog, in order.
    async fn pass_on(&mut self, seat: SeatId, text: Utf8Bytes) -> Result<(), Over> {
        match self.seats.get_mut(&seat).map(|opened| &mut opened.stage) {
            None | Some(Stage::Deaf) => Ok(()),
            Some(Stage::Live) => self.say(text).await,
            Some(Stage::CatchingUp { held, .. }) if held.len() < OUTBOX_FRAMES_MAX => {
                held.push(text);
                Ok(())
            }
            Some(Stage::CatchingUp { .. }) => self.defer(seat).await,
        }
    }

    /// This session cannot go on with the seat in order: it asks to be opened again.
    async fn defer(&mut self, seat: SeatId) -> Result<(), Over> {
        if let Some(opened) = self.seats.get(&seat) {
            opened.hearing.defer();
        }
        self.resync(seat).await
    }

    /// I4: nothing more of the seat is shown, and the peer knows.
    async fn resync(&mut self, seat: SeatId) -> Result<(), Over> {
        let Some(opened) = self.seats.get_mut(&seat) else { return Ok(()) };
        opened.stage = Stage::Deaf;
        self.forget_answers(seat);
        self.say(server::resync(seat)).await
    }

    /// The last frame of a seat.
    async fn part(&mut self, seat: SeatId, last: Utf8Bytes) -> Result<(), Over> {
        let Some(opened) = self.seats.remove(&seat) else { return Ok(()) };
        opened.close(&self.house);
        self.forget_messages(seat);
        self.say(last).await
    }
}
