//! The life of a house on a disk that a test holds, step by step, and what everybody sees of it.

mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use parlour::clock::Clock;
use parlour::crypto::{Code, DeviceSecret, LinkToken, Stretch};
use parlour::domain::*;
use parlour::store::{Invite, Options, PurgeAction, Span, Store, StoreError};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::redb::platter::Platter;
use crate::support::kept::say;
use crate::support::lock;
use crate::support::machine::TestMachine;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const MINUTE: u64 = 60_000;
const NOW: u64 = 1_800_000_000_000;
/// A chat is ended rather than left alone when there are so many.
const CHATS_ALIVE: usize = 4;

/// A house whose disk failed goes on by then.
const MENDED: Duration = Duration::from_secs(5);
/// So many devices come into a chat.
const DEVICES: usize = 3;
/// So many chats are looked at after they ended.
const LOOKED_AT: usize = 8;

/// A chat, and everything that ever led into it.
#[derive(Clone, Default)]
pub struct Known {
    links: Vec<(LinkToken, Code)>,
    devices: Vec<(DeviceSecret, SeatId)>,
    /// Those of them that have left.
    left: BTreeSet<usize>,
    /// The link that works, of each person; none of who is out.
    current: Vec<Option<usize>>,
    is_group: bool,
    is_over: bool,
}

/// Everything that ever led into a chat of the house.
pub type Roster = Vec<Known>;
/// What can be seen by each link and each device.
pub type Sights = BTreeMap<String, String>;

/// One thing that somebody does. It can be done again, and is done once.
#[derive(Clone, Debug)]
pub enum Step {
    Start,
    Enter {
        chat: usize,
        link: usize,
    },
    Say {
        chat: usize,
        device: usize,
        id: u128,
        text: String,
    },
    Mark {
        chat: usize,
        device: usize,
        seq: u64,
    },
    Keep {
        chat: usize,
        device: usize,
    },
    End {
        chat: usize,
        device: usize,
    },
    Leave {
        chat: usize,
        device: usize,
    },
    Replace {
        chat: usize,
        device: usize,
        whose: usize,
    },
    StartGroup,
    /// In a group: what `people` has.
    Group {
        chat: usize,
        device: usize,
        deed: people::Deed,
    },
    /// The final call of a chat, and its end by the clock.
    Call {
        chat: usize,
    },
    Expire {
        chat: usize,
    },
    Compact,
}

/// A house that lives.
pub struct Life {
    pub store: Store,
    pub roster: Roster,
    now: Arc<AtomicU64>,
    rng: StdRng,
}

impl Known {
    fn of(invites: Vec<Invite>, is_group: bool) -> Self {
        let current = (0..invites.len()).map(Some).collect();
        let links = invites.into_iter().map(|invite| (invite.token, invite.code)).collect();
        Self { links, current, is_group, ..Self::default() }
    }

    /// Of those whose links work, in their order.
    fn numbers(&self) -> Vec<usize> {
        (1..=self.current.len()).filter(|number| self.current[number - 1].is_some()).collect()
    }
}

/// Opens the house that is on the disk.
pub fn open(platter: &Platter, dir: &Path, now: &Arc<AtomicU64>, patience: Duration) -> Store {
    lock::open(|| Store::open(options(platter, dir, now, patience), drop))
        .unwrap_or_else(|error| panic!("the store does not open: {error}"))
}

/// A house on that disk.
pub fn options(platter: &Platter, dir: &Path, now: &Arc<AtomicU64>, patience: Duration) -> Options {
    let clock = Arc::clone(now);
    let clock: Clock = Arc::new(move || At(clock.load(Ordering::SeqCst)));
    let (dir, disk) = (dir.to_owned(), Box::new(platter.clone()));
    Options {
        dir,
        stretch: Stretch::LEAST,
        machine: Arc::new(TestMachine(Arc::clone(now))),
        clock,
        disk,
        patience,
    }
}

impl Life {
    pub fn begin(platter: &Platter, dir: &Path, seed: u64) -> Self {
        let now = Arc::new(AtomicU64::new(NOW));
        let store = open(platter, dir, &now, Duration::ZERO);
        Self { store, roster: Roster::new(), now, rng: StdRng::seed_from_u64(seed) }
    }

    /// The same people in another copy of the house.
    pub fn elsewhere(&self, platter: &Platter, dir: &Path, patience: Duration) -> Self {
        let now = Arc::new(AtomicU64::new(self.now.load(Ordering::SeqCst)));
        let store = open(platter, dir, &now, patience);
        Self { store, roster: self.roster.clone(), now, rng: StdRng::seed_from_u64(0) }
    }

