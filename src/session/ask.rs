//! What the peer asks for: one frame, one call.

use super::Session;
use super::answer::{Answered, InFlight};
use super::frame_error::FrameError;
use super::open_chat::{OpenSeat, OpeningId, SyncState};
use super::socket_writer::{CloseReason, Socket};
use crate::domain::{Command, Draft, MessageId, Refusal, SeatId, Seq};
use crate::protocol::client::{self, ClientFrame, FrameRef};
use crate::protocol::server::{self, Why};
use crate::store::{Seat, Span, StoreError};

impl<S: Socket> Session<S> {
    pub(super) async fn ask(&mut self, text: &str) -> Result<(), CloseReason> {
        let (asked, frame) = client::parse(text);
        let done = match frame {
            // Most come from there, and nothing is waited for.
            Ok(ClientFrame::Command { seat, command }) if self.open_seat(seat).is_some() => {
                self.command_while_open(seat, command, asked)
            }
            Ok(frame) => Box::pin(self.act(frame, asked)).await,
            Err(refusal) => Err(refusal.into()),
        };
        match done {
            Ok(()) => Ok(()),
            Err(FrameError::Close(reason)) => Err(reason),
            Err(FrameError::Store(fault)) => Box::pin(self.deny(asked, fault)).await,
        }
    }

    async fn act(&mut self, frame: ClientFrame, asked: FrameRef) -> Result<(), FrameError> {
        match frame {
            ClientFrame::Hello { .. } => {
                Err(Refusal::Malformed("hello may be sent only once".to_owned()).into())
            }
            ClientFrame::Open { seat, beginning, changed } => self.open(seat, beginning, changed).await,
            ClientFrame::Close { seat } => self.close(seat).await,
            ClientFrame::Command { seat, command } => self.command_while_closed(seat, command, asked).await,
            ClientFrame::Page { seat, before, limit } => self.page(seat, before, limit).await,
            ClientFrame::Typing { seat } => self.typing(seat).await,
            ClientFrame::Ping => Ok(self.say(server::pong()).await?),
        }
    }

    fn command_while_open(
        &mut self,
        id: SeatId,
        command: Command,
        asked: FrameRef,
    ) -> Result<(), FrameError> {
        let open = self.open_seat(id).map(|open| (open.seat.clone(), open.opening));
        let (seat, opening) = open.ok_or(Refusal::NoSuchSeat)?;
        Ok(self.hand_in(&seat, Some(opening), command, asked)?)
    }

    async fn command_while_closed(
        &mut self,
        id: SeatId,
        command: Command,
        asked: FrameRef,
    ) -> Result<(), FrameError> {
        let seat = self.house.store.seat(&self.device, id).await?;
        Ok(self.hand_in(&seat, None, command, asked)?)
    }

    fn hand_in(
        &mut self,
        seat: &Seat,
        opening: Option<OpeningId>,
        command: Command,
        frame: FrameRef,
    ) -> Result<(), CloseReason> {
        self.keeps_order(seat)?;
        let command = self.subscriber.withheld().kept_from(command);
        let hears_end = self.chats.contains_key(&seat.id().chat);
        let outcome = self.house.hand_in(seat, command);
        let command = InFlight { frame, seat: seat.id(), opening, hears_end };
        self.under_way.push(async move { Answered { command, outcome: outcome.await } });
        Ok(())
    }

    /// A message of a producer of which too little was known.
    pub(super) async fn ask_again(
        &mut self,
        command: InFlight,
        id: MessageId,
        draft: Draft,
    ) -> Result<(), CloseReason> {
        let seat = match self.seat(command.seat).await {
            Ok(seat) => seat,
            Err(fault) => return self.deny(command.frame, fault).await,
        };
        self.keeps_order(&seat)?;
        let outcome = self.house.store.hand_in_again(&seat, id, draft);
        self.under_way.again(async move { Answered { command, outcome: outcome.await } });
        Ok(())
    }

    /// Nothing is asked after the files were opened again while answers from before are missing: they may be
    /// unknown (I2), and what is asked now would stand before them.
    fn keeps_order(&mut self, seat: &Seat) -> Result<(), CloseReason> {
        if self.opening != seat.opening() && !self.under_way.is_empty() {
            return Err(CloseReason::Bye(Why::Reconnect));
        }
        self.opening = seat.opening();
        Ok(())
    }

    async fn page(&mut self, id: SeatId, before: Seq, limit: usize) -> Result<(), FrameError> {
        let seat = self.seat(id).await?;
        let page = self.house.store.page(&seat, Span::Before(before), limit).await?;
        Ok(self.say(server::page(id, &page.messages, page.more)).await?)
    }

    async fn typing(&mut self, id: SeatId) -> Result<(), FrameError> {
        let is_open = self
            .chats
            .get(&id.chat)
            .is_some_and(|chat| chat.state != SyncState::Desynced && chat.seat(id.participant).is_some());
        if !is_open {
            // Where the chat is not shown, nobody writes in it.
            Box::pin(self.house.store.seat(&self.device, id)).await?;
            return Ok(());
        }
        self.subscriber.typing(id);
        Ok(())
    }

    /// The seat, if the device holds it; its key is kept only where the seat is open.
    async fn seat(&mut self, id: SeatId) -> Result<Seat, StoreError> {
        match self.open_seat(id) {
            Some(open_seat) => Ok(open_seat.seat.clone()),
            None => self.house.store.seat(&self.device, id).await,
        }
    }

    pub(super) fn open_seat(&self, id: SeatId) -> Option<&OpenSeat> {
        self.chats.get(&id.chat)?.seat(id.participant)
    }

    /// Says why a frame was not done. What is unknown was not refused (I2): the session ends.
    pub(super) async fn deny(&mut self, asked: FrameRef, fault: StoreError) -> Result<(), CloseReason> {
        match fault {
            StoreError::Refused(refusal) => self.say(server::refused(asked, &refusal)).await,
            StoreError::Unknown => Err(CloseReason::Bye(Why::Reconnect)),
            StoreError::Failed(cause) => {
                let reference = self.house.failures.note(asked.of, &cause);
                self.say(server::failed(asked, &reference)).await
            }
        }
    }
}
