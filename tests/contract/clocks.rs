//! No chat is destroyed because a clock is wrong, and what is due goes within a day of trusted uptime.
//!
//! The rule of ages and the rule of rest, against a world in which the true time is known. The seed of the
//! random traces is printed and can be given as PARLOUR_CLOCKS_SEED.

use parlour::domain::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const YEAR: u64 = 365 * DAY;
const BUILT: At = At(1_795_000_000_000);
const NOW: u64 = BUILT.0 + 30 * DAY;
const TRACES: usize = 100_000;

/// A machine in a world whose true time is known.
struct World {
    truth: u64,
    /// How far the wall clock is ahead.
    wrong: i128,
    boot: u128,
    booted: u64,
    synchronised: bool,
    trust: TrustedClock,
    /// What was written last: what a new process begins with.
    written: TrustedClock,
    rest: IdleTimer,
    idle: Idle,
    is_gone: bool,
    /// The true time of the last use.
    used: u64,
    /// What had passed at the last use that was written down.
    noted: u64,
}

impl World {
    fn new(idle: Idle) -> Self {
        let trust = TrustedClock::default();
        let (truth, rest) = (NOW, IdleTimer::new(idle, 0, None, Awaited::Nobody));
        let mut world = Self {
            truth,
            wrong: 0,
            boot: 1,
            booted: NOW - HOUR,
            synchronised: true,
            trust,
            written: trust,
            rest,
            idle,
            is_gone: false,
            used: truth,
            noted: 0,
        };
        world.look();
        world
    }

    fn reading(&self) -> Reading {
        let wall = At(u64::try_from((i128::from(self.truth) + self.wrong).max(0)).unwrap());
        Reading { wall, boot: self.boot, up: self.truth - self.booted, synchronised: self.synchronised }
    }

    fn observe(&mut self) -> Elapsed {
        if let Some(hidden) = self.trust.observe(self.reading(), BUILT) {
            self.uncover(hidden);
            self.written = self.trust;
        }
        self.trust.elapsed
    }

    /// What the purge does each minute.
    fn look(&mut self) {
        let reading = self.reading();
        let now = self.observe();
        if now.passed >= self.written.elapsed.passed + 5 * MINUTE {
            self.written = self.trust;
        }
        match self.rest.stage(now) {
            Stage::Running | Stage::Called => {}
            Stage::Due => {
                self.rest.call = Some(self.rest.final_call(now, reading.wall));
                self.written = self.trust;
            }
            Stage::Over => {
                let rested = self.truth - self.used;
                assert!(u128::from(rested) >= self.idle.duration().as_millis(), "destroyed early");
                self.is_gone = true;
            }
        }
    }

    fn use_chat(&mut self) {
        let now = self.observe();
        if self.rest.wake(now.passed) {
            self.noted = now.passed;
        }
        self.written = self.trust;
        self.used = self.truth;
    }

    fn is_trusted(&self) -> bool {
        self.synchronised && self.wrong == 0
    }

    /// The process is gone for a while, and with it what was not written.
    fn restart(&mut self, away: u64) {
        self.truth += away;
        self.trust = self.written;
        let call = self.rest.call;
        self.rest = IdleTimer::new(self.idle, self.noted, call, Awaited::Nobody).from_earlier_run();
        if let Some(hidden) = self.trust.open(self.reading(), BUILT) {
            self.uncover(hidden);
        }
        self.written = self.trust;
    }

    fn uncover(&mut self, hidden: UncountedTime) {
        if self.rest.uncover(hidden) {
            self.noted = self.rest.used;
        }
    }

    fn reboot(&mut self, off: u64) {
        self.boot += 1;
        self.booted = self.truth + off;
        self.restart(off);
    }
}

