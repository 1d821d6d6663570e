//! Opening a seat: listen first, then the state, then the backlog page by page, then what happens.
//!
//! A page a turn, so that the socket also hears its peer meanwhile. What is committed while the backlog is
//! sent is in the backlog too, so nothing is lost between the two, and nothing comes twice. Where another
//! seat of the chat is open already, the two share what comes: it begins where the earlier of them does.

use std::collections::BTreeMap;

use super::Session;
use super::frame_error::FrameError;
use super::open_chat::{OpenChat, OpenSeat, OpeningId, SyncState, Unshown};
use super::socket_writer::{CloseReason, Socket};
use crate::domain::{Beginning, ChangeNumber, ChatId, Message, Refusal, SeatId, Seq};
use crate::protocol::client::FrameRef;
use crate::protocol::server::{self, Whose};
use crate::session::view;
use crate::store::{Backlog, Seat, StoreError};

impl<S: Socket> Session<S> {
    /// Opens a seat, or starts again with one that is open.
    pub(super) async fn open(
        &mut self,
        id: SeatId,
        beginning: Beginning,
        changed: Option<ChangeNumber>,
    ) -> Result<(), FrameError> {
        let seat = match self.house.store.seat(&self.device, id).await {
            Ok(seat) => seat,
            Err(fault) => return Err(self.drop_seat(id, fault)),
        };
        self.subscribe(&seat);
        let chat = match self.house.store.state(&seat).await {
            Ok(chat) => chat,
            Err(fault) => {
                self.close_seat(id);
                return Err(fault.into());
            }
        };
        let is_forgotten = changed.is_some_and(|changed| changed < chat.changed.forgotten());
        // Whom they see has changed since the seat was looked up.
        if is_forgotten || chat.sight != seat.sight() {
            self.close_seat(id);
            return Ok(self.say(server::resync_afresh(id)).await?);
        }
        let after = beginning.after(chat.head, chat.read_by(id.participant));
        let here = self.house.hub.here(id.chat);
        let text = server::state(id, &view::state(self.subscriber.viewer(id), &chat, &here));
        self.openings += 1;
        let seat = OpenSeat { seat, opening: OpeningId(self.openings) };
        if let Some(open_chat) = self.chats.get_mut(&id.chat) {
            open_chat.begin(seat, after, changed, &chat);
        }
        if !self.catching_up.contains(&id.chat) {
            self.catching_up.push_back(id.chat);
        }
        Ok(self.say(text).await?)
    }

    /// Hears everything of the chat from now on, through this seat, too.
    fn subscribe(&mut self, seat: &Seat) {
        let (id, sight) = (seat.id(), seat.sight());
        let Some(chat) = self.chats.get_mut(&id.chat) else {
            self.chats.insert(id.chat, OpenChat::new(self.subscriber.open(id, sight)));
            return;
        };
        // Before it hears anything again.
        chat.subscription.add(id.participant, sight);
        if chat.is_only(id.participant) {
            chat.subscription.renew();
        }
    }

    /// A seat that is no more is not open any more either, also where the hub could not tell of it: what was
    /// done by a commit of which that was not known is told to nobody (I2).
    fn drop_seat(&mut self, id: SeatId, fault: StoreError) -> FrameError {
        if let StoreError::Refused(Refusal::Ended { .. } | Refusal::NoSuchSeat) = fault {
            self.close_seat(id);
        }
        fault.into()
    }

    pub(super) async fn close(&mut self, id: SeatId) -> Result<(), FrameError> {
        if !self.close_seat(id) {
            drop(self.house.store.seat(&self.device, id).await?);
        }
        Ok(())
    }

    /// False when it was not open.
    pub(super) fn close_seat(&mut self, id: SeatId) -> bool {
        let Some(chat) = self.chats.get_mut(&id.chat) else { return false };
        let was_open = chat.seat(id.participant).is_some();
        chat.close_seat(id.participant, &self.house);
        if chat.seats().is_empty() {
            self.chats.remove(&id.chat);
        }
        was_open
    }

