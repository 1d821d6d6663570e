//! One socket's place in the hub, and the chats that it has open or watches.

use std::sync::Arc;

use tokio::time::Instant;

use super::channel::Channel;
use super::queue::{Delivery, SendQueue};
use super::signal_frame::{Doing, SignalFrame};
use super::subscription::Subscription;
use super::{Hub, SocketId};
use crate::domain::{
    At, ChangedChats, ChatId, DeviceId, ParticipantId, PrivacySettings, SeatId, Sight, Signal, Viewer,
};

/// One socket's place in the hub. Dropping it makes room for another socket of the device.
pub struct Subscriber {
    hub: Hub,
    socket: SocketId,
    device: DeviceId,
    withheld: PrivacySettings,
    queue: Arc<SendQueue>,
}

impl Subscriber {
    pub(super) fn new(hub: Hub, socket: SocketId, device: DeviceId, withheld: PrivacySettings) -> Self {
        Self { hub, socket, device, withheld, queue: Arc::default() }
    }

    pub fn device(&self) -> DeviceId {
        self.device
    }

    pub fn withheld(&self) -> PrivacySettings {
        self.withheld
    }

    /// Who looks through the socket at a chat.
    pub fn viewer(&self, seat: SeatId) -> Viewer {
        Viewer { participant: seat.participant, withheld: self.withheld }
    }

    /// Listens to a chat from now on, through one seat, by which this is shown.
    pub fn open(&self, seat: SeatId, sight: Sight) -> SubscriptionGuard {
        let (hub, queue) = (self.hub.clone(), Arc::clone(&self.queue));
        let (socket, device, withheld) = (self.socket, self.device, self.withheld);
        let mut guard =
            SubscriptionGuard { hub, socket, device, withheld, queue, chat: seat.chat, open: Vec::new() };
        guard.add(seat.participant, sight);
        guard
    }

    /// Wants to know from now on which of the device's chats have news; the device gets its seats by
    /// [`Self::watch_seats`], and those that it enters by itself.
    pub fn watch(&self) {
        let begin = |device, socket, queue| self.hub.0.channels().watchers.begin(device, socket, queue);
        begin(self.device, self.socket, &self.queue);
    }

    /// Watches seats of the device. Tells which of them were not watched before.
    pub fn watch_seats(&self, seats: impl IntoIterator<Item = SeatId>) -> Vec<SeatId> {
        let mut channels = self.hub.0.channels();
        seats.into_iter().filter(|seat| channels.watchers.add(self.device, *seat)).collect()
    }

    /// In which of the watched chats something changed since the last call.
    pub fn take_changed(&self) -> ChangedChats {
        self.queue.take_changed()
    }

    /// Tells the others that somebody types, unless that is withheld. More often than every
    /// `TYPING_INTERVAL` it is not passed on: it says nothing that they do not see already.
    pub fn typing(&self, SeatId { chat, participant }: SeatId) {
        if !self.withheld.has(Signal::Typing) {
            let frame = SignalFrame::new(chat, participant, Doing::Types);
            self.hub.0.in_channel(chat, |channel, wakes| channel.typing(participant, &frame, wakes));
        }
    }

    pub fn take(&self) -> Vec<Delivery> {
        self.queue.take()
    }

    /// Returns when something may have come in. Dropping the future loses nothing.
    pub async fn ready(&self) {
        self.queue.ready().await;
    }

    /// Returns when the socket could not keep up and word of that waits: since when.
    pub async fn stuck(&self) -> Instant {
        loop {
            if let Some(since) = self.queue.stuck_since() {
                return since;
            }
            self.queue.woken().await;
        }
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        let mut channels = self.hub.0.channels();
        channels.watchers.end(self.device, self.socket);
        match channels.sockets.get_mut(&self.device) {
            Some(sockets) if *sockets > 1 => *sockets -= 1,
            _ => {
                channels.sockets.remove(&self.device);
            }
        }
    }
}

/// A socket has a chat open through some seats, and their participants are here unless that is withheld, for
/// as long as this value lives.
#[must_use]
pub struct SubscriptionGuard {
    hub: Hub,
    socket: SocketId,
    device: DeviceId,
    withheld: PrivacySettings,
    queue: Arc<SendQueue>,
    chat: ChatId,
    open: Vec<ParticipantId>,
}

impl SubscriptionGuard {
    /// Listens through this seat, too, or is shown something else through it than before. The first socket of
    /// a participant that tells so makes the others see that they are here.
    pub fn add(&mut self, who: ParticipantId, sight: Sight) {
        let new = Subscription::new(self.socket, self.device, self.withheld, Arc::clone(&self.queue));
        let arrival = SignalFrame::new(self.chat, who, Doing::Comes);
        self.hub.0.in_channels(|channels, wakes| {
            let channel = channels.chats.entry(self.chat).or_insert_with(|| Channel::new(self.chat));
            channel.enter(new, (who, sight), &arrival, wakes);
        });
        if !self.open.contains(&who) {
            self.open.push(who);
        }
    }

    /// Hears everything again from now on, and nothing of what waited so far.
    pub fn renew(&self) {
        self.hub.0.in_channel(self.chat, |channel, _| channel.renew(self.socket));
    }

    /// Whether it tells that the participants are here.
    pub fn tells(&self) -> bool {
        !self.withheld.has(Signal::Here)
    }

    /// Hears nothing more but the end, until it is renewed.
    pub fn defer(&self) {
        self.hub.0.in_channel(self.chat, |channel, _| channel.defer(self.socket));
    }

    /// Does not listen through this seat any more. When it told that the participant is here, and no other
    /// socket does, they are gone: tells since when.
    pub fn close(&mut self, who: ParticipantId) -> Option<At> {
        let place = self.open.iter().position(|open| *open == who)?;
        self.open.swap_remove(place);
        let at = (self.hub.0.clock)();
        let departure = SignalFrame::new(self.chat, who, Doing::Goes(at));
        let gone = self
            .hub
            .0
            .in_channel(self.chat, |channel, wakes| channel.leave(self.socket, who, &departure, wakes));
        gone.unwrap_or(false).then_some(at)
    }
}

impl Drop for SubscriptionGuard {
    fn drop(&mut self) {
        while let Some(who) = self.open.last().copied() {
            self.close(who);
        }
    }
}
