//! The power goes: what was acknowledged is there, what was ended is gone, and the house opens.
//!
//! A house lives on a disk that remembers everything that was done to it. At each of those moments the power
//! goes, and what is then on the disk is one of several things: nothing that was not synced, all of it, only
//! the head of each file, or any half of the sectors. From each such image the house must open and show what
//! it had acknowledged, or that and the one step that was under way. Also if the power never comes back, no
//! key of what was acknowledged as destroyed may be on the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use parlour::store::{Backend, Disk as _};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use redb::Database;

use crate::redb::life::{self, Life, Roster, Sights, Step};
use crate::redb::platter::{Change, Deed, Image, Platter, apply};

/// Images in `tests/run`. PARLOUR_IMAGES says another number.
const IMAGES: usize = 4_000;
/// Steps of one life.
const STEPS: usize = 60;
/// Of how many images one loses power again while it is opened.
const AGAIN: usize = 5;
const SECTOR_BYTES: usize = 512;
const THREADS: usize = 2;

/// A life that was lived, and what could be seen after each of its steps.
struct Lived {
    deeds: Vec<Deed>,
    /// After how many deeds a step was acknowledged, and what was to be seen from then on.
    steps: Vec<(usize, Sights)>,
    /// The keys that stood in the slots then.
    keys: Vec<BTreeSet<SlotKey>>,
    roster: Roster,
}

/// 32 bytes of a slot.
type SlotKey = [u8; 32];
/// A slot has a key, a mark whether it lives, and room.
const SLOT_BYTES: usize = 64;

/// The keys that live in a slot file.
fn keys_in(image: &Image) -> BTreeSet<SlotKey> {
    let slots = image.get("keys.slots").into_iter().flat_map(|bytes| bytes.chunks_exact(SLOT_BYTES).skip(1));
    slots.filter(|slot| slot[32] == 1).map(|slot| slot[..32].try_into().unwrap()).collect()
}

/// Whatever the disk has, it has no key that was acknowledged as destroyed.
fn check_destroyed(image: &Image, lived: &Lived, deeds: usize, what: &str) {
    let acknowledged = lived.steps.partition_point(|(acknowledged, _)| *acknowledged <= deeds);
    let Some((now, before)) = lived.keys[..acknowledged].split_last() else { return };
    let keys = before.iter().flatten().filter(|key| !now.contains(*key));
    let destroyed: BTreeSet<&[u8]> = keys.map(|key| key.as_slice()).collect();
    let slots = image.get("keys.slots").map(Vec::as_slice).unwrap_or_default();
    let found = slots.chunks_exact(SLOT_BYTES).any(|slot| destroyed.contains(&slot[..32]));
    assert!(!found, "{what}: a key that was destroyed is on the disk");
}

async fn live(seed: u64, dir: &Path) -> Lived {
    let platter = Platter::default().record();
    let mut life = Life::begin(&platter, dir, seed);
    let mut steps = vec![(platter.count(), Sights::new())];
    let mut keys = vec![keys_in(&platter.image())];
    for _ in 0..STEPS {
        let step = life.next();
        life.take(&step).await.unwrap_or_else(|fault| panic!("seed {seed}: {step:?}: {fault}"));
        steps.push((platter.count(), life::look(&life.store, &life.roster).await));
        keys.push(keys_in(&platter.image()));
    }
    let roster = life.roster.clone();
    life.store.close().await;
    steps.push((platter.count(), steps[STEPS].1.clone()));
    keys.push(keys_in(&platter.image()));
    Lived { deeds: platter.deeds(), steps, keys, roster }
}

/// What is on the disk after some of the deeds, and what is not synced yet.
#[derive(Default)]
pub struct Disk {
    /// What would be found, and what may be found instead.
    names: BTreeMap<String, usize>,
    renamed: Option<BTreeMap<String, usize>>,
    files: Vec<Vec<u8>>,
    unsynced: Vec<(usize, Change)>,
}

impl Disk {
    /// What was on a disk before it was recorded what was done to it.
    pub fn of(platter: &Platter) -> Self {
        let mut disk = Self::default();
        platter.begun_with().into_iter().enumerate().for_each(|(file, (name, bytes))| {
            disk.names.insert(name, file);
            disk.files.push(bytes);
        });
        disk
    }

