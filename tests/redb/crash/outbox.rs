//! What a talker wants to say, in order, under the numbers by which the house knows what it has taken.
//!
//! A page counts its messages. In between come so many that stand alone, as a script says them, each the only
//! one of its producer, that the house forgets the page's and has to look for it among the messages. Some
//! messages are longer than the house takes: those behind them are refused as out of order, and all that wait
//! get other numbers once nothing of the page is on the way.

use std::collections::VecDeque;

use parlour::limits::{MESSAGE_CHARS_MAX, PRODUCERS_PER_SEAT_MAX};

/// So many messages of the page come one after another, and then so many that stand alone.
const RUNS: [u64; 2] = [60, PRODUCERS_PER_SEAT_MAX as u64 + 2];
/// One in so many messages is too long, if it is of the page.
const TOO_LONG: u64 = 37;

pub struct Outbox {
    device: u8,
    waiting: VecDeque<Waiting>,
    /// How many messages there were, and how many producers.
    begun: u64,
    producers: u64,
    /// The sequence of the page's next message.
    next: u64,
    /// The page's messages are counted again from here, once nothing of it is on the way.
    recount: Option<u64>,
    /// The last of the page's that was acknowledged.
    acknowledged: u64,
    /// Ids that messages had, and have not any more: they were not taken under them.
    given_up: Vec<u128>,
}

struct Waiting {
    id: u128,
    text: String,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Of what was sent by an earlier connection nobody knows whether it was taken.
    Unsent,
    OnTheWay,
    /// Certainly not taken.
    Refused,
}

impl Outbox {
    pub fn new(device: u8) -> Self {
        Self {
            device,
            waiting: VecDeque::new(),
            begun: 0,
            producers: 0,
            next: 1,
            recount: None,
            acknowledged: 0,
            given_up: Vec::new(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub fn on_the_way(&self) -> usize {
        self.waiting.iter().filter(|one| one.stage == Stage::OnTheWay).count()
    }

    /// Another connection: everything is sent again, under the id that it has.
    pub fn begin_again(&mut self) {
        self.waiting.iter_mut().for_each(|one| one.stage = Stage::Unsent);
        self.recount = None;
    }

    pub fn given_up(&mut self) -> impl Iterator<Item = u128> {
        self.given_up.drain(..)
    }

    /// What is sent now: the first that was not, or something new. Nothing before the page has counted again.
    pub fn send(&mut self, has_more: bool) -> Option<(u128, String)> {
        if self.recount.is_some() {
            return None;
        }
        if has_more && self.waiting.iter().all(|one| one.stage == Stage::OnTheWay) {
            self.begin();
        }
        let one = self.waiting.iter_mut().find(|one| one.stage == Stage::Unsent)?;
        one.stage = Stage::OnTheWay;
        Some((one.id, one.text.clone()))
    }

    fn begin(&mut self) {
        let of_page = self.begun % RUNS.iter().sum::<u64>() < RUNS[0];
        let id = if of_page {
            self.next += 1;
            id(self.page(), self.next - 1)
        } else {
            self.producers += 1;
            id(self.page() + self.producers, 1)
        };
        self.begun += 1;
        let text = words(self.device, self.begun, of_page && self.begun.is_multiple_of(TOO_LONG));
        self.waiting.push_back(Waiting { id, text, stage: Stage::Unsent });
    }

    /// The page's producer; those of messages that stand alone have the numbers behind it.
    fn page(&self) -> u64 {
        u64::from(self.device) << 32
    }

    fn is_of_page(&self, id: u128) -> bool {
        id >> 64 == u128::from(self.page())
    }

    /// False where it was acknowledged before.
    pub fn acknowledge(&mut self, id: u128) -> bool {
        let Some(place) = self.waiting.iter().position(|one| one.id == id) else { return false };
        self.waiting.remove(place);
        if self.is_of_page(id) {
            self.acknowledged = self.acknowledged.max(sequence(id));
        }
        self.count_again();
        true
    }

    /// It is too long, and goes.
    pub fn drop_refused(&mut self, id: u128) {
        self.waiting.retain(|one| one.id != id);
        self.given_up.push(id);
        self.recount = Some(self.recount.map_or(sequence(id), |from| from.min(sequence(id))));
        self.count_again();
    }

    /// Another one has to come first. False where that was acknowledged.
    pub fn put_back(&mut self, id: u128, expected: u128) -> bool {
        if !self.is_of_page(expected) || sequence(expected) <= self.acknowledged {
            return false;
        }
        for one in self.waiting.iter_mut().filter(|one| one.id == id) {
            one.stage = Stage::Refused;
        }
        self.recount = Some(sequence(expected));
        self.count_again();
        true
    }

    fn count_again(&mut self) {
        let page = self.page();
        let of_page = |one: &Waiting| one.id >> 64 == u128::from(page);
        if self.waiting.iter().any(|one| of_page(one) && one.stage == Stage::OnTheWay) {
            return;
        }
        let Some(from) = self.recount.take() else { return };
        self.next = from;
        for one in self.waiting.iter_mut().filter(|one| of_page(one)) {
            self.given_up.push(one.id);
            (one.id, one.stage) = (id(page, self.next), Stage::Unsent);
            self.next += 1;
        }
    }
}

fn id(producer: u64, sequence: u64) -> u128 {
    u128::from(producer) << 64 | u128::from(sequence)
}

fn sequence(id: u128) -> u64 {
    (id & u128::from(u64::MAX)) as u64
}

/// Most messages are short; some make a commit of many pages.
fn words(device: u8, number: u64, is_too_long: bool) -> String {
    let one = format!("message {number} of device {device} ");
    let chars = if number.is_multiple_of(16) { 3_000 } else { one.len() };
    one.chars().cycle().take(if is_too_long { MESSAGE_CHARS_MAX + 1 } else { chars }).collect()
}
