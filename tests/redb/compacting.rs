//! The store is rewritten: nothing of what was destroyed is left in any file, and nothing else is missing.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::time::Duration;

use memchr::memmem;
use parlour::domain::*;
use parlour::jobs::purge::purge;
use parlour::store::{Backend, Disk as _, RealDisk};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableHandle};

use crate::support::disk::Mood;
use crate::support::house::within;
use crate::support::kept::{Kept, alone};

const MESSAGES: TableDefinition<u128, &[u8]> = TableDefinition::new("messages");
const CHATS: TableDefinition<u64, &[u8]> = TableDefinition::new("chats");
const INVITES: TableDefinition<[u8; 32], &[u8]> = TableDefinition::new("invites");
const SEATS: TableDefinition<[u8; 44], &[u8]> = TableDefinition::new("seats");
/// So many bytes in a row are no accident.
const WINDOW: usize = 16;
/// The first of a producer's: its number is one that is found again on the disk.
pub const FIRST_ID: u128 = 0x5EED_1234_89AB_CDEF << 64 | 1;
const MIA_ID: u128 = 0x0FED_CBA9_8765_4321 << 64 | 1;

/// A house with two chats of which one has ended; who is in the other; and what there was of the one.
async fn littered() -> (Kept, parlour::store::Seat, HashSet<Vec<u8>>) {
    let kept = Kept::open();
    let ([anny, _], [mia, _]) = (kept.start().await, kept.start().await);
    let (anny, mia) = (kept.enter(&anny).await.seat, kept.enter(&mia).await.seat);
    for number in 0..50 {
        let id = FIRST_ID + number;
        kept.say(&anny, id, &format!("of Anny {number} {}", "a".repeat(200))).await.unwrap();
        kept.say(&mia, MIA_ID + number, &format!("of Mia {number} {}", "m".repeat(200))).await.unwrap();
    }
    let sealed = sealed(kept.dir.path(), mia.id().chat);
    kept.store.submit(&mia, Command::End).await.unwrap();
    (kept, anny, sealed)
}

/// The store file, read beside the house that has it open.
fn copy_of(dir: &Path) -> (tempfile::TempDir, Database) {
    let copy = tempfile::tempdir().unwrap();
    let path = copy.path().join("parlour.redb");
    std::fs::copy(dir.join("parlour.redb"), &path).unwrap();
    let file = Backend(RealDisk.open(&path).unwrap());
    (copy, Database::builder().create_with_backend(file).unwrap())
}

/// Every window of what a chat's messages are on the disk.
pub fn sealed(dir: &Path, chat: ChatId) -> HashSet<Vec<u8>> {
    let (_copy, database) = copy_of(dir);
    let transaction = database.begin_read().unwrap();
    let from = u128::from(chat.0) << 64;
    let rows = transaction.open_table(MESSAGES).unwrap().range(from..=from | u128::from(u64::MAX)).unwrap();
    let rows: Vec<Vec<u8>> = rows.map(|row| row.unwrap().1.value().to_vec()).collect();
    assert_eq!(rows.len(), 50);
    rows.iter().flat_map(|row| row.windows(WINDOW).map(<[u8]>::to_vec)).collect()
}

/// How many of these windows are in any file of the house.
fn found(dir: &Path, sealed: &HashSet<Vec<u8>>) -> usize {
    // Most windows are told from all of these by their first two bytes.
    let head = |window: &[u8]| usize::from(window[0]) << 8 | usize::from(window[1]);
    let mut heads = vec![false; 1 << 16];
    sealed.iter().for_each(|window| heads[head(window)] = true);
    let is_sealed = |window: &&[u8]| heads[head(window)] && sealed.contains(*window);
    // A file may have been put in the place of another since the folder was read.
    let files = std::fs::read_dir(dir).unwrap().filter_map(|entry| std::fs::read(entry.unwrap().path()).ok());
    files.map(|bytes| bytes.windows(WINDOW).filter(is_sealed).count()).sum()
}

/// Every table with the number of its rows.
fn tables(dir: &Path) -> BTreeSet<(String, u64)> {
    use redb::ReadableTableMetadata;
    let (_copy, database) = copy_of(dir);
    let transaction = database.begin_read().unwrap();
    let tables = transaction.list_tables().unwrap();
    tables
        .map(|table| {
            let name = table.name().to_owned();
            let rows = transaction.open_untyped_table(table).unwrap().len().unwrap();
            (name, rows)
        })
        .collect()
}

#[tokio::test]
async fn nothing_of_an_ended_chat_is_in_any_file_after_the_store_was_rewritten() {
    let (kept, _, sealed) = littered().await;
    let before = found(kept.dir.path(), &sealed);
    assert!(before > 1_000, "the search finds what is there: {before}");
    let compacted = kept.store.compact().await.unwrap().unwrap();
    assert_eq!(found(kept.dir.path(), &sealed), 0);
    assert!(compacted.after <= compacted.before, "{compacted:?}");
    assert_eq!(kept.store.purge_snapshot().await.unwrap().dead_rows, 0);
}

