//! Sessions over an in-memory pipe with real frames, most of them at a real house in a temporary directory.
#![allow(clippy::unwrap_used)]

mod ending;
mod first_frame;
mod table;
mod talking;
mod watching;
mod withholding;
