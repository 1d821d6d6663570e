//! One binary for all targets of `fuzz/targets.rs`: PARLOUR_FUZZ says which. `tests/long fuzz` runs each for
//! a minute.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

#[path = "../targets.rs"]
mod targets;

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("PARLOUR_FUZZ").expect("PARLOUR_FUZZ must name a target");
    let target = targets::TARGETS.iter().find(|(known, _)| *known == name);
    target.unwrap_or_else(|| panic!("there is no target {name}")).1
});

fuzz_target!(|bytes: &[u8]| TARGET(bytes));
