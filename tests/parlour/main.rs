//! What Parlour promises, tried from outside.
#![allow(missing_docs, clippy::unwrap_used, clippy::pedantic, clippy::print_stdout)]

mod backup;
mod binary;
mod bounds;
mod breaking;
mod clocks;
mod commands;
mod compacting;
mod crash;
mod devices;
mod disk;
mod entering;
mod failing;
mod full;
mod guessing;
mod house;
mod input;
mod keeping;
mod life;
mod line;
mod machine;
mod memory;
mod model;
mod network;
mod platter;
mod power;
mod process;
mod purging;
mod replacing;
mod systemd;
mod talking;
mod tidy;
mod tls;
mod visiting;
mod visitor;
mod withholding;
