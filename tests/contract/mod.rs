//! What every engine of the store promises. Which one is asked is a parameter: `support::kept::Engine`.

pub mod backup;
pub mod changing;
pub mod clocks;
pub mod groups;
pub mod guessing;
pub mod keeping;
pub mod model;
pub mod numbering;
pub mod purging;
pub mod replacing;
pub mod slots;
pub mod unentered;
pub mod vanishing;
pub mod wearing;
