use std::path::Path;
use std::sync::atomic::Ordering;

use super::faulty::Faulty;
use super::{ABHI, HERE, copy_of, house, live_slots, open};
use crate::crypto::DeviceSecret;
use crate::domain::{Caller, Command, Idle, Names, Refusal, SeatId};
use crate::store::keys::slot_file::lock;
use crate::store::{RealDisk, Store, StoreError};

async fn is_in(store: &Store, device: &DeviceSecret, seat: SeatId) -> bool {
    match store.seat(device, seat).await {
        Ok(_) => true,
        Err(StoreError::Refused(Refusal::NoSuchSeat)) => false,
        Err(fault) => panic!("{fault}"),
    }
}

/// Every chat, invite and seat has a key, and nothing else has.
async fn check_slots(store: &Store, dir: &Path, what: &str) {
    let stats = store.stats().await.unwrap();
    let slots = stats.chats * 3 + stats.seats;
    assert_eq!(live_slots(dir) as u64, slots, "{what}: a key is left over or missing");
}

/// The house does something on a disk that fails after so many operations, and is opened again, until it
/// succeeds. What is said of each is whether it was acknowledged.
async fn interrupted(
    first: &Path,
    act: impl AsyncFn(&Store) -> Result<(), StoreError>,
    check: impl AsyncFn(&Store, bool),
) {
    for operations in 0.. {
        let (dir, disk) = (copy_of(first), Faulty::default());
        let store = open(dir.path(), disk.clone());
        disk.fail_after(operations);
        let is_done = act(&store).await.is_ok();
        disk.fail_after(0);
        store.close().await;
        drop(store);
        let left = live_slots(dir.path());
        let store = open(dir.path(), RealDisk);
        assert!(!is_done || live_slots(dir.path()) == left, "a key was left for the next start to destroy");
        check_slots(&store, dir.path(), &format!("after {operations} operations")).await;
        check(&store, is_done).await;
        store.close().await;
        if is_done {
            assert!(operations > 5, "only {operations} operations");
            return;
        }
    }
}

#[tokio::test]
async fn an_interrupted_leaving_or_signing_out_leaves_the_seat_or_nothing_of_it() {
    let first = tempfile::tempdir().unwrap();
    let (device, id, _) = house(first.path()).await;
    let check = async |store: &Store, is_done: bool| {
        assert!(!is_done || !is_in(store, &device, id).await, "acknowledged, and still in");
    };
    let leave = async |store: &Store| {
        let seat = store.seat(&device, id).await.unwrap();
        store.submit(&seat, Command::Leave).await.map(drop)
    };
    interrupted(first.path(), leave, check).await;
    let sign_out = async |store: &Store| {
        let seat = store.seat(&device, id).await.unwrap();
        let [own] = store.devices(&seat).await.unwrap()[..] else { panic!("one device") };
        store.sign_out(&seat, own.tag).await
    };
    interrupted(first.path(), sign_out, check).await;
}

#[tokio::test]
async fn an_interrupted_end_leaves_no_key_of_its_seats() {
    let first = tempfile::tempdir().unwrap();
    let (device, id, _) = house(first.path()).await;
    let end = async |store: &Store| {
        let seat = store.seat(&device, id).await.unwrap();
        store.submit(&seat, Command::End).await.map(drop)
    };
    let check = async |store: &Store, is_done: bool| {
        let chats = store.stats().await.unwrap().chats;
        assert!(chats == 0 || !is_done && is_in(store, &device, id).await);
    };
    interrupted(first.path(), end, check).await;
}

#[tokio::test]
async fn an_interrupted_entering_gives_the_seat_or_none_and_takes_none_away() {
    let first = tempfile::tempdir().unwrap();
    let (device, id, abhi) = house(first.path()).await;
    let second = SeatId { participant: ABHI, ..id };
    let enter = async |store: &Store| {
        store.enter(&abhi.token, &abhi.code, Some(device.clone()), HERE).await.map(drop)
    };
    let check = async |store: &Store, is_done: bool| {
        assert!(!is_done || is_in(store, &device, second).await, "acknowledged, and not in");
        assert!(is_in(store, &device, id).await, "the other seat is what it was");
    };
    interrupted(first.path(), enter, check).await;
    // The same device enters again where it is in.
    let store = open(first.path(), RealDisk);
    enter(&store).await.unwrap();
    store.close().await;
    drop(store);
    let before = live_slots(first.path());
    let again = async |store: &Store, _: bool| assert!(is_in(store, &device, second).await);
    interrupted(first.path(), enter, again).await;
    assert_eq!(live_slots(first.path()), before);
}

#[tokio::test]
async fn entering_takes_one_read_two_commits_and_one_sync_of_the_slots_at_most() {
    let dir = tempfile::tempdir().unwrap();
    let (device, _, abhi) = house(dir.path()).await;
    let disk = Faulty::default();
    let store = open(dir.path(), disk.clone());
    let counts = || {
        let [commits, slots] = disk.syncs();
        [store.engine.reads.load(Ordering::SeqCst), commits, slots]
    };
    // The first is in already when it comes again. Another commit comes in between if the machine stalls for
    // a second.
    let mut least = [[usize::MAX; 3]; 2];
    for _ in 0..3 {
        for (device, least) in [None, Some(device.clone())].into_iter().zip(&mut least) {
            let before = counts();
            store.enter(&abhi.token, &abhi.code, device, HERE).await.unwrap();
            let taken = counts().into_iter().zip(before).map(|(after, before)| after - before);
            least.iter_mut().zip(taken).for_each(|(least, taken)| *least = taken.min(*least));
        }
    }
    assert_eq!(least, [[1, 2, 1], [1, 2, 0]], "reads, commits, syncs of the slot file");
    store.close().await;
}

#[tokio::test]
async fn a_house_without_a_slot_left_takes_no_chat_and_no_device_until_one_is_given_back() {
    let dir = tempfile::tempdir().unwrap();
    let (device, id, abhi) = house(dir.path()).await;
    let store = open(dir.path(), RealDisk);
    let enters = async |device: Option<DeviceSecret>| {
        store.enter(&abhi.token, &abhi.code, device, HERE).await.map(drop)
    };
    enters(Some(device.clone())).await.unwrap();
    lock(&store.engine.slots).use_up();
    let names = Names::parse(&["Anny", "Abhi"]).unwrap();
    let started = store.start(&names, Idle::Day, Caller::Host).await.map(drop);
    for refused in [started, enters(None).await] {
        assert!(matches!(refused, Err(StoreError::Refused(Refusal::HouseFull))), "{refused:?}");
    }
    enters(Some(device.clone())).await.expect("the device that is in needs no other slot");
    let seat = store.seat(&device, id).await.unwrap();
    let tries: Vec<_> = store.state(&seat).await.unwrap().participants.iter().map(|one| one.tries).collect();
    assert_eq!(tries, [0, 0], "a right code is no wrong one because there is no room");
    store.submit(&seat, Command::Leave).await.unwrap();
    enters(None).await.expect("a slot was given back");
    store.close().await;
}
