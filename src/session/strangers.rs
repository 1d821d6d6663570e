//! Sockets that have not said who they are: each has a place, for a short time.
//!
//! `http` takes a [`StrangerPermit`] for each socket before its upgrade, and nobody is refused: where none
//! is free, a stranger who waits gives way to the one who comes. `session` drops the place with the first
//! `hello`, so that a socket of a member waits for nothing and counts no longer. A stranger who says
//! nothing is closed after [`HELLO_DEADLINE`], and after [`HELLO_DEADLINE_SHORT`] while places are short.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::domain::AddressBlock;
use crate::limits::{HELLO_DEADLINE, HELLO_DEADLINE_SHORT, HELLO_GRACE, STRANGERS_MANY, STRANGERS_MAX};

/// The strangers of the house. Cheap to clone.
#[derive(Clone, Default)]
pub struct Strangers(Arc<Mutex<WaitingStrangers>>);

/// Who waits, in the order in which they came.
#[derive(Default)]
struct WaitingStrangers {
    next: u64,
    all: BTreeMap<u64, Stranger>,
}

struct Stranger {
    block: AddressBlock,
    since: Instant,
    gives_way: CancellationToken,
}

/// What the strangers of one address block have.
struct Block {
    places: usize,
    /// The one who waits longest, and since when.
    longest: u64,
    since: Instant,
}

/// One stranger's place; dropping it makes room for another.
pub struct StrangerPermit {
    strangers: Strangers,
    number: u64,
    since: Instant,
    gives_way: CancellationToken,
}

/// Why a place is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eviction {
    TimedOut,
    /// Somebody else needs it.
    Displaced,
}

impl Strangers {
    /// A place for one more socket from there. Somebody else may lose theirs for it.
    pub fn admit(&self, block: AddressBlock) -> StrangerPermit {
        let (since, gives_way) = (Instant::now(), CancellationToken::new());
        let mut waiting = self.waiting();
        waiting.make_room(since);
        let number = waiting.next;
        waiting.next += 1;
        waiting.all.insert(number, Stranger { block, since, gives_way: gives_way.clone() });
        StrangerPermit { strangers: self.clone(), number, since, gives_way }
    }

    fn are_many(&self) -> bool {
        self.waiting().all.len() >= STRANGERS_MANY
    }

    /// Nothing panics while it holds the lock; were it to happen, each change would still be whole.
    fn waiting(&self) -> MutexGuard<'_, WaitingStrangers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WaitingStrangers {
    /// Where many wait, those who had their short time go; where all places are taken, one more does.
    fn make_room(&mut self, now: Instant) {
        if self.all.len() >= STRANGERS_MANY {
            let had_time = |stranger: &Stranger| stranger.since + HELLO_DEADLINE_SHORT <= now;
            while self.all.first_entry().is_some_and(|first| had_time(first.get())) {
                self.send_away(self.all.first_key_value().map(|(number, _)| *number));
            }
        }
        if self.all.len() >= STRANGERS_MAX {
            self.send_away(self.who_gives_way(now));
        }
    }

    /// Of the block that has most places, who waits longest. One who has just come is on the way to say who
    /// it is, and is spared while another block has its share and holds on to it: so a household that comes
    /// back all at once loses nothing to those who only hold places. A block with less than its share loses
    /// nothing to a flood that takes places and gives them up at once: so a slow line is in time.
    fn who_gives_way(&self, now: Instant) -> Option<u64> {
        let mut blocks = HashMap::<AddressBlock, Block>::new();
        for (number, stranger) in &self.all {
            let first = Block { places: 0, longest: *number, since: stranger.since };
            blocks.entry(stranger.block).or_insert(first).places += 1;
        }
        let share = STRANGERS_MAX / blocks.len().max(1);
        let holds_on = |block: &&Block| block.places >= share && block.since + HELLO_GRACE <= now;
        let most = |block: &&Block| (block.places, u64::MAX - block.longest);
        let holding = blocks.values().filter(holds_on).max_by_key(most);
        holding.or_else(|| blocks.values().max_by_key(most)).map(|block| block.longest)
    }

    fn send_away(&mut self, number: Option<u64>) {
        if let Some(stranger) = number.and_then(|number| self.all.remove(&number)) {
            stranger.gives_way.cancel();
        }
    }
}

impl StrangerPermit {
    pub async fn lost(&self) -> Eviction {
        tokio::select! {
            biased;
            () = self.gives_way.cancelled() => Eviction::Displaced,
            () = self.time() => Eviction::TimedOut,
        }
    }

