//! The sockets that watch all chats of their device, and what they want to know: in which something changed.
//!
//! The hub calls this under its lock. What changed is not told: the session reads that from the store when it
//! gets round to it, so that a busy chat costs a socket few reads, and a slow socket misses nothing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::SocketId;
use super::queue::{SendQueue, WakeList};
use crate::domain::{Body, ChangedChats, ChatId, DeviceId, Event, ParticipantId, SeatId};
use crate::store::Committed;

#[derive(Default)]
pub struct Watchers {
    devices: HashMap<DeviceId, WatchingDevice>,
    /// The same seats, found from the chat.
    chats: HashMap<ChatId, Vec<(ParticipantId, DeviceId)>>,
}

#[derive(Default)]
struct WatchingDevice {
    sockets: Vec<(SocketId, Arc<SendQueue>)>,
    seats: HashSet<SeatId>,
}

impl Watchers {
    /// One more socket of the device watches. It learns of seats that the device gets from now on.
    pub fn begin(&mut self, device: DeviceId, socket: SocketId, queue: &Arc<SendQueue>) {
        self.devices.entry(device).or_default().sockets.push((socket, Arc::clone(queue)));
    }

    /// Adds a seat of a device that watches. False when it has none that does, or the seat is known.
    pub fn add(&mut self, device: DeviceId, seat: SeatId) -> bool {
        let is_new = self.devices.get_mut(&device).is_some_and(|watching| watching.seats.insert(seat));
        if is_new {
            self.chats.entry(seat.chat).or_default().push((seat.participant, device));
        }
        is_new
    }

    /// A socket of the device is gone.
    pub fn end(&mut self, device: DeviceId, socket: SocketId) {
        let Some(watching) = self.devices.get_mut(&device) else { return };
        watching.sockets.retain(|(known, _)| *known != socket);
        if watching.sockets.is_empty() {
            let seats = self.devices.remove(&device).map(|watching| watching.seats).unwrap_or_default();
            for seat in seats {
                self.forget(device, seat);
            }
        }
    }

    /// Notes for everybody who may want to know that something became true.
    pub fn note(&mut self, Committed { chat, event, .. }: &Committed, wakes: &mut WakeList) {
        if self.devices.is_empty() {
            return;
        }
        match event {
            Event::Said(_) => self.mark(*chat, None, wakes),
            // What is gone is not unread any more.
            Event::Changed(message) if matches!(message.body, Body::Gone(_)) => self.mark(*chat, None, wakes),
            Event::HiddenFor { participant, .. } => self.mark(*chat, Some(*participant), wakes),
            Event::Marked { participant, before, receipt } if before.read != receipt.read => {
                self.mark(*chat, Some(*participant), wakes);
            }
            Event::Entered { participant, device } => {
                self.add(*device, SeatId { chat: *chat, participant: *participant });
                self.mark_device(*device, *chat, wakes);
            }
            Event::Left { participant, device } => {
                self.mark_device(*device, *chat, wakes);
                let seat = SeatId { chat: *chat, participant: *participant };
                if self.devices.get_mut(device).is_some_and(|watching| watching.seats.remove(&seat)) {
                    self.forget(*device, seat);
                }
            }
            Event::Ended(_) => {
                self.mark(*chat, None, wakes);
                for (participant, device) in self.chats.remove(chat).unwrap_or_default() {
                    if let Some(watching) = self.devices.get_mut(&device) {
                        watching.seats.remove(&SeatId { chat: *chat, participant });
                    }
                }
            }
            Event::Changed(_)
            | Event::Marked { .. }
            | Event::Called { .. }
            | Event::Kept { .. }
            | Event::Person { .. }
            | Event::Described { .. }
            | Event::SightChanged
            | Event::Guessed { .. }
            | Event::Invited { .. } => {}
        }
    }

    /// More may be true than anybody was told.
    pub fn doubt(&self, wakes: &mut WakeList) {
        for (_, queue) in self.devices.values().flat_map(|watching| &watching.sockets) {
            wakes.note_change(queue, |changed| *changed = ChangedChats::All);
        }
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.devices.is_empty() && self.chats.is_empty()
    }

    /// For all who have the chat, or for one participant's devices.
    fn mark(&self, chat: ChatId, of: Option<ParticipantId>, wakes: &mut WakeList) {
        for (participant, device) in self.chats.get(&chat).into_iter().flatten() {
            if of.is_none_or(|of| of == *participant) {
                self.mark_device(*device, chat, wakes);
            }
        }
    }

    fn mark_device(&self, device: DeviceId, chat: ChatId, wakes: &mut WakeList) {
        for (_, queue) in self.devices.get(&device).into_iter().flat_map(|watching| &watching.sockets) {
            wakes.note_change(queue, |changed| changed.add(chat));
        }
    }

    fn forget(&mut self, device: DeviceId, seat: SeatId) {
        let Some(seats) = self.chats.get_mut(&seat.chat) else { return };
        seats.retain(|known| *known != (seat.participant, device));
        if seats.is_empty() {
            self.chats.remove(&seat.chat);
        }
    }
}
