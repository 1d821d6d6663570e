//! A fair queue for what costs the house much. A few are served at once; the others wait in a line of their
//! kind, so that one kind of question never keeps another from its answer. The host comes first. The lines
//! take turns, and within a line the askers (address blocks or seats) do. Each has at most a quarter of a
//! line, and where a line is full an asker that has less takes a place from the one that has most. What waits
//! has cost nothing yet.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::domain::{Caller, SeatId};
use crate::limits::{STRETCH_QUEUE_MAX, STRETCH_SHARE_MAX, STRETCHES_AT_ONCE};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KdfTask {
    Enter,
    Replace,
    Start,
}

const KINDS: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    Caller(Caller),
    Seat(SeatId),
}

#[derive(Clone)]
pub struct FairQueue(Arc<Mutex<FairQueueState>>);

/// The right to be at it; dropping it calls the next.
pub struct QueuePermit(FairQueue);

type Waiter = oneshot::Sender<QueuePermit>;

struct FairQueueState {
    free: usize,
    host: VecDeque<Waiter>,
    lines: [KindQueue; KINDS],
    next: usize,
}

/// Who waits for one kind, by askers, each with its oldest first. The first asker is next.
#[derive(Default)]
struct KindQueue(VecDeque<(Asker, VecDeque<Waiter>)>);

impl Default for FairQueue {
    fn default() -> Self {
        let (host, lines) = (VecDeque::new(), std::array::from_fn(|_| KindQueue::default()));
        Self(Arc::new(Mutex::new(FairQueueState { free: STRETCHES_AT_ONCE, host, lines, next: 0 })))
    }
}

impl FairQueue {
    /// Waits for a place. None where too many wait already, or somebody who has fewer needs it.
    pub async fn place(&self, kind: KdfTask, by: Asker) -> Option<QueuePermit> {
        let called = {
            let mut waiting = self.waiting();
            if waiting.free > 0 {
                waiting.free -= 1;
                return Some(QueuePermit(self.clone()));
            }
            waiting.join(kind, by)?
        };
        called.await.ok()
    }

    /// Nothing panics while it holds the lock; were it to happen, each change would still be whole.
    fn waiting(&self) -> MutexGuard<'_, FairQueueState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for QueuePermit {
    /// An asker who has gone meanwhile passes the place on at once.
    fn drop(&mut self) {
        let next = self.0.waiting().call();
        if let Some(waiter) = next {
            drop(waiter.send(Self(self.0.clone())));
        }
    }
}

impl FairQueueState {
    fn join(&mut self, kind: KdfTask, by: Asker) -> Option<oneshot::Receiver<QueuePermit>> {
        let (waiter, called) = oneshot::channel();
        match by {
            // The admin socket has few connections, and each asks one thing.
            Asker::Caller(Caller::Host) => self.host.push_back(waiter),
            asker => self.lines[kind as usize].join(asker, waiter)?,
        }
        Some(called)
    }

    /// None: then there is room for one more.
    fn call(&mut self) -> Option<Waiter> {
        if let Some(host) = self.host.pop_front() {
            return Some(host);
        }
        for line in (self.next..self.next + KINDS).map(|line| line % KINDS) {
            if let Some(waiter) = self.lines[line].call() {
                self.next = (line + 1) % KINDS;
                return Some(waiter);
            }
        }
        self.free += 1;
        None
    }
}

impl KindQueue {
    fn join(&mut self, asker: Asker, waiter: Waiter) -> Option<()> {
        if self.len() >= STRETCH_QUEUE_MAX {
            self.forget_the_gone();
        }
        let place = self.0.iter().position(|(waiting, _)| *waiting == asker);
        let count = place.map_or(0, |place| self.0[place].1.len());
        if count >= STRETCH_SHARE_MAX || (self.len() >= STRETCH_QUEUE_MAX && !self.takes_from_the_most(count))
        {
            return None;
        }
        match place {
            Some(place) => self.0[place].1.push_back(waiter),
            None => self.0.push_back((asker, VecDeque::from([waiter]))),
        }
        Some(())
    }

    fn len(&self) -> usize {
        self.0.iter().map(|(_, waiters)| waiters.len()).sum()
    }

    fn forget_the_gone(&mut self) {
        self.0.retain_mut(|(_, waiters)| {
            waiters.retain(|waiter| !waiter.is_closed());
            !waiters.is_empty()
        });
    }

    /// Sends the youngest of the asker that has most away, for one that has `count`.
    fn takes_from_the_most(&mut self, count: usize) -> bool {
        let most = self.0.iter_mut().map(|(_, waiters)| waiters).max_by_key(|waiters| waiters.len());
        most.filter(|waiters| waiters.len() > count + 1).and_then(VecDeque::pop_back).is_some()
    }

