//! What the lines of a crate's modules allow, compared with what the modules import.
//!
//! The line of a module that has modules below it holds for all of them: it says what the whole of them may import from elsewhere. Names are
//! looked up beside the module first, then further up, then among the crates that the package depends on. What a module contains itself, and
//! the standard library, need no name.
//!
//! May import: graph, line, modules.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{self, Graph};
use super::line;
use super::modules::{Crate, Import, Module, ModulePath, Target};

impl Crate {
    /// Every line that is missing or wrong, as a sentence.
    pub(super) fn wrong_lines(&self) -> Vec<String> {
        let below_the_root = self.modules.iter().filter(|(path, _)| !path.is_empty());
        below_the_root
            .flat_map(|(path, module)| self.problems_of(path, module))
            .collect()
    }

    fn problems_of(&self, path: &ModulePath, module: &Module) -> Vec<String> {
        let file = &module.file;
        let head: Vec<_> = module.head.iter().map(String::as_str).collect();
        let imports = self.imports_from_elsewhere(path);
        let should_be = || {
            let names: BTreeSet<_> = imports
                .iter()
                .map(|(_, import)| name_of(path, &import.target))
                .collect();
            let (outside, modules): (Vec<_>, Vec<_>) =
                names.iter().partition(|(is_outside, _)| *is_outside);
            let names = modules.into_iter().chain(outside);
            line::with_names(names.map(|(_, name)| name.as_str()))
        };
        let names = match line::names(&head) {
            Ok(Some(names)) => names,
            Ok(None) => {
                return vec![format!(
                    "{file} does not say what it may import: add the line \"//! {}\"",
                    should_be()
                )];
            }
            Err(error) => return vec![format!("{file}: {error}")],
        };
        let mut problems = Vec::new();
        let mut allowed = Vec::new();
        for name in &names {
            match self.look_up(path, name) {
                Some(target) => allowed.push((name, target)),
                None => problems.push(format!(
                    "{file} says that it may import {name}, and there is no such module or dependency: take it out of the line"
                )),
            }
        }
        let mut left_out = BTreeSet::new();
        for (importing, import) in &imports {
            let is_allowed = allowed
                .iter()
                .any(|(_, allowed)| allowed.covers(&import.target));
            let (_, name) = name_of(path, &import.target);
            // One import is enough to show it.
            if !is_allowed && left_out.insert(name.clone()) {
                problems.push(format!(
                    "{importing}:{} imports {}, which the line \"May import\" of {file} leaves out: do without the import, or, if this \
                     direction is right, add {name} to the line",
                    import.line, import.written
                ));
            }
        }
        for (name, allowed) in &allowed {
            if !imports
                .iter()
                .any(|(_, import)| allowed.covers(&import.target))
            {
                problems.push(format!(
                    "{file} says that it may import {name}, and does not: take it out of the line"
                ));
            }
        }
        problems
    }

    /// What a module and all below it import from outside of them, with the files in which they do.
    fn imports_from_elsewhere(&self, path: &ModulePath) -> Vec<(&str, &Import)> {
        let all = self
            .modules
            .iter()
            .filter(|(other, _)| other.starts_with(path));
        let imports = all.flat_map(|(_, module)| {
            let file = module.file.as_str();
            module.imports.iter().map(move |import| (file, import))
        });
        let is_from_elsewhere = |import: &Import| match &import.target {
            Target::Module(target) => !target.starts_with(path),
            Target::Outside(_) => true,
        };
        imports
            .filter(|(_, import)| is_from_elsewhere(import))
            .collect()
    }

    fn look_up(&self, path: &ModulePath, name: &str) -> Option<Target> {
        if name == "crate" {
            return Some(Target::Module(ModulePath::new()));
        }
        let segments: Vec<_> = name.split("::").map(str::to_owned).collect();
        let scopes = (0..path.len()).rev().map(|len| &path[..len]);
        let mut modules = scopes.map(|scope| [scope, &segments].concat());
        match modules.find(|module| self.modules.contains_key(module)) {
            Some(module) => Some(Target::Module(module)),
            None => self
                .dependencies
                .contains(&segments[0])
                .then_some(Target::Outside(segments)),
        }
    }

    /// The circles in which modules import each other. Of each folder, its modules count with all that is below them.
    pub(super) fn cycles(&self) -> Vec<String> {
        let mut folders: BTreeMap<ModulePath, Folder> = BTreeMap::new();
        for (from, module) in &self.modules {
            for import in &module.imports {
                let Target::Module(to) = &import.target else {
                    continue;
                };
                let common = from.iter().zip(to).take_while(|(a, b)| a == b).count();
                let [part, other] = [from, to].map(|path| path.get(common).cloned());
                let folder = folders.entry(from[..common].to_vec()).or_default();
                let parts = folder.graph.entry(part.clone()).or_default();
                parts.insert(other.clone());
                folder.examples.entry((part, other)).or_insert_with(|| {
                    format!("{}:{} imports {}", module.file, import.line, import.written)
                });
            }
        }
        let cycles = folders.iter().filter_map(|(path, folder)| {
            let cycle = graph::cycle(&folder.graph)?;
            let nexts = cycle.iter().cycle().skip(1);
            let imports = cycle.iter().zip(nexts).filter_map(|(from, to)| {
                let example = folder.examples.get(&(from.clone(), to.clone()))?;
                Some(format!("\n  {example}"))
            });
            let name = match path.is_empty() {
                true => "the crate".to_owned(),
                false => path.join("::"),
            };
            Some(format!(
                "modules of {name} import each other in a circle; move what they share below both:{}",
                imports.collect::<String>()
            ))
        });
        cycles.collect()
    }
}

/// What the modules of one folder import of each other.
#[derive(Debug, Default)]
struct Folder {
    graph: Graph<Part>,
    /// One import for each edge.
    examples: BTreeMap<(Part, Part), String>,
}

/// A module of a folder, or nothing for the folder's own file.
type Part = Option<String>;

impl Target {
    /// Whether it is the other, or contains it.
    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            // The root contains everything, and its name stands for its own items.
            (Self::Module(this), Self::Module(other)) if this.is_empty() => other.is_empty(),
            (Self::Module(this), Self::Module(other))
            | (Self::Outside(this), Self::Outside(other)) => other.starts_with(this),
            _ => false,
        }
    }
}

/// How a line names a target, and whether that is another crate.
fn name_of(path: &ModulePath, target: &Target) -> (bool, String) {
    match target {
        Target::Outside(segments) => (true, segments[0].clone()),
        Target::Module(target) => {
            let common = path.iter().zip(target).take_while(|(a, b)| a == b).count();
            // The folder of the module is named as it is from the folder above.
            let begin = common.min(target.len().saturating_sub(1));
            match target[begin..].join("::") {
                root if root.is_empty() => (false, "crate".to_owned()),
                name => (false, name),
            }
        }
    }
}

#[cfg(test)]
#[path = "rust_tests.rs"]
mod tests;
