//! Who listens to which chat, who is here, and who types.
//!
//! The store's publisher hands on here what became true; sessions listen. All of it is in memory and behind
//! one std mutex, under which nothing waits and nothing is encoded: what a socket gets is put into its queue,
//! and a socket whose queue is full must resync. The hub keeps nothing, asks nobody whether something is
//! allowed, and never sees a key.

mod channel;
mod frames;
mod queue;
mod signal_frame;
mod subscriber;
mod subscription;
#[cfg(test)]
mod tests;
mod watchers;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Clock;
use crate::domain::{ChatId, DeviceId, Event, ParticipantId, PrivacySettings, Refusal, Signal};
use crate::limits::SOCKETS_PER_DEVICE_MAX;
use crate::store::{Committed, Publication};

pub use queue::Delivery;
pub use subscriber::{Subscriber, SubscriptionGuard};

use channel::Channel;
use frames::{Addressee, Frames, gather_receipts};
use queue::WakeList;
use watchers::Watchers;

/// Everybody who listens. Cheap to clone.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    channels: Mutex<Channels>,
    clock: Clock,
    next_socket: AtomicU64,
}

#[derive(Default)]
struct Channels {
    chats: HashMap<ChatId, Channel>,
    sockets: HashMap<DeviceId, usize>,
    watchers: Watchers,
}

/// One socket, among all of a house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct SocketId(u64);

impl Hub {
    /// A hub to which nobody listens yet. `clock` says when somebody was last here.
    pub fn new(clock: Clock) -> Self {
        Self(Arc::new(Inner { channels: Mutex::default(), clock, next_socket: AtomicU64::new(1) }))
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
        let socket = SocketId(self.0.next_socket.fetch_add(1, Ordering::Relaxed));
        Ok(Subscriber::new(self.clone(), socket, device, withheld))
    }

    /// Takes what leaves the store, after the commit (I1), from one thread; never blocks on a socket.
    pub fn publish(&self, publication: Publication) {
        match publication {
            Publication::Committed(events) => self.tell(&gather_receipts(events)),
            Publication::Doubt => self.doubt(),
        }
    }

    /// Every subscriber must resync: nobody knows what they have missed.
    fn doubt(&self) {
        self.0.in_channels(|channels, wakes| {
            channels.chats.values_mut().for_each(|channel| channel.doubt(wakes));
            channels.watchers.doubt(wakes);
        });
    }

    /// Tells everybody who listens what became true, in order (I3). Looks under the lock who will hear it,
    /// encodes without the lock, and hands it out under the lock again. Who comes in between has read the
    /// chat's state after the commit.
    fn tell(&self, events: &[Committed]) {
        let addressees = self.0.in_channels(|channels, _| {
            events.iter().map(|committed| channels.addressees(committed)).collect::<Vec<_>>()
        });
        let heard = events.iter().zip(addressees);
        let frames: Vec<_> = heard.map(|(event, addressees)| Frames::encode(event, addressees)).collect();
        self.0.in_channels(|channels, wakes| {
            events.iter().zip(&frames).for_each(|(event, frames)| channels.push(event, frames, wakes));
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
    fn in_channels<T>(&self, act: impl FnOnce(&mut Channels, &mut WakeList) -> T) -> T {
        let mut wakes = WakeList::default();
        let done = act(&mut self.channels(), &mut wakes);
        wakes.wake_all();
        done
    }

    /// Acts on a channel, if the chat has one.
    fn in_channel<T>(&self, chat: ChatId, act: impl FnOnce(&mut Channel, &mut WakeList) -> T) -> Option<T> {
        self.in_channels(|channels, wakes| {
            let channel = channels.chats.get_mut(&chat)?;
            let done = act(channel, wakes);
            if channel.is_empty() {
                channels.chats.remove(&chat);
            }
            Some(done)
        })
    }
}

impl Channels {
    fn addressees(&self, committed: &Committed) -> Vec<Addressee> {
        self.chats.get(&committed.chat).map(|channel| channel.addressees(committed)).unwrap_or_default()
    }

    fn push(&mut self, committed: &Committed, frames: &Frames, wakes: &mut WakeList) {
        self.watchers.note(committed, wakes);
        let Some(channel) = self.chats.get_mut(&committed.chat) else { return };
        channel.push(committed, frames, wakes);
        if matches!(committed.event, Event::Ended(_)) {
            self.chats.remove(&committed.chat);
        }
    }
}
