//! One chat as the hub knows it: which sockets have it open, and what each of them is told.
//!
//! Called by the hub under its lock, with frames that are encoded already. A socket is told what all are told
//! once, however many of the chat's seats it has open. Nothing here decides what is true: that happened
//! before, in the store.

use std::sync::Arc;

use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::frames::{Frames, ViewerClasses};
use super::queue::{Delivery, SendQueue, WakeList};
use super::{Signal, SocketId};
use crate::domain::{ChatId, DeviceId, Event, ParticipantId, PrivacySettings, Receipt, SeatId, Seq};
use crate::limits::TYPING_INTERVAL;

/// The sockets that have one chat open.
pub struct Channel {
    chat: ChatId,
    subscriptions: Vec<Subscription>,
    /// When each participant last typed: the others are told once in [`TYPING_INTERVAL`].
    typed: Vec<(ParticipantId, Instant)>,
}

/// One socket that has the chat open.
pub struct Subscription {
    pub socket: SocketId,
    pub device: DeviceId,
    /// What that socket does not tell, and is not told.
    pub withheld: PrivacySettings,
    pub queue: Arc<SendQueue>,
    seats: Vec<SubscribedSeat>,
    hears: Hears,
}

/// One of the seats through which a socket has the chat open.
struct SubscribedSeat {
    participant: ParticipantId,
    /// The first message that they may read.
    since: Seq,
    /// The device has lost it: it is told nothing more.
    is_revoked: bool,
}

/// What a subscription is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hears {
    All,
    /// Only that the chat has ended: it could not keep up, and knows it.
    OnlyEnd,
}

