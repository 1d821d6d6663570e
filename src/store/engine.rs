//! The engine that keeps the chats: what the rest of the store asks of it. It is redb, and nothing outside
//! the folder `redb` says so but this file.

#[cfg(feature = "test-support")]
pub use super::redb::backend::Backend;
pub use super::redb::backup::{Replace, RestoreTarget, Restored, export, peek, verify};
pub use super::redb::compaction;
pub use super::redb::engine::Engine;
pub use super::redb::files::check_place;
pub use super::redb::read::{ReadTx, open_names};
pub use super::redb::request::{
    Addition, Admitted, Charged, ChatDraft, Connected, DeviceEntry, InviteDraft, Replacement, Request,
};
