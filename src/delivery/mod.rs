//! Who listens to which chat, who is here, and who types.
//!
//! The writer's thread publishes here what became true; sessions listen. All of it is in memory and behind
//! one std mutex, under which nothing waits: what a socket gets is put into its queue, and a socket whose
//! queue is full must resync. The hub keeps nothing, asks nobody whether something is allowed, and never sees
//! a key.

mod channel;
mod queue;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::clock::Clock;
use crate::domain::{
    At, ChatId, DeviceId, Event, ParticipantId, PrivacySettings, Refusal, SeatId, Signal, Viewer,
};
use crate::limits::SOCKETS_PER_DEVICE_MAX;
use crate::store::{Committed, Origin, Publication};

pub use queue::Delivery;

use channel::{Channel, Hears, Subscription};
use queue::{SendQueue, WakeList};

/// Everybody who listens. Cheap to clone.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    channels: Mutex<Channels>,
    clock: Clock,
    next_origin: AtomicU64,
}

#[derive(Default)]
struct Channels {
    chats: HashMap<ChatId, Channel>,
    sockets: HashMap<DeviceId, usize>,
}

impl Hub {
    /// A hub to which nobody listens yet. `clock` says when somebody was last here.
    pub fn new(clock: Clock) -> Self {
        Self(Arc::new(Inner { channels: Mutex::default(), clock, next_origin: AtomicU64::new(1) }))
    }

    /// One more socket of a device, which withholds something in every chat. Refused with
    /// [`Refusal::TooManySockets`] beyond [`SOCKETS_PER_DEVICE_MAX`].
    pub fn listen(&self, device: DeviceId, withheld: PrivacySettings) -> Result<Subscriber, Refusal> {
        let mut channels = self.0.channels();
        let sockets = channels.sockets.entry(device).or_default();
        if *sockets >= SOCKETS_PER_DEVICE_MAX {
            return Err(Refusal::TooManySockets);
        }
        *sockets += 1;
        let origin = Origin(self.0.next_origin.fetch_add(1, Ordering::Relaxed));
        Ok(Subscriber { hub: self.clone(), device, origin, withheld, queue: Arc::default() })
    }

    /// Takes what leaves the store. Called on the writer's thread after the commit (I1); never blocks on a
    /// socket.
    pub fn publish(&self, publication: Publication) {
        match publication {
            Publication::Committed(events) => self.tell(events),
            Publication::Doubt => self.renew(),
        }
    }

    /// Every subscriber must resync: nobody knows what they have missed.
    fn renew(&self) {
        self.0
            .in_channels(|chats, wake_list| chats.values_mut().for_each(|channel| channel.doubt(wake_list)));
    }

    /// Tells everybody who listens what became true, in order (I3).
    fn tell(&self, events: Vec<Committed>) {
        self.0.in_channels(|chats, wake_list| {
            for committed in events {
                let Some(channel) = chats.get_mut(&committed.chat) else { continue };
                channel.push(&committed, wake_list);
                if matches!(committed.event, Event::Ended(_)) {
                    chats.remove(&committed.chat);
                }
            }
        });
    }

    /// Whether the device has a socket open.
    pub fn is_connected(&self, device: DeviceId) -> bool {
        self.0.channels().sockets.contains_key(&device)
    }

    pub fn sockets(&self) -> usize {
        self.0.channels().sockets.values().sum()
    }

    /// How many devices have a socket.
    pub fn devices(&self) -> usize {
        self.0.channels().sockets.len()
    }

    /// Who has the chat open and tells so, in order.
    pub fn here(&self, chat: ChatId) -> Vec<ParticipantId> {
        self.0.channels().chats.get(&chat).map(Channel::here).unwrap_or_default()
    }
}

impl Inner {
    fn channels(&self) -> MutexGuard<'_, Channels> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Acts under the lock, and behind it wakes the sessions that got something.
    fn in_channels<T>(&self, act: impl FnOnce(&mut HashMap<ChatId, Channel>, &mut WakeList) -> T) -> T {
        let mut wake_list = WakeList::default();
        let done = act(&mut self.channels().chats, &mut wake_list);
        wake_list.wake_all();
        done
    }

