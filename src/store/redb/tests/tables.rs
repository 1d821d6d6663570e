use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use rand::SeedableRng;
use rand::rngs::StdRng;
use redb::{ReadableDatabase, ReadableTable, ReadableTableMetadata};

use super::{open, options};
use crate::domain::{
    Body, Caller, Command, Emoji, Idle, MessageChange, MessageId, Names, Seq, Text, VanishAfter,
};
use crate::store::error::StoreError;
use crate::store::redb::files::Files;
use crate::store::redb::tables::{ReadTables, WriteTables};
use crate::store::{RealDisk, Replace, RestoreTarget};

/// Opens the store file of a closed house, and looks at the table that this build has more.
fn in_the_added_table<T>(dir: &Path, look: impl FnOnce(&mut WriteTables) -> T) -> T {
    let (files, _claim) = Files::claim(dir, Box::new(RealDisk)).unwrap();
    let (database, ..) = files.open(&mut StdRng::seed_from_u64(1)).unwrap();
    let transaction = database.begin_write().unwrap();
    let mut tables = WriteTables::open(&transaction).unwrap();
    let looked = look(&mut tables);
    drop(tables);
    transaction.commit().unwrap();
    looked
}

fn added(dir: &Path) -> Option<u64> {
    in_the_added_table(dir, |tables| tables.added.get(7).unwrap().map(|value| value.value()))
}

#[tokio::test]
async fn a_table_that_is_added_to_the_list_survives_a_compaction_and_a_backup() {
    let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (dir, elsewhere) = (dir.path(), elsewhere.path());
    open(dir, RealDisk).close().await;
    in_the_added_table(dir, |tables| drop(tables.added.insert(7, 77).unwrap()));
    let store = open(dir, RealDisk);
    store.compact().await.unwrap().expect("room for the copy");
    let mut copy = Vec::new();
    store.backup(&mut copy).unwrap();
    store.close().await;
    drop(store);
    assert_eq!(added(dir), Some(77), "after a compaction");
    let target = RestoreTarget::take(options(elsewhere, RealDisk), Replace::No).unwrap();
    target.restore(&copy[..]).unwrap();
    assert_eq!(added(elsewhere), Some(77), "from a backup");
}

fn tables_with_rows(dir: &Path) -> BTreeSet<&'static str> {
    let (files, _claim) = Files::claim(dir, Box::new(RealDisk)).unwrap();
    let (database, ..) = files.open(&mut StdRng::seed_from_u64(1)).unwrap();
    let tables = ReadTables::open(&database.begin_read().unwrap()).unwrap();
    let mut found = BTreeSet::new();
    let see = |table, _: &[u8], _: &[u8]| -> Result<(), StoreError> {
        found.insert(table);
        Ok(())
    };
    tables.export_small(see).unwrap();
    if !tables.messages.is_empty().unwrap() {
        found.insert(ReadTables::MESSAGES);
    }
    found
}

#[tokio::test]
async fn no_table_but_those_of_tombstones_has_anything_of_a_chat_that_ended() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), RealDisk);
    let names = Names::parse(&["Anny", "Abhi"]).unwrap();
    let invites = store.start(&names, Idle::Day, Caller::Host).await.unwrap();
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let mut seats = Vec::new();
    for invite in &invites {
        seats.push(store.enter(&invite.token, &invite.code, None, here).await.unwrap().seat);
    }
    let said =
        Command::Say { id: MessageId(1), draft: Body::Text(Text::parse("hi".to_owned()).unwrap()).into() };
    store.submit(&seats[0], Command::VanishAfter(Some(VanishAfter::Day))).await.unwrap();
    store.submit(&seats[0], said).await.unwrap();
    let emoji = Emoji::parse("\u{1F44D}").unwrap();
    for change in [MessageChange::React(Some(emoji)), MessageChange::Hide] {
        store.submit(&seats[1], Command::Change { seq: Seq(2), change }).await.unwrap();
    }
    let chat = seats[0].id().chat;
    store.close().await;
    drop(store);
    let of_the_house = ["house", "time"];
    let of_chats = ["chats", "devices", "invites", "messages", "participants", "seats"];
    let of_changes = ["changes", "hidden", "reactions", "vanishing"];
    let before = of_the_house.into_iter().chain(of_chats).chain(of_changes).collect();
    assert_eq!(tables_with_rows(dir.path()), before);
    let store = open(dir.path(), RealDisk);
    assert!(store.end(chat).await.unwrap());
    store.close().await;
    drop(store);
    let left = of_the_house.into_iter().chain(["compaction", "tombstone_invites", "tombstones"]).collect();
    assert_eq!(tables_with_rows(dir.path()), left);
}
