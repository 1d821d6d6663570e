//! What Parlour promises, tried from outside.
#![allow(missing_docs, clippy::unwrap_used, clippy::pedantic, clippy::print_stdout)]

mod binary;
mod bounds;
mod devices;
mod disk;
mod entering;
mod house;
mod input;
mod keeping;
mod model;
mod replacing;
mod talking;
mod tidy;
mod visiting;
mod visitor;
mod withholding;
