//! What is destroyed with a slot: with the slot file of now, an earlier copy of the store file opens nothing
//! by a link that was replaced or whose chat has ended, and nothing by a device that was signed out. Every
//! slot that there is gets tried, without the house's own way to them.

use std::path::PathBuf;

use parlour::crypto::{self, DeviceSecret, LinkToken, SlotKey};
use parlour::domain::*;
use parlour::limits::DEVICES_PER_SEAT_MAX;
use parlour::store::{Backend, Disk as _, Invite, InviteRow, RealDisk, Row, Seat, SeatRow};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use crate::support::kept::{Kept, refusal};

const INVITES: TableDefinition<[u8; 32], &[u8]> = TableDefinition::new("invites");
const SEATS: TableDefinition<[u8; 44], &[u8]> = TableDefinition::new("seats");

const ANNY: ParticipantId = ParticipantId(1);
const ABHI: ParticipantId = ParticipantId(2);
const HERE: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// Both files of a house, as they were at one moment.
#[derive(Clone)]
struct Files {
    store: Vec<u8>,
    slots: Vec<u8>,
}

fn paths(kept: &Kept) -> [PathBuf; 2] {
    ["parlour.redb", "keys.slots"].map(|name| kept.dir.path().join(name))
}

/// Of a house that is closed for it.
async fn files(kept: Kept) -> (Kept, Files) {
    kept.store.close().await;
    let [store, slots] = paths(&kept).map(|path| std::fs::read(path).unwrap());
    (kept.reopen().await, Files { store, slots })
}

impl Files {
    /// Any key by itself, and any two together.
    fn locks(&self, with: fn(&SlotKey, &SlotKey) -> SlotKey) -> Vec<SlotKey> {
        let keys: Vec<_> = self.slots[64..]
            .chunks(64)
            .filter(|slot| slot[..32] != [0; 32])
            .map(|slot| SlotKey::from_bytes(slot[..32].try_into().unwrap()))
            .collect();
        let pairs = keys.iter().flat_map(|one| keys.iter().map(move |other| with(one, other)));
        let nothing = SlotKey::from_bytes(&[0; 32]);
        pairs.chain(keys.iter().cloned()).chain([nothing]).collect()
    }

    fn database(&self) -> (tempfile::TempDir, Database) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("parlour.redb");
        std::fs::write(&path, &self.store).unwrap();
        let file = Backend(RealDisk.open(&path).unwrap());
        (dir, Database::builder().create_with_backend(file).unwrap())
    }

    /// Whether the link opens the name that it greets with.
    fn greets(&self, token: &LinkToken) -> bool {
        let (_dir, database) = self.database();
        let invites = database.begin_read().unwrap().open_table(INVITES).unwrap();
        let row = InviteRow::from_bytes(invites.get(token.id().0).unwrap().unwrap().value()).unwrap();
        let opens = |lock: &SlotKey| crypto::open_greeting(token, lock, row.seat(), &row.greeting).is_ok();
        self.locks(SlotKey::with_invite).iter().any(opens)
    }

    /// Whether the device opens the chat's key.
    fn opens(&self, device: &DeviceSecret, seat: SeatId) -> bool {
        let (_dir, database) = self.database();
        let seats = database.begin_read().unwrap().open_table(SEATS).unwrap();
        let rows = seats.iter().unwrap().map(|row| row.unwrap());
        let (_, row) = rows.into_iter().find(|(key, _)| key.value()[12..] == device.id().0).unwrap();
        let row = SeatRow::from_bytes(row.value()).unwrap();
        let opens = |lock: &SlotKey| crypto::unwrap_for_device(device, lock, seat, &row.envelope).is_ok();
        self.locks(SlotKey::with_seat).iter().any(opens)
    }

    /// The store file of this moment with the slots of another.
    fn with_slots_of(&self, now: &Self) -> Self {
        Self { store: self.store.clone(), slots: now.slots.clone() }
    }
}

/// Puts files in the place of a house's, and opens it.
async fn with_files(kept: Kept, files: &Files) -> Kept {
    kept.store.close().await;
    let [store, slots] = paths(&kept);
    std::fs::write(store, &files.store).unwrap();
    std::fs::write(slots, &files.slots).unwrap();
    kept.reopen().await
}