/// What a wall clock may say when it is wrong, or when the house was off for long.
fn table() -> [(&'static str, u64); 9] {
    [
        ("1970", 0),
        ("build - 1 y", BUILT.0 - YEAR),
        ("-1 h", NOW - HOUR),
        ("+1 h", NOW + HOUR),
        ("+1 d", NOW + DAY),
        ("+400 d", NOW + 400 * DAY),
        ("2036-02-07", 2_085_955_200_000),
        ("2038-01-19", 2_147_471_999_000),
        ("2106", 4_291_747_200_000),
    ]
}

/// How much the house thinks has passed when its wall clock says `wall` one minute of uptime later.
fn passed(wall: u64, synchronised: bool, at_boot: bool) -> u64 {
    let mut world = World::new(Idle::Day);
    if at_boot {
        (world.boot, world.booted) = (2, world.truth);
    }
    world.wrong = i128::from(wall) - i128::from(NOW);
    world.synchronised = synchronised;
    world.observe();
    world.truth += MINUTE;
    world.observe().passed
}

#[test]
fn a_wall_clock_alone_never_makes_time_pass_but_a_synchronised_one_after_a_new_start() {
    for (name, wall) in table() {
        for synchronised in [false, true] {
            assert!(passed(wall, synchronised, false) <= MINUTE + 1, "{name} while running, {synchronised}");
        }
        assert_eq!(passed(wall, false, true), MINUTE + 1, "{name} at boot, not synchronised");
        let expected = wall.checked_sub(NOW).map_or(MINUTE + 1, |off| off + MINUTE);
        assert_eq!(passed(wall, true, true), expected, "{name} at boot, synchronised");
    }
}

#[test]
fn whatever_the_clock_says_a_chat_that_is_used_is_there_and_its_end_is_called_first() {
    for idle in Idle::ALL {
        for (name, wall) in table() {
            for (synchronised, at_boot) in [(false, false), (false, true), (true, false), (true, true)] {
                let mut world = World::new(idle);
                if at_boot {
                    (world.boot, world.booted) = (2, world.truth);
                }
                world.wrong = i128::from(wall) - i128::from(NOW);
                world.synchronised = synchronised;
                let called = world.rest.call;
                assert_eq!(called, None);
                // A clock that is synchronised after a new start is the truth: the house was off so long.
                if synchronised && at_boot {
                    world.truth = wall.max(NOW);
                    world.wrong = 0;
                    world.booted = world.truth;
                }
                world.look();
                assert!(!world.is_gone, "{name}: destroyed without a call");
            }
        }
    }
}

fn seed() -> u64 {
    std::env::var("PARLOUR_CLOCKS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random)
}

#[test]
fn no_chat_is_destroyed_early_and_none_that_is_due_outlives_a_day_of_trusted_uptime() {
    let seed = seed();
    println!("PARLOUR_CLOCKS_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let mut destroyed = 0;
    for trace in 0..TRACES {
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| one_trace(&mut rng)));
        destroyed += usize::from(ended.unwrap_or_else(|_| panic!("trace {trace}, seed {seed}")));
    }
    println!("{TRACES} traces, {destroyed} chats destroyed");
    assert!(destroyed > TRACES / 8, "only {destroyed} were destroyed: the traces try too little");
}

/// One chat through random troubles. True when it was destroyed.
fn one_trace(rng: &mut StdRng) -> bool {
    let idle = Idle::ALL[rng.random_range(0..3)];
    let length = u64::try_from(idle.duration().as_millis()).unwrap();
    let mut world = World::new(idle);
    let (mut trusted, mut is_used_in_trust) = (0, true);
    for _ in 0..rng.random_range(5..20) {
        trouble(&mut world, rng, length);
        if rng.random_range(0..6) == 0 {
            world.use_chat();
            (trusted, is_used_in_trust) = (0, world.is_trusted());
        }
        for _ in 0..rng.random_range(1..16) {
            // The house looks every minute; a laptop may sleep between two looks.
            let step = if rng.random_range(0..20) == 0 { HOUR } else { rng.random_range(1..=3) * MINUTE };
            let was_due = world.truth - world.used >= length;
            world.truth += step;
            world.look();
            if world.is_gone {
                return true;
            }
            trusted +=
                if was_due && is_used_in_trust && world.is_trusted() { step.min(5 * MINUTE) } else { 0 };
            assert!(trusted <= DAY + 10 * MINUTE, "it is due and still there");
        }
    }
    false
}

fn trouble(world: &mut World, rng: &mut StdRng, length: u64) {
    match rng.random_range(0..7) {
        0 => world.reboot(rng.random_range(0..length)),
        1 => world.restart(rng.random_range(0..2 * HOUR)),
        2 => {
            world.synchronised = false;
            let wall = table()[rng.random_range(0..9)].1;
            world.wrong = i128::from(wall) - i128::from(NOW);
        }
        3 => {
            world.synchronised = false;
            let hours: i64 = rng.random_range(-400..400);
            world.wrong = i128::from(hours) * i128::from(HOUR);
        }
        4 | 5 => (world.wrong, world.synchronised) = (0, true),
        _ => {
            // Off, and up again with a wrong clock that is set right later.
            (world.wrong, world.synchronised) = (-i128::from(rng.random_range(0..YEAR)), false);
            world.reboot(rng.random_range(0..length));
        }
    }
}
