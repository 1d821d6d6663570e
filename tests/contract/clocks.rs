//! No chat is destroyed because a clock is wrong, and what is due goes within a day of trusted uptime.
//!
//! The rule of ages and the rule of rest, against a world in which the true time is known. The seed of the
//! random traces is printed and can be given as PARLOUR_CLOCKS_SEED.

use parlour::domain::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::support::machine::{BUILT, WorldClocks};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const YEAR: u64 = 365 * DAY;
pub const NOW: u64 = BUILT.0 + 30 * DAY;
const TRACES: usize = 100_000;

/// The rules in a world whose true time is known.
struct World {
    clocks: WorldClocks,
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
        let rest = IdleTimer::new(idle, 0, None, Awaited::Nobody);
        let (clocks, used) = (WorldClocks::right(NOW), NOW);
        let mut world = Self { clocks, trust, written: trust, rest, idle, is_gone: false, used, noted: 0 };
        world.look();
        world
    }

    fn observe(&mut self) -> Elapsed {
        if let Some(hidden) = self.trust.observe(self.clocks.reading(), BUILT) {
            self.uncover(hidden);
            self.written = self.trust;
        }
        self.trust.elapsed
    }

    /// What the purge does each minute.
    fn look(&mut self) {
        let reading = self.clocks.reading();
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
                let rested = self.clocks.truth - self.used;
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
        self.used = self.clocks.truth;
    }

    /// The process was gone, and with it what was not written.
    fn restart(&mut self) {
        self.trust = self.written;
        let call = self.rest.call;
        self.rest = IdleTimer::new(self.idle, self.noted, call, Awaited::Nobody).from_earlier_run();
        if let Some(hidden) = self.trust.open(self.clocks.reading(), BUILT) {
            self.uncover(hidden);
        }
        self.written = self.trust;
    }

    fn uncover(&mut self, hidden: UncountedTime) {
        if self.rest.uncover(hidden) {
            self.noted = self.rest.used;
        }
    }
}

/// What a wall clock may say when it is wrong, or when the house was off for long.
pub fn table() -> [(&'static str, u64); 9] {
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
        world.clocks.reboot(0);
    }
    world.clocks.say(wall);
    world.clocks.synchronised = synchronised;
    world.observe();
    world.clocks.truth += MINUTE;
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
                    world.clocks.reboot(0);
                }
                world.clocks.say(wall);
                world.clocks.synchronised = synchronised;
                let called = world.rest.call;
                assert_eq!(called, None);
                // A clock that is synchronised after a new start is the truth: the house was off so long.
                if synchronised && at_boot {
                    world.clocks = WorldClocks::right(NOW);
                    world.clocks.reboot(wall.saturating_sub(NOW));
                }
                world.look();
                assert!(!world.is_gone, "{name}: destroyed without a call");
            }
        }
    }
}

pub fn seed() -> u64 {
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
        if trouble(&mut world.clocks, rng, length) {
            world.restart();
        }
        if rng.random_range(0..6) == 0 {
            world.use_chat();
            (trusted, is_used_in_trust) = (0, world.clocks.is_trusted());
        }
        for _ in 0..rng.random_range(1..16) {
            // The house looks every minute; a laptop may sleep between two looks.
            let step = if rng.random_range(0..20) == 0 { HOUR } else { rng.random_range(1..=3) * MINUTE };
            let was_due = world.clocks.truth - world.used >= length;
            world.clocks.truth += step;
            world.look();
            if world.is_gone {
                return true;
            }
            trusted += if was_due && is_used_in_trust && world.clocks.is_trusted() {
                step.min(5 * MINUTE)
            } else {
                0
            };
            assert!(trusted <= DAY + 10 * MINUTE, "it is due and still there");
        }
    }
    false
}

/// Something happens to the clocks, in a chat or with a message that lasts so long. True when the house was
/// gone for a while.
pub fn trouble(clocks: &mut WorldClocks, rng: &mut StdRng, length: u64) -> bool {
    match rng.random_range(0..7) {
        0 => clocks.reboot(rng.random_range(0..length)),
        1 => clocks.truth += rng.random_range(0..2 * HOUR),
        2 => {
            clocks.synchronised = false;
            clocks.say(table()[rng.random_range(0..9)].1);
            return false;
        }
        3 => {
            clocks.synchronised = false;
            let hours: i64 = rng.random_range(-400..400);
            clocks.wrong = i128::from(hours) * i128::from(HOUR);
            return false;
        }
        4 | 5 => {
            (clocks.wrong, clocks.synchronised) = (0, true);
            return false;
        }
        _ => {
            // Off, and up again with a wrong clock that is set right later.
            (clocks.wrong, clocks.synchronised) = (-i128::from(rng.random_range(0..YEAR)), false);
            clocks.reboot(rng.random_range(0..length));
        }
    }
    true
}
