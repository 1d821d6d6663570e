//! What Parlour promises, tried from outside.
#![allow(missing_docs, clippy::unwrap_used, clippy::pedantic)]

mod binary;
mod disk;
mod entering;
mod house;
mod input;
mod keeping;
mod model;
mod talking;
mod tidy;
mod visitor;
