//! Gives every asset a name that carries the hash of its content, and rewrites who refers to it.
//!
//! Called by `build.rs` on the files of `assets/`; compiled into the crate only for its tests. Files are
//! done leaves first, because a reference is content and so takes part in the hash. Pages (HTML)
//! keep their names. It reads and writes no files itself.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use sha2::{Digest, Sha256};

/// Files by their path below `assets/`, with `/` between folders.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// Hexadecimal digits of a hash in a name: 48 bits tell a few hundred files apart.
const DIGITS: usize = 12;

/// Why the assets cannot be woven together; each says in which file and what to write.
#[derive(Debug, PartialEq, Eq)]
pub enum Broken {
    /// A reference leads to no file.
    Dangling {
        /// The file that refers.
        file: String,
        /// What it refers to, as written.
        reference: String,
    },
    /// Files refer to each other in a circle, so that none of them can be hashed first.
    Circle(Vec<String>),
    /// A relative reference in quotes that are not looked into.
    Quotes {
        /// The file that refers.
        file: String,
        /// How it begins.
        reference: String,
    },
    /// A file with references is not UTF-8.
    NotText(String),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dangling { file, reference } => write!(f, "assets/{file}: {reference:?} leads to no file"),
            Self::Circle(files) => {
                write!(f, "assets: these refer to each other in a circle: {}", files.join(" -> "))
            }
            Self::Quotes { file, reference } => {
                write!(f, "assets/{file}: write {reference}... in double quotes, so that it can be renamed")
            }
            Self::NotText(file) => write!(f, "assets/{file}: not UTF-8"),
        }
    }
}

/// The same files under their hashed names, with every reference rewritten.
pub fn hashed(tree: &Tree) -> Result<Tree, Broken> {
    let mut weaving = Weaving { tree, names: BTreeMap::new(), done: Tree::new(), open: Vec::new() };
    for file in tree.keys() {
        weaving.name(file)?;
    }
    Ok(weaving.done)
}

/// How a kind of file writes its references.
#[derive(Clone, Copy)]
enum Kind {
    Page,
    Style,
    Module,
    Data,
    Leaf,
}

impl Kind {
    fn of(file: &str) -> Self {
        match file.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "html" => Self::Page,
            "css" => Self::Style,
            "js" | "mjs" => Self::Module,
            "json" | "webmanifest" => Self::Data,
            _ => Self::Leaf,
        }
    }

    /// What a reference is quoted by, and what it begins with.
    fn marks(self) -> &'static [(&'static str, &'static [&'static str])] {
        match self {
            Self::Page => &[("\"", &["assets/"])],
            Self::Style => &[("url(\"", RELATIVE), ("@import \"", RELATIVE)],
            Self::Module | Self::Data => &[("\"", RELATIVE)],
            Self::Leaf => &[],
        }
    }

    /// References that look like ones but are not quoted so that they are found.
    fn stray_marks(self) -> &'static [&'static str] {
        match self {
            Self::Page => &["'assets/", "=assets/"],
            Self::Style => &["url('", "url(.", "@import '", "@import url"],
            Self::Module => &["'./", "'../", "`./", "`../"],
            Self::Data | Self::Leaf => &[],
        }
    }

    /// Whether what follows `before` is a reference: in a module, other texts may begin like one.
    fn refers(self, before: &str) -> bool {
        let before = before.trim_end();
        !matches!(self, Self::Module)
            || ["from", "import", "import(", "new URL("].iter().any(|word| before.ends_with(word))
    }

    fn has_comments(self) -> bool {
        matches!(self, Self::Style | Self::Module)
    }
}

const RELATIVE: &[&str] = &["./", "../"];

struct Weaving<'a> {
    tree: &'a Tree,
    names: BTreeMap<String, String>,
    done: Tree,
    open: Vec<String>,
}

