//! What Parlour promises, tried from outside, in three rings: `contract` (the store, whatever its engine),
//! `redb` (its engine on bad disks) and `house` (the whole). One binary, so that the crate is linked once.
#![allow(missing_docs, clippy::unwrap_used, clippy::pedantic, clippy::print_stdout)]

mod contract;
mod house;
mod redb;
mod support;
