//! Everybody who visits one house: a few chats, two people in each, one of them on two devices, and with one
//! of these in two tabs. A chat that has ended is replaced.

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::Ipv4Addr;

use futures_util::future::join_all;
use parlour::limits::PRODUCERS_PER_SEAT_MAX;
use rand::RngExt;
use rand::rngs::StdRng;

use super::checker::{Fault, check};
use super::door::{DOORS, is_there};
use super::history::{Client, Entry, Fact, History};
use super::talker::{Aim, Pace, Talker, heard};
use crate::support::house::Invited;
use crate::support::process::{Parlour, Premises};
use crate::support::visitor::{Visitor, enter, start};

/// Chats at a time.
pub const CHATS: usize = 4;
/// Devices of the first and of the second person of each.
const DEVICES: [u8; 2] = [2, 1];
/// All of them. Behind these talkers comes the one that is seldom there.
pub const TALKERS: usize = 3;
/// The second tab of the first device is open in one of so many lives of the house. What it left unanswered
/// it sends again when the house has forgotten its producers for newer ones of the device.
const SELDOM: usize = 4;
/// So many entries of a history are printed with what is wrong in it.
const LED_TO: usize = 60;

/// Two people in one chat, each of their devices a talker.
struct Pair {
    invited: [Invited; 2],
    talkers: Vec<Talker>,
    history: History,
}

#[derive(Default)]
pub struct Company {
    pairs: Vec<Pair>,
    over: Vec<Pair>,
}

/// Who asks for the end of which chat, and when so many frames have come.
#[derive(Clone, Copy)]
pub struct End {
    pub pair: usize,
    pub talker: usize,
    pub at: usize,
}

impl Company {
    /// Puts a new chat in the place of each that has ended, until there are [`CHATS`].
    pub async fn gather(&mut self, house: &Parlour) {
        let (over, pairs) = std::mem::take(&mut self.pairs).into_iter().partition(Pair::is_over);
        self.pairs = pairs;
        self.over.extend::<Vec<_>>(over);
        while self.pairs.len() < CHATS {
            let pair = Pair::begin(house, self.pairs.len() + self.over.len()).await;
            self.pairs.push(pair);
        }
    }

    /// Everybody talks.
    pub async fn talk(&mut self, house: &Parlour, pace: Pace<'_>, end: Option<End>) {
        let lives = self.pairs.iter_mut().enumerate().flat_map(|(pair, of)| {
            of.talkers.iter_mut().enumerate().map(move |(talker, one)| {
                let mine = end.filter(|end| (end.pair, end.talker) == (pair, talker));
                one.live(house.address, Aim::Talk { pace, ends_at: mine.map(|end| end.at) })
            })
        });
        join_all(lives).await;
    }

    /// Looks by every door at each chat of which it is not known whether it has ended, and at one that has.
    pub async fn look(&self, house: &Parlour, rng: &mut StdRng) {
        let doubtful = self.pairs.iter().filter(|pair| pair.is_doubtful());
        let old = (!self.over.is_empty()).then(|| &self.over[rng.random_range(0..self.over.len())]);
        for pair in doubtful.chain(old) {
            pair.look(house).await;
        }
    }

    /// Everybody has the last word on everything, and reads it all.
    pub async fn settle(&mut self, house: &Parlour) {
        let everybody = self.pairs.iter_mut().flat_map(|pair| &mut pair.talkers);
        join_all(everybody.map(|talker| talker.live(house.address, Aim::Settle))).await;
        self.gather(house).await;
        for pair in &mut self.pairs {
            for talker in &mut pair.talkers {
                talker.live(house.address, Aim::CatchUp { after: 0 }).await;
            }
            pair.read(house).await;
        }
        for pair in self.over.iter().chain(&self.pairs) {
            pair.look(house).await;
        }
    }

    /// What is wrong, in all chats there ever were.
    pub fn faults(&self) -> Vec<Fault> {
        self.histories().flat_map(|history| told(check(&history), &history)).collect()
    }

    /// What there was, for people.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        self.histories().for_each(|history| summary.add(&history));
        summary
    }

    fn histories(&self) -> impl Iterator<Item = Vec<Entry>> {
        self.over.iter().chain(&self.pairs).map(|pair| pair.history.entries())
    }
}

impl Pair {
    async fn begin(house: &Parlour, number: usize) -> Self {
        let (invited, history) = (start(house.address).await, History::default());
        let mut talkers = Vec::new();
        for (person, devices) in (1..).zip(DEVICES) {
            for device in 1..=devices {
                let held = enter(house.address, &invited[usize::from(person) - 1]).await;
                let from = Ipv4Addr::new(127, 32 + person, (number / 250) as u8, 1 + (number % 250) as u8);
                talkers.push(Talker::new(Client { person, device }, held, history.clone(), from));
            }
        }
        let tab = Client { person: 1, device: DEVICES[0] + 1 };
        let (held, from) = (talkers[0].held.clone(), talkers[0].from);
        talkers.push(Talker::new(tab, held, history.clone(), from).that_is_there_in_one_life_of(SELDOM));
        Self { invited, talkers, history }
    }