    /// What somebody might do next.
    pub fn next(&mut self) -> Step {
        let alive: Vec<usize> = (0..self.roster.len()).filter(|chat| !self.roster[*chat].is_over).collect();
        if alive.len() < 2 {
            return self.start_something();
        }
        let chat = alive[self.rng.random_range(0..alive.len())];
        let known = &self.roster[chat];
        let inside: Vec<_> = (0..known.devices.len()).filter(|device| !known.left.contains(device)).collect();
        if inside.is_empty() {
            return self.enter(chat);
        }
        let device = inside[self.rng.random_range(0..inside.len())];
        let is_full = alive.len() >= CHATS_ALIVE;
        if known.is_group && self.rng.random_ratio(1, 4) {
            let deed = people::Deed::any(&mut self.rng, self.roster[chat].current.len());
            return Step::Group { chat, device, deed };
        }
        match self.rng.random_range(0..100) {
            0..50 => self.say(chat, device),
            50..65 => Step::Mark { chat, device, seq: self.rng.random_range(0..20) },
            65..70 => Step::Keep { chat, device },
            70..76 if inside.len() < DEVICES => self.enter(chat),
            76..79 if inside.len() > 1 => Step::Leave { chat, device },
            79..83 => {
                let numbers = self.roster[chat].numbers();
                Step::Replace { chat, device, whose: numbers[self.rng.random_range(0..numbers.len())] }
            }
            83..86 => Step::Compact,
            86..89 => Step::Call { chat },
            89..93 if is_full => Step::Expire { chat },
            93..99 if is_full => Step::End { chat, device },
            _ if !is_full => self.start_something(),
            _ => self.say(chat, device),
        }
    }

    fn enter(&mut self, chat: usize) -> Step {
        let working: Vec<_> = self.roster[chat].current.iter().flatten().copied().collect();
        Step::Enter { chat, link: working[self.rng.random_range(0..working.len())] }
    }

    fn start_something(&mut self) -> Step {
        if self.rng.random() { Step::Start } else { Step::StartGroup }
    }

    fn say(&mut self, chat: usize, device: usize) -> Step {
        let id = MessageId::new(self.rng.random(), 1).0;
        let length = if self.rng.random_range(0..8) == 0 { 600 } else { 1 };
        let text = format!("{}message {id}", "long ".repeat(length));
        Step::Say { chat, device, id, text }
    }

    /// Does it.
    pub async fn take(&mut self, step: &Step) -> Result<(), StoreError> {
        match step {
            Step::Start => self.start().await,
            Step::StartGroup => self.start_group().await,
            Step::Group { chat, device, deed } => self.in_group(*chat, *device, *deed).await,
            Step::Enter { chat, link } => {
                let (token, code) = self.roster[*chat].links[*link].clone();
                let entered = self.store.enter(&token, &code, None, HERE).await?;
                let device = entered.new_device.expect("a new device");
                self.roster[*chat].devices.push((device, entered.seat.id()));
                Ok(())
            }
            Step::Say { chat, device, id, text } => self.submit(*chat, *device, say(*id, text)).await,
            Step::Mark { chat, device, seq } => {
                let receipt = Receipt { delivered: Seq(*seq), ..Receipt::default() };
                self.submit(*chat, *device, Command::Mark(receipt)).await
            }
            Step::Keep { chat, device } => self.submit(*chat, *device, Command::Keep).await,
            Step::End { chat, device } => match self.submit(*chat, *device, Command::End).await {
                Err(StoreError::Refused(Refusal::OnlyAdmins)) => Ok(()),
                done => {
                    self.roster[*chat].is_over = true;
                    done
                }
            },
            Step::Leave { chat, device } => {
                self.roster[*chat].left.insert(*device);
                self.submit(*chat, *device, Command::Leave).await
            }
            Step::Replace { chat, device, whose } => self.replace(*chat, *device, *whose).await,
            Step::Call { chat } => self.purge(*chat, 60 * MINUTE, PurgeAction::Call).await,
            Step::Expire { chat } => {
                self.roster[*chat].is_over = true;
                for _ in 0..3 {
                    self.now.fetch_add(5 * MINUTE, Ordering::SeqCst);
                    self.store.purge_snapshot().await?;
                }
                self.purge(*chat, 5 * MINUTE, PurgeAction::Destroy).await
            }
            Step::Compact => self.store.compact().await.map(drop),
        }
    }

    async fn start(&mut self) -> Result<(), StoreError> {
        let names = Names::parse(&["Anny", "Abhi"]).unwrap();
        let invites = self.store.start(&names, Idle::Hour, Caller::Host).await?;
        self.roster.push(Known::of(invites, false));
        Ok(())
    }

    async fn submit(&self, chat: usize, device: usize, command: Command) -> Result<(), StoreError> {
        let (secret, id) = &self.roster[chat].devices[device];
        let seat = self.store.seat(secret, *id).await?;
        self.store.submit(&seat, command).await.map(drop)
    }

    /// Says so many things and ends the chat without waiting for an answer in between.
    pub async fn say_and_end(&mut self, chat: usize, device: usize, messages: u128) {
        let (secret, id) = &self.roster[chat].devices[device];
        let seat = self.store.seat(secret, *id).await.unwrap();
        let said = (1..=messages).map(|id| say(id, &format!("message {id}")));
        let commands = said.chain([Command::End]);
        let answers = join_all(commands.map(|command| self.store.submit(&seat, command))).await;
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
        self.roster[chat].is_over = true;
    }

