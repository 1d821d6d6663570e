//! One socket that has a chat open: through which seats, and what each of them is shown.

use std::sync::Arc;

use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::SocketId;
use super::frames::{Addressee, Frames, NotEncoded, View};
use super::queue::{Delivery, SendQueue, WakeList};
use super::signal_frame::SignalFrame;
use crate::domain::{ChatId, DeviceId, Event, ParticipantId, PrivacySettings, SeatId, Sight, Signal};
use crate::protocol::server::Whose;
use crate::store::Committed;

pub struct Subscription {
    pub socket: SocketId,
    pub device: DeviceId,
    /// What that socket does not tell, and is not told.
    withheld: PrivacySettings,
    queue: Arc<SendQueue>,
    seats: Vec<SubscribedSeat>,
    hears: Hears,
}

/// One of the seats through which a socket has the chat open.
struct SubscribedSeat {
    participant: ParticipantId,
    sight: Sight,
    /// The device has lost it: it is told nothing more.
    is_revoked: bool,
}

impl SubscribedSeat {
    fn is_named(&self, Committed { hidden_people, .. }: &Committed) -> bool {
        hidden_people.contains(&self.participant)
    }
}

/// What a subscription is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hears {
    All,
    /// Only that the chat has ended: it could not keep up, and knows it.
    OnlyEnd,
}

impl Subscription {
    /// Of a socket that has no seat open there yet.
    pub fn new(socket: SocketId, device: DeviceId, withheld: PrivacySettings, queue: Arc<SendQueue>) -> Self {
        Self { socket, device, withheld, queue, seats: Vec::new(), hears: Hears::All }
    }

    /// A seat that the device has lost meanwhile stays lost.
    pub fn add(&mut self, participant: ParticipantId, sight: Sight) {
        match self.seats.iter_mut().find(|seat| seat.participant == participant) {
            Some(seat) => seat.sight = sight,
            None => self.seats.push(SubscribedSeat { participant, sight, is_revoked: false }),
        }
    }

    /// Whom its people are shown is not known until each has opened the chat again.
    pub fn forget_sight(&mut self) {
        self.seats.iter_mut().for_each(|seat| seat.sight.sees_everybody = false);
    }

    /// Whether the person is in by one of its seats and shown to nobody but the admins.
    pub fn has_hidden(&self, participant: ParticipantId) -> bool {
        self.seats.iter().any(|seat| seat.participant == participant && !seat.sight.sees_everybody)
    }

    /// False when that was the last seat.
    pub fn remove(&mut self, participant: ParticipantId) -> bool {
        self.seats.retain(|seat| seat.participant != participant);
        !self.seats.is_empty()
    }

    /// Through whom it has the chat open, also where the device has lost the seat.
    pub fn participants(&self) -> impl Iterator<Item = ParticipantId> {
        self.seats.iter().map(|seat| seat.participant)
    }

    pub fn shares(&self, signal: Signal) -> bool {
        !self.withheld.has(signal)
    }

    pub fn hears_all(&self) -> bool {
        self.hears == Hears::All && self.holds_a_seat()
    }

    fn holds_a_seat(&self) -> bool {
        self.held().next().is_some()
    }

    fn held(&self) -> impl Iterator<Item = &SubscribedSeat> {
        self.seats.iter().filter(|seat| !seat.is_revoked)
    }

    /// For whom frames of an event are needed, so that each of its seats is shown what it may be.
    pub fn addressees(&self, committed: &Committed) -> impl Iterator<Item = Addressee> {
        let shared = self.shared_view(committed);
        let seats = self.held().filter_map(move |seat| {
            let view = self.view(seat, committed)?;
            (shared != Some(view)).then_some(Addressee::Seat(seat.participant, view))
        });
        seats.chain(shared.map(Addressee::Chat))
    }

    /// What all of its seats are shown alike, if they are. The person whose receipt it is knows their own.
    fn shared_view(&self, committed: &Committed) -> Option<View> {
        let is_receipt = matches!(committed.event, Event::Marked { .. });
        let views = self.held().map(|seat| self.view(seat, committed));
        let mut views = views.filter(|view| !is_receipt || *view != Some(View::Own));
        let first = views.next()??;
        (first != View::Own && views.all(|view| view == Some(first))).then_some(first)
    }

    fn view(&self, seat: &SubscribedSeat, committed: &Committed) -> Option<View> {
        let sees_all = committed.hidden_people.is_empty() || seat.sight.sees_everybody;
        match &committed.event {
            Event::Said(message) | Event::Changed(message) if sees_all => {
                (seat.sight.since <= message.seq).then_some(View::Full)
            }
            Event::Said(message) | Event::Changed(message) if seat.sight.since <= message.seq => {
                Some(if seat.is_named(committed) { View::Own } else { View::Reduced })
            }
            Event::Marked { participant, .. } if *participant == seat.participant => Some(View::Own),
            Event::Marked { .. } if sees_all => {
                Some(if self.shares(Signal::Seen) { View::Full } else { View::Reduced })
            }
            Event::HiddenFor { participant, .. } => (*participant == seat.participant).then_some(View::Own),
            Event::Said(_)
            | Event::Changed(_)
            | Event::Marked { .. }
            | Event::Entered { .. }
            | Event::Left { .. }
            | Event::SightChanged => None,
            _ => (sees_all || seat.is_named(committed)).then_some(View::Full),
        }
    }

