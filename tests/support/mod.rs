//! What the rings share: a house in this process with people in it, a store alone, a disk and a machine that
//! a test holds, a line that breaks.

pub mod disk;
pub mod house;
pub mod kept;
pub mod line;
pub mod lock;
pub mod machine;
pub mod process;
pub mod visitor;