impl Channel {
    pub fn new(chat: ChatId) -> Self {
        Self { chat, subscriptions: Vec::new(), typed: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.subscriptions.is_empty()
    }

    /// Who is here and tells so, in order; each once.
    pub fn here(&self) -> Vec<ParticipantId> {
        let telling = self.subscriptions.iter().filter(|subscription| subscription.shares(Signal::Here));
        let seats = telling.flat_map(|subscription| &subscription.seats);
        let mut here: Vec<_> = seats.map(|seat| seat.participant).collect();
        here.sort_unstable();
        here.dedup();
        here
    }

    /// Who is told of an event.
    pub fn viewers(&self, event: &Event) -> ViewerClasses {
        let mut viewers = ViewerClasses::default();
        let participant = match *event {
            Event::Marked { participant, .. } => participant,
            Event::HiddenFor { participant, .. } => {
                viewers.oneself =
                    self.subscriptions.iter().any(|subscription| subscription.is_of(participant));
                return viewers;
            }
            _ => {
                viewers.sharing_seen = true;
                return viewers;
            }
        };
        for subscription in self.subscriptions.iter().filter(|subscription| subscription.hears_all()) {
            viewers.oneself |= subscription.is_of(participant);
            if subscription.is_of_another_than(participant) {
                let shares_seen = subscription.shares(Signal::Seen);
                viewers.sharing_seen |= shares_seen;
                viewers.withholding_seen |= !shares_seen;
            }
        }
        viewers
    }

    /// A socket has the chat open through one more seat. `arrival` says that its participant is here.
    pub fn enter(
        &mut self,
        new: Subscription,
        (who, since): (ParticipantId, Seq),
        arrival: &Utf8Bytes,
        wakes: &mut WakeList,
    ) {
        let comes = new.shares(Signal::Here) && !self.is_here(who);
        let known = self.subscriptions.iter().position(|subscription| subscription.socket == new.socket);
        let place = known.unwrap_or_else(|| {
            self.subscriptions.push(new);
            self.subscriptions.len() - 1
        });
        let seats = &mut self.subscriptions[place].seats;
        if seats.iter().all(|seat| seat.participant != who) {
            seats.push(SubscribedSeat { participant: who, since, is_revoked: false });
        }
        if comes {
            self.tell_others(who, Signal::Here, arrival, wakes);
        }
    }

    /// A socket does not have the chat open through that seat any more; `departure` says since when its
    /// participant is gone. True when they are, as far as anybody was told.
    pub fn leave(
        &mut self,
        socket: SocketId,
        who: ParticipantId,
        departure: &Utf8Bytes,
        wakes: &mut WakeList,
    ) -> bool {
        let found = self.subscriptions.iter().position(|subscription| subscription.socket == socket);
        let Some(place) = found else { return false };
        let subscription = &mut self.subscriptions[place];
        subscription.seats.retain(|seat| seat.participant != who);
        let tells = subscription.shares(Signal::Here);
        if subscription.seats.is_empty() {
            self.subscriptions.swap_remove(place);
        }
        let goes = tells && !self.is_here(who);
        if goes {
            self.tell_others(who, Signal::Here, departure, wakes);
        }
        goes
    }

    /// A socket that could not keep up starts again. What waited for it is dropped, because it reads the
    /// backlog next; but not that it has lost a seat meanwhile.
    pub fn renew(&mut self, socket: SocketId) {
        let chat = self.chat;
        for subscription in self.subscriptions.iter_mut().filter(|one| one.socket == socket) {
            subscription.hears = Hears::All;
            subscription.queue.forget(chat);
        }
    }

    /// A socket is told nothing more but the end, by its own wish.
    pub fn defer(&mut self, socket: SocketId) {
        for subscription in self.subscriptions.iter_mut().filter(|one| one.socket == socket) {
            subscription.hears = Hears::OnlyEnd;
        }
    }

    /// Tells everybody what became true.
    pub fn push(&mut self, event: &Event, frames: &Frames, wakes: &mut WakeList) {
        match event {
            Event::Left { participant, device } => self.revoke(*participant, *device, wakes),
            Event::Ended(_) => self.end(frames, wakes),
            Event::Marked { participant, receipt, .. } => {
                self.tell_receipt(*participant, *receipt, frames, wakes);
            }
            Event::Said(message) => {
                let (chat, seq, Some(text)) = (self.chat, message.seq, &frames.shared) else { return };
                self.tell(&Delivery::Message { chat, seq, text: text.clone() }, wakes);
            }
            Event::HiddenFor { participant, .. } => {
                let (chat, Some(text)) = (self.chat, &frames.own) else { return };
                for subscription in self.hearing_all().filter(|subscription| subscription.is_of(*participant))
                {
                    subscription.tell(Delivery::Frame { chat, text: text.clone() }, wakes);
                }
            }
            Event::Changed(message) => {
                let (chat, Some(text)) = (self.chat, &frames.shared) else { return };
                for subscription in self.hearing_all().filter(|one| one.reaches(message.seq)) {
                    subscription.tell(Delivery::Frame { chat, text: text.clone() }, wakes);
                }
            }
            Event::Called { .. }
            | Event::Kept { .. }
            | Event::Guessed { .. }
            | Event::Person { .. }
            | Event::Described { .. }
            | Event::Invited { .. } => {
                let (chat, Some(text)) = (self.chat, &frames.shared) else { return };
                self.tell(&Delivery::Frame { chat, text: text.clone() }, wakes);
            }
            Event::Entered { .. } => {}
        }
    }

    /// Something may have become true of which nobody was told.
    pub fn doubt(&mut self, wakes: &mut WakeList) {
        let chat = self.chat;
        self.hearing_all().for_each(|subscription| subscription.resync(chat, wakes));
    }

    /// Tells the others that somebody types. Those who cannot keep up miss it.
    pub fn typing(&mut self, who: ParticipantId, text: &Utf8Bytes, wakes: &mut WakeList) {
        if self.types_again_too_soon(who) {
            return;
        }
        let chat = self.chat;
        for subscription in self.others(who, Signal::Typing) {
            // A socket whose queue is full has more important frames to read.
            let _ = wakes.push(&subscription.queue, Delivery::Typing { chat, text: text.clone() });
        }
    }

    fn hearing_all(&mut self) -> impl Iterator<Item = &mut Subscription> {
        self.subscriptions.iter_mut().filter(|subscription| subscription.hears_all())
    }

    fn is_here(&self, who: ParticipantId) -> bool {
        let has = |seats: &[SubscribedSeat]| seats.iter().any(|seat| seat.participant == who);
        self.subscriptions.iter().any(|one| has(&one.seats) && one.shares(Signal::Here))
    }

    /// The others who may be told `signal`, because they do not withhold it themselves.
    fn others(&mut self, who: ParticipantId, signal: Signal) -> impl Iterator<Item = &mut Subscription> {
        self.hearing_all().filter(move |one| one.is_of_another_than(who) && one.shares(signal))
    }

    fn types_again_too_soon(&mut self, participant: ParticipantId) -> bool {
        let now = Instant::now();
        match self.typed.iter_mut().find(|(who, _)| *who == participant) {
            Some((_, before)) if now.duration_since(*before) < TYPING_INTERVAL => return true,
            Some((_, before)) => *before = now,
            None => self.typed.push((participant, now)),
        }
        false
    }

    fn tell_others(&mut self, who: ParticipantId, signal: Signal, text: &Utf8Bytes, wakes: &mut WakeList) {
        let chat = self.chat;
        for subscription in self.others(who, signal) {
            subscription.tell(Delivery::Frame { chat, text: text.clone() }, wakes);
        }
    }

    fn tell(&mut self, delivery: &Delivery, wakes: &mut WakeList) {
        self.hearing_all().for_each(|subscription| subscription.tell(delivery.clone(), wakes));
    }

    fn tell_receipt(&mut self, of: ParticipantId, receipt: Receipt, frames: &Frames, wakes: &mut WakeList) {
        let chat = self.chat;
        for subscription in self.hearing_all() {
            let shared = if subscription.shares(Signal::Seen) { &frames.shared } else { &frames.withholding };
            let shared = shared.clone().filter(|_| subscription.is_of_another_than(of));
            let own = frames.own.clone().filter(|_| subscription.is_of(of));
            let has_sequel = own.is_some() && shared.is_some();
            if let Some(text) = own {
                subscription.tell(Delivery::Receipt { chat, of, receipt, text, has_sequel }, wakes);
            }
            if let Some(text) = shared {
                let has_sequel = false;
                subscription.tell(Delivery::Receipt { chat, of, receipt, text, has_sequel }, wakes);
            }
        }
    }

    fn end(&mut self, frames: &Frames, wakes: &mut WakeList) {
        let (chat, Some(text)) = (self.chat, &frames.shared) else { return };
        for subscription in self.subscriptions.iter().filter(|one| one.holds_a_seat()) {
            wakes.push_beyond(&subscription.queue, Delivery::Ended { chat, text: text.clone() });
        }
    }

    fn revoke(&mut self, participant: ParticipantId, device: DeviceId, wakes: &mut WakeList) {
        let chat = self.chat;
        for subscription in self.subscriptions.iter_mut().filter(|one| one.device == device) {
            let lost = subscription.seats.iter_mut().find(|seat| seat.participant == participant);
            if let Some(seat) = lost.filter(|seat| !seat.is_revoked) {
                seat.is_revoked = true;
                wakes.push_beyond(&subscription.queue, Delivery::Left(SeatId { chat, participant }));
            }
        }
    }
}

impl Subscription {
    /// Of a socket that has no seat open there yet.
    pub fn new(socket: SocketId, device: DeviceId, withheld: PrivacySettings, queue: Arc<SendQueue>) -> Self {
        Self { socket, device, withheld, queue, seats: Vec::new(), hears: Hears::All }
    }