    /// Where a frame is missing that another seat made necessary, which was opened just now, the socket must
    /// resync.
    pub fn tell_event(&mut self, committed: &Committed, frames: &Frames, wakes: &mut WakeList) {
        let Committed { chat, event, .. } = committed;
        let found: Result<Vec<_>, NotEncoded> =
            self.addressees(committed).map(|to| self.frame(to, frames)).collect();
        let Ok(found) = found else { return self.resync(*chat, wakes) };
        let mut texts = found.into_iter().flatten().peekable();
        while let Some(text) = texts.next() {
            self.tell(delivery(*chat, event, text, texts.peek().is_some()), wakes);
        }
    }

    /// The frame, if there is anything to tell. A socket that came in between is told nothing: it reads the
    /// chat's state after the commit.
    fn frame(&self, to: Addressee, frames: &Frames) -> Result<Option<Utf8Bytes>, NotEncoded> {
        frames.of(to).or_else(|not_encoded| match to {
            // Another seat of this socket, which the device has just lost, had made it differ.
            Addressee::Chat(view) => {
                let mut alone = self.held().map(|seat| Addressee::Seat(seat.participant, view));
                Ok(alone.find_map(|to| frames.of(to).ok()).flatten())
            }
            Addressee::Seat(..) => Err(not_encoded),
        })
    }

    /// I4: a socket whose queue is full must resync, and gets nothing after that.
    pub fn tell(&mut self, delivery: Delivery, wakes: &mut WakeList) {
        if self.hears != Hears::All {
            return;
        }
        let chat = delivery.chat();
        if wakes.push(&self.queue, delivery).is_err() {
            self.resync(chat, wakes);
        }
    }

    /// Tells all of its people but this one, as far as they are shown them, that they are here or type.
    pub fn tell_signal(
        &mut self,
        chat: ChatId,
        (who, is_hidden): (ParticipantId, bool),
        frame: &SignalFrame,
        wakes: &mut WakeList,
    ) {
        if !self.shares(frame.signal()) {
            return;
        }
        let others = || self.held().filter(|seat| seat.participant != who);
        let told = || others().filter(|seat| !is_hidden || seat.sight.sees_everybody);
        let texts = if told().count() == others().count() {
            others().next().map(|_| frame.to(Whose::Chat(chat))).into_iter().collect()
        } else {
            let whose = |seat: &SubscribedSeat| Whose::Seat(SeatId { chat, participant: seat.participant });
            told().map(|seat| frame.to(whose(seat))).collect::<Vec<_>>()
        };
        for text in texts {
            if frame.signal() == Signal::Typing {
                // A socket whose queue is full has more important frames to read.
                let _ = wakes.push(&self.queue, Delivery::Typing { chat, text });
            } else {
                self.tell(Delivery::Frame { chat, text }, wakes);
            }
        }
    }

    /// Whether or not it hears anything else.
    pub fn tell_end(&self, delivery: Delivery, wakes: &mut WakeList) {
        if self.holds_a_seat() {
            wakes.push_beyond(&self.queue, delivery);
        }
    }

    pub fn resync(&mut self, chat: ChatId, wakes: &mut WakeList) {
        self.hears = Hears::OnlyEnd;
        wakes.push_beyond(&self.queue, Delivery::Resync { chat, since: Instant::now() });
    }

    pub fn begin_afresh(&mut self, chat: ChatId, wakes: &mut WakeList) {
        self.hears = Hears::OnlyEnd;
        wakes.push_beyond(&self.queue, Delivery::Afresh(chat));
    }

    /// It starts again. What waited for it is dropped, because it reads the backlog next; but not that it has
    /// lost a seat meanwhile.
    pub fn renew(&mut self, chat: ChatId) {
        self.hears = Hears::All;
        self.queue.forget(chat);
    }

    pub fn defer(&mut self) {
        self.hears = Hears::OnlyEnd;
    }

    /// The device has lost a seat.
    pub fn revoke(&mut self, seat: SeatId, wakes: &mut WakeList) {
        let mut lost = self.seats.iter_mut().filter(|one| one.participant == seat.participant);
        if let Some(lost) = lost.next().filter(|lost| !lost.is_revoked) {
            lost.is_revoked = true;
            wakes.push_beyond(&self.queue, Delivery::Left(seat));
        }
    }
}

fn delivery(chat: ChatId, event: &Event, text: Utf8Bytes, has_sequel: bool) -> Delivery {
    match event {
        Event::Said(message) => Delivery::Message { chat, seq: message.seq, text, has_sequel },
        Event::Marked { participant, receipt, .. } => {
            Delivery::Receipt { chat, of: *participant, receipt: *receipt, text, has_sequel }
        }
        _ => Delivery::Frame { chat, text },
    }
}
