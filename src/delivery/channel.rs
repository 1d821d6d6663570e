//! One chat as the hub knows it: which sockets have it open, and what each of them is told.
//!
//! Called by the hub under its lock. A frame is written once for all sockets that get the same one. Nothing
//! here decides what is true: that happened before, in the store.

use std::sync::Arc;

use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::queue::{Delivery, SendQueue, WakeList};
use crate::domain::{
    At, ChatId, DeviceId, Event, MessageId, ParticipantId, PrivacySettings, SeatId, Seq, Signal, Viewer,
};
use crate::limits::TYPING_INTERVAL;
use crate::protocol::server::{self, Recipient};
use crate::store::{Committed, Origin};

/// The sockets that have one chat open.
#[derive(Default)]
pub struct Channel {
    subscriptions: Vec<Subscription>,
    /// When each participant last typed: the others are told once in [`TYPING_INTERVAL`].
    typed: Vec<(ParticipantId, Instant)>,
}

/// One seat that one socket has open.
pub struct Subscription {
    pub seat: SeatId,
    pub device: DeviceId,
    pub origin: Origin,
    /// What that socket does not tell, and is not told.
    pub withheld: PrivacySettings,
    pub queue: Arc<SendQueue>,
    pub hears: Hears,
}

/// What a subscription is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hears {
    All,
    /// Only that the chat has ended: it could not keep up, and knows it.
    OnlyEnd,
    /// Nothing: its device has lost the seat.
    Nothing,
}

impl Channel {
    pub fn is_empty(&self) -> bool {
        self.subscriptions.is_empty()
    }

    /// Who is here and tells so, in order; each once.
    pub fn here(&self) -> Vec<ParticipantId> {
        let telling = self.subscriptions.iter().filter(|subscription| subscription.shares(Signal::Here));
        let mut here: Vec<_> = telling.map(|subscription| subscription.seat.participant).collect();
        here.sort_unstable();
        here.dedup();
        here
    }

    /// One more socket has the chat open.
    pub fn enter(&mut self, subscription: Subscription, wake_list: &mut WakeList) {
        let seat = subscription.seat;
        let comes = subscription.shares(Signal::Here) && !self.is_here(seat.participant);
        self.subscriptions.push(subscription);
        if comes {
            self.tell_presence(seat, None, wake_list);
        }
    }

    /// A socket does not have the chat open any more. True when its participant is gone with it, as far as
    /// anybody was told.
    pub fn leave(&mut self, seat: SeatId, origin: Origin, at: At, wake_list: &mut WakeList) -> bool {
        let found = self.subscriptions.iter().position(|subscription| subscription.is(seat, origin));
        let Some(place) = found else { return false };
        let subscription = self.subscriptions.swap_remove(place);
        let goes = subscription.shares(Signal::Here) && !self.is_here(seat.participant);
        if goes {
            self.tell_presence(seat, Some(at), wake_list);
        }
        goes
    }

    /// A socket that could not keep up starts again. What waited for it is dropped, because it reads the
    /// backlog next. A socket that has lost its seat meanwhile hears of that, and of nothing else.
    pub fn renew(&mut self, seat: SeatId, origin: Origin) {
        let is_it = |subscription: &&mut Subscription| subscription.is(seat, origin);
        for subscription in self.subscriptions.iter_mut().filter(is_it) {
            if subscription.hears != Hears::Nothing {
                subscription.hears = Hears::All;
                subscription.queue.forget(seat);
            }
        }
    }

    /// A socket is told nothing more but the end, by its own wish.
    pub fn defer(&mut self, seat: SeatId, origin: Origin) {
        for subscription in self.hearing_all().filter(|subscription| subscription.is(seat, origin)) {
            subscription.hears = Hears::OnlyEnd;
        }
    }

    /// Tells everybody what became true.
    pub fn push(&mut self, committed: &Committed, wake_list: &mut WakeList) {
        match &committed.event {
            Event::Left { participant, device } => self.revoke(*participant, *device, wake_list),
            Event::Ended(_) => self.end(committed, wake_list),
            Event::Said(_)
            | Event::Marked { .. }
            | Event::Called { .. }
            | Event::Kept { .. }
            | Event::Guessed { .. }
            | Event::Invited { .. } => self.tell(committed, wake_list),
        }
    }

    /// Something may have become true of which nobody was told.
    pub fn doubt(&mut self, wake_list: &mut WakeList) {
        self.hearing_all().for_each(|subscription| subscription.resync(wake_list));
    }

    /// Tells the others that somebody types. Those who cannot keep up miss it.
    pub fn typing(&mut self, seat: SeatId, wake_list: &mut WakeList) {
        if self.types_again_too_soon(seat.participant) {
            return;
        }
        for subscription in self.others_of(seat, Signal::Typing) {
            let text = server::typing(subscription.seat, seat.participant).into();
            // A socket whose queue is full has more important frames to read.
            let _ = wake_list.push(&subscription.queue, Delivery::Typing { seat: subscription.seat, text });
        }
    }

