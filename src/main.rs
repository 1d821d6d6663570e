//! The binary: arguments and environment in, an exit code out. The only place that exits or reads the
//! environment, but for the variables of systemd, which `host::systemd` and `host::log` leave to their
//! crates.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use zeroizing_alloc::ZeroAlloc;

/// What is given back is wiped: names, texts and keys pass through buffers of libraries that do not do it
/// themselves.
#[global_allocator]
static WIPED: ZeroAlloc<MiMalloc> = ZeroAlloc(MiMalloc);

fn main() -> ExitCode {
    parlour::keep_to_itself();
    parlour::run(std::env::args_os(), std::env::vars_os(), parlour::serve)
}
