//! Makes one script of a module and all that it imports.
//!
//! Each module is written once, behind all that it imports, in the order in which browsers run modules. All
//! share one scope, which weighs less than a scope for each: a name that two of them declare is refused.

use std::collections::{BTreeMap, BTreeSet};

use super::esm::{self, Declaration, Import};
use super::{Result, Tree, names, refusal, target, text};

/// The script of `entry`.
pub fn join(tree: &Tree, entry: &str) -> Result<String> {
    let (open, written) = (Vec::new(), BTreeSet::new());
    let mut script = Script { tree, open, written, names: BTreeMap::new(), out: String::new() };
    script.add(entry)?;
    Ok(script.out)
}

struct Script<'a> {
    tree: &'a Tree,
    /// Modules that wait for what they import.
    open: Vec<String>,
    written: BTreeSet<String>,
    names: BTreeMap<String, Owner>,
    out: String,
}

/// The module that declares a name.
struct Owner {
    file: String,
    is_exported: bool,
}

impl Script<'_> {
    /// Writes `file` behind all that it imports, unless it is written already.
    fn add(&mut self, file: &str) -> Result<()> {
        if self.written.contains(file) {
            return Ok(());
        }
        let mut module = esm::parse(file, text(self.tree, file)?)?;
        self.open.push(file.to_owned());
        for import in &module.imports {
            self.import(file, import)?;
        }
        self.open.pop();
        for declaration in module.declarations {
            self.declare(file, declaration)?;
        }
        names::shorten(&mut module.body);
        self.out.extend(module.body.into_iter().map(|line| line + "\n"));
        self.written.insert(file.to_owned());
        Ok(())
    }

    fn import(&mut self, file: &str, Import { line, reference, names }: &Import) -> Result<()> {
        let target = target(self.tree, file, *line, reference)?;
        if self.open.contains(&target) {
            let circle = self.open.join(" -> ");
            return Err(refusal(file, *line, &format!("these import each other in a circle: {circle}")));
        }
        self.add(&target)?;
        let is_there =
            |name: &str| self.names.get(name).is_some_and(|owner| owner.file == target && owner.is_exported);
        match names.iter().find(|name| !is_there(name)) {
            Some(missing) => Err(refusal(file, *line, &format!("{target} does not export {missing}"))),
            None => Ok(()),
        }
    }

    fn declare(&mut self, file: &str, declaration: Declaration) -> Result<()> {
        let Declaration { line, name, is_exported } = declaration;
        if let Some(Owner { file: other, .. }) = self.names.get(&name) {
            let advice =
                format!("choose another name than {name}: {other} has it, and both are one file later");
            return Err(refusal(file, line, &advice));
        }
        self.names.insert(name, Owner { file: file.to_owned(), is_exported });
        Ok(())
    }
}
