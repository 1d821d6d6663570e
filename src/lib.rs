//! Parlour.
pub mod domain;
pub mod limits;
pub mod seal;
pub mod store;
