//! Makes one stylesheet of the one that the page names and those that it imports.

use super::{Result, Tree, code, refusal, target, text};

pub const IMPORT: &str = "write `@import \"./x.css\";`, in the stylesheet that the page names";
pub const ADDRESS: &str =
    "write the picture into the stylesheet, as url(\"data:...\"): addresses in it are not renamed";

/// `entry` with the others in the place of its imports.
pub fn join(tree: &Tree, entry: &str) -> Result<String> {
    let mut out = String::new();
    for (number, line) in code::lines(text(tree, entry)?) {
        match line.strip_prefix("@import \"").and_then(|rest| rest.strip_suffix("\";")) {
            Some(reference) => out += &rules(tree, &target(tree, entry, number, reference)?)?,
            None => out += &checked(entry, number, &line)?,
        }
    }
    Ok(out)
}

fn rules(tree: &Tree, file: &str) -> Result<String> {
    code::lines(text(tree, file)?).map(|(number, line)| checked(file, number, &line)).collect()
}

fn checked(file: &str, number: usize, line: &str) -> Result<String> {
    if line.trim_start().starts_with("@import") {
        return Err(refusal(file, number, IMPORT));
    }
    if line.replace("url(\"data:", "").contains("url(") {
        return Err(refusal(file, number, ADDRESS));
    }
    Ok(format!("{}\n", line.trim_start()))
}
