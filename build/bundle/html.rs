//! What becomes of a page, apart from the names in it.

/// `page` without what stands between `<!-- part -->` and `<!-- /part -->`: the page of a link has a field
/// for the code before any script has come, and every other address has not.
pub fn without(page: &str, part: &str) -> String {
    let (begin, end) = (format!("<!-- {part} -->"), format!("<!-- /{part} -->"));
    let mut chunks = page.split(&begin);
    let first = chunks.next();
    let behind = chunks.filter_map(|chunk| chunk.split_once(&end)).map(|(_, behind)| behind);
    first.into_iter().chain(behind).collect()
}

/// `page` with the stylesheet `file` written into it. On a slow line each request takes a second or two: a
/// page that brings its own style is shown with the first answer, and nothing in it moves when the rest
/// comes.
pub fn with_style(page: &str, file: &str, style: &str) -> String {
    let link = format!("<link rel=\"stylesheet\" href=\"assets/{file}\" />");
    page.replace(&link, &format!("<style>{style}</style>"))
}
