//! What crosses a boundary, in types that are made only for crossing it.
//!
//! [`client`] turns the frames of a client into commands, [`server`] turns what became true into frames,
//! [`rest`] has the bodies of HTTP, and [`admin`] the lines of the admin socket. `session`, `delivery`,
//! `http` and `host::admin` call this room; it reads no clock, waits for nothing and knows no store.
//! `docs/protocol.md` is its contract; a test tries every example there.

pub mod admin;
pub mod client;
mod fault;
mod fields;
mod object;
pub mod rest;
pub mod sentences;
pub mod server;
#[cfg(test)]
mod tests;
pub mod text;

/// Bytes of most of what is written.
const JSON_BYTES: usize = 256;

/// As JSON text. Everything this room writes passes here.
fn json(value: &impl serde::Serialize) -> String {
    let mut bytes = Vec::with_capacity(JSON_BYTES);
    serde_json::to_writer(&mut bytes, value).expect("plain data with texts for keys can always be written");
    String::from_utf8(bytes).expect("serde_json writes nothing but UTF-8")
}