    fn is_over(&self) -> bool {
        self.talkers.iter().any(|talker| talker.is_over)
    }

    /// Somebody has asked for the end since the last look, and was not answered.
    fn is_doubtful(&self) -> bool {
        let entries = self.history.entries();
        let mut news = entries.iter().rev().map(|entry| &entry.fact);
        let last = news.find(|fact| matches!(fact, Fact::Ends | Fact::Ended { .. } | Fact::Finds { .. }));
        last == Some(&Fact::Ends)
    }

    async fn look(&self, house: &Parlour) {
        let looks = self.talkers.iter().flat_map(|talker| {
            let invited = &self.invited[usize::from(talker.who.person) - 1];
            DOORS.map(|door| async move {
                let is_there = is_there(house.address, door, invited, &talker.held).await;
                talker.add(Fact::Finds { door, is_there });
            })
        });
        join_all(looks).await;
    }

    /// All devices, and one that is new to the chat, read it from its beginning to its end.
    async fn read(&self, house: &Parlour) {
        let newcomer = enter(house.address, &self.invited[0]).await;
        let known = self.talkers.iter().map(|talker| (talker.who, talker.held.clone()));
        for (who, held) in known.chain([(self.talkers[0].who, newcomer)]) {
            let messages = Visitor::history(house.address, &held).await;
            self.history.add(who, Fact::Reads(messages.iter().map(heard).collect()));
        }
    }
}

/// How much was tried: a run in which nothing happened has shown nothing.
#[derive(Debug, Default)]
pub struct Summary {
    pub chats: usize,
    pub acknowledged: usize,
    /// Messages that were sent again because nobody knew.
    pub sent_again: usize,
    /// Messages that were refused: too long, or behind such a one.
    pub not_taken: usize,
    /// Messages behind others of their producer, sent when the house may have forgotten it for newer ones.
    pub searched: usize,
    pub heard: usize,
    pub receipts: usize,
    pub deleted: usize,
    pub ends_asked: usize,
    pub ended: usize,
    /// Ends that nobody answered, and that had happened all the same.
    pub ended_unanswered: usize,
}

impl Summary {
    fn add(&mut self, history: &[Entry]) {
        let count =
            |is_meant: fn(&Fact) -> bool| history.iter().filter(|entry| is_meant(&entry.fact)).count();
        let said = count(|fact| matches!(fact, Fact::Said { .. }));
        let sent = count(|fact| matches!(fact, Fact::Says { .. }));
        self.chats += 1;
        self.acknowledged += said;
        self.sent_again += sent - distinct(history);
        self.not_taken += count(|fact| matches!(fact, Fact::NotTaken { .. }));
        self.searched += searched(history);
        self.heard += count(|fact| matches!(fact, Fact::Hears(_)));
        self.receipts += count(|fact| matches!(fact, Fact::IsTold(_)));
        self.deleted += count(|fact| matches!(fact, Fact::Deleted { .. }));
        self.ends_asked += count(|fact| *fact == Fact::Ends);
        self.ended += usize::from(count(|fact| matches!(fact, Fact::Ended { .. })) > 0);
        self.ended_unanswered += usize::from(is_found_gone_first(history));
    }
}

/// Prints what led to these faults, so that a failed test can be understood.
fn told(faults: Vec<Fault>, history: &[Entry]) -> Vec<Fault> {
    if !faults.is_empty() {
        println!("{faults:?} at the end of {:#?}", &history[history.len().saturating_sub(LED_TO)..]);
    }
    faults
}

fn distinct(history: &[Entry]) -> usize {
    let texts = history.iter().filter_map(|entry| match &entry.fact {
        Fact::Says { text, .. } => Some((entry.who, text)),
        _ => None,
    });
    texts.collect::<HashSet<_>>().len()
}

/// Those of a device's producers that have said something last are remembered.
fn searched(history: &[Entry]) -> usize {
    let (mut remembered, mut searched) = (HashMap::<Client, VecDeque<u128>>::new(), 0);
    for Entry { who, fact } in history {
        let producers = remembered.entry(*who).or_default();
        match fact {
            Fact::Says { id, .. } if *id & u128::from(u64::MAX) > 1 => {
                searched += usize::from(!producers.contains(&(id >> 64)));
            }
            Fact::Said { id, .. } => {
                producers.retain(|producer| *producer != id >> 64);
                producers.push_back(id >> 64);
                if producers.len() > PRODUCERS_PER_SEAT_MAX {
                    producers.pop_front();
                }
            }
            _ => {}
        }
    }
    searched
}

fn is_found_gone_first(history: &[Entry]) -> bool {
    let is_news =
        |entry: &&Entry| matches!(entry.fact, Fact::Ended { .. } | Fact::Finds { is_there: false, .. });
    history.iter().find(is_news).is_some_and(|entry| matches!(entry.fact, Fact::Finds { .. }))
}

/// The output of all processes has no word of a panic, nor of anything that failed in the house itself.
pub fn check_words(premises: &Premises) {
    let said = premises.said();
    let is_bad =
        |line: &&str| line.contains("panicked") || line.contains(" failed (") || line.contains(" failed: ");
    let bad: Vec<_> = said.lines().filter(is_bad).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}
