//! Makes one script of a module and all that it imports, and one more of each module that it loads later.
//!
//! Each module is written once, behind all that it imports, in the order in which browsers run modules. All
//! share one scope, which weighs less than a scope for each: a name that two of them declare is refused.
//!
//! What is loaded later needs names of the first script and is not one scope with it: it is a function that
//! is given them. It is fetched before it is imported, because many browsers ask for a script that they could
//! not import never again. A login before the house may answer with a page.

use std::collections::{BTreeMap, BTreeSet};

use super::esm::{self, Declaration, Import, LOADED};
use super::{Result, Tree, hash, names, refusal, target, text};

/// The script of `entry` and those that it loads later, by their names.
pub fn join(tree: &Tree, entry: &str) -> Result<(String, Tree)> {
    let (open, written, names) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    let mut joiner = Joiner { tree, first: entry, open, written, names };
    let mut first = Script::of(entry);
    joiner.add(&mut first, entry)?;
    let mut scripts = Tree::new();
    for (file, place) in std::mem::take(&mut first.later) {
        if joiner.written.contains_key(&file) {
            return Err(format!(
                "{place}{file} is imported at the top of another module as well: choose one"
            ));
        }
        let mut later = Script::of(&file);
        joiner.add(&mut later, &file)?;
        if let Some(place) = later.later.values().next() {
            return Err(format!("{place}{ONLY_FIRST}"));
        }
        let given = later.needs.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let script = joiner.function(&later, &given);
        let name = hash::name(&beside(entry, &file), script.as_bytes());
        let loaded = fetched(stem_of(&name), &given);
        first.text = first.text.replace(&format!("{LOADED}{file}\")"), &loaded);
        scripts.insert(name, script.into_bytes());
    }
    Ok((first.text, scripts))
}

const SHARED: &str = "what two of them need is in the first script: import it there";
pub const ONLY_FIRST: &str = "import it at the top: what is loaded later loads nothing itself";

fn fetched(name: &str, given: &str) -> String {
    format!(
        "fetch(new URL(\"./{name}\", import.meta.url))\
         .then((it) => it.ok && /script/.test(it.headers.get(\"Content-Type\"))\
         ? it.blob() : Promise.reject(it))\
         .then(() => {LOADED}./{name}\")).then((it) => it.default({{ {given} }}))"
    )
}

/// `app/menu.js` for `app/parts/menu.js`: every script is in the folder of the first.
fn beside(entry: &str, file: &str) -> String {
    let folder = entry.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{folder}/{}", stem_of(file))
}

fn stem_of(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// What is written of all scripts.
struct Joiner<'a> {
    tree: &'a Tree,
    /// The entry of the first script.
    first: &'a str,
    /// Modules that wait for what they import.
    open: Vec<String>,
    /// Each module, and the script in which it is.
    written: BTreeMap<String, String>,
    names: BTreeMap<String, Owner>,
}

/// The module that declares a name.
struct Owner {
    file: String,
    is_exported: bool,
}

#[derive(Default)]
struct Script {
    entry: String,
    text: String,
    /// Names of the first script.
    needs: BTreeSet<String>,
    /// The modules that it loads, and where that is written.
    later: BTreeMap<String, String>,
}

impl Script {
    fn of(entry: &str) -> Self {
        Self { entry: entry.to_owned(), ..Self::default() }
    }
}

impl Joiner<'_> {
    /// Writes `file` behind all that it imports, unless it is written already.
    fn add(&mut self, script: &mut Script, file: &str) -> Result<()> {
        if self.written.contains_key(file) {
            return Ok(());
        }
        let mut module = esm::parse(file, text(self.tree, file)?)?;
        self.open.push(file.to_owned());
        for import in &module.imports {
            self.import(script, file, import)?;
        }
        self.open.pop();
        for declaration in module.declarations {
            self.declare(file, declaration)?;
        }
        names::shorten(&mut module.body);
        let mut body: String = module.body.into_iter().map(|line| line + "\n").collect();
        for (line, reference) in module.later {
            let loaded = target(self.tree, file, line, &reference)?;
            body = body.replace(&format!("{LOADED}{reference}\")"), &format!("{LOADED}{loaded}\")"));
            script.later.insert(loaded, refusal(file, line, ""));
        }
        script.text += &body;
        self.written.insert(file.to_owned(), script.entry.clone());
        Ok(())
    }

    fn import(&mut self, script: &mut Script, file: &str, import: &Import) -> Result<()> {
        let Import { line, reference, names } = import;
        let refused = |advice: String| Err(refusal(file, *line, &advice));
        let target = target(self.tree, file, *line, reference)?;
        if self.open.contains(&target) {
            return refused(format!("these import each other in a circle: {}", self.open.join(" -> ")));
        }
        self.add(script, &target)?;
        let is_there =
            |name: &str| self.names.get(name).is_some_and(|owner| owner.file == target && owner.is_exported);
        if let Some(missing) = names.iter().find(|name| !is_there(name)) {
            return refused(format!("{target} does not export {missing}"));
        }
        match &self.written[&target] {
            own if *own == script.entry => {}
            other if other == self.first => script.needs.extend(names.iter().cloned()),
            other => return refused(format!("{target} is loaded with {other}: {SHARED}")),
        }
        Ok(())
    }

    /// What is loaded later is made once, however often it is asked for.
    fn function(&self, script: &Script, given: &str) -> String {
        let Script { entry, text, .. } = script;
        let exported = self.names.iter().filter(|(_, owner)| owner.file == *entry && owner.is_exported);
        let exported = exported.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        let make = format!("(() => {{\n{text}return {{ {exported} }};\n}})()");
        format!("let made;\nexport default ({{ {given} }}) => (made ??= {make});\n")
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
