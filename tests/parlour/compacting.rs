//! The store is written anew: nothing of what was destroyed is left in any file, and nothing else is missing.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::time::{Duration, Instant};

use parlour::domain::*;
use parlour::limits::COMPACT_STILL_MS;
use parlour::store::{Boxed, Disk as _, RealDisk};
use redb::{Database, ReadableDatabase, TableDefinition, TableHandle};

use crate::disk::Mood;
use crate::keeping::Kept;

const MESSAGES: TableDefinition<u128, &[u8]> = TableDefinition::new("messages");
/// So many bytes in a row are no accident.
const WINDOW: usize = 16;
/// An id like any other: small ones would be zeros on the disk, and those are everywhere.
const FIRST_ID: u128 = 0x5EED_1234_89AB_CDEF_0F1E_2D3C_4B5A_6978;
/// Nobody waits longer than this for the house to change its files.
const HELD: Duration = Duration::from_secs(2);

/// A house with two chats of which one has ended; who is in the other; and what there was of the one.
async fn littered() -> (Kept, parlour::store::Seat, HashSet<Vec<u8>>) {
    let kept = Kept::open();
    let ([anny, _], [mia, _]) = (kept.start().await, kept.start().await);
    let (anny, mia) = (kept.enter(&anny).await.seat, kept.enter(&mia).await.seat);
    for number in 0..50 {
        let id = FIRST_ID + number;
        kept.say(&anny, id, &format!("of Anny {number} {}", "a".repeat(200))).await.unwrap();
        kept.say(&mia, !id, &format!("of Mia {number} {}", "m".repeat(200))).await.unwrap();
    }
    let sealed = sealed(kept.dir.path(), mia.id().chat);
    kept.store.submit(&mia, Command::End, None).await.unwrap();
    (kept, anny, sealed)
}

/// The store file, read beside the house that has it open.
fn copy_of(dir: &Path) -> (tempfile::TempDir, Database) {
    let copy = tempfile::tempdir().unwrap();
    let path = copy.path().join("parlour.redb");
    std::fs::copy(dir.join("parlour.redb"), &path).unwrap();
    let file = Boxed(RealDisk.open(&path).unwrap());
    (copy, Database::builder().create_with_backend(file).unwrap())
}

/// Every window of what a chat's messages are on the disk.
fn sealed(dir: &Path, chat: ChatId) -> HashSet<Vec<u8>> {
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
    let files = std::fs::read_dir(dir).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files.map(|bytes| bytes.windows(WINDOW).filter(|window| sealed.contains(*window)).count()).sum()
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
async fn nothing_of_an_ended_chat_is_in_any_file_after_the_store_was_written_anew() {
    let (kept, _, sealed) = littered().await;
    let before = found(kept.dir.path(), &sealed);
    assert!(before > 1_000, "the search finds what is there: {before}");
    let compacted = kept.store.compact().await.unwrap().unwrap();
    assert_eq!(found(kept.dir.path(), &sealed), 0);
    assert!(compacted.after <= compacted.before && compacted.held < HELD, "{compacted:?}");
    assert_eq!(kept.store.look().await.unwrap().litter, 0);
}

#[tokio::test]
async fn nothing_else_is_missing_and_the_house_goes_on() {
    let (kept, anny, _) = littered().await;
    let (before, texts) = (tables(kept.dir.path()), kept.texts(&anny).await);
    kept.store.compact().await.unwrap().unwrap();
    assert_eq!(tables(kept.dir.path()), before);
    kept.say(&anny, 50, "afterwards").await.unwrap();
    assert!(matches!(
        kept.say(&anny, FIRST_ID, "again").await.unwrap(),
        Outcome::SaidBefore { seq: Seq(1), .. }
    ));
    let kept = kept.reopen().await;
    let texts: Vec<_> = texts.into_iter().chain(["afterwards".to_owned()]).collect();
    assert_eq!(kept.texts(&anny).await, texts);
}

#[tokio::test]
async fn who_speaks_while_the_store_is_written_anew_is_heard_at_once() {
    let (kept, anny, _) = littered().await;
    let store = kept.store.clone();
    let writing = tokio::spawn(async move {
        for _ in 0..5 {
            store.compact().await.unwrap().unwrap();
        }
    });
    let mut said = 50;
    while !writing.is_finished() {
        let began = Instant::now();
        kept.say(&anny, said, &format!("message {said}")).await.unwrap();
        assert!(began.elapsed() < HELD, "held for {:?}", began.elapsed());
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
async fn a_chat_that_ends_while_the_store_is_copied_is_not_back() {
    for after in 0..20 {
        let (kept, anny, _) = littered().await;
        let store = kept.store.clone();
        let writing = tokio::spawn(async move { store.compact().await });
        for _ in 0..after {
            tokio::task::yield_now().await;
        }
        kept.store.submit(&anny, Command::End, None).await.unwrap();
        writing.await.unwrap().unwrap().unwrap();
        let kept = kept.reopen().await;
        assert_eq!(kept.store.look().await.unwrap().chats, 0);
        let rows: u64 =
            tables(kept.dir.path()).iter().filter(|(name, _)| name == "messages").map(|(_, n)| n).sum();
        assert_eq!(rows, 0);
    }
}

#[tokio::test]
async fn in_a_quiet_hour_the_house_writes_its_store_anew_by_itself_once_a_day() {
    let (kept, anny, sealed) = littered().await;
    let quiet = Duration::from_millis(COMPACT_STILL_MS);
    kept.watch(quiet / 2).await;
    assert!(found(kept.dir.path(), &sealed) > 0, "somebody did something just now");
    kept.watch(quiet).await;
    assert_eq!(found(kept.dir.path(), &sealed), 0);
    kept.store.submit(&anny, Command::End, None).await.unwrap();
    kept.watch(quiet * 2).await;
    assert!(kept.store.look().await.unwrap().litter > 0, "not twice a day");
    kept.watch(Duration::from_secs(24 * 3_600)).await;
    assert_eq!(kept.store.look().await.unwrap().litter, 0);
}

#[tokio::test]
async fn a_disk_that_fails_while_the_store_is_written_anew_costs_nothing() {
    let (kept, anny, _) = littered().await;
    let texts = kept.texts(&anny).await;
    kept.disk.set(Mood::SyncFails);
    assert!(kept.store.compact().await.is_err());
    kept.disk.set(Mood::Well);
    assert_eq!(kept.texts(&anny).await, texts);
    kept.say(&anny, 50, "afterwards").await.unwrap();
    assert_eq!(std::fs::read_dir(kept.dir.path()).unwrap().count(), 4, "nothing is left of the copy");
}
