//! The disk fails: nothing that was acknowledged is lost, and the house goes on by itself or ends.
//!
//! A house lives on a disk of memory. Before each of its steps a copy of it takes the same step once for each
//! write and sync that the step has, and just that one fails. A client that waited for it is told that it is
//! not known whether it was done, and asks again.

use std::path::Path;
use std::time::{Duration, Instant};

use parlour::domain::Refusal;
use parlour::limits::{BALLAST_BYTES, ROOM_BYTES};
use parlour::store::StoreError as NotDone;
use tokio::time::timeout;

use crate::redb::life::{self, Life, Sights, Step};
use crate::redb::platter::{EIO, ENOSPC, Fault, Image, Platter};
use crate::support::disk::Mood;
use crate::support::kept::{Kept, refusal};

/// Steps of the life.
const STEPS: usize = 100;
/// After one of so many faults the power goes as well.
const POWER_PART: usize = 3;
/// The house has gone on by then.
const DEADLINE: Duration = Duration::from_secs(5);
const THREADS: usize = 2;

/// How a disk fails: mostly once, now and then for longer, with one error or the other.
fn fault(turn: usize, step: usize) -> Fault {
    let lasts = if (turn + step).is_multiple_of(40) { 12 } else { 1 };
    Fault { after: turn, lasts, error: if turn.is_multiple_of(2) { EIO } else { ENOSPC } }
}

/// A house before a step.
struct Before {
    image: Image,
    seen: Sights,
}

/// The same house takes the step while the disk fails at this turn. Whether the fault was met.
async fn falter(life: &Life, before: &Before, step: &Step, fault: Fault, dir: &Path) -> bool {
    let turn = fault.after;
    let platter = Platter::of(before.image.clone());
    let mut copy = life.elsewhere(&platter, dir, DEADLINE);
    platter.fail(Some(fault));
    let mut done = copy.take(step).await;
    let was_met = platter.done() > turn;
    let began = Instant::now();
    while is_not_known(&done) {
        assert!(began.elapsed() < DEADLINE, "turn {turn} of {step:?}: the house does not go on");
        done = copy.take(step).await;
    }
    let mut seen = life::look(&copy.store, &copy.roster).await;
    check(step, &done, &before.seen, &seen, &format!("turn {turn} of {step:?}"));
    platter.fail(None);
    let durable = platter.without_power();
    copy.store.close().await;
    if !turn.is_multiple_of(POWER_PART) {
        return was_met;
    }
    let reopened = copy.elsewhere(&Platter::of(durable), dir, Duration::ZERO);
    let after = life::look(&reopened.store, &copy.roster).await;
    learn_of_end(step, &mut seen, &after);
    assert!(
        life::is(&after, &seen),
        "turn {turn} of {step:?}: acknowledged, and not on the disk\n{}",
        life::difference(&after, &seen)
    );
    reopened.store.close().await;
    was_met
}

/// That a chat has ended is first known from its slot, to those who are in it. A device that had left finds
/// out from the tables, which are written after that.
fn learn_of_end(step: &Step, seen: &mut Sights, after: &Sights) {
    let (Step::End { chat, .. } | Step::Expire { chat }) = step else { return };
    let devices = format!("chat {chat} device ");
    for (place, seen) in seen.iter_mut().filter(|(place, _)| place.starts_with(&devices)) {
        let has_ended = after.get(place).filter(|after| after.starts_with("ended by "));
        if let Some(after) = has_ended.filter(|_| seen == "no_such_seat") {
            seen.clone_from(after);
        }
    }
}

/// Whether it must be asked again: it may have been done, or there may be room for it later.
fn is_not_known(done: &Result<(), NotDone>) -> bool {
    let full = matches!(done, Err(NotDone::Refused(Refusal::DiskFull { .. })));
    full || matches!(done, Err(NotDone::Unknown | NotDone::Failed(_)))
}

/// What was there is there, once, and the step is done or was refused.
fn check(step: &Step, done: &Result<(), NotDone>, before: &Sights, seen: &Sights, what: &str) {
    match done {
        Ok(()) => {}
        // It was done the first time, and nobody was told.
        Err(NotDone::Refused(Refusal::Ended { .. } | Refusal::NoSuchSeat | Refusal::NoSuchLink))
            if matches!(step, Step::End { .. } | Step::Leave { .. } | Step::Group { .. }) => {}
        Err(fault) => panic!("{what}: {fault}"),
    }
    if let Step::Say { chat, device, text, .. } = step {
        let times = seen[&format!("chat {chat} device {device}")].matches(&format!(": {text}\n")).count();
        assert_eq!(times, 1, "{what}: acknowledged, and not there once");
    }
    for (place, was) in before {
        // A chat that ended long ago is not looked at any more.
        let Some(is) = seen.get(place) else { continue };
        let may_end = matches!(
            step,
            Step::End { .. }
                | Step::Expire { .. }
                | Step::Replace { .. }
                | Step::Leave { .. }
                | Step::Group { .. }
        );
        // Who came in without being told of it, and comes in again, is a second device with a second note.
        let added = if matches!(step, Step::Enter { .. }) { 2 } else { 1 };
        assert!(may_end || lines(is, was, added), "{what}: {place} has lost something: {was}\nis now {is}");
    }
}

