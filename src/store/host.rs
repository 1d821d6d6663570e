//! What the host asks of the store: which chats there are, that one ends, what the files take, a copy of all.
//! `admin` calls it. Nothing here opens a key.

use std::sync::TryLockError;

use super::Store;
use super::backup::{BackupError, BackupSummary};
use super::engine::{self, ReadTx, Request};
use super::error::StoreError;
use super::views::{ChatStats, Footprint, HostEnd, HouseStats, LostFile};
use crate::domain::{At, ChatId};
use crate::limits::PURGE_ACTIONS_MAX;

impl Store {
    /// Hands out a copy of the whole house, as plain records: the one who takes it encrypts it. Blocks for as
    /// long as it is taken, and nobody in the house waits for it; one at a time. The copy is whole when this
    /// returns.
    pub fn backup(&self, out: &mut impl std::io::Write) -> Result<BackupSummary, BackupError> {
        let taken = engine::export(&self.engine, out);
        if let Err(BackupError::Store(_)) = taken {
            // The writer finds out whether the disk has failed.
            self.engine.suggest(Request::Probe);
        }
        taken
    }

    /// Remembers that a backup that was begun then lies safe.
    pub async fn note_backup(&self, at: At) -> Result<(), StoreError> {
        self.engine.ask(|reply| Request::NoteBackup { at, reply }).await
    }

    pub async fn last_backup(&self) -> Result<Option<At>, StoreError> {
        self.engine.read(ReadTx::last_backup).await
    }

    pub async fn stats(&self) -> Result<HouseStats, StoreError> {
        self.engine.read(ReadTx::stats).await
    }

    /// But for those that wait for somebody to come in. Looks at each of them.
    pub async fn chats_in_use(&self) -> Result<u64, StoreError> {
        self.engine.read(ReadTx::chats_in_use).await
    }

    /// The most recently used first.
    pub async fn list_chats(&self) -> Result<Vec<ChatStats>, StoreError> {
        self.engine.read(ReadTx::list_chats).await
    }

    /// False where there is no such chat.
    pub async fn end(&self, chat: ChatId) -> Result<bool, StoreError> {
        let end = HostEnd::Chat(chat);
        Ok(self.engine.ask(|reply| Request::End { end, reply }).await? > 0)
    }

    /// Destroys those that nobody has ever come into. How many that were.
    pub async fn end_never_entered(&self, chats: &[ChatId]) -> Result<u64, StoreError> {
        let mut ended = 0;
        for few in chats.chunks(PURGE_ACTIONS_MAX) {
            let end = HostEnd::NeverEntered(few.to_vec());
            ended += self.engine.ask(|reply| Request::End { end, reply }).await?;
        }
        Ok(ended)
    }

    pub fn footprint(&self) -> Result<Footprint, StoreError> {
        let files = &self.engine.files;
        Ok(Footprint { store_bytes: files.store_bytes()?, free_bytes: files.free_bytes()? })
    }

    /// Files of the store that are open and not in their place any more: what is in them is lost when they
    /// are closed. None while the house itself puts another store in the place of the old one.
    pub fn lost_files(&self) -> Vec<LostFile> {
        match self.engine.database.try_read() {
            Err(TryLockError::WouldBlock) => Vec::new(),
            _stays => self.engine.files.lost(),
        }
    }
}
