//! A house that is killed again and again while everybody talks.

use std::future::pending;
use std::time::Duration;

use parlour::limits::SOCKET_COMMANDS_MAX;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rustix::process::Signal;
use tokio::time::timeout;

use super::company::{CHATS, Company, End, TALKERS, check_words};
use super::talker::{Pace, Progress};
use super::variable;
use crate::support::house::within;
use crate::support::process::Premises;

/// PARLOUR_KILLS says another number: 2,000 before a release.
const KILLS: usize = 200;
/// A house is killed when at most so many frames have come from it, and somewhere between two of them.
const FRAMES_MAX: usize = 160;
const MOMENT_MAX: Duration = Duration::from_millis(2);
/// After somebody has asked for the end of a chat, so many more may come for each message that a talker
/// keeps on the way: the end waits behind all of them.
const END_FRAMES_MAX: usize = 60;
/// It is killed all the same when nothing comes.
const LIFE_MAX: Duration = Duration::from_secs(2);
/// How long a house may take to open before it is killed while it does.
const BIRTH_MAX: Duration = Duration::from_millis(25);

#[tokio::test(flavor = "multi_thread")]
async fn a_house_that_is_killed_at_any_moment_keeps_what_it_acknowledged_and_every_end() {
    let (kills, seed) = (
        variable("PARLOUR_KILLS").unwrap_or(KILLS),
        variable("PARLOUR_KILLS_SEED").unwrap_or_else(rand::random),
    );
    println!("PARLOUR_KILLS_SEED={seed}");
    let (premises, mut company, mut rng) = (Premises::new(), Company::default(), StdRng::seed_from_u64(seed));
    let mut killed = 0;
    while killed < kills {
        killed += still_born(&premises, &mut rng).await;
        one_life(&premises, &mut company, &mut rng).await;
        killed += 1;
    }
    let house = premises.open();
    company.settle(&house).await;
    house.signal(Signal::TERM);
    assert!(house.ended().success());
    let (faults, summary) = (company.faults(), company.summary());
    println!("{killed} kills: {summary:?}");
    check_words(&premises);
    assert!(faults.is_empty(), "seed {seed}: {:#?}", &faults[..faults.len().min(20)]);
    assert!(
        summary.acknowledged > kills && summary.sent_again > kills / 4 && summary.deleted > kills / 4,
        "too little was said to show anything"
    );
    assert!(
        summary.not_taken > kills / 4 && summary.searched > kills / 4,
        "too little was refused or forgotten to show anything"
    );
    assert!(kills < KILLS || summary.ended > kills / 8, "too few chats ended to show anything");
}

/// Now and then a house is killed while it opens, and what the kill before it left is still to be mended.
async fn still_born(premises: &Premises, rng: &mut StdRng) -> usize {
    if !rng.random_ratio(1, 5) {
        return 0;
    }
    let house = premises.begin();
    pass(rng.random_range(Duration::ZERO..BIRTH_MAX)).await;
    drop(house);
    1
}

async fn one_life(premises: &Premises, company: &mut Company, rng: &mut StdRng) {
    let house = premises.open();
    company.look(&house, rng).await;
    company.gather(&house).await;
    let progress = Progress::default();
    let outstanding = outstanding(rng);
    let pace = Pace { progress: &progress, outstanding, stops_at: usize::MAX };
    let mut frames = rng.random_range(0..FRAMES_MAX);
    let end = rng.random_bool(0.5).then(|| {
        let (pair, talker, at) = (rng.random_range(0..CHATS), rng.random_range(0..TALKERS), frames);
        frames += rng.random_range(0..END_FRAMES_MAX * outstanding);
        End { pair, talker, at }
    });
    let moment = rng.random_range(Duration::ZERO..MOMENT_MAX);
    let talking = company.talk(&house, pace, end);
    let killing = async {
        // A chat that has just ended may leave nobody who hears anything.
        drop(timeout(LIFE_MAX, progress.reaches(frames)).await);
        pass(moment).await;
        house.signal(Signal::KILL);
    };
    within(async { tokio::join!(talking, killing) }, "everybody to notice").await;
}

/// Mostly as a page has it, and now and then all that a client may have unanswered.
fn outstanding(rng: &mut StdRng) -> usize {
    if rng.random_ratio(1, 4) { SOCKET_COMMANDS_MAX } else { rng.random_range(1..=4) }
}

async fn pass(time: Duration) {
    drop(timeout(time, pending::<()>()).await);
}
