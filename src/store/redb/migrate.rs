//! From the file format of an earlier version to that of this one: opening walks the steps from the file's
//! number to [`STORE_VERSION`], all in one transaction, so that a crash leaves the old format or the new one.
//! A file from a newer version is refused and not touched.

use super::facts::Fact;
use super::tables::WriteTables;
use crate::store::error::OpenError;
use crate::store::rows::STORE_VERSION;

/// One step: what turns format n into format n + 1; the first turns 1 into 2.
pub type Step = fn(&mut WriteTables) -> Result<(), OpenError>;

pub const STEPS: &[Step] = &[];

/// Brings a file to the format `1 + steps.len()`. A file without a version is new.
pub fn migrate(tables: &mut WriteTables, steps: &[Step]) -> Result<(), OpenError> {
    let known = 1 + steps.len() as u64;
    let found = Fact::VERSION.get(&tables.house)?.unwrap_or(known);
    if found > known {
        return Err(OpenError::Newer);
    }
    let done = usize::try_from(found.saturating_sub(1)).unwrap_or(usize::MAX);
    for step in steps.iter().skip(done) {
        step(tables)?;
    }
    Ok(Fact::VERSION.set(&mut tables.house, known)?)
}

const _: () = assert!(STORE_VERSION == 1 + STEPS.len() as u64, "each step makes one version");

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    #![allow(clippy::unnecessary_wraps, reason = "a step is a function that can fail")]
    use super::*;
    use redb::{Database, ReadableTable, backends::InMemoryBackend};

    fn counted(tables: &WriteTables) -> u64 {
        tables.added.get(0).unwrap().map_or(0, |value| value.value())
    }

    fn count_up(tables: &mut WriteTables) -> Result<(), OpenError> {
        let before = counted(tables);
        tables.added.insert(0, before + 1).unwrap();
        Ok(())
    }

    fn open(steps: &[Step], database: &Database) -> Result<u64, OpenError> {
        let transaction = database.begin_write().unwrap();
        let mut tables = WriteTables::open(&transaction).unwrap();
        migrate(&mut tables, steps)?;
        let count = counted(&tables);
        drop(tables);
        transaction.commit().unwrap();
        Ok(count)
    }

    #[test]
    fn each_step_runs_once_and_a_new_file_needs_none() {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        assert_eq!(open(&[], &database).unwrap(), 0);
        assert_eq!(open(&[count_up, count_up], &database).unwrap(), 2);
        assert_eq!(open(&[count_up, count_up], &database).unwrap(), 2);
        assert_eq!(open(&[count_up, count_up, count_up], &database).unwrap(), 3);
    }

    #[test]
    fn a_file_from_a_newer_version_is_refused_and_not_touched() {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
        open(&[count_up], &database).unwrap();
        assert!(matches!(open(&[], &database), Err(OpenError::Newer)));
        assert_eq!(open(&[count_up], &database).unwrap(), 0);
    }
}
