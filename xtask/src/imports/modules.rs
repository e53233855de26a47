//! The modules of a crate, and what each imports.
//!
//! May import: paths, tokens, anyhow.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};

use super::{paths, tokens};

/// A module by its path from the root of the crate.
pub(super) type ModulePath = Vec<String>;

/// All modules of a crate.
#[derive(Debug)]
pub(super) struct Crate {
    pub(super) modules: BTreeMap<ModulePath, Module>,
    pub(super) dependencies: BTreeSet<String>,
}

#[derive(Debug)]
pub(super) struct Module {
    pub(super) file: String,
    pub(super) head: Vec<String>,
    pub(super) imports: Vec<Import>,
}

#[derive(Debug)]
pub(super) struct Import {
    pub(super) target: Target,
    pub(super) line: usize,
    pub(super) written: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Module(ModulePath),
    /// A path that begins with the name of another crate.
    Outside(Vec<String>),
}

impl Crate {
    /// Reads all modules that are not for tests only, from the file of the crate's root on, which is in the folder `src` of its package.
    /// `read` returns the text of a file, if there is one.
    pub(super) fn read(root: &str, read: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let (sources, _) = root.rsplit_once('/').context("the root is in a folder")?;
        let (package, _) = sources
            .rsplit_once('/')
            .context("the sources are in a package")?;
        let manifest = format!("{package}/Cargo.toml");
        let manifest = read(&manifest).with_context(|| format!("there is no {manifest}"))?;
        let mut this = Self {
            modules: BTreeMap::new(),
            dependencies: dependencies(&manifest),
        };
        let mut names = BTreeMap::new();
        let mut found = vec![(ModulePath::new(), root.to_owned())];
        while let Some((path, file)) = found.pop() {
            let source = read(&file).with_context(|| format!("could not read {file}"))?;
            let said = paths::of(&tokens::of(&source));
            for child in &said.children {
                let mut child_path = path.clone();
                child_path.push(child.clone());
                let stem = format!("{sources}/{}", child_path.join("/"));
                let files = [format!("{stem}.rs"), format!("{stem}/mod.rs")];
                let Some(file) = files.into_iter().find(|file| read(file).is_some()) else {
                    bail!("{file} declares the module {child}, and there is no file for it");
                };
                found.push((child_path, file));
            }
            // A comment of its own where the documentation is for those who take the crate.
            let head = source
                .lines()
                .map_while(|line| line.strip_prefix("//!").or(line.strip_prefix("//")));
            let module = Module {
                head: head.map(str::to_owned).collect(),
                imports: Vec::new(),
                file,
            };
            this.modules.insert(path.clone(), module);
            names.insert(path, said);
        }
        for (path, said) in &names {
            let written = said.used.iter().chain(&said.written_out);
            let imports = written.filter_map(|written| {
                let target = this.target(path, &said.children, &written.segments)?;
                let is_itself = target == Target::Module(path.clone());
                (!is_itself).then(|| Import {
                    target,
                    line: written.line,
                    written: written.segments.join("::"),
                })
            });
            let imports = imports.collect();
            this.modules.get_mut(path).context("it was read")?.imports = imports;
        }
        Ok(this)
    }

    /// The module in which a path ends, or the path itself if it leads out of the crate. `None` for the standard library and local names.
    fn target(&self, from: &ModulePath, children: &[String], written: &[String]) -> Option<Target> {
        let (first, rest) = written.split_first()?;
        let mut path = match first.as_str() {
            "crate" => ModulePath::new(),
            "self" => from.clone(),
            "super" => from[..from.len().checked_sub(1)?].to_vec(),
            name if children.contains(first) => [from.as_slice(), &[name.to_owned()]].concat(),
            _ if self.dependencies.contains(first) => {
                return Some(Target::Outside(written.to_vec()));
            }
            _ => return None,
        };
        for segment in rest {
            if segment == "super" {
                path.pop();
                continue;
            }
            path.push(segment.clone());
            if !self.modules.contains_key(&path) {
                path.pop();
                break;
            }
        }
        Some(Target::Module(path))
    }
}

/// The crates that a manifest names for the program itself, as source names them.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut is_of_dependencies = false;
    let mut names = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_of_dependencies = line == "[dependencies]"
                || line.starts_with("[target.") && line.ends_with(".dependencies]");
        } else if is_of_dependencies
            && let Some((name, _)) = line.split_once('=')
            && !line.starts_with('#')
        {
            names.insert(name.trim().replace('-', "_"));
        }
    }
    names
}
