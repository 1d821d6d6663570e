//! What is in a backup.

use crate::domain::{At, Incarnation};

/// What is in a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupContents {
    /// When it was begun.
    pub at: At,
    /// The version of the Parlour that made it.
    pub version: String,
    /// The run of the store that it is of.
    pub incarnation: Incarnation,
    /// Chats that can be opened from it.
    pub chats: u64,
    /// The messages of those chats.
    pub messages: u64,
    /// Seats of devices.
    pub devices: u64,
    /// Ended chats that are remembered.
    pub ended: u64,
}

/// A backup that was handed out whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupSummary {
    /// When it was begun.
    pub at: At,
    /// How many chats are in it.
    pub chats: u64,
    /// How many messages are in it.
    pub messages: u64,
    /// How many bytes it is, before it is encrypted.
    pub bytes: u64,
}
