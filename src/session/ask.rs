//! What the peer asks for: one frame, one call.

use rand::RngExt;

use super::Session;
use super::answer::{Answered, Hearer, Unanswered};
use super::outlet::{Over, Socket};
use super::seat::Stage;
use crate::domain::{Command, MessageId, Refusal, SeatId, Seq};
use crate::protocol::client::{self, Frame};
use crate::protocol::server::{self, Why};
use crate::store::{Fault, Seat, Span};

/// Which frame an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The frame's type; empty when it is not known.
    pub of: &'static str,
    /// The seat that it named.
    pub seat: Option<SeatId>,
    /// The message id that it named.
    pub id: Option<MessageId>,
}

impl Asked {
    /// A frame that named nothing.
    pub fn of(of: &'static str) -> Self {
        Self { of, seat: None, id: None }
    }
}

/// Why a frame was not done.
pub enum Trouble {
    /// The peer is told, and the session goes on.
    Fault(Fault),
    /// The session does not go on.
    Over(Over),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Fault(refusal.into())
    }
}

impl From<Over> for Trouble {
    fn from(over: Over) -> Self {
        Self::Over(over)
    }
}

impl<S: Socket> Session<S> {
    /// Does what one text frame asks for.
    pub(super) async fn ask(&mut self, text: &str) -> Result<(), Over> {
        let frame = match client::parse(text) {
            Ok(frame) => frame,
            Err(rejected) => {
                let asked = Asked { of: rejected.of, seat: rejected.seat, id: rejected.id };
                return self.deny(asked, rejected.refusal.into()).await;
            }
        };
        let asked = Asked { of: frame.name(), seat: frame.seat(), id: frame.id() };
        match self.act(frame, asked).await {
            Ok(()) => Ok(()),
            Err(Trouble::Over(over)) => Err(over),
            Err(Trouble::Fault(fault)) => self.deny(asked, fault).await,
        }
    }

    async fn act(&mut self, frame: Frame, asked: Asked) -> Result<(), Trouble> {
        match frame {
            Frame::Hello { .. } => Err(Refusal::Malformed("hello may be sent only once".to_owned()).into()),
            Frame::Open { seat, after } => Box::pin(self.open(seat, after)).await,
            Frame::Close { seat } => Box::pin(self.close(seat)).await,
            Frame::Command { seat, command } => {
                let command = self.listener.withheld().kept_from(command);
                self.command(seat, command, asked).await
            }
            Frame::Page { seat, before, limit } => Box::pin(self.page(seat, before, limit)).await,
            Frame::Typing { seat } => self.typing(seat).await,
            Frame::Ping => Ok(self.say(server::pong()).await?),
        }
    }

    async fn command(&mut self, id: SeatId, command: Command, asked: Asked) -> Result<(), Trouble> {
        let (seat, hearer) = match self.seats.get(&id) {
            Some(opened) => (opened.seat.clone(), Hearer::Hub),
            None => (Box::pin(self.house.store.seat(&self.device, id)).await?, Hearer::Nobody),
        };
        self.keeps_order(&seat)?;
        if let (Hearer::Hub, Command::Say { id: message, .. }) = (hearer, &command) {
            self.unanswered.push(Unanswered::new(id, *message));
        }
        let outcome = self.house.submit(&seat, command, Some(self.listener.origin()));
        self.under_way
            .push(Box::pin(async move { Answered { asked, seat: id, hearer, outcome: outcome.await } }));
        Ok(())
    }

    /// Nothing is asked after the files were opened anew while answers from before are missing: they may be
    /// unknown (I2), and what is asked now would stand before them.
    fn keeps_order(&mut self, seat: &Seat) -> Result<(), Over> {
        if self.opening != seat.opening() && !self.under_way.is_empty() {
            return Err(Over::Bye(Why::Reconnect));
        }
        self.opening = seat.opening();
        Ok(())
    }

    async fn page(&mut self, id: SeatId, before: Seq, limit: usize) -> Result<(), Trouble> {
        let seat = self.seat(id).await?;
        let page = self.house.store.page(&seat, Span::Before(before), limit).await?;
        Ok(self.say(server::page(id, &page.messages, page.more)).await?)
    }

    async fn typing(&mut self, id: SeatId) -> Result<(), Trouble> {
        let is_heard = self.seats.get(&id).is_some_and(|opened| opened.stage != Stage::Deaf);
        if !is_heard {
            drop(Box::pin(self.house.store.seat(&self.device, id)).await?);
        }
        self.listener.typing(id);
        Ok(())
    }

    /// The seat, if the device holds it; its key is kept only where the seat is open.
    async fn seat(&mut self, id: SeatId) -> Result<Seat, Fault> {
        match self.seats.get(&id) {
            Some(opened) => Ok(opened.seat.clone()),
            None => self.house.store.seat(&self.device, id).await,
        }
    }

    /// Says why a frame was not done. What is unknown was not refused (I2): the session ends.
    pub(super) async fn deny(&mut self, asked: Asked, fault: Fault) -> Result<(), Over> {
        let Asked { of, seat, id } = asked;
        match fault {
            Fault::Refused(refusal) => self.say(server::refused(of, seat, id, &refusal)).await,
            Fault::Unknown => Err(Over::Bye(Why::Reconnect)),
            Fault::Failed(cause) => {
                let reference = format!("{:08x}", rand::rng().random::<u32>());
                log::error!(reference = reference.as_str(), of; "a frame failed: {cause}");
                self.say(server::failed(of, seat, id, &reference)).await
            }
        }
    }
}
