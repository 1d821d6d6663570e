//! Keys that can be destroyed, and the randomness that secrets are made of.

pub mod fresh;
pub mod slot_file;
