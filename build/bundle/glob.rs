//! Writes out what a `*` in a reference means.

use std::collections::BTreeMap;

/// Repeats a line that names `"assets/words/*.json"` for each such file; every `*` in it becomes what the
/// file has in that place. A line that no file fits stays as it is, and leads to no file.
pub fn expand(text: &str, names: &BTreeMap<String, String>) -> String {
    text.lines().map(|line| repeated(line, names).unwrap_or_else(|| format!("{line}\n"))).collect()
}

fn repeated(line: &str, names: &BTreeMap<String, String>) -> Option<String> {
    let (_, reference) = line.split_once("\"assets/")?;
    let (before, after) = reference.split('"').next()?.split_once('*')?;
    let fitting = names.keys().filter_map(|file| file.strip_prefix(before)?.strip_suffix(after));
    let lines: String = fitting.map(|part| line.replace('*', part) + "\n").collect();
    (!lines.is_empty()).then_some(lines)
}
