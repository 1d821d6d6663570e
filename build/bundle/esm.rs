//! Reads a module: what it imports, what it exports, and its other lines.

use super::{Result, code, refusal};

/// A module, apart from how it hangs together with others.
#[derive(Default)]
pub struct Module {
    /// In order.
    pub imports: Vec<Import>,
    /// The names of what others may import.
    pub exports: Vec<String>,
    /// Its lines without imports, comments and the word `export`.
    pub body: Vec<String>,
}

/// `import { a, b } from "./x.js";`
pub struct Import {
    /// Where it is written.
    pub line: usize,
    /// `./x.js`
    pub reference: String,
    /// `a` and `b`
    pub names: Vec<String>,
}

pub const IMPORT: &str = "write `import { a, b } from \"./x.js\";` or `import \"./x.js\";`";
pub const EXPORT: &str = "write `export` before a function, a class or a const that has a name";
pub const COMMENT: &str = "write the comment above the line";
pub const AT_RUN_TIME: &str = "import it at the top, or name it in the page: all modules are one file later";

/// Reads the module `file`.
pub fn parse(file: &str, text: &str) -> Result<Module> {
    let mut module = Module::default();
    let mut lines = code::lines(text);
    while let Some((number, line)) = lines.next() {
        let refused = |advice| refusal(file, number, advice);
        if line.contains(" // ") {
            return Err(refused(COMMENT));
        }
        if line.starts_with("import ") {
            let statement = to_its_end(line, &mut lines);
            module.imports.push(import(number, &statement).ok_or_else(|| refused(IMPORT))?);
        } else if let Some(declaration) = line.strip_prefix("export ") {
            module.exports.push(name(declaration).ok_or_else(|| refused(EXPORT))?);
            module.body.push(declaration.to_owned());
        } else if line.contains("import(") || line.contains("import.meta") {
            return Err(refused(AT_RUN_TIME));
        } else {
            module.body.push(line);
        }
    }
    Ok(module)
}

/// An import that is too long for a line goes on until its semicolon.
fn to_its_end(mut statement: String, lines: &mut impl Iterator<Item = (usize, String)>) -> String {
    while !statement.ends_with(';') {
        let Some((_, line)) = lines.next() else { break };
        statement = format!("{statement} {line}");
    }
    statement
}

fn import(line: usize, statement: &str) -> Option<Import> {
    let said = statement.strip_prefix("import ")?.strip_suffix(';')?;
    let (names, reference) = said.rsplit_once(" from ").unwrap_or(("{}", said));
    let names = names.strip_prefix('{')?.strip_suffix('}')?.split(',').map(str::trim);
    let names: Vec<_> = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if names.iter().any(|name| name.contains(' ')) {
        return None;
    }
    let reference = reference.strip_prefix('"')?.strip_suffix('"')?;
    reference.starts_with('.').then(|| Import { line, reference: reference.to_owned(), names })
}

/// What `function open() {` or `const MAX = 3;` declares.
fn name(declaration: &str) -> Option<String> {
    let kinds = ["async function ", "function ", "class ", "const "];
    let rest = kinds.into_iter().find_map(|kind| declaration.strip_prefix(kind))?;
    let is_of_name = |letter: char| letter.is_alphanumeric() || "_$".contains(letter);
    let end = rest.find(|letter| !is_of_name(letter))?;
    (end > 0).then(|| rest[..end].to_owned())
}