impl Weaving<'_> {
    /// The new name of `file`, after doing everything that it refers to.
    fn name(&mut self, file: &str) -> Result<String, Broken> {
        if let Some(name) = self.names.get(file) {
            return Ok(name.clone());
        }
        if let Some(at) = self.open.iter().position(|open| open == file) {
            let mut circle = self.open.split_off(at);
            circle.push(file.to_owned());
            return Err(Broken::Circle(circle));
        }
        self.open.push(file.to_owned());
        let content = self.rewritten(file)?;
        self.open.pop();
        let name = renamed(file, &content);
        self.done.insert(name.clone(), content);
        self.names.insert(file.to_owned(), name.clone());
        Ok(name)
    }

    fn rewritten(&mut self, file: &str) -> Result<Vec<u8>, Broken> {
        let content = &self.tree[file];
        let kind = Kind::of(file);
        if matches!(kind, Kind::Leaf) {
            return Ok(content.clone());
        }
        let mut text = String::from_utf8(content.clone()).map_err(|_| Broken::NotText(file.to_owned()))?;
        if let Some(stray) = stray(kind, &text) {
            return Err(Broken::Quotes { file: file.to_owned(), reference: stray.to_owned() });
        }
        for &(quote, beginnings) in kind.marks() {
            text = self.replaced(file, &text, quote, beginnings)?;
        }
        Ok(text.into_bytes())
    }

    /// `text` with the references that are quoted by `quote` rewritten, where they are not in a comment.
    fn replaced(
        &mut self,
        file: &str,
        text: &str,
        quote: &str,
        beginnings: &[&str],
    ) -> Result<String, Broken> {
        let kind = Kind::of(file);
        let comments = comments(kind, text);
        let mut out = String::with_capacity(text.len() + 64);
        let mut done = 0;
        for (at, _) in text.match_indices(quote) {
            let start = at + quote.len();
            let begins = beginnings.iter().any(|beginning| text[start..].starts_with(beginning));
            if begins && kind.refers(&text[..at]) && !is_within(&comments, at) {
                let length = text[start..].find('"').unwrap_or(text.len() - start);
                out.push_str(&text[done..start]);
                out.push_str(&self.reference(file, &text[start..start + length])?);
                done = start + length;
            }
        }
        out.push_str(&text[done..]);
        Ok(out)
    }

    /// `reference` as it must be written in `file` once its target has its new name.
    fn reference(&mut self, file: &str, reference: &str) -> Result<String, Broken> {
        let bare = reference.split(['#', '?']).next().unwrap_or(reference);
        let target = match bare.strip_prefix("assets/") {
            Some(below) if matches!(Kind::of(file), Kind::Page) => Some(below.to_owned()),
            _ => resolved(file, bare),
        };
        let Some(target) = target.filter(|target| self.tree.contains_key(target)) else {
            return Err(Broken::Dangling { file: file.to_owned(), reference: reference.to_owned() });
        };
        let name = self.name(&target)?;
        let folder = bare.rfind('/').map_or("", |slash| &bare[..=slash]);
        let last = name.rsplit('/').next().unwrap_or(&name);
        Ok(format!("{folder}{last}{}", &reference[bare.len()..]))
    }
}

/// The first reference that is not quoted as it should be.
fn stray(kind: Kind, text: &str) -> Option<&'static str> {
    let comments = comments(kind, text);
    let is_stray = |mark: &str| {
        text.match_indices(mark).any(|(at, _)| kind.refers(&text[..at]) && !is_within(&comments, at))
    };
    kind.stray_marks().iter().copied().find(|mark| is_stray(mark))
}

fn is_within(ranges: &[Range<usize>], at: usize) -> bool {
    ranges.iter().any(|range| range.contains(&at))
}

/// Where the comments are: types in them look like imports. Knows no regular expressions, in which quotes
/// may hide a comment until the end of the line, and no more than that.
fn comments(kind: Kind, text: &str) -> Vec<Range<usize>> {
    let bytes = if kind.has_comments() { text.as_bytes() } else { &[] };
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text.as_bytes()[at..];
        let end = match bytes[at] {
            quote @ (b'"' | b'\'' | b'`') => at + string(rest, quote),
            b'/' if rest.starts_with(b"/*") => at + length(&rest[2..], b"*/") + 2,
            b'/' if rest.starts_with(b"//") => at + length(rest, b"\n"),
            _ => at + 1,
        };
        if bytes[at] == b'/' && end > at + 1 {
            found.push(at..end);
        }
        at = end;
    }
    found
}

