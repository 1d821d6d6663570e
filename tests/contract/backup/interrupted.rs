//! A restore that the power or the disk interrupts leaves the old house or the new one.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use parlour::store::{Replace, RestoreError, RestoreTarget, Restored};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::copied;
use crate::redb::life::{self, Life, Sights};
use crate::redb::platter::{Deed, EIO, ENOSPC, Fault, Image, Platter};
use crate::redb::power::{Disk, LOSSES, check_integrity, seed};
use crate::support::lock;

/// Steps before the copy is made, and after it.
const STEPS: usize = 40;

/// A house, an earlier copy of it, and what is to be seen of either.
struct Between {
    image: Image,
    copy: Vec<u8>,
    life: Life,
    old: Sights,
    new: Sights,
}

async fn lived(seed: u64, dir: &Path) -> Between {
    let platter = Platter::default();
    let mut life = Life::begin(&platter, dir, seed);
    let mut copy = Vec::new();
    for step in 0..2 * STEPS {
        if step == STEPS {
            copy = copied(&life.store).await;
        }
        let step = life.next();
        life.take(&step).await.unwrap();
    }
    let old = life::look(&life.store, &life.roster).await;
    life.store.close().await;
    let image = platter.image();
    let restored = Platter::of(image.clone());
    put(&restored, &copy, dir).unwrap();
    let new = look(&restored, &life, dir).await;
    Between { image, copy, life, old, new }
}

fn now() -> Arc<AtomicU64> {
    Arc::new(AtomicU64::new(1_800_000_000_000 + 40 * 24 * 3_600 * 1_000))
}

fn put(platter: &Platter, copy: &[u8], dir: &Path) -> Result<Restored, RestoreError> {
    let options = || life::options(platter, dir, &now(), Duration::ZERO);
    lock::open(|| RestoreTarget::take(options(), Replace::Yes))?.restore(copy)
}

async fn look(platter: &Platter, life: &Life, dir: &Path) -> Sights {
    let store = life::open(platter, dir, &now(), Duration::ZERO);
    let seen = life::look(&store, &life.roster).await;
    store.close().await;
    let names: Vec<_> = platter.image().into_keys().collect();
    assert!(names.iter().all(|name| !name.contains("rest")), "something is left over: {names:?}");
    seen
}

/// Whether it is the new house. It is one of the two.
async fn is_new(platter: &Platter, between: &Between, dir: &Path, what: &str) -> bool {
    let seen = look(platter, &between.life, dir).await;
    let is_new = seen == between.new;
    assert!(
        is_new || seen == between.old,
        "{what}: neither the old house nor the new one\n{}",
        life::difference(&seen, &between.new)
    );
    is_new
}

#[tokio::test]
async fn the_power_leaves_the_old_house_or_the_new_one_and_nothing_else() {
    let (seed, dir) = (seed(), tempfile::tempdir().unwrap());
    println!("PARLOUR_POWER_SEED={seed}");
    let between = lived(seed, dir.path()).await;
    assert_ne!(between.old, between.new, "there is something to be seen");
    let platter = Platter::of(between.image.clone()).record();
    put(&platter, &between.copy, dir.path()).unwrap();
    let (deeds, mut disk, mut rng) = (platter.deeds(), Disk::of(&platter), StdRng::seed_from_u64(seed));
    let (mut old, mut new) = (0, 0);
    for (number, deed) in deeds.iter().enumerate() {
        disk.take(deed);
        let is_swap = matches!(deed, Deed::Rename { .. } | Deed::SyncNames | Deed::Remove { .. });
        let losses = if is_swap { &LOSSES[..] } else { &LOSSES[number % LOSSES.len()..][..1] };
        for loss in losses.iter().copied() {
            let what = format!("PARLOUR_POWER_SEED={seed}, after deed {number}, {loss:?}");
            let image = disk.image(loss, &mut rng);
            check_integrity(&image, &what);
            match is_new(&Platter::of(image), &between, dir.path(), &what).await {
                true => new += 1,
                false => old += 1,
            }
        }
    }
    println!("{} deeds: {old} times the old house, {new} times the new one", deeds.len());
    assert!(old > 0 && new > 0, "old {old}, new {new}");
    let image = disk.image(LOSSES[0], &mut rng);
    assert!(is_new(&Platter::of(image), &between, dir.path(), "after all").await);
}

#[tokio::test]
async fn a_disk_that_refuses_a_write_leaves_the_old_house_or_the_new_one() {
    let (seed, dir) = (seed(), tempfile::tempdir().unwrap());
    println!("PARLOUR_POWER_SEED={seed}");
    let between = lived(seed, dir.path()).await;
    let (mut turn, mut refused) = (0, 0);
    loop {
        let platter = Platter::of(between.image.clone());
        let error = if turn % 2 == 0 { EIO } else { ENOSPC };
        platter.fail(Some(Fault { after: turn, lasts: 1, error }));
        let done = put(&platter, &between.copy, dir.path());
        let was_met = platter.done() > turn;
        platter.fail(None);
        let what = format!("PARLOUR_POWER_SEED={seed}, turn {turn}");
        let is_new = is_new(&Platter::of(platter.without_power()), &between, dir.path(), &what).await;
        assert!(is_new || done.is_err(), "{what}: it was said to be done");
        refused += usize::from(done.is_err());
        if !was_met {
            break;
        }
        turn += 1;
    }
    println!("{turn} writes and syncs, {refused} restores refused");
    assert!(refused > 10);
}
