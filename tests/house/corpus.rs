//! Every reader of what others wrote is tried with the bytes in `fuzz/corpus`, and with others like them.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use targets::{TARGETS, Target};

#[path = "../../fuzz/targets.rs"]
mod targets;

/// Mutations of a target; `tests/long fuzz` looks for a minute each.
const CASES: u32 = 400;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")
}

fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(corpus().join(target)).unwrap_or_else(|error| panic!("{target}: {error}"));
    let mut seeds: Vec<_> = files
        .map(|file| {
            let file = file.unwrap();
            (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())
        })
        .collect();
    seeds.sort();
    seeds
}

fn breaks((_, run): &Target, bytes: &[u8]) -> bool {
    catch_unwind(AssertUnwindSafe(|| run(bytes))).is_err()
}

#[test]
fn every_target_has_a_corpus_and_every_corpus_a_target() {
    let folders = fs::read_dir(corpus()).unwrap();
    let folders: BTreeSet<_> = folders.map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
    let names: BTreeSet<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(folders, names);
    for name in names {
        assert!(!seeds(&name).is_empty(), "{name} has nothing to begin with");
    }
}

#[test]
fn nothing_that_was_found_breaks_anything() {
    for target in TARGETS {
        for (file, bytes) in seeds(target.0) {
            assert!(!breaks(target, &bytes), "fuzz/corpus/{}/{file}", target.0);
        }
    }
}

/// A seed in which some bytes are others, some are missing, or more come behind.
fn like(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..8);
    let places = prop::collection::vec((any::<prop::sample::Index>(), bytes(), 0..4_usize), 1..5);
    (prop::sample::select(seeds), places).prop_map(|(mut seed, places)| {
        for (place, bytes, gone) in places {
            let from = place.index(seed.len() + 1);
            let until = (from + gone).min(seed.len());
            seed.splice(from..until, bytes);
        }
        seed
    })
}

#[test]
fn nothing_like_it_breaks_anything_either() {
    for target in TARGETS {
        let seeds = seeds(target.0).into_iter().map(|(_, bytes)| bytes).collect();
        let config = ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
        let tried = TestRunner::new(config).run(&like(seeds), |bytes| {
            prop_assert!(!breaks(target, &bytes), "{}: {}", target.0, bytes.escape_ascii());
            Ok(())
        });
        tried.unwrap_or_else(|failure| panic!("{}: {failure}", target.0));
    }
}
