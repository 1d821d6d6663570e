//! What the store answers to commands, and which of it the peer still has to be told.
//!
//! A message is acknowledged by the hub's `chat-said`, in its place among the others (I3). The store's own
//! answer is needed only where the hub has none: the seat is not open here, or the message was taken
//! before.

use futures_util::future::BoxFuture;

use super::Session;
use super::open_seat::SyncState;
use super::socket_writer::{CloseReason, Socket};
use crate::domain::{At, Event, MessageId, Outcome, SeatId, Seq};
use crate::protocol::client::FrameRef;
use crate::protocol::server::{self, Recipient};
use crate::store::StoreError;

/// A command that the store has not answered.
pub type UnderWay = BoxFuture<'static, Answered>;

/// The store's answer to a command.
pub struct Answered {
    pub asked: FrameRef,
    pub seat: SeatId,
    pub hearer: Hearer,
    pub outcome: Result<Outcome, StoreError>,
}

/// Who tells this socket of an event that it caused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hearer {
    /// The hub: the seat was open when the command was submitted.
    Hub,
    /// Nobody but the store's answer.
    Nobody,
}

/// A message said through an open seat, of whose place the peer has not been told.
pub struct Unanswered {
    seat: SeatId,
    id: MessageId,
    /// The store's answer, when it came while the backlog before it was still being sent.
    taken: Option<(Seq, At)>,
}

impl Unanswered {
    pub fn new(seat: SeatId, id: MessageId) -> Self {
        Self { seat, id, taken: None }
    }
}

/// When a message's acknowledgement is written.
enum When {
    Now,
    WithTheBacklog,
    /// The peer has been told to open the seat again, and finds it there.
    Never,
}

impl<S: Socket> Session<S> {
    /// Tells the peer what the hub does not. Whatever the hub told before comes first.
    pub(super) async fn acknowledge(&mut self, answered: Answered) -> Result<(), CloseReason> {
        self.deliver().await?;
        let Answered { asked, seat, hearer, outcome } = answered;
        let event = match outcome {
            Err(fault) => {
                if let Some(id) = asked.id {
                    self.take_unanswered(seat, id);
                }
                return self.deny(asked, fault).await;
            }
            Ok(Outcome::Said(message)) => {
                return self.said(seat, message.id, hearer, (message.seq, message.at)).await;
            }
            Ok(Outcome::SaidBefore { seq, at }) => {
                let Some(id) = asked.id else { return Ok(()) };
                return self.said(seat, id, hearer, (seq, at)).await;
            }
            Ok(Outcome::Kept { due } | Outcome::KeptBefore { due }) => Event::Kept { due },
            Ok(Outcome::Ended(ending)) => Event::Ended(ending),
            Ok(Outcome::Marked { .. } | Outcome::Left) => return Ok(()),
        };
        let viewer = self.subscriber.viewer(seat);
        if hearer == Hearer::Nobody
            && let Some(text) = server::event(&event, seat.chat, viewer, Recipient::Origin)
        {
            self.say(text).await?;
        }
        Ok(())
    }

    async fn said(
        &mut self,
        seat: SeatId,
        id: MessageId,
        hearer: Hearer,
        (seq, at): (Seq, At),
    ) -> Result<(), CloseReason> {
        if hearer == Hearer::Hub {
            let waits = |said: &Unanswered| (said.seat, said.id) == (seat, id) && said.taken.is_none();
            let Some(place) = self.unanswered.iter().position(waits) else { return Ok(()) };
            match self.when(seat, seq) {
                When::Now => drop(self.unanswered.swap_remove(place)),
                When::WithTheBacklog => {
                    self.unanswered[place].taken = Some((seq, at));
                    return Ok(());
                }
                When::Never => {
                    self.unanswered.swap_remove(place);
                    return Ok(());
                }
            }
        }
        self.say(server::said(seat, id, seq, at)).await
    }

    fn when(&mut self, seat: SeatId, seq: Seq) -> When {
        let Some(open_seat) = self.seats.get_mut(&seat) else { return When::Now };
        match &mut open_seat.state {
            SyncState::CatchingUp { until, .. } if seq > open_seat.shown => {
                *until = seq.max(*until);
                When::WithTheBacklog
            }
            SyncState::CatchingUp { .. } | SyncState::Live => When::Now,
            SyncState::Desynced => When::Never,
        }
    }

    /// The peer is about to be told of its message. False when it has been told before, or has not said it
    /// here.
    pub(super) fn take_unanswered(&mut self, seat: SeatId, id: MessageId) -> bool {
        let place = self.unanswered.iter().position(|said| (said.seat, said.id) == (seat, id));
        place.map(|place| self.unanswered.swap_remove(place)).is_some()
    }

    /// The backlog that would have had the acknowledgements does not go on; the peer finds its messages in
    /// the next one.
    pub(super) fn forget_answers(&mut self, seat: SeatId) {
        self.unanswered.retain(|said| said.seat != seat || said.taken.is_none());
    }

    /// The seat is gone, and its last frame is the last.
    pub(super) fn forget_messages(&mut self, seat: SeatId) {
        self.unanswered.retain(|said| said.seat != seat);
    }

    /// The backlog starts again after `shown`: the peer has everything up to there.
    pub(super) fn forget_answers_up_to(&mut self, seat: SeatId, shown: Seq) {
        self.unanswered.retain(|said| said.seat != seat || said.taken.is_none_or(|(seq, _)| seq > shown));
    }

    /// The acknowledgements that waited for a backlog which nobody wants any more.
    pub(super) fn take_answers(&mut self, seat: SeatId) -> Vec<String> {
        let taken = |said: &Unanswered| Some(server::said(seat, said.id, said.taken?.0, said.taken?.1));
        let texts = self.unanswered.iter().filter(|said| said.seat == seat).filter_map(taken).collect();
        self.forget_answers(seat);
        texts
    }
}
