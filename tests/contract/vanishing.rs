//! Messages that vanish, and the day in which a message can be edited, under clocks that are wrong: neither
//! is over early by the true time, both are over when the house has counted it, and what is over stays over.
//!
//! The seed of the random traces is printed and can be given as PARLOUR_CLOCKS_SEED.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use parlour::crypto::DeviceSecret;
use parlour::domain::*;
use parlour::jobs::purge::purge;
use parlour::limits::EDIT_MS;
use parlour::store::{Options, Seat, Span, Store};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::clocks::{NOW, seed, table, trouble};
use crate::support::disk::TestDisk;
use crate::support::kept::{options, refusal, say};
use crate::support::lock;
use crate::support::machine::{WorldClocks, WorldMachine};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const TRACES: usize = 30;
/// The places of the message that can be edited and of the one that vanishes; a note is between them.
const EDITED: Seq = Seq(1);
const VANISHING: Seq = Seq(3);

/// A house in a world whose true time is known, with a message that can be edited for a day and one that
/// vanishes after an hour.
struct World {
    clocks: Arc<Mutex<WorldClocks>>,
    dir: tempfile::TempDir,
    store: Store,
    secret: DeviceSecret,
    seat: Seat,
    /// The true time when both were said, and whether the house knew it.
    said: u64,
    is_said_in_trust: bool,
    /// How much the house must have counted since: for so long it ran with clocks that nobody set.
    counted: u64,
    edits: u32,
    is_gone: bool,
    is_late: bool,
}

fn open(dir: &tempfile::TempDir, clocks: &Arc<Mutex<WorldClocks>>) -> Store {
    let options = || {
        let (wall, machine) = (Arc::clone(clocks), WorldMachine(Arc::clone(clocks)));
        Options {
            clock: Arc::new(move || wall.lock().unwrap().reading().wall),
            machine: Arc::new(machine),
            ..options(dir.path(), &TestDisk::default(), &Arc::default())
        }
    };
    lock::open(|| Store::open(options(), drop)).unwrap()
}

impl World {
    async fn new() -> Self {
        let clocks = Arc::new(Mutex::new(WorldClocks::right(NOW)));
        let dir = tempfile::tempdir().unwrap();
        let store = open(&dir, &clocks);
        let names = Names::parse(&["Anny", "Abhi"]).unwrap();
        let invites = store.start(&names, Idle::HalfYear, Caller::Host).await.unwrap();
        let here = Ipv4Addr::LOCALHOST.into();
        let entered = store.enter(&invites[0].token, &invites[0].code, None, here).await.unwrap();
        Self {
            clocks,
            dir,
            store,
            secret: entered.new_device.unwrap(),
            seat: entered.seat,
            said: NOW,
            is_said_in_trust: true,
            counted: 0,
            edits: 0,
            is_gone: false,
            is_late: false,
        }
    }

    async fn says_both(&mut self) {
        let clocks = *self.clocks.lock().unwrap();
        (self.said, self.is_said_in_trust) = (clocks.truth, clocks.is_trusted());
        let timer = Command::VanishAfter(Some(VanishAfter::Hour));
        for command in [say(1, "can be edited"), timer, say(2, "vanishes")] {
            self.store.submit(&self.seat, command).await.unwrap();
        }
    }

    /// The house is closed, and opened again with these clocks.
    async fn restart(&mut self, clocks: WorldClocks) {
        self.store.close().await;
        *self.clocks.lock().unwrap() = clocks;
        self.store = open(&self.dir, &self.clocks);
        self.seat = self.store.seat(&self.secret, self.seat.id()).await.unwrap();
    }

    /// Something happens to the clocks, and for a minute nobody knows how much of that counts.
    async fn suffers(&mut self, clocks: WorldClocks, is_restarted: bool) {
        if is_restarted {
            self.restart(clocks).await;
        } else {
            *self.clocks.lock().unwrap() = clocks;
        }
        self.clocks.lock().unwrap().truth += MINUTE;
        self.reads().await;
        self.store.purge_snapshot().await.unwrap();
    }

    /// Time passes, and the house has looked at its clocks a minute ago. What it has not counted by then is
    /// lost if somebody sets them now.
    async fn passes(&mut self, time: u64) {
        self.clocks.lock().unwrap().truth += time - MINUTE;
        self.store.purge_snapshot().await.unwrap();
        self.clocks.lock().unwrap().truth += MINUTE;
        self.counted += time - MINUTE;
        self.reads().await;
    }

    /// Looks whether the message has vanished. The writer has no part in that.
    async fn reads(&mut self) {
        let page = self.store.page(&self.seat, Span::After(Seq(VANISHING.0 - 1)), 1).await.unwrap();
        let is_gone = matches!(page.messages[0].body, Body::Gone(_));
        let age = self.age();
        assert!(!is_gone || age >= HOUR, "vanished early, after {age}");
        assert!(is_gone || self.counted < HOUR, "still there, after {} were counted", self.counted);
        assert!(is_gone || !self.is_gone, "it has vanished, and is back");
        self.is_gone = is_gone;
    }

