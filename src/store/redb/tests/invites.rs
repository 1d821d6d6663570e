use std::sync::Arc;

use super::faulty::Faulty;
use super::{ABHI, HERE, copy_of, house, live_slots, open};
use crate::crypto::{self, ChatKey, Code, DeviceSecret, LinkToken, SlotKey, Stretch, StretchMemory, stretch};
use crate::domain::{Devices, Name, Refusal};
use crate::store::redb::request::{Charged, Connected, DeviceEntry, InviteDraft, Replacement, Request};
use crate::store::{RealDisk, Store, StoreError};

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

#[tokio::test]
async fn an_interrupted_replacement_leaves_the_old_invite_or_the_new_one() {
    let first = tempfile::tempdir().unwrap();
    let (device, seat, old) = house(first.path()).await;
    let (mut olds, mut news) = (0, 0);
    // One of the chat, two of invites, and two of seats: Anny's, and one that enters by Abhi's invite.
    let slots = 1 + 2 + 1 + 1;
    for operations in 0.. {
        let (dir, disk) = (copy_of(first.path()), Faulty::default());
        let store = open(dir.path(), disk.clone());
        let seat = store.seat(&device, seat).await.unwrap();
        let invite = new_invite();
        let (token, code) = (invite.token.clone(), invite.code.clone());
        let replacement = Replacement { seat, participant: ABHI, invite, devices: Devices::SignedOut };
        disk.fail_after(operations);
        let asked = store.engine.ask(|reply| Request::Replace { replacement, reply }).await;
        let is_done = asked.is_ok();
        disk.fail_after(0);
        store.close().await;
        drop(store);
        let store = open(dir.path(), RealDisk);
        let (by_old, by_new) =
            (opens(&store, &old.token, &old.code).await, opens(&store, &token, &code).await);
        assert_ne!(by_old, by_new, "after {operations} operations the old opens: {by_old}");
        assert!(!is_done || by_new, "acknowledged and not there");
        assert_eq!(
            live_slots(dir.path()),
            slots,
            "after {operations} operations a key is left over or missing"
        );
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
    let device = DeviceSecret::random(&mut rand::rng()).id();
    let connected: Connected = Arc::new(|_| false);
    let (invite, own, envelope) = (old.token.id(), SlotKey::from_bytes(&[1; 32]), vec![1]);
    let key = ChatKey::random(&mut rand::rng());
    let entry = DeviceEntry { invite, device, kept_slot: None, own, envelope, key, connected };
    let asked = store.engine.ask(|reply| Request::Admit { entry, reply }).await;
    assert!(matches!(asked, Err(StoreError::Refused(Refusal::NoSuchLink))));
    let invite = old.token.id();
    let asked = store.engine.ask(|reply| Request::Charge { invite, kept_slot: None, reply }).await;
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
    let asked = store.engine.ask(|reply| Request::Charge { invite, kept_slot: None, reply });
    let Charged { row, slot, lock } = asked.await.unwrap();
    let code = stretch(&abhi.code, &row.salt, row.stretch(), &mut StretchMemory::default()).unwrap();
    let opens = |slot| crypto::unwrap_for_invite(&code, &abhi.token, slot, row.seat(), &row.envelope).is_ok();
    assert!(opens(&lock) && !opens(&slot));
    store.close().await;
}
