//! What changes leave in the files: as few rows as there are messages, and nothing of what was deleted.

use std::path::Path;
use std::sync::Arc;

use redb::{ReadableDatabase, ReadableTableMetadata};

use super::{HERE, open};
use crate::domain::{
    Body, Caller, Command, Emoji, Idle, MessageChange, MessageId, Names, Outcome, Seq, Text,
};
use crate::limits::CHANGES_KEPT;
use crate::store::error::StoreError;
use crate::store::redb::compaction::copy_messages;
use crate::store::redb::request::Request;
use crate::store::redb::table_keys::message_key;
use crate::store::redb::tables::ReadTables;
use crate::store::rows::MessageRow;
use crate::store::{RealDisk, Seat, Span, Store};

async fn chat(dir: &Path) -> (Store, Seat) {
    let store = open(dir, RealDisk);
    let names = Names::parse(&["Anny", "Abhi"]).unwrap();
    let anny = store.start(&names, Idle::Day, Caller::Host).await.unwrap().remove(0);
    let seat = store.enter(&anny.token, &anny.code, None, HERE).await.unwrap().seat;
    (store, seat)
}

async fn says(store: &Store, seat: &Seat, ids: std::ops::RangeInclusive<u64>) {
    for id in ids {
        let body = Body::Text(Text::parse(format!("message {id}")).unwrap());
        store.submit(seat, Command::Say { id: MessageId::new(7, id), draft: body.into() }).await.unwrap();
    }
}

async fn change(store: &Store, seat: &Seat, seq: u64, change: MessageChange) {
    let changed = store.submit(seat, Command::Change { seq: Seq(seq), change }).await.unwrap();
    assert!(matches!(changed, Outcome::Changed(_)), "{changed:?}");
}

fn edit(base: u32, text: &str) -> MessageChange {
    MessageChange::Edit { base, text: Text::parse(text.to_owned()).unwrap() }
}

fn look<T>(store: &Store, at: impl FnOnce(&ReadTables) -> T) -> T {
    let tables = |database: &redb::Database| -> Result<T, StoreError> {
        Ok(at(&ReadTables::open(&database.begin_read()?)?))
    };
    store.engine.with_database(tables).unwrap()
}

/// The sealed text of a message, as it is on the disk.
fn sealed(store: &Store, seat: &Seat, seq: u64) -> Vec<u8> {
    look(store, |tables| {
        let row = tables.messages.get(message_key(seat.id().chat, Seq(seq))).unwrap().unwrap();
        MessageRow::from_bytes(row.value()).unwrap().body.to_vec()
    })
}

fn is_in_a_file(dir: &Path, bytes: &[u8]) -> bool {
    let files = std::fs::read_dir(dir).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    files.into_iter().any(|file| file.windows(bytes.len()).any(|window| window == bytes))
}

#[tokio::test]
async fn ten_thousand_changes_of_one_message_leave_one_row() {
    let dir = tempfile::tempdir().unwrap();
    let (store, seat) = chat(dir.path()).await;
    says(&store, &seat, 1..=1).await;
    let emoji = ["\u{1F44D}", "\u{1F602}"].map(|emoji| Emoji::parse(emoji).unwrap());
    let toggles: Vec<_> = (0..10_000)
        .map(|turn| {
            let change = MessageChange::React(Some(emoji[turn % 2].clone()));
            store.hand_in(&seat, Command::Change { seq: Seq(1), change })
        })
        .collect();
    for toggle in toggles {
        // A full queue is refused: what is refused changes nothing.
        drop(toggle.await);
    }
    change(&store, &seat, 1, MessageChange::React(None)).await;
    change(&store, &seat, 1, MessageChange::React(Some(emoji[0].clone()))).await;
    let rows = look(&store, |tables| (tables.changes.len().unwrap(), tables.reactions.len().unwrap()));
    assert_eq!(rows, (1, 1));
    store.close().await;
}

#[tokio::test]
async fn the_newest_changes_are_remembered_and_a_client_that_was_away_for_longer_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let (store, seat) = chat(dir.path()).await;
    says(&store, &seat, 1..=3).await;
    change(&store, &seat, 1, edit(0, "first")).await;
    for number in 0..u32::try_from(CHANGES_KEPT).unwrap() {
        change(&store, &seat, 2, edit(number, &format!("edit {number}"))).await;
    }
    let state = store.state(&seat).await.unwrap();
    assert_eq!(state.changed.0, CHANGES_KEPT + 1);
    let since = |number| store.changes(&seat, crate::domain::ChangeNumber(number), Seq(3));
    assert!(since(0).await.unwrap().is_none(), "the first is not remembered");
    let known = since(1).await.unwrap().unwrap();
    assert_eq!((known.messages.len(), known.up_to, known.is_last), (1, state.changed, true));
    assert_eq!(look(&store, |tables| tables.changes.len().unwrap()), 1);
    store.close().await;
}

#[tokio::test]
async fn nothing_of_an_edited_and_of_a_deleted_text_is_left_in_a_file_that_was_rewritten() {
    let dir = tempfile::tempdir().unwrap();
    let (store, seat) = chat(dir.path()).await;
    says(&store, &seat, 1..=50).await;
    let before = [sealed(&store, &seat, 10), sealed(&store, &seat, 20)];
    assert!(before.iter().all(|text| is_in_a_file(dir.path(), text)));
    change(&store, &seat, 10, edit(0, "mended")).await;
    change(&store, &seat, 20, MessageChange::Delete).await;
    assert!(store.purge_snapshot().await.unwrap().dead_rows > 0, "they are in free pages");
    store.compact().await.unwrap().expect("room for the copy");
    for text in &before {
        assert!(!is_in_a_file(dir.path(), text));
    }
    store.close().await;
}

/// Between the copy and the swap, in every order, also where more was changed than is remembered.
#[tokio::test]
async fn what_is_changed_while_the_store_is_rewritten_is_not_undone() {
    for edits in [1, u32::try_from(CHANGES_KEPT).unwrap() + 5] {
        let dir = tempfile::tempdir().unwrap();
        let (store, seat) = chat(dir.path()).await;
        says(&store, &seat, 1..=20).await;
        change(&store, &seat, 3, edit(0, "before")).await;
        let engine = Arc::clone(&store.engine);
        let copy = tokio::task::spawn_blocking(move || copy_messages(&engine)).await.unwrap().unwrap();
        let text = sealed(&store, &seat, 5);
        change(&store, &seat, 5, MessageChange::Delete).await;
        for number in 0..edits {
            change(&store, &seat, 6, edit(number, &format!("edit {number}"))).await;
        }
        says(&store, &seat, 21..=25).await;
        change(&store, &seat, 22, MessageChange::Delete).await;
        store.engine.ask(|reply| Request::Swap { copy, reply }).await.unwrap();
        let page = store.page(&seat, Span::After(Seq::NONE), 100).await.unwrap();
        assert_eq!(page.messages.len(), 25);
        let gone = page.messages.iter().filter(|message| matches!(message.body, Body::Gone(_)));
        assert_eq!(gone.map(|message| message.seq.0).collect::<Vec<_>>(), [5, 22]);
        assert_eq!(page.messages[2].body.text(), Some("before"));
        let last = format!("edit {}", edits - 1);
        assert_eq!(page.messages[5].body.text(), Some(last.as_str()));
        // The copy had the text already: it is in free pages of the new file, which knows so.
        assert!(store.purge_snapshot().await.unwrap().dead_rows > 0);
        store.compact().await.unwrap().expect("room for the copy");
        assert!(!is_in_a_file(dir.path(), &text));
        store.close().await;
    }
}