#[tokio::test]
async fn after_an_end_no_link_opens_a_greeting_with_the_slots_of_now_and_an_earlier_store() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    let (kept, before) = files(kept).await;
    assert!(before.greets(&anny.token) && before.greets(&abhi.token), "the search finds what opens");
    kept.store.submit(&seat, Command::End).await.unwrap();
    // Another chat takes the slots.
    let [mia, _] = kept.start().await;
    let (kept, now) = files(kept).await;
    let mixed = before.with_slots_of(&now);
    assert!(!mixed.greets(&anny.token) && !mixed.greets(&abhi.token));
    assert!(now.greets(&mia.token));
    let kept = with_files(kept, &mixed).await;
    assert!(kept.store.greeting(&anny.token).await.is_err());
}

#[tokio::test]
async fn after_a_replacement_the_old_link_opens_no_greeting_with_the_slots_of_now() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let seat = kept.enter(&anny).await.seat;
    let (kept, before) = files(kept).await;
    let (_, new) = kept.store.replace(&seat, ABHI, Devices::Stay).await.unwrap();
    let (_kept, now) = files(kept).await;
    let mixed = before.with_slots_of(&now);
    assert!(mixed.greets(&anny.token) && !mixed.greets(&abhi.token));
    assert!(now.greets(&new.token));
}

/// How a device loses its seat.
#[derive(Clone, Copy, Debug)]
enum Way {
    SignedOut,
    Left,
    InviteReplaced,
    RoomMade,
    Ended,
}

async fn take_away(kept: &Kept, anny: &Seat, abhi: &Seat, invite: &Invite, way: Way) {
    match way {
        Way::SignedOut => {
            let [row] = kept.store.devices(abhi).await.unwrap()[..] else { panic!("one device") };
            kept.store.sign_out(abhi, row.tag).await.unwrap();
        }
        Way::Left => drop(kept.store.submit(abhi, Command::Leave).await.unwrap()),
        Way::InviteReplaced => drop(kept.store.replace(anny, ABHI, Devices::SignedOut).await.unwrap()),
        Way::RoomMade => {
            for _ in 0..DEVICES_PER_SEAT_MAX {
                kept.pass(std::time::Duration::from_secs(3_600));
                kept.enter(invite).await;
            }
        }
        Way::Ended => drop(kept.store.submit(anny, Command::End).await.unwrap()),
    }
}

#[tokio::test]
async fn a_device_that_lost_its_seat_opens_nothing_with_the_slots_of_now_and_an_earlier_store() {
    for way in [Way::SignedOut, Way::Left, Way::InviteReplaced, Way::RoomMade, Way::Ended] {
        let kept = Kept::open();
        let [anny, abhi] = kept.start().await;
        let (a, b) = (kept.enter(&anny).await, kept.enter(&abhi).await);
        let (device, id) = (b.new_device.unwrap(), b.seat.id());
        let (kept, before) = files(kept).await;
        assert!(before.opens(&device, id), "the search finds what opens");
        take_away(&kept, &a.seat, &b.seat, &abhi, way).await;
        let (kept, now) = files(kept).await;
        let mixed = before.with_slots_of(&now);
        assert!(!mixed.opens(&device, id), "{way:?}");
        let stays = a.new_device.unwrap();
        let seat = SeatId { participant: ANNY, ..id };
        assert_eq!(mixed.opens(&stays, seat), !matches!(way, Way::Ended), "{way:?}: the other device");
        let kept = with_files(kept, &mixed).await;
        let refused = refusal(kept.store.seat(&device, id).await);
        assert!(matches!(refused, Refusal::NoSuchSeat | Refusal::Ended { .. }), "{way:?}: {refused:?}");
        let kept = with_files(kept, &before).await;
        assert!(kept.store.seat(&device, id).await.is_ok(), "both files of before still open it");
    }
}

#[tokio::test]
async fn a_device_whose_slot_is_lost_comes_in_again_by_link_and_code() {
    let kept = Kept::open();
    let [_, abhi] = kept.start().await;
    let entered = kept.enter(&abhi).await;
    let (device, id) = (entered.new_device.unwrap(), entered.seat.id());
    let (kept, before) = files(kept).await;
    kept.store.submit(&entered.seat, Command::Leave).await.unwrap();
    kept.start().await;
    let (kept, now) = files(kept).await;
    let kept = with_files(kept, &before.with_slots_of(&now)).await;
    assert_eq!(refusal(kept.store.seat(&device, id).await), Refusal::NoSuchSeat);
    assert_eq!(kept.store.seats(&device).await.unwrap().len(), 0);
    let again = kept.store.enter(&abhi.token, &abhi.code, Some(device.clone()), HERE).await.unwrap();
    assert!(again.new_device.is_none(), "it is the same device");
    assert!(kept.store.seat(&device, id).await.is_ok());
}
