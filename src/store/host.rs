//! What the host asks of the store: which chats there are, that one ends, what the files take, a copy of all.
//!
//! The other half of the face of this room; `admin` calls it. Nothing here opens a key.

use crate::domain::{At, ChatId};
use crate::limits::PURGE_DEEDS_MAX;
use crate::store::backup::{self, BackupError, BackupSummary};
use crate::store::redb::writer::Job;
use crate::store::{ChatStats, Footprint, PurgeAction, Store, StoreError};

impl Store {
    /// Hands out a copy of the whole house, as plain pieces: whoever takes it encrypts it. Blocks for as long
    /// as it is taken, and nobody in the house waits for it; one at a time. The copy is whole when this
    /// returns.
    pub fn backup(&self, out: &mut impl std::io::Write) -> Result<BackupSummary, BackupError> {
        let taken = backup::take(&self.0, out);
        if let Err(BackupError::Store(_)) = taken {
            // The writer finds out whether the disk has failed.
            drop(self.0.queue.try_send(Box::new(Job::Probe)));
        }
        taken
    }

    /// Remembers that a backup that was begun then lies safe.
    pub async fn note_backup(&self, at: At) -> Result<(), StoreError> {
        self.0.ask(|reply| Job::BackedUp { at, reply }).answer().await
    }

    /// When the last backup was begun that lies safe.
    pub async fn last_backup(&self) -> Result<Option<At>, StoreError> {
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method itself is not general enough"
        )]
        self.read(|view| view.last_backup()).await
    }

    /// What the host may know of each chat, the most recently used first.
    pub async fn list_chats(&self) -> Result<Vec<ChatStats>, StoreError> {
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method itself is not general enough"
        )]
        self.read(|view| view.list_chats()).await
    }

    /// How many seats devices hold.
    pub async fn seats_held(&self) -> Result<u64, StoreError> {
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method itself is not general enough"
        )]
        self.read(|view| view.seats_held()).await
    }

    /// Destroys a chat because the host says so. False where there is no such chat.
    pub async fn end(&self, chat: ChatId) -> Result<bool, StoreError> {
        Ok(self.purge(vec![PurgeAction::End(chat)]).await?.destroyed > 0)
    }

    /// Destroys those of these chats that nobody has ever come into. How many that were.
    pub async fn end_never_entered(&self, chats: &[ChatId]) -> Result<u64, StoreError> {
        let mut ended = 0;
        for few in chats.chunks(PURGE_DEEDS_MAX) {
            let deeds = few.iter().map(|chat| PurgeAction::EndNeverEntered(*chat)).collect();
            ended += self.purge(deeds).await?.destroyed;
        }
        Ok(ended)
    }

    /// What the files take, and what is left for them.
    pub fn footprint(&self) -> Result<Footprint, StoreError> {
        let files = &self.0.files;
        let bytes = files.store_bytes().and_then(|store| Ok((store, files.free_bytes()?)));
        let (store_bytes, free_bytes) = bytes.map_err(StoreError::failed)?;
        Ok(Footprint { store_bytes, free_bytes })
    }
}
