//! A socket that watches: it is told what is new in each chat of its device, of which it has no key open.
//!
//! The hub says in which chats something changed, and this reads from the store what is true by then. One
//! read is under way at a time, and while it is, more changes gather: a busy chat costs few reads, and a peer
//! that does not read costs none.

use std::collections::BTreeMap;
use std::future::pending;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Session;
use super::socket_writer::{CloseReason, Socket};
use crate::domain::{ChangedChats, SeatId};
use crate::protocol::client::FrameRef;
use crate::protocol::server;
use crate::store::{SeatNews, StoreError};

/// What a peer that watches was told, and what it will be.
pub struct Watch {
    /// What was last told of each seat; nothing before the first time.
    told: BTreeMap<SeatId, Option<SeatNews>>,
    changed: ChangedChats,
    reading: Option<BoxFuture<'static, NewsRead>>,
}

/// What was read, and for which chats.
pub struct NewsRead {
    of: ChangedChats,
    found: Result<Vec<SeatNews>, StoreError>,
}

impl Watch {
    /// Of these seats, and nothing was told yet.
    pub fn new(seats: &[SeatId]) -> Self {
        let told = seats.iter().map(|seat| (*seat, None)).collect();
        Self { told, changed: ChangedChats::All, reading: None }
    }

    /// Resolves when a read that is under way is done. Dropping the future loses nothing.
    pub async fn read(watch: Option<&mut Box<Self>>) -> NewsRead {
        match watch.and_then(|watch| watch.reading.as_mut()) {
            Some(reading) => reading.await,
            None => pending().await,
        }
    }

    /// What the peer does not know yet, in the words of the wire.
    fn frames(&mut self, of: &ChangedChats, found: Vec<SeatNews>) -> Vec<String> {
        let is_gone = |seat: &SeatId| of.has(seat.chat) && found.iter().all(|news| news.seat != *seat);
        let gone: Vec<_> = self.told.keys().copied().filter(is_gone).collect();
        let mut frames = Vec::new();
        for seat in gone {
            self.told.remove(&seat);
            frames.push(server::seat_gone(seat));
        }
        for news in found {
            if self.told.insert(news.seat, Some(news)).flatten() != Some(news) {
                frames.push(server::seat_news(news.seat, news.head, news.unread, news.last_at));
            }
        }
        frames
    }
}

impl<S: Socket> Session<S> {
    /// Takes in what changed, and begins to read it unless a read is under way.
    pub(super) fn read_news(&mut self) {
        let Some(watch) = &mut self.watch else { return };
        watch.changed.add_all(self.subscriber.take_changed());
        if watch.reading.is_some() || watch.changed.is_empty() {
            return;
        }
        let (of, device, store) = (watch.changed.take(), self.subscriber.device(), self.house.store.clone());
        watch.reading = Some(
            async move {
                let found = store.seat_news(device, of.clone()).await;
                NewsRead { of, found }
            }
            .boxed(),
        );
    }

    pub(super) async fn tell_news(&mut self, NewsRead { of, found }: NewsRead) -> Result<(), CloseReason> {
        let Some(watch) = &mut self.watch else { return Ok(()) };
        watch.reading = None;
        let found = match found {
            Ok(found) => found,
            Err(fault) => return self.deny(FrameRef::of("hello"), fault).await,
        };
        // A seat of which the hub did not know may have changed since the read, unnoticed.
        for seat in self.subscriber.watch_seats(found.iter().map(|news| news.seat)) {
            watch.changed.add(seat.chat);
        }
        for text in watch.frames(&of, found) {
            self.say(text).await?;
        }
        Ok(())
    }
}
