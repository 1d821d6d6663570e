//! Opening a seat: listen first, then the state, then the backlog page by page, then what happens.
//!
//! A page a turn, so that the socket also hears its peer meanwhile. What is committed while the backlog is
//! sent is in the backlog too, so nothing is lost between the two, and nothing comes twice.

use super::Session;
use super::ask::{Asked, Trouble};
use super::outlet::{Over, Socket};
use super::seat::{Opened, Stage};
use crate::domain::{Refusal, SeatId, Seq};
use crate::limits::PAGE_MESSAGES_MAX;
use crate::protocol::server;
use crate::session::view;
use crate::store::{Fault, Page, Span};

impl<S: Socket> Session<S> {
    /// Opens a seat, or begins anew with one that is open.
    pub(super) async fn open(&mut self, id: SeatId, after: Seq) -> Result<(), Trouble> {
        let seat = match self.house.store.seat(&self.device, id).await {
            Ok(seat) => seat,
            Err(fault) => return Err(self.lose(id, fault)),
        };
        let hearing = match self.seats.remove(&id) {
            Some(opened) => opened.hearing.renewed(),
            None => self.listener.open(id),
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
        let text = server::state(id, &view::state(self.listener.viewer(id), &chat, &here));
        let stage = Stage::CatchingUp { until: chat.head, held: Vec::new() };
        let receipts = chat.places.iter().map(|place| place.receipt).collect();
        self.seats.insert(id, Opened { seat, hearing, shown, receipts, stage });
        if !self.catching_up.contains(&id) {
            self.catching_up.push_back(id);
        }
        Ok(self.say(text).await?)
    }

    /// A seat that is no more is not open any more either, also where the hub could not tell of it: what was
    /// done by a commit of which that was not known is told to nobody (I2).
    fn lose(&mut self, id: SeatId, fault: Fault) -> Trouble {
        if let Fault::Refused(Refusal::Ended { .. } | Refusal::NoSuchSeat) = fault
            && let Some(opened) = self.seats.remove(&id)
        {
            opened.close(&self.house);
            self.forget_messages(id);
        }
        fault.into()
    }

    /// Shows a seat no more.
    pub(super) async fn close(&mut self, id: SeatId) -> Result<(), Trouble> {
        match self.seats.remove(&id) {
            Some(opened) => opened.close(&self.house),
            None => drop(self.house.store.seat(&self.device, id).await?),
        }
        for text in self.take_answers(id) {
            self.say(text).await?;
        }
        Ok(())
    }

    /// One page of the backlog that waited longest.
    pub(super) async fn catch_up(&mut self) -> Result<(), Over> {
        let Some(id) = self.catching_up.pop_front() else { return Ok(()) };
        let Some(opened) = self.seats.get_mut(&id) else { return Ok(()) };
        let Stage::CatchingUp { until, held } = &mut opened.stage else { return Ok(()) };
        if opened.shown >= *until {
            let held = std::mem::take(held);
            opened.stage = Stage::Live;
            for text in held {
                self.say(text).await?;
            }
            return Ok(());
        }
        let read = self.house.store.page(&opened.seat, Span::After(opened.shown), PAGE_MESSAGES_MAX).await;
        match read {
            Ok(page) => self.show_page(id, &page).await,
            Err(fault) => self.miss_page(id, fault).await,
        }
    }

    async fn show_page(&mut self, id: SeatId, page: &Page) -> Result<(), Over> {
        if page.messages.is_empty() {
            return self.miss_page(id, Fault::Failed("messages are missing".into())).await;
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
        if let (Some(opened), Some(last)) = (self.seats.get_mut(&id), page.messages.last()) {
            opened.shown = last.seq;
        }
        Ok(())
    }

    /// A refusal means that the chat has ended or the seat was taken away just now: the hub brings the last
    /// frame.
    async fn miss_page(&mut self, id: SeatId, fault: Fault) -> Result<(), Over> {
        if let (Fault::Refused(_), Some(opened)) = (&fault, self.seats.get_mut(&id)) {
            opened.stage = Stage::Deaf;
            return Ok(());
        }
        if let Some(opened) = self.seats.remove(&id) {
            opened.close(&self.house);
        }
        self.forget_answers(id);
        self.deny(Asked { of: "chat-open", seat: Some(id), id: None }, fault).await
    }
}