#[tokio::test]
async fn nothing_else_is_missing_and_the_house_goes_on() {
    let (kept, anny, _) = littered().await;
    let (before, texts) = (tables(kept.dir.path()), kept.texts(&anny).await);
    kept.store.compact().await.unwrap().unwrap();
    assert_eq!(tables(kept.dir.path()), before);
    kept.say(&anny, alone(), "afterwards").await.unwrap();
    assert!(matches!(
        kept.say(&anny, FIRST_ID, &format!("of Anny 0 {}", "a".repeat(200))).await.unwrap(),
        Outcome::SaidBefore { seq: Seq(1), .. }
    ));
    let kept = kept.reopen().await;
    let texts: Vec<_> = texts.into_iter().chain(["afterwards".to_owned()]).collect();
    assert_eq!(kept.texts(&anny).await, texts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_two_want_rewritten_at_once_is_rewritten_twice_in_turn() {
    let (kept, anny, _) = littered().await;
    let texts = kept.texts(&anny).await;
    let (one, other) = (kept.store.clone(), kept.store.clone());
    let both = [
        tokio::spawn(async move { one.compact().await }),
        tokio::spawn(async move { other.compact().await }),
    ];
    for done in both {
        done.await.unwrap().unwrap().unwrap();
    }
    let kept = kept.reopen().await;
    assert_eq!(kept.texts(&anny).await, texts);
}

#[tokio::test]
async fn a_person_who_speaks_while_the_store_is_rewritten_is_heard_at_once() {
    let (kept, anny, _) = littered().await;
    let store = kept.store.clone();
    let writing = tokio::spawn(async move {
        for _ in 0..5 {
            store.compact().await.unwrap().unwrap();
        }
    });
    let mut said = 50;
    while !writing.is_finished() {
        let words = format!("message {said}");
        let saying = kept.say(&anny, FIRST_ID + said, &words);
        within(saying, "an answer while the store is rewritten").await.unwrap();
        said += 1;
    }
    writing.await.unwrap();
    assert!(said > 51, "somebody spoke meanwhile");
    let head = kept.store.state(&anny).await.unwrap().head;
    assert_eq!(u128::from(head.0), said);
    let kept = kept.reopen().await;
    assert_eq!(u128::from(kept.store.state(&anny).await.unwrap().head.0), said);
}

#[tokio::test]
async fn a_house_that_is_about_to_close_does_not_wait_for_a_copy() {
    let (kept, anny, _) = littered().await;
    kept.store.retire();
    assert!(kept.store.compact().await.is_err());
    kept.say(&anny, 1, "until it is closed it goes on").await.unwrap();
    assert!(!kept.dir.path().join("parlour.redb.new").exists(), "what was begun is removed");
}

#[tokio::test]
async fn a_chat_that_ends_while_the_store_is_copied_is_not_back() {
    for after in 0..20 {
        let (kept, anny, _) = littered().await;
        let store = kept.store.clone();
        let writing = tokio::spawn(async move { store.compact().await });
        // Each look is an event of its own, and the copy goes on meanwhile.
        for _ in 0..after {
            kept.store.purge_snapshot().await.unwrap();
        }
        kept.store.submit(&anny, Command::End).await.unwrap();
        writing.await.unwrap().unwrap().unwrap();
        let kept = kept.reopen().await;
        assert_eq!(kept.store.purge_snapshot().await.unwrap().chats, 0);
        let rows: u64 =
            tables(kept.dir.path()).iter().filter(|(name, _)| name == "messages").map(|(_, n)| n).sum();
        assert_eq!(rows, 0);
    }
}

/// Every window of what the house keeps of its only chat: messages, names, envelopes, keys in the slots.
fn kept_of_the_only_chat(dir: &Path) -> HashSet<Vec<u8>> {
    let (_copy, database) = copy_of(dir);
    let transaction = database.begin_read().unwrap();
    let (mut rows, mut links): (Vec<Vec<u8>>, Vec<Vec<u8>>) = (Vec::new(), Vec::new());
    for row in transaction.open_table(MESSAGES).unwrap().iter().unwrap() {
        rows.push(row.unwrap().1.value().to_vec());
    }
    for row in transaction.open_table(CHATS).unwrap().iter().unwrap() {
        rows.push(row.unwrap().1.value().to_vec());
    }
    for row in transaction.open_table(SEATS).unwrap().iter().unwrap() {
        rows.push(row.unwrap().1.value().to_vec());
    }
    for row in transaction.open_table(INVITES).unwrap().iter().unwrap() {
        let (link, row) = row.unwrap();
        links.push(link.value().to_vec());
        rows.push(row.value().to_vec());
    }
    let slots = std::fs::read(dir.join("keys.slots")).unwrap();
    rows.extend(slots[64..].chunks(64).map(|slot| slot[..32].to_vec()));
    // The hash of a link stays, so that it can say that the chat has ended. One byte more is there by chance.
    let rows = links.iter().fold(rows, |rows, link| rows.iter().flat_map(|row| apart(row, link)).collect());
    let is_random = |window: &[u8]| window.iter().collect::<HashSet<_>>().len() > WINDOW / 2;
    let windows = rows.iter().flat_map(|row| row.windows(WINDOW));
    windows.filter(|window| is_random(window)).map(<[u8]>::to_vec).collect()
}

/// What is before and behind the link.
fn apart(row: &[u8], link: &[u8]) -> Vec<Vec<u8>> {
    match memmem::find(row, link) {
        Some(at) => vec![row[..at].to_vec(), row[at + link.len()..].to_vec()],
        None => vec![row.to_vec()],
    }
}

#[tokio::test]
async fn a_minute_after_the_end_nothing_of_the_chat_is_in_any_file() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let (a, _) = (kept.enter(&anny).await.seat, kept.enter(&abhi).await);
    kept.say(&a, FIRST_ID, "hi").await.unwrap();
    let chat = kept_of_the_only_chat(kept.dir.path());
    let [mia, _] = kept.start().await;
    let m = kept.enter(&mia).await.seat;
    assert!(found(kept.dir.path(), &chat) > 300, "the search finds what is there");
    kept.store.submit(&a, Command::End).await.unwrap();
    assert!(!is_rewritten_after(&kept, 59).await);
    assert!(is_rewritten_after(&kept, 1).await);
    assert_eq!(found(kept.dir.path(), &chat), 0);
    kept.say(&m, alone(), "the others go on").await.unwrap();
}

/// So many seconds pass, and then the house looks. Whether nothing of what was destroyed is left.
async fn is_rewritten_after(kept: &Kept, seconds: u64) -> bool {
    kept.pass(Duration::from_secs(seconds));
    purge(&kept.store).await.unwrap();
    kept.store.purge_snapshot().await.unwrap().dead_rows == 0
}

#[tokio::test]
async fn a_restart_begins_no_waiting_anew_and_forgets_nothing_that_was_destroyed() {
    let kept = Kept::open();
    let [anny, _] = kept.start().await;
    let leave = async |kept: &Kept| {
        let seat = kept.enter(&anny).await.seat;
        kept.store.submit(&seat, Command::Leave).await.unwrap();
    };
    leave(&kept).await;
    kept.pass(Duration::from_secs(59));
    let kept = kept.reopen().await;
    assert!(!is_rewritten_after(&kept, 0).await);
    assert!(is_rewritten_after(&kept, 1).await);
    leave(&kept).await;
    assert!(!is_rewritten_after(&kept, 9 * 60).await, "ten minutes after the last time");
    let kept = kept.reopen().await;
    assert!(!is_rewritten_after(&kept, 59).await);
    assert!(is_rewritten_after(&kept, 1).await);
}

#[tokio::test]
async fn what_the_host_asks_for_is_done_at_once_and_what_fails_is_tried_ten_minutes_later() {
    let (kept, anny, sealed) = littered().await;
    kept.disk.set(Mood::SyncFails);
    assert!(kept.store.compact().await.is_err());
    kept.disk.set(Mood::Well);
    // It is handed in before this, and so noted.
    kept.say(&anny, alone(), "hi").await.unwrap();
    assert!(!is_rewritten_after(&kept, 9 * 60).await);
    assert!(found(kept.dir.path(), &sealed) > 1_000);
    assert!(is_rewritten_after(&kept, 60).await);
    kept.store.submit(&anny, Command::Leave).await.unwrap();
    kept.store.compact().await.unwrap().unwrap();
    assert_eq!(kept.store.purge_snapshot().await.unwrap().dead_rows, 0);
}

#[tokio::test]
async fn nothing_of_a_device_that_was_signed_out_or_of_a_replaced_link_is_in_any_file() {
    let kept = Kept::open();
    let [anny, abhi] = kept.start().await;
    let (anny, other) = (kept.enter(&anny).await.seat, kept.enter(&abhi).await.seat);
    let before = kept_of_the_only_chat(kept.dir.path());
    let [device] = &kept.store.devices(&other).await.unwrap()[..] else { panic!("one device") };
    kept.store.sign_out(&other, device.tag).await.unwrap();
    kept.store.replace(&anny, ParticipantId(2), Devices::Stay).await.unwrap();
    kept.watch(Duration::from_secs(60)).await;
    assert_eq!(kept.store.purge_snapshot().await.unwrap().dead_rows, 0);
    let after = kept_of_the_only_chat(kept.dir.path());
    let gone: HashSet<_> = before.difference(&after).cloned().collect();
    assert!(gone.len() > 100, "an envelope, another and a slot");
    assert_eq!(found(kept.dir.path(), &gone), 0);
}

#[tokio::test]
async fn a_disk_that_fails_while_the_store_is_rewritten_costs_nothing() {
    let (kept, anny, _) = littered().await;
    let texts = kept.texts(&anny).await;
    kept.disk.set(Mood::SyncFails);
    assert!(kept.store.compact().await.is_err());
    kept.disk.set(Mood::Well);
    assert_eq!(kept.texts(&anny).await, texts);
    kept.say(&anny, alone(), "afterwards").await.unwrap();
    assert_eq!(std::fs::read_dir(kept.dir.path()).unwrap().count(), 4, "nothing is left of the copy");
}
