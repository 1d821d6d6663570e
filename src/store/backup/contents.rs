//! What is in a backup.

use crate::domain::{At, Incarnation};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupContents {
    /// When it was begun.
    pub at: At,
    pub version: String,
    pub incarnation: Incarnation,
    /// Chats that can be opened from it.
    pub chats: u64,
    pub messages: u64,
    pub devices: u64,
    /// Ended chats that are remembered.
    pub ended: u64,
}

/// Of a backup that was handed out whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupSummary {
    /// When it was begun.
    pub at: At,
    pub chats: u64,
    pub messages: u64,
    /// Before it is encrypted.
    pub bytes: u64,
}
