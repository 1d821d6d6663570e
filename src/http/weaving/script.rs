//! Reads a module of the page: what it imports, what it exports, and the rest of it.
//!
//! Called by `joined`. It takes the few forms that this repository writes and refuses all others, so that
//! what it leaves alone means in one large script what it meant in a module of its own.

use super::pieces::{self, Kind, Language, Piece, Unclear, bare, follows_dot};

/// A module, apart from how it hangs together with others.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// What it imports, in order.
    pub imports: Vec<Import>,
    /// The names that it exports.
    pub exports: Vec<String>,
    /// The rest, without comments.
    pub body: String,
    /// The line on which the module itself waits, and not one of its functions.
    pub waits: Option<usize>,
}

/// `import { name as own } from "reference";`
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// The other module.
    pub reference: String,
    /// What it is called there, and here.
    pub names: Vec<(String, String)>,
    /// Where it is written.
    pub line: usize,
}

const IMPORT: &str = "write `import { a, b as c } from \"./x.js\";` or `import \"./x.js\";`";
const EXPORT: &str = "write `export` before a function, a class or a const that has a name";
const AT_RUN_TIME: &str =
    "name what is needed in `import ... from` at the top, or in a tag of the page: this is one file later";
const OF_THE_BUILD: &str = "choose another name: the build calls modules $0, $1 and so on";

/// Reads a module.
pub fn read(text: &str) -> Result<Module, Unclear> {
    let pieces = pieces::cut(Language::Script, text)?;
    let mut reader = Reader { pieces: &pieces, at: 0, kept: Vec::new(), module: Module::default() };
    while let Some(piece) = reader.pieces.get(reader.at) {
        reader.step(piece)?;
    }
    reader.module.body = bare(&reader.kept);
    Ok(reader.module)
}

struct Reader<'a> {
    pieces: &'a [Piece<'a>],
    at: usize,
    kept: Vec<Piece<'a>>,
    module: Module,
}

impl<'a> Reader<'a> {
    fn step(&mut self, piece: &'a Piece<'a>) -> Result<(), Unclear> {
        self.at += 1;
        let is_outside = piece.depth == 0;
        let word = if self.is_word(piece) { piece.text } else { "" };
        match word {
            "import" if self.ahead().next().is_some_and(|next| next.is("(") || next.is(".")) => {
                return Err(Unclear::at(piece.line, AT_RUN_TIME));
            }
            "import" if is_outside => return self.import(piece.line),
            "export" if is_outside => return self.export(piece.line),
            "await" if is_outside => self.module.waits = Some(piece.line),
            _ if is_of_the_build(word) => return Err(Unclear::at(piece.line, OF_THE_BUILD)),
            _ => {}
        }
        self.kept.push(*piece);
        Ok(())
    }

    /// Whether it is a word of the language and not the name of a property.
    fn is_word(&self, piece: &Piece<'_>) -> bool {
        piece.kind == Kind::Word && !follows_dot(&self.kept)
    }

    /// The pieces from here on that say something.
    fn ahead(&self) -> impl Iterator<Item = &'a Piece<'a>> {
        self.pieces[self.at..].iter().filter(|piece| !piece.is_blank())
    }

    fn import(&mut self, line: usize) -> Result<(), Unclear> {
        let end = self.ahead().position(|piece| piece.is(";")).ok_or_else(|| Unclear::at(line, IMPORT))?;
        let said: Vec<_> = self.ahead().take(end).collect();
        let (reference, names) = match said[..] {
            [reference] => (reference, Vec::new()),
            [open, ref names @ .., close, from, reference]
                if open.is("{") && close.is("}") && from.is("from") =>
            {
                (reference, names_of(names).ok_or_else(|| Unclear::at(line, IMPORT))?)
            }
            _ => return Err(Unclear::at(line, IMPORT)),
        };
        let is_relative = |reference: &&str| reference.starts_with("./") || reference.starts_with("../");
        let reference = reference.quoted().filter(is_relative).ok_or_else(|| Unclear::at(line, IMPORT))?;
        self.module.imports.push(Import { reference: reference.to_owned(), names, line });
        while self.pieces.get(self.at).is_some_and(|piece| !piece.is(";")) {
            self.at += 1;
        }
        self.at += 1;
        Ok(())
    }

    /// Takes the name; the word `export` itself is not kept.
    fn export(&mut self, line: usize) -> Result<(), Unclear> {
        let said: Vec<_> = self.ahead().take(4).collect();
        let words: Vec<_> = said.iter().map(|piece| piece.text).collect();
        let name = match words[..] {
            ["async", "function", "*", ..] => said.get(3),
            ["async", "function", ..] | ["function", "*", ..] => said.get(2),
            ["function" | "class" | "const", ..] => said.get(1),
            _ => None,
        };
        let name = name.filter(|name| name.kind == Kind::Word);
        let name = name.ok_or_else(|| Unclear::at(line, EXPORT))?;
        self.module.exports.push(name.text.to_owned());
        Ok(())
    }
}

