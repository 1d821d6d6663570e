//! The engine on redb: one thread that writes, readers beside it, and the files of the house.

pub mod apply;
mod chat_cache;
pub mod compaction;
pub mod disk;
mod disk_space;
pub mod files;
pub mod idle_clocks;
mod list_chats;
pub mod migrate;
pub mod open;
pub mod reader;
mod recovery;
mod restore_swap;
pub mod tables;
mod unentered;
pub mod writer;
