//! Gives the private names of classes (`#session`) one letter or two: nobody outside of a class sees them.
//!
//! A private name is behind a dot, or begins a line that declares it. No text may hold a dot and `#name`;
//! eslint refuses such texts.

use super::esm::is_of_name;

/// What may be before the name where it is declared.
const DECLARED: [&str; 5] = ["", "get ", "set ", "async ", "static "];

/// Renames in the lines of a module, in the order in which the names come.
pub fn shorten(body: &mut [String]) {
    let mut known = Vec::new();
    for line in body {
        *line = shortened(line, &mut known);
    }
}

fn shortened(line: &str, known: &mut Vec<String>) -> String {
    let mut chunks = line.split('#');
    let mut out = chunks.next().unwrap_or_default().to_owned();
    for chunk in chunks {
        let is_private = out.ends_with('.') || DECLARED.contains(&out.as_str());
        let (name, rest) = chunk.split_at(chunk.find(|letter| !is_of_name(letter)).unwrap_or(chunk.len()));
        let name = if is_private { short(name, known) } else { name.to_owned() };
        out.extend(["#", &name, rest]);
    }
    out
}

/// `a` to `z`, then `a1` and so on.
fn short(name: &str, known: &mut Vec<String>) -> String {
    let place = known.iter().position(|other| other == name).unwrap_or(known.len());
    if place == known.len() {
        known.push(name.to_owned());
    }
    let letter = char::from(b"abcdefghijklmnopqrstuvwxyz"[place % 26]);
    if place < 26 { letter.to_string() } else { format!("{letter}{}", place / 26) }
}