    fn hearing_all(&mut self) -> impl Iterator<Item = &mut Subscription> {
        self.subscriptions.iter_mut().filter(|subscription| subscription.hears == Hears::All)
    }

    fn is_here(&self, participant: ParticipantId) -> bool {
        self.subscriptions.iter().any(|subscription| {
            subscription.seat.participant == participant && subscription.shares(Signal::Here)
        })
    }

    /// The others who may be told `signal`, because they do not withhold it themselves.
    fn others_of(&mut self, seat: SeatId, signal: Signal) -> impl Iterator<Item = &mut Subscription> {
        self.hearing_all().filter(move |subscription| {
            subscription.seat.participant != seat.participant && subscription.shares(signal)
        })
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

    /// `left` is when the participant went; nothing says that they came.
    fn tell_presence(&mut self, seat: SeatId, left: Option<At>, wake_list: &mut WakeList) {
        for subscription in self.others_of(seat, Signal::Here) {
            let text = server::presence(subscription.seat, seat.participant, left.is_none(), left).into();
            subscription
                .tell(Delivery::Frame { seat: subscription.seat, seq: None, answers: None, text }, wake_list);
        }
    }

    fn tell(&mut self, committed: &Committed, wake_list: &mut WakeList) {
        let mut frames = Frames::new(committed);
        for subscription in self.hearing_all() {
            let answers = subscription.asked_for(committed);
            let Some(text) = frames.text(subscription.viewer(), answers.is_some()) else { continue };
            let (seat, seq) = (subscription.seat, seq(&committed.event));
            let delivery = match committed.event {
                Event::Marked { participant: of, receipt, .. } => {
                    Delivery::Receipt { seat, of, receipt, text }
                }
                _ => Delivery::Frame { seat, seq, answers, text },
            };
            subscription.tell(delivery, wake_list);
        }
    }

    fn end(&mut self, committed: &Committed, wake_list: &mut WakeList) {
        let mut frames = Frames::new(committed);
        for subscription in &self.subscriptions {
            if subscription.hears == Hears::Nothing {
                continue;
            }
            let Some(text) = frames.text(subscription.viewer(), false) else { continue };
            wake_list.push_beyond(&subscription.queue, Delivery::Ended { seat: subscription.seat, text });
        }
    }

    fn revoke(&mut self, participant: ParticipantId, device: DeviceId, wake_list: &mut WakeList) {
        let theirs = |subscription: &&mut Subscription| {
            subscription.seat.participant == participant && subscription.device == device
        };
        for subscription in self.subscriptions.iter_mut().filter(theirs) {
            subscription.hears = Hears::Nothing;
            wake_list.push_beyond(&subscription.queue, Delivery::Left(subscription.seat));
        }
    }
}

impl Subscription {
    /// Whether it is that socket's.
    fn is(&self, seat: SeatId, origin: Origin) -> bool {
        self.seat == seat && self.origin == origin
    }

    fn shares(&self, signal: Signal) -> bool {
        self.viewer().shares(signal)
    }

    fn viewer(&self) -> Viewer {
        Viewer { participant: self.seat.participant, withheld: self.withheld }
    }

    /// I4: a socket whose queue is full must resync, and gets nothing after that.
    fn tell(&mut self, delivery: Delivery, wake_list: &mut WakeList) {
        if wake_list.push(&self.queue, delivery).is_err() {
            self.resync(wake_list);
        }
    }

    fn resync(&mut self, wake_list: &mut WakeList) {
        self.hears = Hears::OnlyEnd;
        wake_list.push_beyond(&self.queue, Delivery::Resync { seat: self.seat, since: Instant::now() });
    }

    /// The message of this socket that the event acknowledges. A device may hold both seats of a chat, on
    /// one socket.
    fn asked_for(&self, committed: &Committed) -> Option<MessageId> {
        match &committed.event {
            Event::Said(message) if message.from == self.seat.participant => {
                (committed.origin == Some(self.origin)).then_some(message.id)
            }
            _ => None,
        }
    }
}

fn seq(event: &Event) -> Option<Seq> {
    match event {
        Event::Said(message) => Some(message.seq),
        _ => None,
    }
}

/// The frames of one event, each written when the first socket needs it. Two sockets of one participant get
/// the same one only where they withhold the same.
struct Frames<'a> {
    chat: ChatId,
    event: &'a Event,
    written: Vec<(Viewer, bool, Option<Utf8Bytes>)>,
}

impl<'a> Frames<'a> {
    fn new(committed: &'a Committed) -> Self {
        Self { chat: committed.chat, event: &committed.event, written: Vec::new() }
    }

    fn text(&mut self, viewer: Viewer, asked: bool) -> Option<Utf8Bytes> {
        if let Some((.., text)) = self.written.iter().find(|(who, how, _)| (*who, *how) == (viewer, asked)) {
            return text.clone();
        }
        let recipient = if asked { Recipient::Origin } else { Recipient::Other };
        let text = server::event(self.event, self.chat, viewer, recipient).map(Utf8Bytes::from);
        self.written.push((viewer, asked, text.clone()));
        text
    }
}
