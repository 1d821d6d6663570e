//! What the page is built of.

use super::{browser, fault, none};

#[test]
fn the_page_is_built_of_elements_and_text() {
    let forbidden = [
        ("innerHTML", "use a <template> and textContent"),
        ("outerHTML", "use a <template> and textContent"),
        ("insertAdjacentHTML", "use a <template> and textContent"),
        ("document.write", "use a <template> and textContent"),
        ("document.cookie", "keep it in localStorage: a cookie is shared by every port of a home server"),
        ("console.log", "show it on the page or leave it out"),
        ("eval(", "call a function"),
    ];
    let mut faults = Vec::new();
    for source in browser().into_iter().filter(|source| source.path.starts_with("assets")) {
        for (number, line) in source.lines() {
            for (word, advice) in forbidden.iter().filter(|(word, _)| line.contains(word)) {
                faults.push(fault(&source, number, &format!("{word}: {advice}")));
            }
            let style =
                source.path.extension().is_some_and(|ending| ending == "html") && line.contains(" style=");
            if style {
                faults.push(fault(
                    &source,
                    number,
                    "a style attribute breaks the content security policy: use a class",
                ));
            }
        }
    }
    none(faults);
}
