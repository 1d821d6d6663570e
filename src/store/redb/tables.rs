//! The tables of the store file: one list, from which opening, copying, export, import and verification are
//! made, so that a table that is added to it is forgotten nowhere. What is of one chat is also cleared by
//! `destroy` (I9).

use std::borrow::Borrow;
use std::ops::RangeBounds;

use redb::{
    Key, ReadOnlyTable, ReadTransaction, ReadableTable, StorageError, Table, TableDefinition, TableError,
    Value, WriteTransaction,
};

use super::table_keys::{DeviceKey, HiddenKey, ReactionKey, SeatKey, VanishKey};
use crate::store::error::StoreError;
use crate::store::rows::{
    ChangeRow, ChatRow, CompactionRow, InviteRow, MessageRow, ParticipantRow, ProducersRow, ReactionRow, Row,
    RowError, SeatRow, TimeRow, TombstoneRow,
};

pub trait Stored {
    type Raw: Value + 'static;
    type Read<'a>;

    /// Reads bytes from anywhere.
    fn read(bytes: &[u8]) -> Result<Self::Read<'_>, RowError>;
}

impl<R: Row> Stored for R {
    type Raw = &'static [u8];
    type Read<'a> = R;

    fn read(bytes: &[u8]) -> Result<R, RowError> {
        R::from_bytes(bytes)
    }
}

impl Stored for MessageRow<'static> {
    type Raw = &'static [u8];
    type Read<'a> = MessageRow<'a>;

    fn read(bytes: &[u8]) -> Result<MessageRow<'_>, RowError> {
        MessageRow::from_bytes(bytes)
    }
}

macro_rules! plain_values {
    ($($plain:ty),*) => {
        $(impl Stored for $plain {
            type Raw = $plain;
            type Read<'a> = $plain;

            fn read(bytes: &[u8]) -> Result<$plain, RowError> {
                plain::<$plain>(bytes)
            }
        })*
    };
}
plain_values!((), u64, u128);

/// A key or plain value from bytes from anywhere: redb itself would panic where their length is wrong.
fn plain<V: Value>(bytes: &[u8]) -> Result<V::SelfType<'_>, RowError> {
    let is_whole = V::fixed_width().is_none_or(|width| width == bytes.len());
    if is_whole { Ok(V::from_bytes(bytes)) } else { Err(RowError::Damaged) }
}

macro_rules! if_small {
    (small $($code:tt)*) => { $($code)* };
    (large $($code:tt)*) => {};
}

macro_rules! is_large {
    (small) => {
        0
    };
    (large) => {
        1
    };
}

