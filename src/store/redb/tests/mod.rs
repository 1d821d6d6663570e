#![allow(clippy::unwrap_used)]
//! What can be shown only from inside: through the writer's requests, and with a table that a test adds.

mod changes;
mod faulty;
mod invites;
mod messages;
mod people;
mod seats;
mod tables;

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::RealMachine;
use crate::crypto::{DeviceSecret, Stretch};
use crate::domain::{At, Caller, Idle, Names, ParticipantId, SeatId};
use crate::store::{Disk, Entered, Invite, Options, RealDisk, Store};

const ABHI: ParticipantId = ParticipantId(2);
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn options(dir: &Path, disk: impl Disk + 'static) -> Options {
    let (stretch, disk, clock) = (Stretch::LEAST, Box::new(disk), Arc::new(|| At(7)));
    let machine = Arc::new(RealMachine::default());
    Options { dir: dir.to_owned(), stretch, clock, machine, disk, patience: Duration::ZERO }
}

fn open(dir: &Path, disk: impl Disk + 'static) -> Store {
    Store::open(options(dir, disk), drop).unwrap()
}

/// A house with one chat, in which Anny is; her device, and the invite of Abhi.
async fn house(dir: &Path) -> (DeviceSecret, SeatId, Invite) {
    let store = open(dir, RealDisk);
    let names = Names::parse(&["Anny", "Abhi"]).unwrap();
    let [anny, abhi]: [Invite; 2] =
        store.start(&names, Idle::Day, Caller::Host).await.unwrap().try_into().ok().unwrap();
    let Entered { new_device, seat, .. } = store.enter(&anny.token, &anny.code, None, HERE).await.unwrap();
    store.close().await;
    (new_device.unwrap(), seat.id(), abhi)
}

/// How many keys there are in the slot file.
fn live_slots(dir: &Path) -> usize {
    let bytes = std::fs::read(dir.join("keys.slots")).unwrap();
    bytes[64..].chunks(64).filter(|slot| slot[32] == 1).count()
}

/// Another house with the same files.
fn copy_of(dir: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for name in ["parlour.redb", "keys.slots"] {
        std::fs::copy(dir.join(name), copy.path().join(name)).unwrap();
    }
    copy
}