    async fn edits(&mut self) {
        let is_late = self.is_too_late().await;
        let age = self.age();
        assert!(!is_late || age >= EDIT_MS || !self.is_said_in_trust, "refused early, after {age}");
        assert!(is_late || self.counted < EDIT_MS, "edited, after {} were counted", self.counted);
        assert!(is_late || !self.is_late, "was refused as too late, and is not any more");
        self.is_late = is_late;
    }

    /// The true one.
    fn age(&self) -> u64 {
        self.clocks.lock().unwrap().truth - self.said
    }

    async fn is_too_late(&mut self) -> bool {
        let text = Text::parse(format!("edit {}", self.edits)).unwrap();
        let change = MessageChange::Edit { base: self.edits, text };
        let edited = self.store.submit(&self.seat, Command::Change { seq: EDITED, change }).await;
        if edited.is_ok() {
            self.edits += 1;
            return false;
        }
        assert_eq!(refusal(edited), Refusal::TooLate);
        true
    }
}

/// The clock is set to a wrong time and back, again and again, and every third time the house is restarted.
#[tokio::test]
async fn whatever_the_clock_says_a_timer_and_the_day_for_edits_are_as_long_as_was_promised() {
    for (name, wall) in table() {
        for synchronised in [false, true] {
            println!("{name}, {synchronised}");
            let mut world = World::new().await;
            world.says_both().await;
            for half_hour in 0..56 {
                let mut clocks = *world.clocks.lock().unwrap();
                clocks.synchronised = synchronised;
                clocks.say(if half_hour % 2 == 0 { wall } else { clocks.truth });
                world.suffers(clocks, half_hour % 3 == 2).await;
                world.passes(29 * MINUTE).await;
                if half_hour % 2 == 1 {
                    world.edits().await;
                }
            }
            assert!(world.is_gone && world.is_late);
        }
    }
}

#[tokio::test]
async fn a_message_that_has_vanished_is_not_back_when_the_clock_is_set_back_in_that_minute() {
    let mut world = World::new().await;
    world.says_both().await;
    world.passes(HOUR).await;
    assert!(world.is_gone);
    for hours in [1, 2] {
        let mut clocks = *world.clocks.lock().unwrap();
        clocks.say(NOW - hours * HOUR);
        world.suffers(clocks, false).await;
    }
    let react = MessageChange::React(Some(Emoji::parse("\u{1F44D}").unwrap()));
    let change = Command::Change { seq: VANISHING, change: react };
    assert_eq!(refusal(world.store.submit(&world.seat, change).await), Refusal::Gone);
    assert_eq!(purge(&world.store).await.unwrap().vanished, 1);
}

/// The house was off, and knows how long only when the clock is right again.
#[tokio::test]
async fn what_vanishes_while_the_house_is_off_is_gone_once_the_clock_is_known_to_be_right() {
    let mut world = World::new().await;
    world.says_both().await;
    let mut clocks = *world.clocks.lock().unwrap();
    clocks.reboot(2 * EDIT_MS);
    let (truth, mut unknown) = (clocks.truth, clocks);
    unknown.synchronised = false;
    unknown.say(0);
    world.suffers(unknown, true).await;
    world.edits().await;
    assert!(!world.is_gone && !world.is_late, "nobody knows how long it was off");
    clocks.truth = truth + MINUTE;
    world.suffers(clocks, false).await;
    assert_eq!(purge(&world.store).await.unwrap().vanished, 1, "now the house has counted it");
    world.reads().await;
    world.edits().await;
    assert!(world.is_gone && world.is_late);
}

#[tokio::test]
async fn no_message_vanishes_early_and_none_comes_back_whatever_happens_to_the_clocks() {
    let seed = seed();
    println!("PARLOUR_CLOCKS_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let mut over = 0;
    for trace in 0..TRACES {
        println!("trace {trace}");
        over += usize::from(one_trace(&mut rng).await);
    }
    assert!(over > TRACES / 4, "only {over} were over: the traces try too little");
}

/// True when both were over in the end.
async fn one_trace(rng: &mut StdRng) -> bool {
    let mut world = World::new().await;
    for _ in 0..rng.random_range(0..3) {
        let mut clocks = *world.clocks.lock().unwrap();
        let is_restarted = trouble(&mut clocks, rng, EDIT_MS);
        if is_restarted { world.restart(clocks).await } else { *world.clocks.lock().unwrap() = clocks }
    }
    world.says_both().await;
    for _ in 0..rng.random_range(5..15) {
        let mut clocks = *world.clocks.lock().unwrap();
        let is_restarted = trouble(&mut clocks, rng, EDIT_MS);
        world.suffers(clocks, is_restarted).await;
        for _ in 0..rng.random_range(1..8) {
            let step = if rng.random_range(0..8) == 0 { 5 * HOUR } else { rng.random_range(2..=20) * MINUTE };
            world.passes(step).await;
            match rng.random_range(0..4) {
                0 => world.edits().await,
                1 => drop(purge(&world.store).await.unwrap()),
                _ => {}
            }
        }
    }
    world.edits().await;
    world.is_gone && world.is_late
}
