//! Makes one file of a script and all modules that it imports, and of a stylesheet and its imports.
//!
//! What the page names is an entry, and the worker is one. Each module that an entry needs becomes a function
//! that runs once, before all that import it, in the order in which browsers run modules:
//!
//! ```js
//! const $0 = (() => {
//! function open() {}
//! return { open };
//! })();
//! const { open: openShelf } = $0;
//! openShelf();
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::pieces::Unclear;
use super::script::{self, Import};
use super::{Broken, PAGE, Tree, WORKER, extension, resolved, sheet, text};

/// The same files, with the entries joined and without what became part of them.
pub fn joined(tree: &Tree) -> Result<Tree, Broken> {
    let others = tree.iter().filter(|(file, _)| !["js", "css"].contains(&extension(file)));
    let mut out: Tree = others.map(|(file, content)| (file.clone(), content.clone())).collect();
    let mut homes = BTreeMap::new();
    for entry in entries(tree)? {
        let mut joining = Joining::new(tree, &entry);
        joining.join(&entry)?;
        for part in joining.done.keys().filter(|part| extension(part) == "js" && entry != WORKER) {
            if let Some(other) = homes.insert(part.clone(), entry.clone()) {
                return Err(Broken::Twice { file: part.clone(), entries: [other, entry] });
            }
        }
        out.insert(entry.clone(), joining.out.into_bytes());
    }
    Ok(out)
}

/// The scripts and stylesheets that the page names, and the worker.
fn entries(tree: &Tree) -> Result<BTreeSet<String>, Broken> {
    let named = text(tree, PAGE)?.split("\"assets/").skip(1).filter_map(|rest| rest.split('"').next());
    let sources = named.filter(|file| ["js", "css"].contains(&extension(file)));
    let found = sources.chain([WORKER]).filter(|file| tree.contains_key(*file));
    Ok(found.map(str::to_owned).collect())
}

/// One entry on its way to being one file.
struct Joining<'a> {
    tree: &'a Tree,
    entry: &'a str,
    /// The files that wait for what they import.
    open: Vec<String>,
    done: BTreeMap<String, Part>,
    out: String,
}

/// What others need to know of a file that is part of the whole.
struct Part {
    number: usize,
    exports: Vec<String>,
}

const WAITS: &str = "wait in a function: only the script that the page names may wait outside of one";

impl<'a> Joining<'a> {
    fn new(tree: &'a Tree, entry: &'a str) -> Self {
        Self { tree, entry, open: Vec::new(), done: BTreeMap::new(), out: String::new() }
    }

    /// Writes `file` behind all that it imports, unless it is written already.
    fn join(&mut self, file: &str) -> Result<(), Broken> {
        if self.done.contains_key(file) {
            return Ok(());
        }
        if let Some(at) = self.open.iter().position(|open| open == file) {
            let mut circle = self.open.split_off(at);
            circle.push(file.to_owned());
            return Err(Broken::Circle(circle));
        }
        self.open.push(file.to_owned());
        let exports = if extension(file) == "css" { self.sheet(file)? } else { self.module(file)? };
        self.open.pop();
        self.done.insert(file.to_owned(), Part { number: self.done.len(), exports });
        Ok(())
    }

    fn sheet(&mut self, file: &str) -> Result<Vec<String>, Broken> {
        let sheet = sheet::read(file, self.entry, text(self.tree, file)?);
        let sheet = sheet.map_err(|unclear| broken(file, unclear))?;
        self.out += &sheet.head;
        for reference in &sheet.imports {
            let target = self.target(file, reference)?;
            self.join(&target)?;
        }
        self.out += &sheet.body;
        self.out.push('\n');
        Ok(Vec::new())
    }

    fn module(&mut self, file: &str) -> Result<Vec<String>, Broken> {
        let module = script::read(text(self.tree, file)?).map_err(|unclear| broken(file, unclear))?;
        let is_entry = file == self.entry;
        if let Some(line) = module.waits.filter(|_| !is_entry || file == WORKER) {
            return Err(broken(file, Unclear::at(line, WAITS)));
        }
        let mut lines = Vec::new();
        for import in &module.imports {
            lines.push(self.import(file, import)?);
        }
        lines.push(module.body);
        if !is_entry {
            lines.insert(0, format!("const ${} = (() => {{", self.done.len()));
            lines.push(format!("return {{ {} }};\n}})();", module.exports.join(", ")));
        }
        for line in lines.iter().filter(|line| !line.is_empty()) {
            self.out += line;
            self.out.push('\n');
        }
        Ok(module.exports)
    }

    /// The line that stands for an import; nothing where it only asks that the other module runs.
    fn import(&mut self, file: &str, import: &Import) -> Result<String, Broken> {
        let target = self.target(file, &import.reference)?;
        self.join(&target)?;
        let Part { number, exports } = &self.done[&target];
        if let Some((missing, _)) = import.names.iter().find(|(there, _)| !exports.contains(there)) {
            let advice = format!("import what is there: {target} does not export {missing}");
            return Err(broken(file, Unclear::at(import.line, advice)));
        }
        if import.names.is_empty() {
            return Ok(String::new());
        }
        let names = import
            .names
            .iter()
            .map(|(there, here)| if there == here { here.clone() } else { format!("{there}: {here}") });
        Ok(format!("const {{ {} }} = ${number};", names.collect::<Vec<_>>().join(", ")))
    }

