//! Reads a stylesheet: which others it begins with, and the rest of it.
//!
//! Called by `joined`. Addresses in it are rewritten for the stylesheet that it becomes part of.

use super::pieces::{self, Kind, Language, Piece, Unclear, bare};
use super::resolved;

/// A stylesheet, apart from those that it imports.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// `@layer a, b;` before the imports.
    pub head: String,
    /// The other stylesheets, in order.
    pub imports: Vec<String>,
    /// The rest, without comments.
    pub body: String,
}

const IMPORT: &str =
    "write `@import \"./x.css\";`, and before all rules: only `@layer a, b;` may stand above";
const ADDRESS: &str = "write `url(\"../icons/x.svg\")`, in double quotes, so that it can be renamed";

const ELSEWHERE: &str = "this address leads out of assets/";

/// Reads the stylesheet `file`, whose rules are to stand in `entry`.
pub fn read(file: &str, entry: &str, text: &str) -> Result<Sheet, Unclear> {
    let pieces = pieces::cut(Language::Style, text)?;
    let mut sheet = Sheet::default();
    let mut rest = &pieces[..];
    while let Some((statement, behind)) = statement(rest) {
        let said: Vec<_> = statement.iter().filter(|piece| !piece.is_blank()).collect();
        match said[..] {
            [_, word, ..] if word.is("layer") && sheet.imports.is_empty() => {
                sheet.head += &bare(statement);
                sheet.head.push('\n');
            }
            [_, word, named, _] if word.is("import") && is_relative(named) => {
                let named = named.quoted().ok_or_else(|| Unclear::at(word.line, IMPORT))?;
                sheet.imports.push(named.to_owned());
            }
            _ => break,
        }
        rest = behind;
    }
    sheet.body = body(file, entry, rest)?;
    Ok(sheet)
}

/// A statement with `@` and without a block, if one comes first, and what stands behind it.
fn statement<'p, 'a>(pieces: &'p [Piece<'a>]) -> Option<(&'p [Piece<'a>], &'p [Piece<'a>])> {
    pieces.iter().find(|piece| !piece.is_blank()).filter(|first| first.is("@"))?;
    let end = pieces.iter().position(|piece| piece.is(";") || piece.is("{"))?;
    pieces[end].is(";").then(|| pieces.split_at(end + 1))
}

fn body(file: &str, entry: &str, pieces: &[Piece<'_>]) -> Result<String, Unclear> {
    let mut texts = Vec::with_capacity(pieces.len());
    let (mut before, mut last) = ("", "");
    for piece in pieces {
        let is_address = before == "url" && last == "(" && !piece.is_blank();
        if last == "@" && piece.is("import") {
            return Err(Unclear::at(piece.line, IMPORT));
        }
        if is_address && piece.quoted().is_none() || !is_address && is_relative(piece) {
            return Err(Unclear::at(piece.line, ADDRESS));
        }
        texts.push(moved(file, entry, piece)?);
        if !piece.is_blank() {
            (before, last) = (last, piece.text);
        }
    }
    let moved: Vec<_> = pieces.iter().zip(&texts).map(|(piece, text)| Piece { text, ..*piece }).collect();
    Ok(bare(&moved))
}

fn is_relative(piece: &Piece<'_>) -> bool {
    let letters = piece.text.trim_start_matches(['"', '\'']);
    piece.kind == Kind::Text && (letters.starts_with("./") || letters.starts_with("../"))
}

/// An address as it must be written in `entry`; any other piece as it is.
fn moved(file: &str, entry: &str, piece: &Piece<'_>) -> Result<String, Unclear> {
    let Some(address) = piece.quoted().filter(|_| is_relative(piece)) else {
        return Ok(piece.text.to_owned());
    };
    let target = resolved(file, address).ok_or_else(|| Unclear::at(piece.line, ELSEWHERE))?;
    Ok(format!("\"{}{target}\"", "../".repeat(entry.matches('/').count())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ENTRY: &str = "styles/main.css";

    #[test]
    fn layers_stay_above_what_is_imported_and_rules_below() {
        let text = "/* a */\n@layer b, c;\n\n@import \"./d.css\";\n@import \"../e/f.css\"; /* g */\n\
                    @layer h;\n@media print {\n  i { j: k; }\n}\n";
        let sheet = read(ENTRY, ENTRY, text).unwrap();
        assert_eq!(sheet.head, "@layer b, c;\n");
        assert_eq!(sheet.imports, ["./d.css", "../e/f.css"]);
        assert_eq!(sheet.body, "@layer h;\n@media print {\ni { j: k; }\n}");
        assert_eq!(read(ENTRY, ENTRY, "@layer a {\n}").unwrap().body, "@layer a {\n}");
    }

    #[test]
    fn addresses_lead_to_the_same_file_from_where_the_rules_stand_later() {
        for (file, entry, expected) in [
            ("styles/a.css", ENTRY, "../styles/i.svg"),
            ("styles/deep/a.css", ENTRY, "../styles/deep/i.svg"),
            ("a.css", ENTRY, "../i.svg"),
            ("styles/a.css", "main.css", "styles/i.svg"),
        ] {
            let rule = |address: &str| format!("a {{ b: url( \"{address}\") url(\"data:c\"); }}");
            assert_eq!(read(file, entry, &rule("./i.svg")).unwrap().body, rule(expected), "{file} {entry}");
        }
    }

    #[test]
    fn every_other_form_is_refused_with_what_to_write() {
        for (text, advice) in [
            ("@import url(\"./a.css\");", IMPORT),
            ("@import \"a.css\";", IMPORT),
            ("@import './a.css';", IMPORT),
            ("@import \"./a.css\" layer(b);", IMPORT),
            ("@import \"./a.css\"", IMPORT),
            ("@import \"./a.css\"; @layer b; @import \"./c.css\";", IMPORT),
            ("a {} @import \"./b.css\";", IMPORT),
            ("a { b: url(c.svg); }", ADDRESS),
            ("a { b: url('./c.svg'); }", ADDRESS),
            ("a { b: image-set(\"./c.png\" 1x); }", ADDRESS),
            ("a { b: url(\"../../c.svg\"); }", ELSEWHERE),
        ] {
            assert_eq!(read(ENTRY, ENTRY, &format!("\n{text}")), Err(Unclear::at(2, advice)), "{text}");
        }
    }
}
