//! What the load command can be told.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

/// Pairs that `--pairs` may name: one address of loopback carries 200 sockets, and each pair costs four
/// argon2.
const PAIRS_MAX: u32 = 2_000;
/// Outstanding messages that `--outstanding` may name: as many as the house lets be under way on one socket.
const OUTSTANDING_MAX: u32 = 64;

/// Measures a house of Parlour under load.
#[derive(Parser)]
#[command(name = "load")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, and stands alone")]
pub struct Args {
    /// Measure only this (may be said several times)
    #[arg(long, value_name = "MEASURE")]
    only: Vec<Measure>,

    /// Seconds that each form of talk is measured, after half a second that is not
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=600))]
    seconds: Option<u16>,

    /// Pairs that talk: the forms of talk are every number here with every one of --outstanding
    #[arg(long, value_name = "LIST", value_delimiter = ',',
          value_parser = clap::value_parser!(u32).range(1..=i64::from(PAIRS_MAX)))]
    pairs: Vec<u32>,

    /// Messages that each sender keeps on the way
    #[arg(long, value_name = "LIST", value_delimiter = ',',
          value_parser = clap::value_parser!(u32).range(1..=i64::from(OUTSTANDING_MAX)))]
    outstanding: Vec<u32>,

    /// Let only the first of each pair talk; otherwise both do
    #[arg(long)]
    pub one_way: bool,

    /// Answer what was read with `chat-delivered`, as the page does
    #[arg(long)]
    pub receipts: bool,

    /// Characters of each message
    #[arg(long, value_name = "N", default_value_t = 64,
          value_parser = clap::value_parser!(u16).range(1..=4_000))]
    pub text: u16,

    /// Sockets of the idle measure
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=8_000))]
    sockets: Option<u32>,

    /// Messages of the measures of the store, of rewriting it and of a backup
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    messages: Option<u32>,

    /// Everything, but small: for CI, below 20 s
    #[arg(long)]
    pub short: bool,

    /// Print each figure as a line of JSON too
    #[arg(long)]
    pub json: bool,

    /// Measure this binary instead of the one of this build
    #[arg(long, value_name = "FILE", default_value = env!("CARGO_BIN_EXE_parlour"))]
    pub server: PathBuf,

    /// Make the data directories below this one; its disk is what is measured
    #[arg(long, value_name = "DIR", default_value = env!("CARGO_TARGET_TMPDIR"))]
    pub disk: PathBuf,

    /// Cargo says this to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

/// One of the measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Measure {
    /// Messages a second and how long they take.
    Talk,
    /// Memory of sockets at rest.
    Idle,
    /// Time to the first page.
    Start,
    /// Bytes of a message on the disk.
    Store,
    /// Rewriting the store.
    Compact,
    /// Copying the house while it is open, and restoring it.
    Backup,
}

/// One form of talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Chats in which people talk at once.
    pub pairs: u32,
    /// Messages that each sender keeps on the way.
    pub outstanding: u32,
}

impl Args {
    /// What to measure, in the order in which it is done.
    pub fn measures(&self) -> Vec<Measure> {
        let all = Measure::value_variants().iter().copied();
        all.filter(|measure| self.only.is_empty() || self.only.contains(measure)).collect()
    }

    /// The forms of talk.
    pub fn forms(&self) -> Vec<Form> {
        let form = |&(pairs, outstanding): &(u32, u32)| Form { pairs, outstanding };
        match (self.pairs.is_empty(), self.outstanding.is_empty()) {
            (true, true) if self.short => [(1, 1), (8, 4)].iter().map(form).collect(),
            (true, true) => [(1, 1), (1, 4), (16, 1), (100, 1), (100, 4)].iter().map(form).collect(),
            _ => crossed(or_one(&self.pairs), or_one(&self.outstanding)),
        }
    }

    /// Chats that the measures need: the most pairs of a form, and devices for the idle sockets.
    pub fn pairs_to_found(&self) -> u32 {
        let talking = self.forms().iter().map(|form| form.pairs).max().unwrap_or(1);
        let resting = self.sockets().div_ceil(2 * crate::idle::SOCKETS_PER_DEVICE);
        match self.measures().as_slice() {
            [Measure::Start | Measure::Compact | Measure::Backup] => 1,
            measures if measures.contains(&Measure::Idle) => talking.max(resting),
            _ => talking,
        }
    }

    /// How long a form of talk is measured.
    pub fn measured(&self) -> Duration {
        Duration::from_secs(self.seconds.unwrap_or(if self.short { 1 } else { 5 }).into())
    }

    /// Sockets of the idle measure.
    pub fn sockets(&self) -> u32 {
        self.sockets.unwrap_or(if self.short { 128 } else { 1_000 })
    }

    /// Messages of the measures of the store, of rewriting it and of a backup.
    pub fn messages(&self) -> u32 {
        self.messages.unwrap_or(if self.short { 2_000 } else { 100_000 })
    }

    /// Starts of which the median is taken.
    pub fn starts(&self) -> usize {
        if self.short { 3 } else { 10 }
    }
}

fn or_one(list: &[u32]) -> &[u32] {
    if list.is_empty() { &[1] } else { list }
}

fn crossed(pairs: &[u32], outstanding: &[u32]) -> Vec<Form> {
    let with = |&pairs: &u32| outstanding.iter().map(move |&outstanding| Form { pairs, outstanding });
    pairs.iter().flat_map(with).collect()
}
