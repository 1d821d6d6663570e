//! What redb says when something fails, in the words of the store.

use crate::store::error::Failure;

/// redb takes nothing more after a write or sync that failed.
fn failure(error: &redb::Error) -> Failure {
    match error {
        redb::Error::PreviousIo | redb::Error::DatabaseClosed => Failure::Stopped,
        error => Failure::Disk(error.to_string()),
    }
}

macro_rules! from_redb {
    ($($error:ty),*) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                failure(&error.into())
            }
        })*
    };
}
from_redb!(
    redb::StorageError,
    redb::TableError,
    redb::TransactionError,
    redb::CommitError,
    redb::DatabaseError
);

#[cfg(test)]
mod tests {
    use crate::store::error::StoreError;

    #[test]
    fn a_read_beside_a_writer_that_has_stopped_is_told_from_one_that_fails() {
        let stopped: [StoreError; 3] = [
            redb::StorageError::PreviousIo.into(),
            redb::TransactionError::Storage(redb::StorageError::PreviousIo).into(),
            redb::TableError::Storage(redb::StorageError::DatabaseClosed).into(),
        ];
        assert!(stopped.iter().all(|error| matches!(error, StoreError::Unknown)));
        let failed: [StoreError; 2] = [
            redb::StorageError::Corrupted(String::new()).into(),
            redb::TableError::TableDoesNotExist(String::new()).into(),
        ];
        assert!(failed.iter().all(|error| matches!(error, StoreError::Failed(_))));
    }
}
