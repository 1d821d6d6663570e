//! One binary for all targets of `src/fuzzing.rs`: PARLOUR_FUZZ says which. `tests/long fuzz` runs each for a
//! minute.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<String> =
    LazyLock::new(|| std::env::var("PARLOUR_FUZZ").expect("PARLOUR_FUZZ must name a target"));

fuzz_target!(|bytes: &[u8]| parlour::fuzzing::run(&TARGET, bytes));
