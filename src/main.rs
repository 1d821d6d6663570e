//! The binary: arguments and environment in, an exit code out. The only place that exits or reads the
//! environment.

use std::process::ExitCode;

fn main() -> ExitCode {
    parlour::cli::run(std::env::args_os(), std::env::vars_os())
}
