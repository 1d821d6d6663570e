//! Lines of a script or a stylesheet without what browsers do not need: comments, indentation, blank lines.
//!
//! A comment begins a line, or is `/** ... */` anywhere in one. No text may hold `/**` or go over the end of
//! its line; eslint refuses such texts.

/// The lines that are left, each with its number.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut is_in_comment = false;
    let lines = text.lines().map(move |line| bare(line.trim(), &mut is_in_comment));
    (1..).zip(lines).filter(|(_, line)| !line.is_empty() && !line.starts_with("//"))
}

fn bare(line: &str, is_in_comment: &mut bool) -> String {
    let mut kept = String::new();
    let mut rest = line;
    loop {
        if *is_in_comment {
            let Some((_, behind)) = rest.split_once("*/") else { break };
            (*is_in_comment, rest) = (false, behind.trim_start());
        }
        let is_first = kept.is_empty() && rest.starts_with("/*");
        let begin = if is_first { Some(0) } else { rest.find("/**") };
        let Some(begin) = begin else {
            kept += rest;
            break;
        };
        kept += &rest[..begin];
        (*is_in_comment, rest) = (true, &rest[begin + 2..]);
    }
    kept.trim_end().to_owned()
}

/// Marks that need no space beside them.
const MARKS: [char; 17] =
    ['=', '(', ')', '{', '}', ',', ':', ';', '?', '&', '|', '<', '>', '*', '!', '[', ']'];

/// A script without the spaces and line breaks that say nothing: Prettier ends every statement with its
/// semicolon.
pub fn together(text: &str) -> String {
    let is_said = |line: &str| line.ends_with(['{', '}', ',', ';']);
    text.lines().map(|line| tight(line) + if is_said(line) { "" } else { "\n" }).collect()
}

/// Only texts in double quotes keep their spaces. A line with another quote, a pattern or a division stays.
fn tight(line: &str) -> String {
    if line.contains(['\'', '`', '/', '\\']) {
        return line.to_owned();
    }
    let is_text = |place: usize| place % 2 == 1;
    let pieces = line.split('"').enumerate();
    let pieces = pieces.map(|(place, piece)| if is_text(place) { piece.to_owned() } else { squeezed(piece) });
    pieces.collect::<Vec<_>>().join("\"")
}

fn squeezed(code: &str) -> String {
    code.chars().fold(String::new(), |mut out, letter| {
        if MARKS.contains(&letter) && out.ends_with(' ') {
            out.pop();
        }
        if letter != ' ' || !out.ends_with(MARKS) {
            out.push(letter);
        }
        out
    })
}
