use std::path::Path;

use rand::SeedableRng;
use rand::rngs::StdRng;
use redb::ReadableTable;

use super::{open, options};
use crate::store::redb::files::Files;
use crate::store::redb::tables::WriteTables;
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
