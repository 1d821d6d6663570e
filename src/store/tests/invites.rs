use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use redb::StorageBackend;

use super::open;
use crate::crypto::{self, Code, DeviceSecret, LinkToken, Stretch, StretchMemory, stretch};
use crate::domain::{Caller, Idle, Name, Names, ParticipantId, Refusal, SeatId};
use crate::store::redb::read::FoundInvite;
use crate::store::redb::request::{Connected, DeviceEntry, InviteDraft, Replacement, Request};
use crate::store::{Devices, Disk, Entered, Invite, RealDisk, Store, StoreError};

const ABHI: ParticipantId = ParticipantId(2);
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A disk that works for so many writes and syncs and then fails for good.
#[derive(Clone)]
struct Failing(Arc<AtomicUsize>);

impl Failing {
    fn use_up(&self) -> io::Result<()> {
        let left = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        left.map(drop).map_err(|_| io::Error::from_raw_os_error(5))
    }
}

impl Disk for Failing {
    fn open(&self, path: &Path) -> io::Result<Box<dyn StorageBackend>> {
        Ok(Box::new(File { real: RealDisk.open(path)?, disk: self.clone() }))
    }
    fn replace(&self, new: &Path, old: &Path) -> io::Result<()> {
        self.use_up().and_then(|()| RealDisk.replace(new, old))
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.use_up().and_then(|()| RealDisk.remove(path))
    }
    fn reserve(&self, path: &Path, bytes: u64) -> io::Result<()> {
        self.use_up().and_then(|()| RealDisk.reserve(path, bytes))
    }
    fn bytes(&self, path: &Path) -> io::Result<u64> {
        RealDisk.bytes(path)
    }
    fn free_bytes(&self, dir: &Path) -> io::Result<u64> {
        RealDisk.free_bytes(dir)
    }
}

#[derive(Debug)]
struct File {
    real: Box<dyn StorageBackend>,
    disk: Failing,
}

impl std::fmt::Debug for Failing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Failing")
    }
}

impl StorageBackend for File {
    fn len(&self) -> io::Result<u64> {
        self.real.len()
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.real.read(offset, out)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.disk.use_up().and_then(|()| self.real.set_len(len))
    }
    fn sync_data(&self) -> io::Result<()> {
        self.disk.use_up().and_then(|()| self.real.sync_data())
    }
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.disk.use_up().and_then(|()| self.real.write(offset, data))
    }
    fn close(&self) -> io::Result<()> {
        self.real.close()
    }
}

/// A link and a code that the test knows, as admission makes them.
fn new_invite() -> InviteDraft {
    let (token, code) = (LinkToken::random(&mut rand::rng()), Code::random(&mut rand::rng()));
    let (salt, cost, name) = ([3; 16], Stretch::LEAST, Name::parse("Abhi").unwrap());
    let stretched = stretch(&code, &salt, cost, &mut StretchMemory::default()).unwrap();
    InviteDraft { name, token, code, salt, cost, stretched }
}

