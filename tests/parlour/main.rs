//! What Parlour promises, tried from outside.
#![allow(missing_docs, clippy::unwrap_used, clippy::pedantic)]

mod disk;
mod keeping;
