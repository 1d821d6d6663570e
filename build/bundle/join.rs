//! Makes one script of a module and all that it imports.
//!
//! Each becomes a function that runs once, before all that import it, in the order in which browsers run
//! modules, so that a name in one is not seen in another. Only the entry may wait outside of its functions.
//!
//! ```js
//! const $0=(()=>{
//! function open() {}
//! return{open}})();
//! const{open:openShelf}=$0;
//! openShelf();
//! ```

use super::esm::{self, Import};
use super::{Result, Tree, refusal, target, text};

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
    /// Modules that are written, with what each exports; `$n` is the n-th.
    done: Vec<(String, Vec<String>)>,
    /// The lines that are written.
    out: Vec<String>,
}

impl Joining<'_> {
    /// Writes `file` behind all that it imports, unless it is written already. Returns its number.
    fn module(&mut self, file: &str) -> Result<usize> {
        if let Some(number) = self.done.iter().position(|(done, _)| done == file) {
            return Ok(number);
        }
        let module = esm::parse(file, text(self.tree, file)?)?;
        self.open.push(file.to_owned());
        let mut lines = Vec::new();
        for import in &module.imports {
            lines.extend(self.import(file, import)?);
        }
        lines.extend(module.body);
        self.open.pop();
        let number = self.done.len();
        if !self.open.is_empty() {
            lines.insert(0, format!("const ${number}=(()=>{{"));
            lines.push(format!("return{{{}}}}})();", module.exports.join(",")));
        }
        self.out.extend(lines);
        self.done.push((file.to_owned(), module.exports));
        Ok(number)
    }

    /// The line in the place of an import; none where it only asks that the other module runs.
    fn import(&mut self, file: &str, Import { line, reference, names }: &Import) -> Result<Option<String>> {
        let target = target(self.tree, file, *line, reference)?;
        if self.open.contains(&target) {
            let circle = self.open.join(" -> ");
            return Err(refusal(file, *line, &format!("these import each other in a circle: {circle}")));
        }
        let number = self.module(&target)?;
        let exports = &self.done[number].1;
        let is_there = |name: &&str| exports.iter().any(|export| export == name);
        let mut asked = names.iter().filter_map(|name| name.split(" as ").next());
        if let Some(missing) = asked.find(|name| !is_there(name)) {
            return Err(refusal(file, *line, &format!("{target} does not export {missing}")));
        }
        let bindings = names.join(",").replace(" as ", ":");
        Ok((!names.is_empty()).then(|| format!("const{{{bindings}}}=${number};")))
    }
}
