//! What the store answers to commands, and which of it the peer still has to be told.
//!
//! The message itself acknowledges what was said: it comes to the socket that sent it as to everybody else's,
//! in its place among the others (I3). The store's own answer is needed only where it does not come.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, ready};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Session;
use super::open_chat::{OpeningId, SyncState};
use super::socket_writer::{CloseReason, Socket};
use crate::domain::{ChatId, Draft, MessageId, Outcome, SeatId};
use crate::limits::SOCKET_COMMANDS_MAX;
use crate::protocol::client::FrameRef;
use crate::protocol::server;
use crate::store::StoreError;

/// Commands that the store has not answered, the oldest first. They are answered in the order in which they
/// were asked.
#[derive(Default)]
pub struct UnderWay {
    commands: VecDeque<BoxFuture<'static, Answered>>,
    /// Whether the oldest is a message that is asked for once more: one that is asked for now would overtake
    /// it.
    is_again: bool,
}

impl UnderWay {
    pub fn push(&mut self, command: impl Future<Output = Answered> + Send + 'static) {
        self.commands.push_back(Box::pin(command));
    }

    /// The one that was answered last is asked for once more.
    pub fn again(&mut self, command: impl Future<Output = Answered> + Send + 'static) {
        self.commands.push_front(Box::pin(command));
        self.is_again = true;
    }

    /// Whether one more may be asked for.
    pub fn has_room(&self) -> bool {
        self.commands.len() < SOCKET_COMMANDS_MAX && !self.is_again
    }

    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    /// The next answer. Dropping the future loses nothing; where nothing is under way, it waits for good.
    pub fn next(&mut self) -> impl Future<Output = Answered> {
        poll_fn(|context| {
            let Some(oldest) = self.commands.front_mut() else { return Poll::Pending };
            let answered = ready!(oldest.poll_unpin(context));
            self.commands.pop_front();
            self.is_again = false;
            Poll::Ready(answered)
        })
    }
}

/// The store's answer to a command.
pub struct Answered {
    pub command: InFlight,
    pub outcome: Result<Outcome, StoreError>,
}

/// What the peer is told. What is large and rare is boxed: every session has room for it.
enum Acknowledgement {
    Nothing,
    Text(String),
    Denied(FrameRef, Box<StoreError>),
    /// It has to be asked for once more.
    Again(Box<InFlight>, MessageId, Box<Draft>),
}

/// A command that was handed in.
#[derive(Clone, Copy)]
pub struct InFlight {
    pub frame: FrameRef,
    pub seat: SeatId,
    /// Which opening of the seat it was asked through, if it was open.
    pub opening: Option<OpeningId>,
    /// Whether the chat was open then, through any seat: its end comes from the hub.
    pub hears_end: bool,
}

impl<S: Socket> Session<S> {
    /// Tells the peer what the hub does not. Whatever the hub told before comes first.
    pub(super) async fn acknowledge(&mut self, answered: Answered) -> Result<(), CloseReason> {
        self.deliver().await?;
        match self.answer(answered) {
            Acknowledgement::Nothing => Ok(()),
            Acknowledgement::Text(text) => self.say(text).await,
            Acknowledgement::Denied(frame, fault) => Box::pin(self.deny(frame, *fault)).await,
            Acknowledgement::Again(command, id, draft) => {
                Box::pin(self.ask_again(*command, id, *draft)).await
            }
        }
    }

    fn answer(&self, Answered { command, outcome }: Answered) -> Acknowledgement {
        let InFlight { frame, seat, opening, hears_end } = command;
        let text = match outcome {
            Err(fault) => return Acknowledgement::Denied(frame, Box::new(fault)),
            Ok(Outcome::NeedsSearch { id, draft }) => {
                return Acknowledgement::Again(Box::new(command), id, draft);
            }
            Ok(Outcome::Said { .. }) if self.is_heard_through(seat, opening) => None,
            // Its last frame was written.
            Ok(Outcome::Said { .. }) if self.ended.contains(&seat.chat) => None,
            Ok(Outcome::Said { seq, at } | Outcome::SaidBefore { seq, at }) => {
                frame.id().map(|id| server::said(seat, id, seq, at))
            }
            Ok(Outcome::Changed(number)) => frame.seq().map(|seq| server::done(seat, frame.of, seq, number)),
            Ok(Outcome::Kept { due }) if !self.hears(seat.chat) => Some(server::kept(seat.chat, due)),
            Ok(Outcome::Ended(ending)) if !hears_end => Some(server::ended(seat.chat, ending)),
            Ok(
                Outcome::Kept { .. }
                | Outcome::Ended(_)
                | Outcome::Marked(_)
                | Outcome::Missed(_)
                | Outcome::Added(_)
                | Outcome::Done,
            ) => None,
        };
        text.map_or(Acknowledgement::Nothing, Acknowledgement::Text)
    }

    /// Whether the seat has been open all the while, so that what was said through it comes or has come.
    fn is_heard_through(&self, seat: SeatId, opening: Option<OpeningId>) -> bool {
        let open = self.chats.get(&seat.chat).and_then(|chat| chat.seat(seat.participant));
        self.hears(seat.chat) && open.map(|open| open.opening) == opening && opening.is_some()
    }

    fn hears(&self, chat: ChatId) -> bool {
        self.chats.get(&chat).is_some_and(|chat| chat.state != SyncState::Desynced)
    }
}
