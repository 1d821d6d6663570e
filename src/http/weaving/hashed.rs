//! Gives every file a name that carries the hash of its content, and rewrites who refers to it.
//!
//! Runs last, when scripts and stylesheets are joined. Files are done leaves first, because a reference is
//! content and so takes part in the hash. What browsers ask for by name keeps its name.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Broken, NAMED, Tree, extension, resolved, text};

/// Hexadecimal digits of a hash in a name: 48 bits tell a few hundred files apart.
const DIGITS: usize = 12;

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
    /// A page, the worker, the manifest: what stands beside `assets/` when it is served.
    Beside,
    Style,
    Leaf,
}

impl Kind {
    fn of(file: &str) -> Self {
        match extension(file) {
            _ if NAMED.contains(&file) => Self::Beside,
            "css" => Self::Style,
            _ => Self::Leaf,
        }
    }

    /// What a reference is quoted by, and what it begins with.
    fn mark(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Beside => ("\"", &[ASSETS]),
            Self::Style => ("url(\"", &["./", "../"]),
            Self::Leaf => ("", &[]),
        }
    }

    /// References that look like ones but are not quoted so that they are found. Those of stylesheets were
    /// looked for when they were joined.
    fn stray_marks(self) -> &'static [&'static str] {
        match self {
            Self::Beside => &["'assets/", "`assets/", "=assets/"],
            Self::Style | Self::Leaf => &[],
        }
    }
}

/// The folder of all hashed files as seen from what stands beside it.
const ASSETS: &str = "assets/";

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
        let kind = Kind::of(file);
        if matches!(kind, Kind::Leaf) {
            return Ok(self.tree[file].clone());
        }
        let text = text(self.tree, file)?;
        if let Some(stray) = kind.stray_marks().iter().find(|mark| text.contains(**mark)) {
            return Err(Broken::Quotes { file: file.to_owned(), reference: (*stray).to_owned() });
        }
        let (quote, beginnings) = kind.mark();
        let mut out = String::with_capacity(text.len() + 64);
        let mut done = 0;
        for (at, _) in text.match_indices(quote) {
            let start = at + quote.len();
            let reference = text[start..].split('"').next().unwrap_or_default();
            if reference != ASSETS && beginnings.iter().any(|beginning| reference.starts_with(beginning)) {
                out.push_str(&text[done..start]);
                out.push_str(&self.reference(file, reference)?);
                done = start + reference.len();
            }
        }
        out.push_str(&text[done..]);
        Ok(out.into_bytes())
    }

    /// `reference` as it must be written in `file` once its target has its new name.
    fn reference(&mut self, file: &str, reference: &str) -> Result<String, Broken> {
        let bare = reference.split(['#', '?']).next().unwrap_or(reference);
        let target = match bare.strip_prefix(ASSETS) {
            Some(below) if matches!(Kind::of(file), Kind::Beside) => Some(below.to_owned()),
            _ => resolved(file, bare),
        };
        let is_hashed = |target: &String| self.tree.contains_key(target) && !NAMED.contains(&target.as_str());
        let Some(target) = target.filter(is_hashed) else {
            return Err(Broken::Dangling { file: file.to_owned(), reference: reference.to_owned() });
        };
        let name = self.name(&target)?;
        let folder = bare.rfind('/').map_or("", |slash| &bare[..=slash]);
        let last = name.rsplit('/').next().unwrap_or(&name);
        Ok(format!("{folder}{last}{}", &reference[bare.len()..]))
    }
}

/// `app/page.js` becomes `app/page.0123456789ab.js`.
fn renamed(file: &str, content: &[u8]) -> String {
    if NAMED.contains(&file) {
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
    use super::super::tests::{texts, tree};
    use super::*;

    fn woven(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        texts(hashed(&tree(files)).unwrap())
    }

    fn named<'a>(out: &'a BTreeMap<String, String>, stem: &str, end: &str) -> &'a str {
        out.keys().find(|name| name.starts_with(stem) && name.ends_with(end)).unwrap()
    }

    #[test]
    fn references_follow_the_new_names() {
        let out = woven(&[
            (
                "index.html",
                r#"<script src="assets/app/main.js"></script><link href="assets/styles/a.css#x"> "../i.svg""#,
            ),
            ("app/main.js", r#"const not = "assets/app/main.js"; const neither = "./main.js";"#),
            ("styles/a.css", r#"a { background: url("../icons/i.svg"); content: "../icons/i.svg" }"#),
            ("sw.js", r#"const files = ["assets/icons/i.svg", "assets/"];"#),
            ("manifest.webmanifest", r#"{"start_url": "./", "icons": "assets/icons/i.svg"}"#),
            ("icons/i.svg", "<svg/>"),
        ]);
        let (main, style) = (named(&out, "app/main.", ".js"), named(&out, "styles/a.", ".css"));
        let icon = named(&out, "icons/i.", ".svg");
        assert_eq!(
            out["index.html"],
            format!(r#"<script src="assets/{main}"></script><link href="assets/{style}#x"> "../i.svg""#)
        );
        assert_eq!(out[main], r#"const not = "assets/app/main.js"; const neither = "./main.js";"#);
        assert_eq!(out[style], format!(r#"a {{ background: url("../{icon}"); content: "../icons/i.svg" }}"#));
        assert_eq!(out["sw.js"], format!(r#"const files = ["assets/{icon}", "assets/"];"#));
        assert_eq!(
            out["manifest.webmanifest"],
            format!(r#"{{"start_url": "./", "icons": "assets/{icon}"}}"#)
        );
        assert_eq!(out.len(), 6);
    }

    #[test]
    fn a_changed_leaf_renames_everything_that_leads_to_it() {
        let page = ("index.html", r#"<link href="assets/a.css">"#);
        let rule = ("a.css", r#"a { b: url("./b.svg") }"#);
        let one = woven(&[page, rule, ("b.svg", "1")]);
        let two = woven(&[page, rule, ("b.svg", "2")]);
        assert_ne!(named(&one, "b.", ".svg"), named(&two, "b.", ".svg"));
        assert_ne!(named(&one, "a.", ".css"), named(&two, "a.", ".css"));
        assert_ne!(one["index.html"], two["index.html"]);
    }

    #[test]
    fn what_cannot_be_hashed_is_named() {
        let circle = hashed(&tree(&[("a.css", r#"url("./b.css")"#), ("b.css", r#"url("./a.css")"#)]));
        assert_eq!(circle, Err(Broken::Circle(vec!["a.css".into(), "b.css".into(), "a.css".into()])));
        for (file, text, expected) in [
            ("index.html", r#"<a href="assets/gone.js">"#, "\"assets/gone.js\" leads to no file"),
            ("index.html", r#"<a href="assets/index.html">"#, "leads to no file"),
            ("a.css", r#"a { b: url("../gone.svg") }"#, "\"../gone.svg\" leads to no file"),
            ("sw.js", r#"["assets/gone.js"]"#, "leads to no file"),
            ("index.html", "<a href='assets/gone.js'>", "double quotes"),
            ("index.html", "<a href=assets/gone.js>", "double quotes"),
            ("sw.js", "[`assets/${gone}`]", "double quotes"),
        ] {
            let message = hashed(&tree(&[(file, text)])).unwrap_err().to_string();
            assert!(
                message.starts_with(&format!("assets/{file}: ")) && message.contains(expected),
                "{message}"
            );
        }
        let binary = Tree::from([("a.css".to_owned(), vec![0xff])]);
        assert_eq!(hashed(&binary), Err(Broken::NotText("a.css".into())));
    }
}
