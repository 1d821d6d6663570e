//! The engine on redb: one thread that writes, readers beside it, and the files of the house.

mod apply;
mod chat_cache;
pub mod compaction;
pub mod copy_completion;
pub mod disk;
mod disk_space;
pub mod engine;
pub mod facts;
pub mod files;
pub mod idle_clocks;
pub mod migrate;
mod missing;
mod publisher;
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
