//! One chat as the hub knows it: which sockets have it open, who is here, and who types.
//!
//! Called by the hub under its lock, with frames that are encoded already. A socket is told what all are told
//! once, however many of the chat's seats it has open. Nothing here decides what is true: that happened
//! before, in the store.

use tokio::time::Instant;

use super::frames::{Addressee, Frames, View};
use super::queue::{Delivery, WakeList};
use super::signal_frame::SignalFrame;
use super::subscription::Subscription;
use super::{Signal, SocketId};
use crate::domain::{ChatId, DeviceId, Event, ParticipantId, SeatId, Sight};
use crate::limits::TYPING_INTERVAL;
use crate::store::Committed;

/// The sockets that have one chat open.
pub struct Channel {
    chat: ChatId,
    subscriptions: Vec<Subscription>,
    /// When each participant last typed: the others are told once in [`TYPING_INTERVAL`].
    typed: Vec<(ParticipantId, Instant)>,
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
        let mut here: Vec<_> = telling.flat_map(Subscription::participants).collect();
        here.sort_unstable();
        here.dedup();
        here
    }

    /// Who is told of an event, each in the way in which they are.
    pub fn addressees(&self, committed: &Committed) -> Vec<Addressee> {
        if let Event::Ended(_) = committed.event {
            return vec![Addressee::Chat(View::Full)];
        }
        let mut addressees = Vec::new();
        for subscription in self.subscriptions.iter().filter(|subscription| subscription.hears_all()) {
            for addressee in subscription.addressees(committed) {
                if !addressees.contains(&addressee) {
                    addressees.push(addressee);
                }
            }
        }
        addressees
    }

    /// A socket has the chat open through one more seat, or is shown something else through it than before.
    /// `arrival` says that its participant is here.
    pub fn enter(
        &mut self,
        new: Subscription,
        (who, sight): (ParticipantId, Sight),
        arrival: &SignalFrame,
        wakes: &mut WakeList,
    ) {
        let comes = new.shares(Signal::Here) && !self.is_here(who);
        let known = self.subscriptions.iter().position(|subscription| subscription.socket == new.socket);
        let place = known.unwrap_or_else(|| {
            self.subscriptions.push(new);
            self.subscriptions.len() - 1
        });
        self.subscriptions[place].add(who, sight);
        if comes {
            self.tell_others(who, arrival, wakes);
        }
    }

    /// A socket does not have the chat open through that seat any more; `departure` says since when its
    /// participant is gone. True when they are, as far as anybody was told.
    pub fn leave(
        &mut self,
        socket: SocketId,
        who: ParticipantId,
        departure: &SignalFrame,
        wakes: &mut WakeList,
    ) -> bool {
        let found = self.subscriptions.iter().position(|subscription| subscription.socket == socket);
        let Some(place) = found else { return false };
        let is_hidden = self.is_hidden(who);
        let subscription = &mut self.subscriptions[place];
        let tells = subscription.shares(Signal::Here);
        if !subscription.remove(who) {
            self.subscriptions.swap_remove(place);
        }
        let goes = tells && !self.is_here(who);
        if goes {
            let chat = self.chat;
            for one in self.hearing_all() {
                one.tell_signal(chat, (who, is_hidden), departure, wakes);
            }
        }
        goes
    }

    /// A socket that could not keep up starts again.
    pub fn renew(&mut self, socket: SocketId) {
        let chat = self.chat;
        self.of_socket(socket).for_each(|subscription| subscription.renew(chat));
    }

    /// A socket is told nothing more but the end, by its own wish.
    pub fn defer(&mut self, socket: SocketId) {
        self.of_socket(socket).for_each(Subscription::defer);
    }

    /// Tells everybody what became true.
    pub fn push(&mut self, committed: &Committed, frames: &Frames, wakes: &mut WakeList) {
        match &committed.event {
            Event::Left { participant, device } => self.revoke(*participant, *device, wakes),
            Event::SightChanged => self.begin_afresh(wakes),
            Event::Ended(_) => self.end(frames, wakes),
            _ => self.hearing_all().for_each(|one| one.tell_event(committed, frames, wakes)),
        }
    }

    /// Something may have become true of which nobody was told.
    pub fn doubt(&mut self, wakes: &mut WakeList) {
        let chat = self.chat;
        self.subscriptions.iter_mut().for_each(Subscription::forget_sight);
        self.hearing_all().for_each(|subscription| subscription.resync(chat, wakes));
    }

    fn begin_afresh(&mut self, wakes: &mut WakeList) {
        let chat = self.chat;
        self.subscriptions.iter_mut().for_each(Subscription::forget_sight);
        self.hearing_all().for_each(|subscription| subscription.begin_afresh(chat, wakes));
    }

    /// Tells the others that somebody types. Those who cannot keep up miss it.
    pub fn typing(&mut self, who: ParticipantId, frame: &SignalFrame, wakes: &mut WakeList) {
        if !self.types_again_too_soon(who) {
            self.tell_others(who, frame, wakes);
        }
    }

    fn of_socket(&mut self, socket: SocketId) -> impl Iterator<Item = &mut Subscription> {
        self.subscriptions.iter_mut().filter(move |one| one.socket == socket)
    }

    fn hearing_all(&mut self) -> impl Iterator<Item = &mut Subscription> {
        self.subscriptions.iter_mut().filter(|subscription| subscription.hears_all())
    }

    fn is_here(&self, who: ParticipantId) -> bool {
        let has = |one: &Subscription| one.participants().any(|participant| participant == who);
        self.subscriptions.iter().any(|one| has(one) && one.shares(Signal::Here))
    }

    /// Whether nobody but the admins is shown this person, who has the chat open.
    fn is_hidden(&self, who: ParticipantId) -> bool {
        self.subscriptions.iter().any(|subscription| subscription.has_hidden(who))
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

    fn tell_others(&mut self, who: ParticipantId, frame: &SignalFrame, wakes: &mut WakeList) {
        let (chat, of) = (self.chat, (who, self.is_hidden(who)));
        self.hearing_all().for_each(|subscription| subscription.tell_signal(chat, of, frame, wakes));
    }

    fn end(&self, frames: &Frames, wakes: &mut WakeList) {
        let (chat, Ok(Some(text))) = (self.chat, frames.of(Addressee::Chat(View::Full))) else { return };
        for subscription in &self.subscriptions {
            subscription.tell_end(Delivery::Ended { chat, text: text.clone() }, wakes);
        }
    }

    fn revoke(&mut self, participant: ParticipantId, device: DeviceId, wakes: &mut WakeList) {
        let seat = SeatId { chat: self.chat, participant };
        for subscription in self.subscriptions.iter_mut().filter(|one| one.device == device) {
            subscription.revoke(seat, wakes);
        }
    }
}
