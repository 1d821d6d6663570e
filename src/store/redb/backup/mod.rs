//! Reading a house whole while it is open, checking what was read, and making a house of it. The records are
//! those of `store::backup`.

mod existing_house;
mod export;
mod import;
mod verify;

pub use export::export;
pub use import::{Replace, RestoreTarget, Restored};
pub use verify::{peek, verify};
