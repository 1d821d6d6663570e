//! Writes the stylesheet into each page that refers to it.
//!
//! On a slow line each request takes a second or two: a page that brings its own style is shown with the
//! first answer, and nothing in it moves when the rest comes. Runs after stylesheets are joined; the file
//! itself is then left out. The policy of the page names the hash of the style (see `build.rs`, `reply`).

use super::{Broken, Tree, extension, text};

const LINK: &str = "<link rel=\"stylesheet\" href=\"assets/";

/// The same files with styles in the pages, and without stylesheets.
pub fn inlined(mut tree: Tree) -> Result<Tree, Broken> {
    let pages: Vec<_> = tree.keys().filter(|file| extension(file) == "html").cloned().collect();
    for page in pages {
        let written = written_in(&tree, &page)?;
        tree.insert(page, written.into_bytes());
    }
    tree.retain(|file, _| extension(file) != "css");
    Ok(tree)
}

fn written_in(tree: &Tree, page: &str) -> Result<String, Broken> {
    let html = text(tree, page)?;
    let Some((before, rest)) = html.split_once(LINK) else { return Ok(html.to_owned()) };
    let (file, rest) = rest.split_once('"').unwrap_or((rest, ""));
    let (_, after) = rest.split_once('>').unwrap_or((rest, ""));
    if !tree.contains_key(file) {
        let (file, reference) = (page.to_owned(), format!("assets/{file}"));
        return Err(Broken::Dangling { file, reference });
    }
    // Addresses count from the page now, which stands beside the folder that the stylesheet was in.
    let style = text(tree, file)?.replace("url(\"../", "url(\"assets/");
    Ok(format!("{before}<style>{style}</style>{after}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{texts, tree};
    use super::*;

    const PAGE: &str = "<a/>\n<link rel=\"stylesheet\" href=\"assets/styles/a.css\" />\n<b/>";

    #[test]
    fn a_page_has_its_style_and_addresses_in_it_are_found_from_there() {
        let style = "b { background: url(\"../icons/i.svg\") }";
        let out = texts(inlined(tree(&[("index.html", PAGE), ("styles/a.css", style)])).unwrap());
        let style = "<style>b { background: url(\"assets/icons/i.svg\") }</style>";
        assert_eq!(out["index.html"], format!("<a/>\n{style}\n<b/>"));
        assert_eq!(out.len(), 1, "the stylesheet is served no more");
    }

    #[test]
    fn a_page_without_a_stylesheet_stays_as_it_is() {
        let out = texts(inlined(tree(&[("index.html", "<a/>")])).unwrap());
        assert_eq!(out["index.html"], "<a/>");
    }

    #[test]
    fn a_stylesheet_that_is_not_there_is_refused() {
        let dangling =
            Broken::Dangling { file: "index.html".into(), reference: "assets/styles/a.css".into() };
        assert_eq!(inlined(tree(&[("index.html", PAGE)])), Err(dangling));
    }
}