macro_rules! tables {
    ($($(#[doc = $doc:literal])* $(#[cfg($cfg:meta)])? $size:ident $name:ident: $key:ty => $value:ty;)*) => {
        const LARGE_TABLES: usize = 0 $(+ is_large!($size))*;

        /// Every table, open for writing in one transaction.
        pub struct WriteTables<'txn> {
            $($(#[doc = $doc])* $(#[cfg($cfg)])? pub $name: Table<'txn, $key, <$value as Stored>::Raw>,)*
        }

        impl<'txn> WriteTables<'txn> {
            /// Makes those that are not there.
            pub fn open(transaction: &'txn WriteTransaction) -> Result<Self, TableError> {
                Ok(Self {
                    $(
                        $(#[cfg($cfg)])?
                        $name: transaction.open_table(TableDefinition::new(stringify!($name)))?,
                    )*
                })
            }

            pub fn import(&mut self, table: &str, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
                match table {
                    $($(#[cfg($cfg)])? stringify!($name) => {
                        let (key, value) = (plain::<$key>(key)?, plain::<<$value as Stored>::Raw>(value)?);
                        self.$name.insert(key, value)?;
                    })*
                    _ => return Err(RowError::Damaged.into()),
                }
                Ok(())
            }
        }

        /// Every table, as it was at one moment.
        pub struct ReadTables {
            $($(#[cfg($cfg)])? pub $name: ReadOnlyTable<$key, <$value as Stored>::Raw>,)*
        }

        impl ReadTables {
            pub fn open(transaction: &ReadTransaction) -> Result<Self, TableError> {
                Ok(Self {
                    $(
                        $(#[cfg($cfg)])?
                        $name: transaction.open_table(TableDefinition::new(stringify!($name)))?,
                    )*
                })
            }

            pub fn copy_small(&self, to: &mut WriteTables) -> Result<(), StorageError> {
                $($(#[cfg($cfg)])? if_small! { $size copy(&self.$name, &mut to.$name)?; })*
                Ok(())
            }

            pub fn export_small<E: From<StorageError>>(
                &self,
                mut put: impl FnMut(&'static str, &[u8], &[u8]) -> Result<(), E>,
            ) -> Result<(), E> {
                $($(#[cfg($cfg)])? if_small! { $size
                    for row in self.$name.iter()? {
                        let (key, value) = row?;
                        let (key, value) = (key.value(), value.value());
                        let key = <$key as Value>::as_bytes(&key);
                        let value = <<$value as Stored>::Raw as Value>::as_bytes(&value);
                        put(stringify!($name), key.as_ref(), value.as_ref())?;
                    }
                })*
                Ok(())
            }
        }

        /// Looks at rows of a backup. A method for each table; one that is not written looks only whether the
        /// row can be read.
        pub trait RowVisitor {
            type Error: From<RowError>;

            $($(#[cfg($cfg)])? fn $name(
                &mut self,
                _key: <$key as Value>::SelfType<'_>,
                _row: <$value as Stored>::Read<'_>,
            ) -> Result<(), Self::Error> {
                Ok(())
            })*

            fn visit(&mut self, table: &str, key: &[u8], value: &[u8]) -> Result<(), Self::Error> {
                match table {
                    $($(#[cfg($cfg)])? stringify!($name) => {
                        self.$name(plain::<$key>(key)?, <$value as Stored>::read(value)?)
                    })*
                    _ => Err(RowError::Damaged.into()),
                }
            }
        }
    };
}

// Small tables are copied while the writer waits, and read in one moment. The large one is copied and read a
// few rows at a time, beside the writer: its rows are nearly everything. What is said and what is changed
// meanwhile is taken over again ([`super::message_copy`]).
tables! {
    /// See [`super::facts`].
    small house: &'static [u8] => u64;
    small chats: u64 => ChatRow;
    /// Chat id << 64 | participant -> their receipt and when they were last here.
    small participants: u128 => ParticipantRow;
    /// By invite id.
    small invites: [u8; 32] => InviteRow;
    small seats: SeatKey => SeatRow;
    small devices: DeviceKey => ();
    /// Chat id -> how an ended chat ended.
    small tombstones: u64 => TombstoneRow;
    /// Invite id -> the ended chat it belonged to << 64 | participant.
    small tombstone_invites: [u8; 32] => u128;
    small time: () => TimeRow;
    small compaction: () => CompactionRow;
    /// Chat id -> the producers of its messages at its checkpoint.
    small producers: u64 => ProducersRow;
    /// Chat id << 64 | change number -> which message: one row a message and participant who is told.
    small changes: u128 => ChangeRow;
    small reactions: ReactionKey => ReactionRow;
    /// What a participant has deleted for themselves -> the number of that change.
    small hidden: HiddenKey => u64;
    /// The messages that will vanish, in that order.
    small vanishing: VanishKey => ();
    /// Chat id << 64 | seq -> a message.
    large messages: u128 => MessageRow<'static>;
    /// A table that a test has added.
    #[cfg(test)]
    small added: u64 => u64;
}

// What copies and backs up the large table knows it by name: another one would be lost at the next
// compaction.
const _: () = assert!(LARGE_TABLES == 1);

impl ReadTables {
    /// The name of the table that a backup hands out by itself.
    pub const MESSAGES: &'static str = stringify!(messages);
}

fn copy<K: Key, V: Value>(from: &ReadOnlyTable<K, V>, to: &mut Table<K, V>) -> Result<(), StorageError> {
    for row in from.iter()? {
        let (key, value) = row?;
        to.insert(key.value(), value.value())?;
    }
    Ok(())
}

pub fn get<'k, K: Key + 'static, R: Row>(
    table: &impl ReadableTable<K, &'static [u8]>,
    key: impl Borrow<K::SelfType<'k>>,
) -> Result<Option<R>, StoreError> {
    Ok(table.get(key)?.map(|bytes| R::from_bytes(bytes.value())).transpose()?)
}

pub fn put<'k, K: Key + 'static, R: Row>(
    table: &mut Table<K, &'static [u8]>,
    key: impl Borrow<K::SelfType<'k>>,
    row: &R,
) -> Result<(), StorageError> {
    table.insert(key, row.to_bytes().as_slice()).map(drop)
}

pub fn range<'k, K, R: Row>(
    table: &impl ReadableTable<K, &'static [u8]>,
    keys: impl RangeBounds<K> + 'k,
) -> Result<impl Iterator<Item = Result<(K, R), StoreError>>, StorageError>
where
    K: Key + for<'a> Value<SelfType<'a> = K> + 'static,
{
    let rows = table.range::<K>(keys)?;
    Ok(rows.map(|row| {
        let (key, bytes) = row?;
        Ok((key.value(), R::from_bytes(bytes.value())?))
    }))
}

#[cfg(test)]
mod tests {
    use redb::Database;
    use redb::backends::InMemoryBackend;

    use super::*;

    struct Reads;

    impl RowVisitor for Reads {
        type Error = RowError;
    }

    #[test]
    fn a_row_of_a_backup_that_is_not_whole_is_refused_and_never_a_panic()
    -> Result<(), Box<dyn std::error::Error>> {
        let database = Database::builder().create_with_backend(InMemoryBackend::new())?;
        let transaction = database.begin_write()?;
        let mut tables = WriteTables::open(&transaction)?;
        for (table, key, value) in [
            ("messages", &[1; 15][..], &[][..]),
            ("devices", &[1; 43], &[]),
            ("devices", &[1; 44], &[1]),
            ("tombstone_invites", &[1; 32], &[1; 15]),
            ("house", b"number", &[1; 7]),
            ("nothing", &[], &[]),
        ] {
            assert!(tables.import(table, key, value).is_err(), "{table}");
            assert!(Reads.visit(table, key, value).is_err(), "{table}");
        }
        assert!(Reads.visit("chats", &[1; 8], &[1]).is_err(), "a row that cannot be read");
        assert!(Reads.visit("house", b"number", &[1; 8]).is_ok());
        Ok(())
    }
}
