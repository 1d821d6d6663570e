//! The facts about the house itself, which are numbers in the table `house`.

use redb::{ReadableTable, StorageError, Table};

/// By its key.
pub struct Fact(pub &'static [u8]);

impl Fact {
    /// The format of the store file.
    pub const VERSION: Self = Self(b"version");
    /// The number that the store file and the slot file have in common.
    pub const NUMBER: Self = Self(b"number");
    /// Which run of the store this is: a restored house is another one.
    pub const INCARNATION: Self = Self(b"incarnation");
    /// When the newest finished backup was begun.
    pub const LAST_BACKUP: Self = Self(b"last-backup");

    pub fn get(self, house: &impl ReadableTable<&'static [u8], u64>) -> Result<Option<u64>, StorageError> {
        Ok(house.get(self.0)?.map(|value| value.value()))
    }

    pub fn set(self, house: &mut Table<&'static [u8], u64>, value: u64) -> Result<(), StorageError> {
        house.insert(self.0, value).map(drop)
    }
}
