//! Writes out what a `*` in a reference stands for.
//!
//! In the page, a tag that refers to `"assets/words/*.json"` is repeated for each such file, and every `*` in
//! it becomes the name of the file. In the worker, `"assets/*"` becomes a list: `"assets/a", "assets/b"`.
//! Runs before names are hashed, so that each is then a reference as any other.

use super::{Broken, DOOR, NAMED, PAGE, Tree, WORKER, text};

/// The same files without stars.
pub fn written_out(tree: &Tree) -> Result<Tree, Broken> {
    let mut out = tree.clone();
    for file in [PAGE, DOOR, WORKER].into_iter().filter(|file| tree.contains_key(*file)) {
        out.insert(file.to_owned(), replaced(tree, file)?.into_bytes());
    }
    Ok(out)
}

fn replaced(tree: &Tree, file: &str) -> Result<String, Broken> {
    let mut rest = text(tree, file)?;
    let mut out = String::with_capacity(rest.len());
    while let Some((begin, reference)) = first(rest) {
        let end = begin + reference.len() + 2;
        let whole = if file == WORKER { begin..end } else { tag(rest, begin, end) };
        let found = matches(tree, reference);
        if found.is_empty() {
            return Err(Broken::Dangling { file: file.to_owned(), reference: reference.to_owned() });
        }
        let written = found.iter().map(|star| rest[whole.clone()].replace('*', star));
        let before = &rest[..whole.start];
        let between = if file == WORKER { ", " } else { &before[before.trim_end().len()..] };
        out += before;
        out += &written.collect::<Vec<_>>().join(between);
        rest = &rest[whole.end..];
    }
    Ok(out + rest)
}

/// The first reference with a star, and where its quotes begin.
fn first(text: &str) -> Option<(usize, &str)> {
    let mut begins = text.match_indices("\"assets/").map(|(at, _)| at);
    begins.find_map(|at| {
        let reference = text[at + 1..].split('"').next().unwrap_or_default();
        reference.contains('*').then_some((at, reference))
    })
}

/// The tag around a reference.
fn tag(text: &str, begin: usize, end: usize) -> std::ops::Range<usize> {
    let opened = text[..begin].rfind('<').unwrap_or(begin);
    let closed = text[end..].find('>').map_or(end, |closed| end + closed + 1);
    opened..closed
}

/// What the star of a reference stands for, once for each file that fits.
fn matches<'a>(tree: &'a Tree, reference: &str) -> Vec<&'a str> {
    let below = reference.trim_start_matches("assets/");
    let Some((before, after)) = below.split_once('*') else { return Vec::new() };
    let files = tree.keys().filter(|file| !NAMED.contains(&file.as_str()));
    files.filter_map(|file| file.strip_prefix(before)?.strip_suffix(after)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{texts, tree};
    use super::*;

    fn check(file: &str, text: &str, expected: &str) {
        let others =
            [("words/de.json", ""), ("words/en.json", ""), ("app/a.js", ""), ("manifest.webmanifest", "")];
        let out = texts(written_out(&tree(&[&[(file, text)], &others[..]].concat())).unwrap());
        assert_eq!(out[file], expected);
    }

    #[test]
    fn a_tag_is_repeated_for_each_file() {
        check("index.html", "<p>*</p><b>", "<p>*</p><b>");
        check(
            "index.html",
            "<b>\n  <link lang=\"*\" href=\"assets/words/*.json\" />\n<i a=\"assets/app/*.js\">",
            "<b>\n  <link lang=\"de\" href=\"assets/words/de.json\" />\n  \
             <link lang=\"en\" href=\"assets/words/en.json\" />\n<i a=\"assets/app/a.js\">",
        );
    }

    #[test]
    fn the_worker_gets_a_list_of_all_files_that_are_named_by_their_content() {
        check(
            "sw.js",
            "const A = [\".\", \"assets/*\"]; const B = \"assets/\" + '*';",
            "const A = [\".\", \"assets/app/a.js\", \"assets/words/de.json\", \"assets/words/en.json\"]; \
             const B = \"assets/\" + '*';",
        );
    }

    #[test]
    fn a_star_that_stands_for_nothing_is_named() {
        let out = written_out(&tree(&[("index.html", "<link href=\"assets/words/*.json\">")]));
        assert_eq!(
            out.unwrap_err().to_string(),
            "assets/index.html: \"assets/words/*.json\" leads to no file"
        );
    }
}
