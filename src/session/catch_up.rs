//! Opening a seat: listen first, then the state, then the backlog page by page, then what happens.
//!
//! A page a turn, so that the socket also hears its peer meanwhile. What is committed while the backlog is
//! sent is in the backlog too, so nothing is lost between the two, and nothing comes twice.

use super::Session;
use super::frame_error::FrameError;
use super::open_seat::{OpenSeat, SyncState};
use super::socket_writer::{CloseReason, Socket};
use crate::domain::{Refusal, SeatId, Seq};
use crate::limits::PAGE_MESSAGES_MAX;
use crate::protocol::client::FrameRef;
use crate::protocol::server;
use crate::session::view;
use crate::store::{Page, Span, StoreError};

impl<S: Socket> Session<S> {
    /// Opens a seat, or starts again with one that is open.
    pub(super) async fn open(&mut self, id: SeatId, after: Seq) -> Result<(), FrameError> {
        let seat = match self.house.store.seat(&self.device, id).await {
            Ok(seat) => seat,
            Err(fault) => return Err(self.drop_seat(id, fault)),
        };
        let subscription = match self.seats.remove(&id) {
            Some(open_seat) => open_seat.subscription.renewed(),
            None => self.subscriber.open(id),
        };
        let chat = match self.house.store.state(&seat).await {
            Ok(chat) => chat,
            Err(fault) => {
                self.forget_messages(id);
                return Err(fault.into());
            }
        };
        // A peer that claims to have more than there is would miss what comes.
        let shown = after.min(chat.head);
        self.forget_answers_up_to(id, shown);
        let here = self.house.hub.here(id.chat);
        let text = server::state(id, &view::state(self.subscriber.viewer(id), &chat, &here));
        let state = SyncState::CatchingUp { until: chat.head, held: Vec::new() };
        let receipts = chat.participants.iter().map(|place| place.receipt).collect();
        self.seats.insert(id, OpenSeat { seat, subscription, shown, receipts, state });
        if !self.catching_up.contains(&id) {
            self.catching_up.push_back(id);
        }
        Ok(self.say(text).await?)
    }

    /// A seat that is no more is not open any more either, also where the hub could not tell of it: what was
    /// done by a commit of which that was not known is told to nobody (I2).
    fn drop_seat(&mut self, id: SeatId, fault: StoreError) -> FrameError {
        if let StoreError::Refused(Refusal::Ended { .. } | Refusal::NoSuchSeat) = fault
            && let Some(open_seat) = self.seats.remove(&id)
        {
            open_seat.close(&self.house);
            self.forget_messages(id);
        }
        fault.into()
    }

    pub(super) async fn close(&mut self, id: SeatId) -> Result<(), FrameError> {
        match self.seats.remove(&id) {
            Some(open_seat) => open_seat.close(&self.house),
            None => drop(self.house.store.seat(&self.device, id).await?),
        }
        for text in self.take_answers(id) {
            self.say(text).await?;
        }
        Ok(())
    }

    /// One page of the backlog that waited longest.
    pub(super) async fn catch_up(&mut self) -> Result<(), CloseReason> {
        let Some(id) = self.catching_up.pop_front() else { return Ok(()) };
        let Some(open_seat) = self.seats.get_mut(&id) else { return Ok(()) };
        let SyncState::CatchingUp { until, held } = &mut open_seat.state else { return Ok(()) };
        if open_seat.shown >= *until {
            let held = std::mem::take(held);
            open_seat.state = SyncState::Live;
            for text in held {
                self.say(text).await?;
            }
            return Ok(());
        }
        let read =
            self.house.store.page(&open_seat.seat, Span::After(open_seat.shown), PAGE_MESSAGES_MAX).await;
        match read {
            Ok(page) => self.show_page(id, &page).await,
            Err(fault) => self.miss_page(id, fault).await,
        }
    }

    async fn show_page(&mut self, id: SeatId, page: &Page) -> Result<(), CloseReason> {
        if page.messages.is_empty() {
            return self.miss_page(id, "messages are missing".into()).await;
        }
        self.catching_up.push_back(id);
        for message in &page.messages {
            let answers = message.from == id.participant && self.take_unanswered(id, message.id);
            let text = if answers {
                server::said(id, message.id, message.seq, message.at)
            } else {
                server::message(id, message)
            };
            self.say(text).await?;
        }
        if let (Some(open_seat), Some(last)) = (self.seats.get_mut(&id), page.messages.last()) {
            open_seat.shown = last.seq;
        }
        Ok(())
    }

    /// A refusal means that the chat has ended or the seat was taken away just now: the hub brings the last
    /// frame.
    async fn miss_page(&mut self, id: SeatId, fault: StoreError) -> Result<(), CloseReason> {
        if let (StoreError::Refused(_), Some(open_seat)) = (&fault, self.seats.get_mut(&id)) {
            open_seat.state = SyncState::Desynced;
            return Ok(());
        }
        if let Some(open_seat) = self.seats.remove(&id) {
            open_seat.close(&self.house);
        }
        self.forget_answers(id);
        self.deny(FrameRef { of: "chat-open", seat: Some(id), id: None }, fault).await
    }
}
