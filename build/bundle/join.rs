//! Makes one script of a module and all that it imports.
//!
//! Each becomes a function that runs once, before all that import it, in the order in which browsers run
//! modules, so that a name in one is not seen in another. What it exports is seen by all that come after it
//! under its one name; an import leaves nothing in the script. Only the entry may wait outside of its functions.
//!
//! ```js
//! const{openStore}=(()=>{
//! function openStore() {}
//! return{openStore}})();
//! {
//! openStore();
//! }
//! ```

use super::esm::{self, Import, Module};
use super::{Result, Tree, names, refusal, target, text};

/// The script of `entry`.
pub fn join(tree: &Tree, entry: &str) -> Result<String> {
    let mut joining = Joining { tree, open: Vec::new(), done: Vec::new(), out: Vec::new() };
    joining.module(entry)?;
    Ok(joining.out.join("\n") + "\n")
}

struct Joining<'a> {
    tree: &'a Tree,
    /// Modules that wait for what they import.
    open: Vec<String>,
    /// Modules that are written, with what each exports.
    done: Vec<(String, Vec<String>)>,
    /// The lines that are written.
    out: Vec<String>,
}

impl Joining<'_> {
    /// Writes `file` behind all that it imports, unless it is written already.
    fn module(&mut self, file: &str) -> Result<()> {
        if self.done.iter().any(|(done, _)| done == file) {
            return Ok(());
        }
        let Module { imports, exports, mut body } = esm::parse(file, text(self.tree, file)?)?;
        self.open.push(file.to_owned());
        for import in &imports {
            self.import(file, import)?;
        }
        self.open.pop();
        self.is_unique(file, &exports)?;
        names::shorten(&mut body);
        let (is_entry, is_alone) = (self.open.is_empty(), self.done.is_empty());
        self.out.extend(if !is_entry {
            within(&receiver(&exports), body, &format!("return{{{}}}}})();", exports.join(",")))
        } else if is_alone {
            body
        } else {
            within("{", body, "}")
        });
        self.done.push((file.to_owned(), exports));
        Ok(())
    }

    fn import(&mut self, file: &str, Import { line, reference, names }: &Import) -> Result<()> {
        let target = target(self.tree, file, *line, reference)?;
        if self.open.contains(&target) {
            let circle = self.open.join(" -> ");
            return Err(refusal(file, *line, &format!("these import each other in a circle: {circle}")));
        }
        self.module(&target)?;
        let exports = self.done.iter().find(|(done, _)| *done == target).map(|(_, exports)| exports);
        match names.iter().find(|name| exports.is_some_and(|exports| !exports.contains(name))) {
            Some(missing) => Err(refusal(file, *line, &format!("{target} does not export {missing}"))),
            None => Ok(()),
        }
    }

    /// All modules see what any of them exports.
    fn is_unique(&self, file: &str, exports: &[String]) -> Result<()> {
        for (other, known) in &self.done {
            if let Some(name) = exports.iter().find(|name| known.contains(name)) {
                return Err(format!(
                    "assets/{file}: {other} exports {name} too: give one of them another name"
                ));
            }
        }
        Ok(())
    }
}

/// What begins a module: a function that runs once, and names for what it exports.
fn receiver(exports: &[String]) -> String {
    match exports {
        [] => "(()=>{".to_owned(),
        _ => format!("const{{{}}}=(()=>{{", exports.join(",")),
    }
}

fn within(begin: &str, body: Vec<String>, end: &str) -> Vec<String> {
    [vec![begin.to_owned()], body, vec![end.to_owned()]].concat()
}
