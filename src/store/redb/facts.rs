//! The facts about the house itself, which are numbers in the table `house`.

use redb::{ReadableTable, StorageError, Table};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The format of the store file.
    Version,
    /// The number that the store file and the slot file have in common.
    Number,
    /// Which run of the store this is: a restored house is another one.
    Incarnation,
    /// How many rows were removed since the file was last compacted.
    DeadRows,
    /// When the last backup was begun that lies safe.
    LastBackup,
}

impl Fact {
    pub fn key(self) -> &'static [u8] {
        match self {
            Self::Version => b"version",
            Self::Number => b"number",
            Self::Incarnation => b"incarnation",
            Self::DeadRows => b"dead-rows",
            Self::LastBackup => b"last-backup",
        }
    }

    pub fn get(self, house: &impl ReadableTable<&'static [u8], u64>) -> Result<Option<u64>, StorageError> {
        Ok(house.get(self.key())?.map(|value| value.value()))
    }

    pub fn set(self, house: &mut Table<&'static [u8], u64>, value: u64) -> Result<(), StorageError> {
        house.insert(self.key(), value).map(drop)
    }
}