/// `a, b as c,`
fn names_of(said: &[&Piece<'_>]) -> Option<Vec<(String, String)>> {
    let mut parts: Vec<_> = said.split(|piece| piece.is(",")).collect();
    parts.pop_if(|last| last.is_empty());
    parts.into_iter().map(name_of).collect()
}

fn name_of(part: &[&Piece<'_>]) -> Option<(String, String)> {
    let name = |piece: &Piece<'_>| (piece.kind == Kind::Word).then(|| piece.text.to_owned());
    match part {
        [only] => Some((name(only)?, name(only)?)),
        [there, between, here] if between.is("as") => Some((name(there)?, name(here)?)),
        _ => None,
    }
}

fn is_of_the_build(word: &str) -> bool {
    word.strip_prefix('$').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn owned(names: &[(&str, &str)]) -> Vec<(String, String)> {
        names.iter().map(|(there, here)| ((*there).to_owned(), (*here).to_owned())).collect()
    }

    #[test]
    fn imports_are_taken_out_wherever_they_stand() {
        for (text, names) in [
            (r#"import { a, b as c } from "./x.js";"#, &[("a", "a"), ("b", "c")][..]),
            (
                "import {\n  a, // first\n  /** @type {import(\"./y.js\").B} */\n  b,\n} from \"./x.js\";",
                &[("a", "a"), ("b", "b")],
            ),
            ("import {} from \"./x.js\";", &[]),
            ("import \"./x.js\";", &[]),
        ] {
            let module = read(&format!("one();\n{text}\ntwo();\n")).unwrap();
            let import = Import { reference: "./x.js".to_owned(), names: owned(names), line: 2 };
            assert_eq!(module.imports, [import], "{text}");
            assert_eq!(module.body, "one();\ntwo();", "{text}");
        }
    }

    #[test]
    fn exports_are_what_they_were_without_the_word() {
        let text = "export function a() {}\nexport async function b() { await 0; }\nexport class C {}\n\
                    export const d = 1;\nexport function* e() {}\nexport async function* f() {}\n";
        let module = read(text).unwrap();
        assert_eq!(module.exports, ["a", "b", "C", "d", "e", "f"]);
        assert_eq!(module.body, text.replace("export ", "").trim());
        assert_eq!(module.waits, None);
    }

    #[test]
    fn what_only_looks_like_an_import_is_left_alone() {
        let text = "const a = \"import { b } from './b.js';\";\nc.import(`import \"./d.js\"`);\n\
                    const e = { import: 1, export: 2 };\ne.export = e.await;";
        let module = read(text).unwrap();
        assert_eq!((module.body.as_str(), module.imports.len(), module.waits), (text, 0, None));
    }

    #[test]
    fn a_module_that_waits_says_where() {
        assert_eq!(read("a();\nawait b();").unwrap().waits, Some(2));
        assert_eq!(read("const a = async () => { await b(); };").unwrap().waits, None);
    }

    #[test]
    fn every_other_form_is_refused_with_what_to_write() {
        for (text, advice) in [
            ("import a from \"./a.js\";", IMPORT),
            ("import * as a from \"./a.js\";", IMPORT),
            ("import a, { b } from \"./a.js\";", IMPORT),
            ("import { a } from './a.js';", IMPORT),
            ("import { a } from \"a\";", IMPORT),
            ("import { a } from \"./a.js\"", IMPORT),
            ("import { \"a b\" as a } from \"./a.js\";", IMPORT),
            ("import { a } from \"./a.json\" with { type: \"json\" };", IMPORT),
            ("import { a } from \"./a.js\"\nimport { b } from \"./b.js\";", IMPORT),
            ("export default class {}", EXPORT),
            ("export { a };", EXPORT),
            ("export * from \"./a.js\";", EXPORT),
            ("export { a } from \"./a.js\";", EXPORT),
            ("export let a = 1;", EXPORT),
            ("export var a = 1;", EXPORT),
            ("export const { a } = b;", EXPORT),
            ("export const [a] = b;", EXPORT),
            ("const a = () => import(\"./a.js\");", AT_RUN_TIME),
            ("[...import(\"./a.js\")];", AT_RUN_TIME),
            ("const a = `${import(\"./a.js\")}`;", AT_RUN_TIME),
            ("new URL(\"./a.svg\", import.meta.url);", AT_RUN_TIME),
            ("const $1 = 2;", OF_THE_BUILD),
        ] {
            assert_eq!(read(&format!("\n{text}")), Err(Unclear::at(2, advice)), "{text}");
        }
    }
}
