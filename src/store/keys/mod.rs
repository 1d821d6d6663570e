//! The halves of keys that can be destroyed, and the randomness that secrets are made of.

pub mod fresh;
pub mod slot;
pub mod slot_file;