    /// One page of the backlog that waited longest.
    pub(super) async fn catch_up(&mut self) -> Result<(), CloseReason> {
        let Some(id) = self.catching_up.pop_front() else { return Ok(()) };
        let Some(chat) = self.chats.get_mut(&id) else { return Ok(()) };
        let SyncState::CatchingUp { until, held } = &mut chat.state else { return Ok(()) };
        if chat.shown < *until {
            return Box::pin(self.show_backlog(id)).await;
        }
        if let Some(unshown) = chat.unshown.pop_front() {
            return Box::pin(self.show_changes(unshown)).await;
        }
        let held = std::mem::take(held);
        chat.state = SyncState::Live;
        for text in held {
            self.say(text).await?;
        }
        Ok(())
    }

    async fn show_backlog(&mut self, id: ChatId) -> Result<(), CloseReason> {
        let Some(chat) = self.chats.get(&id) else { return Ok(()) };
        let seats = chat.seats().iter().map(|open| open.seat.clone()).collect();
        match self.house.store.backlog(seats, chat.shown).await {
            Ok(backlog) => self.show_page(id, backlog).await,
            Err(fault) => self.miss_page(id, fault).await,
        }
    }

    async fn show_page(&mut self, id: ChatId, backlog: Backlog) -> Result<(), CloseReason> {
        let Backlog { shown, up_to: Some(up_to) } = backlog else {
            return self.miss_page(id, "messages are missing".into()).await;
        };
        self.catching_up.push_back(id);
        let seats = self.chats.get(&id).map(OpenChat::seat_ids).unwrap_or_default();
        for text in frames(&seats, &shown) {
            self.say(text).await?;
        }
        if let Some(chat) = self.chats.get_mut(&id) {
            chat.shown = up_to;
        }
        Ok(())
    }

    /// What was changed while the client was away, as it is now; `chat-state` has said up to which change.
    async fn show_changes(&mut self, Unshown { seat: id, after, until }: Unshown) -> Result<(), CloseReason> {
        self.catching_up.push_back(id.chat);
        let Some(OpenSeat { seat, .. }) = self.open_seat(id) else { return Ok(()) };
        let page = match self.house.store.changes(seat, after, until).await {
            Ok(Some(page)) => page,
            // More was changed meanwhile than is known.
            Ok(None) => {
                self.close_seat(id);
                return self.say(server::resync_afresh(id)).await;
            }
            Err(fault) => return self.miss_page(id.chat, fault).await,
        };
        for message in &page.messages {
            self.say(server::changed(Whose::Seat(id), message)).await?;
        }
        if let Some(chat) = self.chats.get_mut(&id.chat).filter(|_| !page.is_last) {
            chat.unshown.push_front(Unshown { seat: id, after: page.up_to, until });
        }
        Ok(())
    }

    /// A refusal means that the chat has ended or the seat was taken away just now: the hub brings the last
    /// frame. Other seats that the chat is open through have to open it again.
    async fn miss_page(&mut self, id: ChatId, fault: StoreError) -> Result<(), CloseReason> {
        let Some(chat) = self.chats.get_mut(&id) else { return Ok(()) };
        if let StoreError::Refused(_) = fault {
            if chat.seats().len() > 1 {
                return self.defer(id).await;
            }
            chat.state = SyncState::Desynced;
            return Ok(());
        }
        let seats = chat.seat_ids();
        if let Some(chat) = self.chats.remove(&id) {
            chat.close(&self.house);
        }
        let open = FrameRef { seat: seats.first().copied(), ..FrameRef::of("chat-open") };
        self.deny(open, fault).await
    }
}

/// Each message of the backlog: one frame where all of the seats are shown the same, or else one for each
/// that is shown it.
fn frames(seats: &[SeatId], shown: &[Vec<Message>]) -> Vec<String> {
    if let ([seat], [messages]) = (seats, shown) {
        return messages.iter().map(|message| server::message_of_seat(*seat, message)).collect();
    }
    let mut by_seq = BTreeMap::<Seq, Vec<(SeatId, &Message)>>::new();
    for (seat, messages) in seats.iter().zip(shown) {
        for message in messages {
            by_seq.entry(message.seq).or_default().push((*seat, message));
        }
    }
    by_seq.values().flat_map(|views| frames_of_message(seats, views)).collect()
}

fn frames_of_message(seats: &[SeatId], views: &[(SeatId, &Message)]) -> Vec<String> {
    match views {
        [(seat, message), others @ ..]
            if views.len() == seats.len() && others.iter().all(|(_, other)| other == message) =>
        {
            vec![server::message(Whose::Chat(seat.chat), message)]
        }
        _ => views.iter().map(|(seat, message)| server::message(Whose::Seat(*seat), message)).collect(),
    }
}