/// Whether every message that was there is there still, in the same order, and at most so many more.
fn lines(is: &str, was: &str, added: usize) -> bool {
    let messages = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let (is, was) = (messages(is), messages(was));
    is.len() <= was.len() + added && is.starts_with(&was)
}

/// PARLOUR_STEPS says another number: 300 before a release.
fn steps() -> usize {
    std::env::var("PARLOUR_STEPS").ok().and_then(|steps| steps.parse().ok()).unwrap_or(STEPS)
}

async fn one_life(seed: u64, part: usize) -> usize {
    let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let platter = Platter::default();
    let mut life = Life::begin(&platter, dir.path(), seed);
    let mut faults = 0;
    for number in 0..steps() {
        let step = life.next();
        if number % THREADS == part {
            let seen = life::look(&life.store, &life.roster).await;
            let before = Before { image: platter.image(), seen };
            let mut turn = 0;
            while falter(&life, &before, &step, fault(turn, number), elsewhere.path()).await {
                turn += 1;
            }
            faults += turn;
        }
        life.take(&step).await.unwrap();
    }
    life.store.close().await;
    faults
}

#[test]
fn whichever_write_or_sync_fails_nothing_is_lost_and_the_house_goes_on() {
    let seed = crate::redb::power::seed();
    println!("PARLOUR_POWER_SEED={seed}");
    let lives = std::env::var("PARLOUR_LIVES").ok().and_then(|lives| lives.parse().ok()).unwrap_or(1);
    let faults: usize = (0..lives).map(|life| every_fault_of(seed.wrapping_add(life))).sum();
    println!("{faults} faults");
    assert!(faults > steps(), "a step has several writes and a sync");
}

/// Each write and sync of a life fails once, half of the steps on each thread.
fn every_fault_of(seed: u64) -> usize {
    let threads: Vec<_> = (0..THREADS)
        .map(|part| {
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(one_life(seed, part))
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).sum()
}

/// Says it, and again while it is not known whether it was said.
async fn insist(life: &mut Life, step: &Step) -> Result<(), NotDone> {
    loop {
        match life.take(step).await {
            Err(NotDone::Unknown | NotDone::Failed(_)) => {}
            known => return known,
        }
    }
}

fn message(number: u128) -> Step {
    Step::Say { chat: 0, device: 0, id: number + 1, text: format!("message {number} {}", "x".repeat(500)) }
}

#[tokio::test]
async fn on_a_full_disk_nothing_new_is_taken_and_the_rest_works_until_there_is_room_again() {
    let (dir, platter) = (tempfile::tempdir().unwrap(), Platter::default());
    let mut life = Life::begin(&platter, dir.path(), 1);
    for chat in 0..2 {
        life.take(&Step::Start).await.unwrap();
        life.take(&Step::Enter { chat, link: 0 }).await.unwrap();
    }
    platter.set_capacity(platter.taken() + 64 * 1024);
    let mut said = 0;
    let full = loop {
        match insist(&mut life, &message(said)).await {
            Ok(()) => said += 1,
            refused => break refusal(refused),
        }
    };
    assert!(matches!(full, Refusal::DiskFull { .. }), "{full:?}");
    assert!(said > 10, "only {said} messages fit");
    let seen = life::look(&life.store, &life.roster).await;
    assert_eq!(seen["chat 0 device 0"].lines().count() as u128, said + 1, "what was acknowledged is there");
    life.take(&message(said - 1)).await.expect("what was said before is acknowledged again");
    assert!(matches!(refusal(life.take(&Step::Start).await), Refusal::DiskFull { .. }));
    life.take(&Step::End { chat: 1, device: 0 }).await.expect("a chat can be ended");
    life.take(&Step::Keep { chat: 0, device: 0 }).await.expect("a chat can be kept");
    platter.set_capacity(platter.taken() + BALLAST_BYTES + ROOM_BYTES + 1024 * 1024);
    let began = Instant::now();
    while life.take(&message(said)).await.is_err() {
        assert!(began.elapsed() < DEADLINE, "there is room, and nothing is taken");
    }
    let seen = life::look(&life.store, &life.roster).await;
    assert_eq!(seen["chat 0 device 0"].lines().count() as u128, said + 2);
    assert!(seen["chat 1 link 0"].starts_with("ended by"));
}

/// As redb may at a file that is damaged. What was acknowledged is on the disk already.
#[tokio::test]
async fn a_writer_that_panics_at_closing_the_store_keeps_nobody_waiting_and_loses_nothing() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let entered = kept.enter(&anny).await;
    kept.say(&entered.seat, 1, "hi").await.unwrap();
    kept.disk.set(Mood::ClosePanics);
    let store = kept.store.clone();
    let kept = timeout(DEADLINE, kept.reopen()).await.expect("the store closes and opens again");
    timeout(DEADLINE, store.failed()).await.expect("the writer has ended in a panic");
    let seat = kept.store.seat(&entered.new_device.unwrap(), entered.seat.id()).await.unwrap();
    assert_eq!(kept.texts(&seat).await, ["hi"]);
}