    /// The file that an import means: one of the same kind.
    fn target(&self, file: &str, reference: &str) -> Result<String, Broken> {
        let target = resolved(file, reference)
            .filter(|target| self.tree.contains_key(target) && extension(target) == extension(file));
        target.ok_or_else(|| Broken::Dangling { file: file.to_owned(), reference: reference.to_owned() })
    }
}

fn broken(file: &str, Unclear { line, advice }: Unclear) -> Broken {
    Broken::Unclear { file: file.to_owned(), line, advice }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::{texts, tree};
    use super::*;

    const PAGE: (&str, &str) =
        ("index.html", r#"<script src="assets/app/main.js"><link href="assets/styles/main.css">"#);

    fn check(files: &[(&str, &str)], expected: &[(&str, &str)]) {
        let out = texts(joined(&tree(&[&[PAGE], files].concat())).unwrap());
        let expected: Vec<_> = [&[PAGE], expected].concat();
        assert_eq!(out, texts(tree(&expected)));
    }

    #[test]
    fn modules_run_once_and_before_those_that_import_them() {
        check(
            &[
                (
                    "app/main.js",
                    "import { b as d, c } from \"./b.js\";\nimport { a } from \"./deep/a.js\";\n\
                     await d(a, c);",
                ),
                (
                    "app/b.js",
                    "import { a } from \"./deep/a.js\";\n// b\nexport const b = a;\nexport class c {}",
                ),
                ("app/deep/a.js", "import \"../first.js\";\nexport function a() {}"),
                ("app/first.js", "first();"),
                ("app/nobodys.js", "import { gone } from \"./gone.js\";"),
            ],
            &[(
                "app/main.js",
                "const $0 = (() => {\nfirst();\nreturn {  };\n})();\n\
                 const $1 = (() => {\nfunction a() {}\nreturn { a };\n})();\n\
                 const $2 = (() => {\nconst { a } = $1;\nconst b = a;\nclass c {}\nreturn { b, c };\n})();\n\
                 const { b: d, c } = $2;\nconst { a } = $1;\nawait d(a, c);\n",
            )],
        );
    }

    #[test]
    fn stylesheets_stand_where_they_were_imported_each_once() {
        check(
            &[
                ("styles/main.css", "@layer a, b;\n@import \"./a.css\";\n@import \"./b.css\";\nmain {}"),
                ("styles/a.css", "@layer c;\n@import \"./b.css\";\na {}"),
                ("styles/b.css", "b {}"),
            ],
            &[("styles/main.css", "@layer a, b;\n@layer c;\nb {}\na {}\nmain {}\n")],
        );
    }

    #[test]
    fn the_worker_is_a_script_of_its_own() {
        let shared = ("app/a.js", "export const a = 1;");
        let (main, worker) = ("import { a } from \"./a.js\";\na;", "import { a } from \"./app/a.js\";\na;");
        let whole = "const $0 = (() => {\nconst a = 1;\nreturn { a };\n})();\nconst { a } = $0;\na;\n";
        check(
            &[("app/main.js", main), ("sw.js", worker), shared],
            &[("app/main.js", whole), ("sw.js", whole)],
        );
    }

    #[test]
    fn what_cannot_be_joined_is_named() {
        let main = |text| ("app/main.js", text);
        for (files, expected) in [
            (
                &[main("import { a } from \"./gone.js\";")][..],
                "assets/app/main.js: \"./gone.js\" leads to no file",
            ),
            (&[main("import \"../../x.js\";")], "assets/app/main.js: \"../../x.js\" leads to no file"),
            (&[main("import \"../styles/main.css\";"), ("styles/main.css", "")], "leads to no file"),
            (
                &[main("\nimport { a, b } from \"./a.js\";"), ("app/a.js", "export const a = 1, b = 2;")],
                "assets/app/main.js:2: import what is there: app/a.js does not export b",
            ),
            (
                &[main("import \"./a.js\";"), ("app/a.js", "a();\nawait b;")],
                "assets/app/a.js:2: wait in a function",
            ),
            (&[main(""), ("sw.js", "await a;")], "assets/sw.js:1: wait in a function"),
            (&[main("export default 1;")], "assets/app/main.js:1: write `export` before"),
            (
                &[
                    main("import \"./a.js\";"),
                    ("app/a.js", "import \"./b.js\";"),
                    ("app/b.js", "import \"./a.js\";"),
                ],
                "in a circle: app/a.js -> app/b.js -> app/a.js",
            ),
            (
                &[("styles/main.css", "@import \"./main.css\";")],
                "in a circle: styles/main.css -> styles/main.css",
            ),
            (
                &[
                    main("import \"./a.js\";"),
                    ("app/a.js", ""),
                    ("index.html", "<script src=\"assets/app/main.js\"><script src=\"assets/app/a.js\">"),
                ],
                "assets/app/a.js: part of app/a.js and of app/main.js",
            ),
        ] {
            let message = joined(&tree(&[&[PAGE], files].concat())).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
        let binary = Tree::from([("sw.js".to_owned(), vec![0xff])]);
        assert_eq!(joined(&binary), Err(Broken::NotText("sw.js".into())));
    }
}
