//! Lines of a script or a stylesheet without comments and blank lines.
//!
//! A comment begins a line, or is `/** ... */` anywhere in one. No text may hold `/**` or go over the end of
//! its line; eslint refuses such texts.

/// The lines that are left, each with its number and its indentation.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut is_in_comment = false;
    let lines = text.lines().map(move |line| bare(line, &mut is_in_comment));
    (1..).zip(lines).filter(|(_, line)| !line.is_empty() && !line.trim_start().starts_with("//"))
}

fn bare(line: &str, is_in_comment: &mut bool) -> String {
    let mut kept = String::new();
    let mut rest = line;
    loop {
        if *is_in_comment {
            let Some((_, behind)) = rest.split_once("*/") else { break };
            (*is_in_comment, rest) = (false, behind.trim_start());
        }
        let is_first = kept.is_empty() && rest.trim_start().starts_with("/*");
        let Some(begin) = rest.find(if is_first { "/*" } else { "/**" }) else {
            kept += rest;
            break;
        };
        kept += &rest[..begin];
        (*is_in_comment, rest) = (true, &rest[begin + 2..]);
    }
    kept.trim_end().to_owned()
}