    async fn replace(&mut self, chat: usize, device: usize, whose: usize) -> Result<(), StoreError> {
        let (secret, id) = &self.roster[chat].devices[device];
        let seat = self.store.seat(secret, *id).await?;
        let participant = ParticipantId(u32::try_from(whose).unwrap());
        let invite = match self.store.replace(&seat, participant, Devices::Stay).await {
            Err(StoreError::Refused(Refusal::OnlyAdmins)) => return Ok(()),
            replaced => replaced?.1,
        };
        let known = &mut self.roster[chat];
        known.current[whose - 1] = Some(known.links.len());
        known.links.push((invite.token, invite.code));
        Ok(())
    }

    /// Whatever chats are late, this is about one of them.
    async fn purge(
        &mut self,
        chat: usize,
        after: u64,
        deed: fn(ChatId) -> PurgeAction,
    ) -> Result<(), StoreError> {
        self.now.fetch_add(after, Ordering::SeqCst);
        self.store.purge_snapshot().await?;
        let Some((_, seat)) = self.roster[chat].devices.first() else { return Ok(()) };
        let purged = self.store.purge(vec![deed(seat.chat)]).await?;
        if purged.destroyed == 0 && matches!(deed(seat.chat), PurgeAction::Destroy(_)) {
            self.roster[chat].is_over = false;
        }
        Ok(())
    }
}

/// What everybody sees, by every link and device that there ever was, but for chats that ended long ago.
pub async fn look(store: &Store, roster: &Roster) -> Sights {
    let mut sights = Sights::new();
    for (number, known) in roster.iter().enumerate() {
        if known.is_over && number + LOOKED_AT < roster.len() {
            continue;
        }
        for (link, (token, _)) in known.links.iter().enumerate() {
            let seen = known_of(|| async { Ok(store.greeting(token).await?.as_str().to_owned()) }).await;
            sights.insert(format!("chat {number} link {link}"), told(seen));
        }
        for (device, (secret, id)) in known.devices.iter().enumerate() {
            let seen = known_of(|| chat_as_seen(store, secret, *id)).await;
            sights.insert(format!("chat {number} device {device}"), told(seen));
        }
    }
    sights
}

/// Asks again while the house opens its files again.
async fn known_of<F: Future<Output = Result<String, StoreError>>>(
    ask: impl Fn() -> F,
) -> Result<String, StoreError> {
    let began = Instant::now();
    loop {
        match ask().await {
            Err(StoreError::Unknown | StoreError::Failed(_)) if began.elapsed() < MENDED => {}
            known => return known,
        }
    }
}

async fn chat_as_seen(store: &Store, secret: &DeviceSecret, id: SeatId) -> Result<String, StoreError> {
    let seat = store.seat(secret, id).await?;
    let state = store.state(&seat).await?;
    let receipts: Vec<_> = state.participants.iter().map(|place| place.person.receipt.delivered.0).collect();
    let mut seen = format!("delivered {receipts:?}, called {}", state.final_call.is_some());
    seen += &format!(", {:?}\n", people::crowd(&state));
    let (mut after, mut more) = (Seq::NONE, true);
    while more {
        let page = store.page(&seat, Span::After(after), 100).await?;
        for message in &page.messages {
            let text = message.body.text().map_or_else(|| format!("{:?}", message.body), str::to_owned);
            seen += &format!("{} {}: {}\n", message.seq.0, message.from.0, text);
        }
        after = page.messages.last().map_or(after, |message| message.seq);
        more = page.more;
    }
    Ok(seen)
}

/// The refusal, or what was seen. Anything else is a fault of ours.
fn told(seen: Result<String, StoreError>) -> String {
    match seen {
        Ok(seen) => seen,
        Err(StoreError::Refused(Refusal::Ended { ending, .. })) => {
            format!("ended by {:?} with {} messages", ending.by, ending.messages)
        }
        Err(StoreError::Refused(refusal)) => refusal.code().to_owned(),
        Err(fault) => panic!("neither seen nor refused: {fault}"),
    }
}

/// Whether this is what was to be seen. What was not there yet leads nowhere.
pub fn is(seen: &Sights, expected: &Sights) -> bool {
    seen.iter().all(|(place, seen)| match expected.get(place) {
        Some(expected) => seen == expected,
        None => seen == "no_such_link" || seen == "no_such_seat",
    })
}

/// Where two sights differ, for a person who must find out why.
pub fn difference(seen: &Sights, expected: &Sights) -> String {
    let differ = seen.iter().filter(|(place, seen)| expected.get(*place) != Some(seen));
    differ
        .map(|(place, seen)| {
            let expected = expected.get(place).map_or("nothing", String::as_str);
            format!("{place}\n  seen: {}\n  expected: {}\n", cut(seen), cut(expected))
        })
        .collect()
}

fn cut(text: &str) -> String {
    text.chars().rev().take(300).collect::<Vec<_>>().into_iter().rev().collect()
}