    fn shares(&self, signal: Signal) -> bool {
        !self.withheld.has(signal)
    }

    fn hears_all(&self) -> bool {
        self.hears == Hears::All && self.holds_a_seat()
    }

    fn holds_a_seat(&self) -> bool {
        self.held().next().is_some()
    }

    fn is_of(&self, participant: ParticipantId) -> bool {
        self.held().any(|held| held == participant)
    }

    /// Whether one of its people may read this message.
    fn reaches(&self, seq: Seq) -> bool {
        self.seats.iter().any(|seat| !seat.is_revoked && seat.since <= seq)
    }

    fn is_of_another_than(&self, participant: ParticipantId) -> bool {
        self.held().any(|held| held != participant)
    }

    fn held(&self) -> impl Iterator<Item = ParticipantId> {
        self.seats.iter().filter(|seat| !seat.is_revoked).map(|seat| seat.participant)
    }

    /// I4: a socket whose queue is full must resync, and gets nothing after that.
    fn tell(&mut self, delivery: Delivery, wakes: &mut WakeList) {
        if self.hears != Hears::All {
            return;
        }
        let chat = delivery.chat();
        if wakes.push(&self.queue, delivery).is_err() {
            self.resync(chat, wakes);
        }
    }

    fn resync(&mut self, chat: ChatId, wakes: &mut WakeList) {
        self.hears = Hears::OnlyEnd;
        wakes.push_beyond(&self.queue, Delivery::Resync { chat, since: Instant::now() });
    }
}
