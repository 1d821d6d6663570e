//! The engine on redb: one thread that writes, readers beside it, and the files of the house.

mod apply;
pub mod backend;
pub mod backup;
mod chat_cache;
pub mod compaction;
pub mod copy_completion;
mod disk_space;
pub mod engine;
mod error;
pub mod facts;
pub mod files;
pub mod idle_clocks;
mod message_copy;
pub mod migrate;
mod missing;
mod newest;
mod publisher;
mod reactions;
pub mod read;
pub mod recovery;
pub mod request;
mod restore_swap;
mod sealed;
pub mod table_keys;
pub mod tables;
mod unentered;
mod write_tx;
mod writer;

#[cfg(test)]
mod tests;
