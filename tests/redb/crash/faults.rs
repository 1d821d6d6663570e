//! A house whose disk refuses one write or sync while everybody talks.
//!
//! It may end, and tell so to what starts it again, or mend itself within a few seconds. Nobody is told
//! that something failed: what was under way is unknown, and is sent again.

use std::process::ExitStatus;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::company::{CHATS, Company, End, check_words};
use super::talker::{Pace, Progress};
use super::tracer::{Tracer, is_missing};
use super::variable;
use crate::support::house::until;
use crate::support::process::{Parlour, Premises};
use crate::support::visitor::is_well;

const FAULTS: [&str; 4] =
    ["fdatasync:error=EIO", "fdatasync:error=ENOSPC", "pwrite64:error=ENOSPC", "pwrite64:error=EIO"];
/// Which call of the writer fails. PARLOUR_FAULTS says up to which all are tried instead.
const NTH: [usize; 4] = [1, 2, 5, 13];
/// A house that goes on has been told of enough after so many frames.
const FRAMES: usize = 400;
/// How often they talk until the fault is reached: a busy house writes much at once, and seldom.
const TALKS_MAX: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_refuses_a_write_loses_nothing_and_nobody_is_told_that_it_failed() {
    if is_missing() {
        return;
    }
    let seed = variable("PARLOUR_KILLS_SEED").unwrap_or_else(rand::random);
    println!("PARLOUR_KILLS_SEED={seed}");
    let (premises, mut company, mut rng) = (Premises::new(), Company::default(), StdRng::seed_from_u64(seed));
    let nth = variable("PARLOUR_FAULTS").map_or(NTH.to_vec(), |most: usize| (1..=most).collect());
    let (mut ended, mut mended) = (0, 0);
    for (fault, nth) in FAULTS.iter().flat_map(|fault| nth.iter().map(move |nth| (fault, nth))) {
        match one_fault(&premises, &mut company, &format!("{fault}:when={nth}"), &mut rng).await {
            Outcome::Ended => ended += 1,
            Outcome::Mended => mended += 1,
        }
    }
    let house = premises.open();
    company.settle(&house).await;
    let (faults, summary) = (company.faults(), company.summary());
    println!("{ended} houses ended, {mended} mended themselves: {summary:?}");
    check_words(&premises);
    assert!(faults.is_empty(), "seed {seed}: {:#?}", &faults[..faults.len().min(20)]);
    assert!(summary.sent_again > ended + mended, "too little was under way to show anything");
}

enum Outcome {
    Ended,
    Mended,
}

impl Outcome {
    /// What starts the process must see that it did not end well.
    fn of(status: ExitStatus) -> Self {
        assert!(status.code().is_some_and(|code| code != 0), "it ended as if all were well: {status}");
        Self::Ended
    }
}

/// One life of the house, in which the disk refuses once.
async fn one_fault(premises: &Premises, company: &mut Company, fault: &str, rng: &mut StdRng) -> Outcome {
    let mut house = premises.open();
    company.look(&house, rng).await;
    company.gather(&house).await;
    let tracer = Tracer::attach(&house, fault);
    // One chat may end. No other takes its place meanwhile: that nobody could start it would say nothing.
    let mut end = rng.random_bool(0.5).then(|| rng.random_range(0..CHATS));
    for _ in 0..TALKS_MAX {
        talk(&house, company, end.take(), rng).await;
        if tracer.has_injected() {
            break;
        }
    }
    assert!(tracer.has_injected(), "{fault} was not reached");
    if let Outcome::Ended = outcome(&mut house).await {
        return Outcome::Ended;
    }
    talk(&house, company, None, rng).await;
    // A house that is about to end may look well until it does.
    house.exit().map_or(Outcome::Mended, Outcome::of)
}

/// Until everybody was sent away, or was told enough.
async fn talk(house: &Parlour, company: &mut Company, ends: Option<usize>, rng: &mut StdRng) {
    let (progress, at) = (Progress::default(), rng.random_range(0..FRAMES / 10));
    let end = ends.map(|pair| End { pair, talker: 0, at });
    let pace = Pace { progress: &progress, outstanding: 3, stops_at: FRAMES };
    company.talk(house, pace, end).await;
}

async fn outcome(house: &mut Parlour) -> Outcome {
    until("the house to end or to mend itself", async || {
        if let Some(status) = house.exit() {
            return Some(Outcome::of(status));
        }
        is_well(house.address).await.then_some(Outcome::Mended)
    })
    .await
}
