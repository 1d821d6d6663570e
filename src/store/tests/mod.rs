#![allow(clippy::unwrap_used)]
//! What can be shown only from inside: through the writer's requests, and with a table that a test adds.

mod invites;
mod messages;
mod tables;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{Disk, Options, Store};
use crate::clock::RealMachine;
use crate::crypto::Stretch;
use crate::domain::At;

fn options(dir: &Path, disk: impl Disk + 'static) -> Options {
    let (stretch, disk, clock) = (Stretch::LEAST, Box::new(disk), Arc::new(|| At(7)));
    let machine = Arc::new(RealMachine::default());
    Options { dir: dir.to_owned(), stretch, clock, machine, disk, patience: Duration::ZERO }
}

fn open(dir: &Path, disk: impl Disk + 'static) -> Store {
    Store::open(options(dir, disk), drop).unwrap()
}
