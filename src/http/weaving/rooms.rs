//! Makes of the one page that people write the two that are served: the door of a link has a field for the
//! code before any script has come, and every other address has not.
//!
//! What stands between `<!-- door -->` and `<!-- /door -->` is for the door alone, what stands between
//! `<!-- start -->` and `<!-- /start -->` for all others. Runs first, so that both are pages as any other.

use super::{Broken, DOOR, PAGE, Tree, text};

/// The same files, with the page parted.
pub fn parted(tree: &Tree) -> Result<Tree, Broken> {
    let mut out = tree.clone();
    if tree.contains_key(PAGE) {
        let page = text(tree, PAGE)?;
        out.insert(DOOR.to_owned(), without(page, "start").into_bytes());
        out.insert(PAGE.to_owned(), without(page, "door").into_bytes());
    }
    Ok(out)
}

fn without(page: &str, part: &str) -> String {
    let cut = |page: &str| {
        let (before, rest) = page.split_once(&format!("<!-- {part} -->"))?;
        let (_, after) = rest.split_once(&format!("<!-- /{part} -->"))?;
        Some(format!("{before}{after}"))
    };
    cut(page).unwrap_or_else(|| page.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{texts, tree};
    use super::*;

    const PARTS: &str = "a<!-- start -->s<!-- /start -->b<!-- door -->d<!-- /door -->c";

    #[test]
    fn each_page_has_what_is_for_it_and_what_is_for_both() {
        let out = texts(parted(&tree(&[(PAGE, PARTS)])).unwrap());
        assert_eq!(out[PAGE], "a<!-- start -->s<!-- /start -->bc");
        assert_eq!(out[DOOR], "ab<!-- door -->d<!-- /door -->c");
    }

    #[test]
    fn a_page_without_parts_is_the_same_everywhere() {
        let out = texts(parted(&tree(&[(PAGE, "a")])).unwrap());
        assert_eq!((out[PAGE].as_str(), out[DOOR].as_str()), ("a", "a"));
    }
}
