//! What `docs/threats.md`, `docs/reliability.md` and `src/lib.rs` promise is held by tests: each that they
//! name is there.

use std::fs;
use std::path::Path;

/// Something in backquotes that names a test.
struct Named<'a> {
    file: &'a str,
    test: &'a str,
}

impl<'a> Named<'a> {
    fn of(word: &'a str) -> Option<Self> {
        let of_browser = word.strip_prefix("browser/").and_then(|word| word.split_once(": "));
        let of_rust = || word.rsplit_once("::").filter(|_| !word.contains([' ', '(', '<']));
        of_browser.or_else(of_rust).map(|(file, test)| Self { file, test })
    }

    fn is_there(&self) -> bool {
        let heads = [format!("fn {}(", self.test), format!("test(\"{}\"", self.test)];
        let parts = self.file.strip_suffix("::tests").unwrap_or(self.file).replace("::", "/");
        let parts = parts.strip_prefix("src/").unwrap_or(&parts).to_owned();
        let parts = parts.trim_end_matches(".rs");
        let places = FOLDERS.iter().flat_map(|folder| {
            let file = |ending: &str| top().join(folder).join(format!("{parts}{ending}"));
            ["", ".rs", "/mod.rs", "/tests.rs"].map(file)
        });
        let texts = places.filter_map(|place| fs::read_to_string(place).ok());
        texts.into_iter().any(|text| heads.iter().any(|head| text.contains(head)))
    }
}

/// Where tests are; a section of a document may be about one of them.
const FOLDERS: [&str; 5] = ["tests", "tests/redb/crash", "tests/contract/backup", "tests/browser", "src"];

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(top().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What stands in backquotes.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Whether a word means a test: a sentence behind the name of a file.
fn is_sentence(named: &Named) -> bool {
    named.test.matches('_').count() > 2 || named.test.contains(' ')
}

fn missing(text: &str) -> Vec<&str> {
    let words = text.lines().flat_map(quoted);
    let is_missing =
        |word: &&str| Named::of(word).is_some_and(|named| is_sentence(&named) && !named.is_there());
    words.filter(is_missing).collect()
}

#[test]
fn each_line_names_a_test_that_is_there() {
    let text = read("docs/threats.md");
    let lines = text.lines().filter(|line| line.starts_with("| can"));
    let without: Vec<_> = lines.filter(|line| !quoted(line).any(|word| Named::of(word).is_some())).collect();
    assert!(without.is_empty(), "say which test holds it: {without:#?}");
    assert_eq!(missing(&text), Vec::<&str>::new(), "docs/threats.md names tests that are not there");
}

#[test]
fn a_promise_names_a_test_that_is_there() {
    for path in ["docs/reliability.md", "src/lib.rs"] {
        assert_eq!(missing(&read(path)), Vec::<&str>::new(), "{path} names tests that are not there");
    }
}

#[test]
fn every_actor_has_what_they_can_do_and_what_they_cannot() {
    let text = read("docs/threats.md");
    let sections: Vec<&str> = text.split("\n## ").skip(1).collect();
    let actors = ["passer-by", "finds a link", "finds a code", "participant", "was a participant"];
    let others = ["neighbour", "thief", "host", "proxy"];
    for (section, actor) in sections.iter().zip(actors.iter().chain(&others)) {
        let title = section.lines().next().unwrap();
        assert!(title.contains(actor), "{title} instead of {actor}");
        assert!(section.contains("| cannot |"), "{title}: what they cannot do");
    }
    assert_eq!(sections.len(), actors.len() + others.len());
}

#[test]
fn a_test_that_is_not_there_is_missed() {
    let text =
        "`raw::frames::no_such_test_was_ever_written` `house::talking::everybody_sees_one_order` `a::b`";
    assert_eq!(missing(text), ["raw::frames::no_such_test_was_ever_written"]);
}