    pub fn take(&mut self, deed: &Deed) {
        match deed {
            Deed::Create { name, file } => {
                self.files.resize(self.files.len().max(file + 1), Vec::new());
                self.names.insert(name.clone(), *file);
            }
            Deed::Change { file, change } => self.unsynced.push((*file, change.clone())),
            Deed::Sync { file } => {
                let (synced, unsynced) =
                    std::mem::take(&mut self.unsynced).into_iter().partition(|(of, _)| of == file);
                self.unsynced = unsynced;
                let synced: Vec<_> = synced;
                synced.iter().for_each(|(_, change)| apply(&mut self.files[*file], change));
            }
            Deed::Rename { new, old } => {
                let mut names = self.names.clone();
                let file = names.remove(new).unwrap();
                names.insert(old.clone(), file);
                self.renamed = Some(names);
            }
            Deed::SyncNames => self.names = self.renamed.take().unwrap(),
            Deed::Remove { name } => drop(self.names.remove(name)),
        }
    }

    /// What is found when the power goes now.
    pub fn image(&self, loss: Loss, rng: &mut StdRng) -> Image {
        let names = match &self.renamed {
            Some(renamed) if rng.random() => renamed,
            _ => &self.names,
        };
        let mut files: BTreeMap<usize, _> =
            names.iter().map(|(name, file)| (*file, (name.clone(), self.files[*file].clone()))).collect();
        for (file, change) in &self.unsynced {
            let Some((_, bytes)) = files.get_mut(file) else { continue };
            survivors(change, loss, rng).iter().for_each(|change| apply(bytes, change));
        }
        files.into_values().collect()
    }
}

/// What becomes of what was not synced.
#[derive(Clone, Copy, Debug)]
pub enum Loss {
    Everything,
    Nothing,
    AllButHeads,
    AnySectors,
}

pub const LOSSES: [Loss; 4] = [Loss::Everything, Loss::Nothing, Loss::AllButHeads, Loss::AnySectors];

fn survivors(change: &Change, loss: Loss, rng: &mut StdRng) -> Vec<Change> {
    let keep = |survives: bool| if survives { vec![change.clone()] } else { Vec::new() };
    match (loss, change) {
        (Loss::Everything, _) => Vec::new(),
        (Loss::Nothing, _) => keep(true),
        (Loss::AllButHeads, Change::Write { offset, .. }) => keep(*offset == 0),
        (Loss::AllButHeads, Change::Length(_)) => keep(false),
        (Loss::AnySectors, Change::Length(_)) => keep(rng.random()),
        (Loss::AnySectors, Change::Write { offset, bytes }) => {
            let sectors = bytes.chunks(SECTOR_BYTES).zip(0..);
            let kept = sectors.filter(|_| rng.random());
            kept.map(|(sector, number)| {
                let offset = offset + (number * SECTOR_BYTES) as u64;
                Change::Write { offset, bytes: sector.into() }
            })
            .collect()
        }
    }
}

/// What may be seen in an image of a life after so many of its deeds: what was acknowledged by then, or that
/// and the step that was under way.
fn expected(lived: &Lived, deeds: usize) -> [&Sights; 2] {
    let under_way = lived.steps.partition_point(|(acknowledged, _)| *acknowledged <= deeds);
    let at = |step: usize| &lived.steps[step.min(lived.steps.len() - 1)].1;
    [at(under_way.saturating_sub(1)), at(under_way)]
}

/// The store file by itself is sound.
pub fn check_integrity(image: &Image, what: &str) {
    let Some(bytes) = image.get("parlour.redb").filter(|bytes| !bytes.is_empty()) else { return };
    let platter = Platter::of(Image::from([("parlour.redb".to_owned(), bytes.clone())]));
    let file = platter.open(Path::new("parlour.redb")).unwrap();
    let mut database = Database::builder().create_with_backend(Backend(file)).unwrap();
    assert!(database.check_integrity().unwrap(), "{what}: the store file is not sound");
}

async fn judge(platter: &Platter, lived: &Lived, deeds: usize, dir: &Path, what: &str) {
    let store = life::open(platter, dir, &now(), Duration::ZERO);
    let seen = life::look(&store, &lived.roster).await;
    store.close().await;
    let [before, after] = expected(lived, deeds);
    assert!(
        life::is(&seen, before) || life::is(&seen, after),
        "{what}: neither what was acknowledged nor that and one step more\n{}",
        life::difference(&seen, before)
    );
}