    fn call(&mut self) -> Option<Waiter> {
        let (asker, mut waiters) = self.0.pop_front()?;
        let waiter = waiters.pop_front();
        if !waiters.is_empty() {
            self.0.push_back((asker, waiters));
        }
        waiter
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::net::Ipv4Addr;
    use std::pin::Pin;

    use futures_util::FutureExt;

    use super::*;
    use crate::domain::AddressBlock;

    type Coming = Pin<Box<dyn Future<Output = Option<QueuePermit>>>>;

    fn guest(number: u32) -> Asker {
        Asker::Caller(Caller::Guest(AddressBlock::of(Ipv4Addr::from(number).into())))
    }

    /// Whether it has a place, or none, or waits.
    #[allow(clippy::option_option)]
    fn looked(coming: &mut Coming) -> Option<Option<QueuePermit>> {
        coming.as_mut().now_or_never()
    }

    fn joins(queue: &FairQueue, kind: KdfTask, by: Asker) -> Coming {
        let queue = queue.clone();
        let mut coming: Coming = Box::pin(async move { queue.place(kind, by).await });
        assert!(looked(&mut coming).is_none(), "it did not wait");
        coming
    }

    fn is_refused(queue: &FairQueue, kind: KdfTask, by: Asker) -> bool {
        matches!(queue.place(kind, by).now_or_never(), Some(None))
    }

    /// A queue where all places are taken.
    fn busy() -> (FairQueue, Vec<QueuePermit>) {
        let queue = FairQueue::default();
        let take = || queue.place(KdfTask::Start, guest(0)).now_or_never().unwrap().unwrap();
        let places = (0..STRETCHES_AT_ONCE).map(|_| take()).collect();
        (queue, places)
    }

    /// Gives the place on and on, and tells in which order those who wait are called.
    fn order(mut places: Vec<QueuePermit>, mut coming: Vec<(&'static str, Coming)>) -> Vec<&'static str> {
        let mut called = Vec::new();
        places.truncate(1);
        while !coming.is_empty() {
            drop(places.pop());
            let at = coming.iter_mut().position(|(_, coming)| {
                let place = looked(coming).flatten();
                let is_called = place.is_some();
                places.extend(place);
                is_called
            });
            called.push(coming.remove(at.unwrap()).0);
        }
        called
    }

    #[test]
    fn the_host_is_first_and_lines_and_blocks_take_turns() {
        let (queue, mut places) = busy();
        let kept = places.pop();
        let coming = vec![
            ("start 1", joins(&queue, KdfTask::Start, guest(1))),
            ("start 1 again", joins(&queue, KdfTask::Start, guest(1))),
            ("start 2", joins(&queue, KdfTask::Start, guest(2))),
            ("enter 1", joins(&queue, KdfTask::Enter, guest(1))),
            ("enter 1 again", joins(&queue, KdfTask::Enter, guest(1))),
            ("replace", joins(&queue, KdfTask::Replace, guest(1))),
            ("host", joins(&queue, KdfTask::Start, Asker::Caller(Caller::Host))),
        ];
        let expected = ["host", "enter 1", "replace", "start 1", "enter 1 again", "start 2", "start 1 again"];
        assert_eq!(order(places, coming), expected);
        drop(kept);
        assert_eq!(queue.waiting().free, STRETCHES_AT_ONCE);
    }

    #[test]
    fn a_block_has_a_quarter_of_a_line_and_the_other_lines_do_not_notice() {
        let (queue, _places) = busy();
        let _flood: Vec<_> =
            (0..STRETCH_SHARE_MAX).map(|_| joins(&queue, KdfTask::Start, guest(1))).collect();
        assert!(is_refused(&queue, KdfTask::Start, guest(1)));
        drop(joins(&queue, KdfTask::Enter, guest(1)));
        drop(joins(&queue, KdfTask::Start, guest(2)));
    }

    #[test]
    fn in_a_full_line_who_has_less_takes_a_place_from_who_has_most() {
        let (queue, _places) = busy();
        let floods = STRETCH_QUEUE_MAX / STRETCH_SHARE_MAX;
        let flood = |number| (0..STRETCH_SHARE_MAX).map(move |_| guest(u32::try_from(number).unwrap()));
        let mut flood: Vec<_> =
            (0..floods).flat_map(flood).map(|by| joins(&queue, KdfTask::Enter, by)).collect();
        let mut honest = joins(&queue, KdfTask::Enter, guest(1_000));
        let sent_away = flood.iter_mut().filter_map(looked).filter(Option::is_none).count();
        assert_eq!(sent_away, 1);
        assert!(looked(&mut honest).is_none(), "it waits");
    }

    #[test]
    fn a_person_who_has_gone_takes_no_place() {
        let (queue, places) = busy();
        drop((0..STRETCH_SHARE_MAX).map(|_| joins(&queue, KdfTask::Enter, guest(1))).collect::<Vec<_>>());
        let stays = joins(&queue, KdfTask::Enter, guest(2));
        assert_eq!(order(places, vec![("stays", stays)]), ["stays"]);
        assert_eq!(queue.waiting().free, STRETCHES_AT_ONCE);
    }
}
