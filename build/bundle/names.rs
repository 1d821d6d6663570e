//! Gives the private names of a module's classes (`#session`) one or two letters: nobody else sees them.
//!
//! One stands behind a dot, or is declared at the beginning of a line. In a text or a pattern a `#` behind a dot
//! does no harm as long as no small letter follows it; eslint refuses such texts.

/// What may stand before a declaration.
const DECLARED: [&str; 4] = ["", "get ", "set ", "async "];

/// Renames in the order in which the names come.
pub fn shorten(body: &mut [String]) {
    let mut known: Vec<String> = Vec::new();
    for line in body {
        *line = shortened(line, &mut known);
    }
}

fn shortened(line: &str, known: &mut Vec<String>) -> String {
    let mut pieces = line.split('#');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(piece.len());
        let (name, rest) = piece.split_at(end);
        let is_private = out.ends_with('.') || DECLARED.contains(&out.as_str());
        let is_name = name.starts_with(|letter: char| letter.is_ascii_lowercase());
        out.push('#');
        out += &if is_private && is_name { short(name, known) } else { name.to_owned() };
        out += rest;
    }
    out
}

/// `a` to `z`, and then `a1` and so on.
fn short(name: &str, known: &mut Vec<String>) -> String {
    let place = known.iter().position(|other| other == name).unwrap_or_else(|| {
        known.push(name.to_owned());
        known.len() - 1
    });
    let letter = char::from(b"abcdefghijklmnopqrstuvwxyz"[place % 26]);
    if place < 26 { letter.to_string() } else { format!("{letter}{}", place / 26) }
}