fn now() -> Arc<AtomicU64> {
    Arc::new(AtomicU64::new(1_800_000_000_000))
}

/// The power goes after each deed of a life, in each way, until there are enough images.
async fn one_life(seed: u64, images: &AtomicUsize, most: usize) {
    let dir = tempfile::tempdir().unwrap();
    let lived = live(seed, dir.path()).await;
    let (mut disk, mut rng) = (Disk::default(), StdRng::seed_from_u64(seed));
    for (number, deed) in lived.deeds.iter().enumerate() {
        disk.take(deed);
        for loss in LOSSES {
            if images.fetch_add(1, Ordering::SeqCst) >= most {
                return;
            }
            let what =
                format!("PARLOUR_POWER_SEED={seed}, after deed {number}, {loss:?} of the unsynced lost");
            let image = disk.image(loss, &mut rng);
            check_integrity(&image, &what);
            check_destroyed(&image, &lived, number + 1, &what);
            let platter = Platter::of(image).record();
            judge(&platter, &lived, number + 1, dir.path(), &what).await;
            if rng.random_range(0..AGAIN) == 0 && images.fetch_add(1, Ordering::SeqCst) < most {
                lose_power_again(&platter, &lived, number + 1, dir.path(), &what, &mut rng).await;
            }
        }
    }
}

/// And again, at some moment while the house was opened after the first time.
async fn lose_power_again(
    opened: &Platter,
    lived: &Lived,
    number: usize,
    dir: &Path,
    what: &str,
    rng: &mut StdRng,
) {
    let deeds = opened.deeds();
    let mut disk = Disk::of(opened);
    let until = rng.random_range(0..=deeds.len());
    deeds[..until].iter().for_each(|deed| disk.take(deed));
    let image = disk.image(Loss::AnySectors, rng);
    let what = format!("{what}, and again after deed {until} of opening");
    check_integrity(&image, &what);
    check_destroyed(&image, lived, number, &what);
    judge(&Platter::of(image), lived, number, dir, &what).await;
}

/// PARLOUR_POWER_SEED, or a new one.
pub fn seed() -> u64 {
    std::env::var("PARLOUR_POWER_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random)
}

#[test]
fn after_the_power_went_the_house_has_what_it_acknowledged_and_nothing_that_was_ended() {
    let most = std::env::var("PARLOUR_IMAGES").ok().and_then(|most| most.parse().ok()).unwrap_or(IMAGES);
    let (seed, images) = (seed(), AtomicUsize::new(0));
    println!("PARLOUR_POWER_SEED={seed}");
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let images = &images;
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                for life in 0.. {
                    if images.load(Ordering::SeqCst) >= most {
                        return;
                    }
                    let seed = seed.wrapping_add((life * THREADS + thread) as u64);
                    runtime.block_on(one_life(seed, images, most));
                }
            });
        }
    });
    println!("{most} images");
}

/// The commit that ends a chat may have messages of it as well, and its end is told before that commit is
/// done.
#[tokio::test]
async fn an_end_that_was_interrupted_is_told_with_as_many_messages_as_one_that_was_not() {
    let (dir, platter) = (tempfile::tempdir().unwrap(), Platter::default().record());
    let mut life = Life::begin(&platter, dir.path(), 1);
    life.take(&Step::Start).await.unwrap();
    life.take(&Step::Enter { chat: 0, link: 0 }).await.unwrap();
    let begun = platter.count();
    life.say_and_end(0, 0, 20).await;
    let ended = life::look(&life.store, &life.roster).await;
    assert!(ended["chat 0 device 0"].ends_with("with 20 messages"), "{ended:?}");
    let roster = life.roster.clone();
    life.store.close().await;

    let (mut disk, mut rng, mut ends) = (Disk::default(), StdRng::seed_from_u64(1), 0);
    for (number, deed) in platter.deeds().iter().enumerate() {
        disk.take(deed);
        if number < begun {
            continue;
        }
        let store = life::open(
            &Platter::of(disk.image(Loss::Everything, &mut rng)),
            dir.path(),
            &now(),
            Duration::ZERO,
        );
        let seen = life::look(&store, &roster).await;
        store.close().await;
        if seen["chat 0 device 0"].starts_with("ended") {
            assert_eq!(seen, ended, "the power went after deed {number}");
            ends += 1;
        }
    }
    assert!(ends > 1, "the power never went within the end");
}
