//! The load command: what the whole house can carry, measured on the real binary over real sockets.
//!
//! ```text
//! cargo bench --bench load                        everything, about two minutes
//! cargo bench --bench load -- --short             a small form for CI, below 20 s
//! cargo bench --bench load -- --only talk --pairs 100 --outstanding 4 --seconds 10
//! cargo bench --bench load -- --json              one JSON object a line beside the table
//! cargo bench --bench load -- --help              all options
//! ```
//!
//! It starts `parlour` as a process with a data directory of its own, founds chats over HTTP and then
//! measures:
//!
//! - **talk**: every sender keeps a fixed number of messages outstanding. Messages a second, the time from
//!   sending to the acknowledgement and to the other person's socket, CPU and memory of the house.
//! - **idle**: memory of the house for each socket that only rests.
//! - **start**: from starting the process to the last byte of the first page; memory at rest.
//! - **store**: what a message costs in the data directory.
//! - **compact**: how long the store takes to be rewritten, and how long anybody waits for it.
//! - **backup**: how long a backup takes, what it needs of memory, how long anybody waits for it; verifying
//!   and restoring it.
//!
//! Each message must be acknowledged once, be delivered once and have its place in the one order of its chat:
//! anything else ends the command with an error. No speed does: speeds are printed, and people judge them.
//! The client shares the processors with the house, so it makes and reads frames by hand (`socket`, `talk`).
//! Linux only: it reads `/proc` and uses all of 127.0.0.0/8.

#![expect(clippy::cast_precision_loss, reason = "no count and no size here reaches 2^52")]

mod args;
mod backup;
mod chats;
mod compact;
mod disk;
mod house;
mod idle;
mod report;
mod samples;
mod socket;
mod start;
mod store;
mod talk;
mod talker;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Measure};
use chats::Chats;
use report::Report;

/// What a measure gives; every error ends the command.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(measure(&args))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::complain(&*error);
            ExitCode::FAILURE
        }
    }
}

async fn measure(args: &Args) -> Outcome<()> {
    house::allow_many_sockets()?;
    let mut report = Report::new(args);
    let measured = measure_all(args, &mut report).await;
    report.finish()?;
    measured
}

async fn measure_all(args: &Args, report: &mut Report) -> Outcome<()> {
    let chats = Chats::found(args, args.pairs_to_found()).await?;
    report.founded(&chats)?;
    for measure in args.measures() {
        match measure {
            Measure::Talk => talk::measure(args, &chats, report).await?,
            Measure::Idle => idle::measure(args, &chats, report).await?,
            Measure::Start => start::measure(args, &chats, report)?,
            Measure::Store => store::measure(args, &chats, report).await?,
            Measure::Compact => compact::measure(args, report).await?,
            Measure::Backup => backup::measure(args, report).await?,
        }
    }
    Ok(())
}