/// The length of a string that begins here. Only a template goes on beyond the end of its line.
fn string(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\n' if quote != b'`' => return at,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// How far it is to the end of `mark`.
fn length(bytes: &[u8], mark: &[u8]) -> usize {
    let at = bytes.windows(mark.len()).position(|window| window == mark);
    at.map_or(bytes.len(), |at| at + mark.len())
}

/// The path that a relative `reference` in `file` means; nothing where it leaves `assets/`.
fn resolved(file: &str, reference: &str) -> Option<String> {
    let mut folders: Vec<&str> = file.split('/').collect();
    folders.pop();
    for part in reference.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                folders.pop()?;
            }
            part => folders.push(part),
        }
    }
    Some(folders.join("/"))
}

/// `app/page.js` becomes `app/page.0123456789ab.js`; a page keeps its name.
fn renamed(file: &str, content: &[u8]) -> String {
    if matches!(Kind::of(file), Kind::Page) {
        return file.to_owned();
    }
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(content));
    let slash = file.rfind('/').map_or(0, |slash| slash + 1);
    let dot = file[slash..].rfind('.').map_or(file.len(), |dot| slash + dot);
    format!("{}.{}{}", &file[..dot], &digest[..DIGITS], &file[dot..])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        files.iter().map(|(file, text)| ((*file).to_owned(), text.as_bytes().to_vec())).collect()
    }

    fn woven(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        let out = hashed(&tree(files)).unwrap();
        out.into_iter().map(|(file, content)| (file, String::from_utf8(content).unwrap())).collect()
    }

    fn named<'a>(out: &'a BTreeMap<String, String>, stem: &str, end: &str) -> &'a str {
        out.keys().find(|name| name.starts_with(stem) && name.ends_with(end)).unwrap()
    }

    #[test]
    fn references_follow_the_new_names() {
        let out = woven(&[
            (
                "index.html",
                r#"<script src="assets/app/main.js"></script><link href="assets/styles/a.css#x">"#,
            ),
            (
                "app/main.js",
                r#"import { a } from "./models/a.js"; import "../words/en.js"; const s = "plain";"#,
            ),
            ("app/models/a.js", "export const a = 1;"),
            ("words/en.js", "export default {};"),
            ("styles/a.css", r#"@import "./b.css"; a { background: url("../icons/i.svg"); }"#),
            ("styles/b.css", ""),
            ("icons/i.svg", "<svg/>"),
        ]);
        let main = named(&out, "app/main.", ".js");
        let style = named(&out, "styles/a.", ".css");
        assert!(out["index.html"].contains(&format!(r#"src="assets/{main}""#)), "{out:?}");
        assert!(out["index.html"].contains(&format!(r#"href="assets/{style}#x""#)), "{out:?}");
        let model = named(&out, "app/models/a.", ".js").strip_prefix("app/").unwrap();
        assert!(out[main].contains(&format!(r#"from "./{model}""#)), "{out:?}");
        assert!(
            out[main].contains(&format!(r#"import "../{}""#, named(&out, "words/en.", ".js"))),
            "{out:?}"
        );
        assert!(out[style].contains(&format!(r#"url("../{}")"#, named(&out, "icons/i.", ".svg"))), "{out:?}");
        assert_eq!(out.len(), 7);
    }

    #[test]
    fn a_changed_leaf_renames_everything_that_leads_to_it() {
        let page = ("index.html", r#"<script src="assets/a.js">"#);
        let one = woven(&[page, ("a.js", r#"import "./b.js";"#), ("b.js", "1")]);
        let two = woven(&[page, ("a.js", r#"import "./b.js";"#), ("b.js", "2")]);
        assert_ne!(named(&one, "b.", ".js"), named(&two, "b.", ".js"));
        assert_ne!(named(&one, "a.", ".js"), named(&two, "a.", ".js"));
        assert_ne!(one["index.html"], two["index.html"]);
    }

    #[test]
    fn comments_and_other_texts_are_left_alone() {
        let text = r#"
            // import './gone.js' and "../gone.js", it's `./gone.js`
            /* import("./gone.js") */ const a = /** @type {import("./gone.js").A} */ (1);
            const url = "./api/v1"; const path = './x'; const quote = "it's // no comment \" "; const t = `
            ${a} // no comment`; import { b } from "./b.js"; const later = () => import("./b.js");
            const icon = new URL("./b.js", import.meta.url);
        "#;
        let out = woven(&[("a.js", text), ("b.js", "")]);
        let b = named(&out, "b.", ".js");
        assert_eq!(out[named(&out, "a.", ".js")], text.replace("./b.js", &format!("./{b}")));
    }

    #[test]
    fn what_cannot_be_woven_is_named() {
        let circle = hashed(&tree(&[("a.js", r#"import "./b.js""#), ("b.js", r#"import "./a.js""#)]));
        assert_eq!(circle, Err(Broken::Circle(vec!["a.js".into(), "b.js".into(), "a.js".into()])));
        for (file, text, expected) in [
            ("a.js", r#"import "./gone.js""#, "\"./gone.js\" leads to no file"),
            ("a.js", r#"import "../gone.js""#, "leads to no file"),
            ("x.html", r#"<a href="assets/gone.js">"#, "leads to no file"),
            ("a.js", "import('./b.js')", "double quotes"),
            ("a.js", "import(`./${b}.js`)", "double quotes"),
            ("a.css", "a { background: url(./b.svg) }", "double quotes"),
            ("a.css", "@import url(\"./b.css\")", "double quotes"),
            ("x.html", "<a href='assets/gone.js'>", "double quotes"),
        ] {
            let message = hashed(&tree(&[(file, text)])).unwrap_err().to_string();
            assert!(
                message.starts_with(&format!("assets/{file}: ")) && message.contains(expected),
                "{message}"
            );
        }
        let binary = Tree::from([("a.js".to_owned(), vec![0xff])]);
        assert_eq!(hashed(&binary), Err(Broken::NotText("a.js".into())));
    }
}
