//! Reads a module: what it imports, what it declares, and its lines.

use super::{Result, code, refusal};

/// A module, apart from how it hangs together with others.
#[derive(Default)]
pub struct Module {
    /// In order.
    pub imports: Vec<Import>,
    /// What it loads when it is needed, in order: the line, and `./x.js`.
    pub later: Vec<(usize, String)>,
    /// In order.
    pub declarations: Vec<Declaration>,
    /// Its lines without imports, comments, indentation and the word `export`.
    pub body: Vec<String>,
}

/// `import { open, MAX } from "./x.js";`
pub struct Import {
    /// Where it is written.
    pub line: usize,
    /// `./x.js`
    pub reference: String,
    /// `open` and `MAX`
    pub names: Vec<String>,
}

/// `function open() {` or `export const MAX = 3;`
pub struct Declaration {
    /// Where it is written.
    pub line: usize,
    /// `open` or `MAX`
    pub name: String,
    /// Whether others may import it.
    pub is_exported: bool,
}

pub const IMPORT: &str = "write `import { a, b } from \"./x.js\";` or `import \"./x.js\";`";
pub const EXPORT: &str = "write `export` before a function, a class or a const that has a name";
pub const LATER: &str = "write `import(\"./x.js\")`, once in a line: the build must know which file that is";
pub const AT_RUN_TIME: &str = "name it in the page: all modules are one file later";

/// What is before the reference of a module that is loaded later.
pub const LOADED: &str = "import(\"";

/// Reads the module `file`.
pub fn parse(file: &str, text: &str) -> Result<Module> {
    let mut module = Module::default();
    let mut lines = code::lines(text);
    while let Some((number, line)) = lines.next() {
        let refused = |advice| refusal(file, number, advice);
        if line.starts_with("import ") {
            let statement = to_its_end(line, &mut lines);
            module.imports.push(import(number, &statement).ok_or_else(|| refused(IMPORT))?);
            continue;
        }
        if line.contains("import.meta") {
            return Err(refused(AT_RUN_TIME));
        }
        if let Some((_, rest)) = line.split_once(LOADED) {
            let reference = rest.split_once("\")").map(|(reference, _)| reference);
            let is_plain = line.matches("import(").count() == 1;
            let reference = reference.filter(|reference| is_plain && reference.starts_with('.'));
            module.later.push((number, reference.ok_or_else(|| refused(LATER))?.to_owned()));
        } else if line.contains("import(") {
            return Err(refused(LATER));
        }
        let exported = line.strip_prefix("export ");
        let said = exported.unwrap_or(&line);
        let is_exported = exported.is_some();
        match name(said) {
            Some(name) => module.declarations.push(Declaration { line: number, name, is_exported }),
            None if is_exported => return Err(refused(EXPORT)),
            None => {}
        }
        module.body.push(said.trim_start().to_owned());
    }
    Ok(module)
}

/// An import that is too long for a line goes on until its semicolon.
fn to_its_end(mut statement: String, lines: &mut impl Iterator<Item = (usize, String)>) -> String {
    while !statement.ends_with(';') {
        let Some((_, line)) = lines.next() else { break };
        statement += line.trim_start();
    }
    statement
}

fn import(line: usize, statement: &str) -> Option<Import> {
    let said = statement.strip_prefix("import ")?.strip_suffix(';')?;
    let (names, reference) = said.rsplit_once(" from ").unwrap_or(("{}", said));
    let names = names.strip_prefix('{')?.strip_suffix('}')?.split(',').map(str::trim);
    let names: Vec<_> = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let reference = reference.strip_prefix('"')?.strip_suffix('"')?.to_owned();
    let is_plain = reference.starts_with('.') && names.iter().all(|name| name.chars().all(is_of_name));
    is_plain.then_some(Import { line, reference, names })
}

/// What a line that is not indented declares.
fn name(line: &str) -> Option<String> {
    let kinds = ["async function ", "function ", "class ", "const ", "let "];
    let rest = kinds.into_iter().find_map(|kind| line.strip_prefix(kind))?;
    let end = rest.find(|letter| !is_of_name(letter))?;
    (end > 0).then(|| rest[..end].to_owned())
}

/// Whether a name may have this letter in it.
pub fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || "_$".contains(letter)
}