async fn opens(store: &Store, token: &LinkToken, code: &Code) -> bool {
    match store.enter(token, code, None, HERE).await {
        Ok(_) => true,
        Err(StoreError::Refused(Refusal::NoSuchLink)) => false,
        Err(fault) => panic!("{fault}"),
    }
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

#[tokio::test]
async fn an_interrupted_replacement_leaves_the_old_invite_or_the_new_one() {
    let first = tempfile::tempdir().unwrap();
    let (device, seat, old) = house(first.path()).await;
    let (mut olds, mut news) = (0, 0);
    for operations in 0.. {
        let dir = tempfile::tempdir().unwrap();
        for name in ["parlour.redb", "keys.slots"] {
            std::fs::copy(first.path().join(name), dir.path().join(name)).unwrap();
        }
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        let store = open(dir.path(), Failing(Arc::clone(&left)));
        let seat = store.seat(&device, seat).await.unwrap();
        let invite = new_invite();
        let (token, code) = (invite.token.clone(), invite.code.clone());
        let replacement = Replacement { seat, participant: ABHI, invite, devices: Devices::SignedOut };
        left.store(operations, Ordering::SeqCst);
        let asked = store.engine.ask(|reply| Request::Replace { replacement, reply }).await;
        let is_done = asked.is_ok();
        left.store(0, Ordering::SeqCst);
        store.close().await;
        drop(store);
        let store = open(dir.path(), RealDisk);
        let (by_old, by_new) =
            (opens(&store, &old.token, &old.code).await, opens(&store, &token, &code).await);
        assert_ne!(by_old, by_new, "after {operations} operations the old opens: {by_old}");
        assert!(!is_done || by_new, "acknowledged and not there");
        assert_eq!(live_slots(dir.path()), 3, "after {operations} operations a key is left over or missing");
        store.close().await;
        (olds, news) = (olds + usize::from(by_old), news + usize::from(by_new));
        if is_done {
            break;
        }
    }
    assert!(olds > 3 && news > 3, "{olds} times the old one, {news} times the new one");
}

#[tokio::test]
async fn a_person_who_is_on_the_way_in_by_an_invite_that_is_replaced_does_not_come_in() {
    let dir = tempfile::tempdir().unwrap();
    let (device, seat, old) = house(dir.path()).await;
    let store = open(dir.path(), RealDisk);
    let anny = store.seat(&device, seat).await.unwrap();
    store.replace(&anny, ABHI, Devices::Stay).await.unwrap();
    let seat = SeatId { participant: ABHI, ..seat };
    let device = DeviceSecret::random(&mut rand::rng()).id();
    let connected: Connected = Arc::new(|_| false);
    let (invite, envelope) = (old.token.id(), vec![1]);
    let entry = DeviceEntry { invite, seat, device, envelope, connected };
    let asked = store.engine.ask(|reply| Request::Admit { entry, reply }).await;
    assert!(matches!(asked, Err(StoreError::Refused(Refusal::NoSuchLink))));
    let invite = old.token.id();
    let asked = store.engine.ask(|reply| Request::Charge { invite, reply }).await;
    assert!(matches!(asked, Err(StoreError::Refused(Refusal::NoSuchLink))));
    store.close().await;
}

#[tokio::test]
async fn a_seat_that_was_taken_away_replaces_nothing_and_signs_nobody_out() {
    let dir = tempfile::tempdir().unwrap();
    let (device, seat, _) = house(dir.path()).await;
    let store = open(dir.path(), RealDisk);
    let anny = store.seat(&device, seat).await.unwrap();
    let [one] = store.devices(&anny).await.unwrap()[..] else { panic!("one device") };
    store.sign_out(&anny, one.tag).await.unwrap();
    let replacement =
        Replacement { seat: anny.clone(), participant: ABHI, invite: new_invite(), devices: Devices::Stay };
    let asked = store.engine.ask(|reply| Request::Replace { replacement, reply }).await;
    assert!(matches!(asked, Err(StoreError::Refused(Refusal::NoSuchSeat))));
    let again = store.sign_out(&anny, one.tag).await;
    assert!(matches!(again, Err(StoreError::Refused(Refusal::NoSuchSeat))));
    store.close().await;
}

#[tokio::test]
async fn an_invite_opens_only_with_its_own_slot_beside_the_chats() {
    let dir = tempfile::tempdir().unwrap();
    let (.., abhi) = house(dir.path()).await;
    let store = open(dir.path(), RealDisk);
    let invite = abhi.token.id();
    let FoundInvite { row, slot, lock } = store.engine.read(move |tx| tx.invite(invite)).await.unwrap();
    let code = stretch(&abhi.code, &row.salt, row.stretch(), &mut StretchMemory::default()).unwrap();
    let opens = |slot| crypto::unwrap_for_invite(&code, &abhi.token, slot, row.seat(), &row.envelope).is_ok();
    assert!(opens(&lock) && !opens(&slot));
    store.close().await;
}