    async fn time(&self) {
        sleep_until(self.since + HELLO_DEADLINE_SHORT).await;
        if !self.strangers.are_many() {
            sleep_until(self.since + HELLO_DEADLINE).await;
        }
    }
}

impl Drop for StrangerPermit {
    fn drop(&mut self) {
        self.strangers.waiting().all.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use futures_util::FutureExt;
    use tokio::time::{advance, timeout};

    use super::*;

    fn block(number: usize) -> AddressBlock {
        AddressBlock::of(Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX)).into())
    }

    fn is_lost(place: &StrangerPermit) -> bool {
        place.lost().now_or_never().is_some()
    }

    /// As many as there are places, from so many blocks by turns.
    fn crowd(strangers: &Strangers, blocks: usize) -> Vec<StrangerPermit> {
        (0..STRANGERS_MAX).map(|number| strangers.admit(block(number % blocks))).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_stranger_has_ten_seconds_and_two_while_places_are_short() {
        let strangers = Strangers::default();
        let began = Instant::now();
        let one = strangers.admit(block(1));
        assert_eq!(one.lost().await, Eviction::TimedOut);
        assert_eq!(began.elapsed(), HELLO_DEADLINE);
        let (began, many) = (Instant::now(), crowd(&strangers, 8));
        assert_eq!(many[STRANGERS_MAX - 1].lost().await, Eviction::TimedOut);
        assert_eq!(began.elapsed(), HELLO_DEADLINE_SHORT);
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_who_waits_longest_in_the_largest_block_gives_way() {
        let strangers = Strangers::default();
        let small = strangers.admit(block(1_000));
        let large: Vec<_> = (1..STRANGERS_MAX).map(|_| strangers.admit(block(1))).collect();
        let newcomer = strangers.admit(block(2));
        assert!(is_lost(&large[0]) && !is_lost(&large[1]) && !is_lost(&small) && !is_lost(&newcomer));
        let another = strangers.admit(block(1));
        assert!(is_lost(&large[1]) && !is_lost(&small) && !is_lost(&newcomer) && !is_lost(&another));
    }

    #[tokio::test(start_paused = true)]
    async fn a_household_that_comes_all_at_once_is_not_sent_away_for_those_who_hold_places() {
        let strangers = Strangers::default();
        let holding = crowd(&strangers, 16);
        advance(HELLO_GRACE).await;
        let honest: Vec<_> = (0..24).map(|_| strangers.admit(block(1_000))).collect();
        assert!(honest.iter().all(|place| !is_lost(place)));
        assert_eq!(holding.iter().filter(|place| is_lost(place)).count(), 24);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_line_keeps_its_place_however_fast_others_take_places_and_give_them_up() {
        let strangers = Strangers::default();
        let mut flood: Vec<_> =
            (0..STRANGERS_MAX).map(|number| strangers.admit(block(number % 16))).collect();
        let slow = strangers.admit(block(1_000));
        let round = Duration::from_millis(10);
        for number in 0..HELLO_DEADLINE_SHORT.as_millis() / round.as_millis() - 1 {
            advance(round).await;
            flood.retain(|place| !is_lost(place));
            let newcomers = usize::try_from(number).unwrap_or_default() % 16..;
            flood.extend(newcomers.take(7).map(|number| strangers.admit(block(number % 16))));
            assert!(!is_lost(&slow), "lost after {number} rounds");
        }
        assert_eq!(strangers.waiting().all.len(), STRANGERS_MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn strangers_who_had_their_short_time_go_when_somebody_comes_while_places_are_short() {
        let strangers = Strangers::default();
        let mut early: Vec<_> =
            (0..STRANGERS_MANY - 1).map(|number| strangers.admit(block(number))).collect();
        advance(HELLO_DEADLINE_SHORT + Duration::from_millis(1)).await;
        assert!(early.iter().all(|place| !is_lost(place)), "there were enough places");
        early.push(strangers.admit(block(1)));
        let _late = strangers.admit(block(2));
        assert_eq!(early.iter().filter(|place| is_lost(place)).count(), STRANGERS_MANY - 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_that_is_dropped_is_free() {
        let strangers = Strangers::default();
        let mut places = crowd(&strangers, 1);
        places.pop();
        places.push(strangers.admit(block(1)));
        assert!(timeout(HELLO_GRACE, places[0].lost()).await.is_err(), "nobody had to go");
        drop(places);
        assert!(strangers.waiting().all.is_empty());
    }
}