    /// Acts on a channel, if the chat has one.
    fn in_channel<T>(&self, chat: ChatId, act: impl FnOnce(&mut Channel, &mut WakeList) -> T) -> Option<T> {
        self.in_channels(|chats, wake_list| {
            let channel = chats.get_mut(&chat)?;
            let done = act(channel, wake_list);
            if channel.is_empty() {
                chats.remove(&chat);
            }
            Some(done)
        })
    }
}

/// One socket's place in the hub. Dropping it makes room for another socket of the device.
pub struct Subscriber {
    hub: Hub,
    device: DeviceId,
    origin: Origin,
    withheld: PrivacySettings,
    queue: Arc<SendQueue>,
}

impl Subscriber {
    /// Which socket this is: commands that name it get their answer in the queue.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    pub fn withheld(&self) -> PrivacySettings {
        self.withheld
    }

    /// Who looks through the socket at a chat.
    pub fn viewer(&self, seat: SeatId) -> Viewer {
        Viewer { participant: seat.participant, withheld: self.withheld }
    }

    /// Listens to a chat from now on. The first socket of a participant that tells so makes the others see
    /// that they are here.
    pub fn open(&self, seat: SeatId) -> SubscriptionGuard {
        let (device, origin, withheld) = (self.device, self.origin, self.withheld);
        let queue = Arc::clone(&self.queue);
        let subscription = Subscription { seat, device, origin, withheld, queue, hears: Hears::All };
        self.hub.0.in_channels(|chats, wake_list| {
            chats.entry(seat.chat).or_default().enter(subscription, wake_list);
        });
        SubscriptionGuard { hub: self.hub.clone(), seat, origin, withheld, closed: false }
    }

    /// Tells the others that somebody types, unless that is withheld. More often than every
    /// `TYPING_INTERVAL` it is not passed on: it says nothing that they do not see already.
    pub fn typing(&self, seat: SeatId) {
        if !self.withheld.has(Signal::Typing) {
            self.hub.0.in_channel(seat.chat, |channel, wake_list| channel.typing(seat, wake_list));
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
        match channels.sockets.get_mut(&self.device) {
            Some(sockets) if *sockets > 1 => *sockets -= 1,
            _ => {
                channels.sockets.remove(&self.device);
            }
        }
    }
}

/// A socket has a seat open, and its participant is here unless that is withheld, for as long as this value
/// lives.
#[must_use]
pub struct SubscriptionGuard {
    hub: Hub,
    seat: SeatId,
    origin: Origin,
    withheld: PrivacySettings,
    closed: bool,
}

impl SubscriptionGuard {
    /// Hears everything again from now on, and nothing of what waited so far.
    pub fn renewed(self) -> Self {
        self.hub.0.in_channel(self.seat.chat, |channel, _| channel.renew(self.seat, self.origin));
        self
    }

    /// Whether it tells that the participant is here.
    pub fn tells(&self) -> bool {
        !self.withheld.has(Signal::Here)
    }

    /// Hears nothing more but the end, until it is renewed.
    pub fn defer(&self) {
        self.hub.0.in_channel(self.seat.chat, |channel, _| channel.defer(self.seat, self.origin));
    }

    /// Ends it. When it told that the participant is here, and no other socket does, they are gone: tells
    /// since when.
    pub fn close(mut self) -> Option<At> {
        self.leave()
    }

    fn leave(&mut self) -> Option<At> {
        if std::mem::replace(&mut self.closed, true) {
            return None;
        }
        let at = (self.hub.0.clock)();
        let gone = self.hub.0.in_channel(self.seat.chat, |channel, wake_list| {
            channel.leave(self.seat, self.origin, at, wake_list)
        });
        gone.unwrap_or(false).then_some(at)
    }
}

impl Drop for SubscriptionGuard {
    fn drop(&mut self) {
        self.leave();
    }
}
