//! Browser modules: what each imports, and what its line allows to it.
//!
//! Names are paths from the folder of the module, as `visible.js` and `../frames.js` are; one that ends with a slash stands for all that is in
//! the folder. A module without the line is not checked.
//!
//! May import: graph, line, anyhow.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path};

use anyhow::{Context, Result};

use super::graph::{self, Graph};
use super::line;

/// Folders of what others wrote.
const VENDORED: [&str; 2] = ["vendor", "node_modules"];

/// Every line that is wrong in these folders, and every cycle of modules with such a line, as a sentence.
pub(super) fn problems(root: &Path, folders: &[&str]) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for folder in folders {
        collect(root, Path::new(folder), &mut files)?;
    }
    files.sort();
    let mut problems = Vec::new();
    let mut graph = Graph::new();
    for file in files {
        let source = fs::read_to_string(root.join(&file))
            .with_context(|| format!("could not read {file}"))?;
        problems.extend(problems_of(&file, &source, &mut graph));
    }
    if let Some(cycle) = graph::cycle(&graph) {
        problems.push(format!(
            "browser modules import each other in a circle; move what they share below all of them: {}",
            cycle.join(" → ")
        ));
    }
    Ok(problems)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) -> Result<()> {
    let read = || fs::read_dir(root.join(folder));
    for entry in read().with_context(|| format!("could not read {}", folder.display()))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.file_type()?.is_dir() {
            if !VENDORED.contains(&name.as_ref()) {
                collect(root, &path, files)?;
            }
        } else if name.ends_with(".js") || name.ends_with(".mjs") {
            files.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

fn problems_of(file: &str, source: &str, graph: &mut Graph<String>) -> Vec<String> {
    let head = source.lines().map_while(|line| {
        let comment = line.trim_start_matches(' ');
        let is_comment =
            comment.starts_with("//") || comment.starts_with('*') || comment.starts_with("/*");
        is_comment.then(|| comment.trim_matches(['/', '*', ' ']))
    });
    let names = match line::names(&head.collect::<Vec<_>>()) {
        Ok(Some(names)) => names,
        Ok(None) => return Vec::new(),
        Err(error) => return vec![format!("{file}: {error}")],
    };
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let allowed: BTreeMap<_, _> = names
        .iter()
        .map(|name| (absolute(folder, name), name))
        .collect();
    let covers = |allowed: &str, path: &str| {
        allowed == path || allowed.ends_with('/') && path.starts_with(allowed)
    };
    let mut problems = Vec::new();
    let mut imports = BTreeSet::new();
    for (specifier, line) in specifiers(source) {
        // What is no path is a name of the import map, or of a package.
        let path = match specifier.starts_with('.') {
            true => absolute(folder, specifier),
            false => specifier.to_owned(),
        };
        let is_allowed =
            |(allowed, name): (&String, &&String)| covers(allowed, &path) || ***name == path;
        if !allowed.iter().any(is_allowed) {
            let name = specifier.strip_prefix("./").unwrap_or(specifier);
            problems.push(format!(
                "{file}:{line} imports {specifier}, which its line \"May import\" leaves out: do without the import, or, if this direction is \
                 right, add {name} to the line"
            ));
        }
        imports.insert(path);
    }
    for (path, name) in &allowed {
        let is_used = |import: &String| covers(path, import) || import == *name;
        if !imports.iter().any(is_used) {
            problems.push(format!(
                "{file} says that it may import {name}, and does not: take it out of the line"
            ));
        }
    }
    graph.insert(file.to_owned(), imports);
    problems
}

/// A path from the root of the repository.
fn absolute(folder: &str, name: &str) -> String {
    let mut path = Vec::new();
    let joined = format!("{folder}/{name}");
    for component in Path::new(&joined).components() {
        match component {
            Component::ParentDir => drop(path.pop()),
            Component::Normal(part) => path.push(part.to_string_lossy()),
            _ => {}
        }
    }
    let slash = if name.ends_with('/') { "/" } else { "" };
    format!("{}{slash}", path.join("/"))
}

/// What is imported, also by `export … from` and `import('…')`, with the number of the line. Types in comments do not count.
fn specifiers(source: &str) -> Vec<(&str, usize)> {
    let code = without_comments(source);
    let mut found = Vec::new();
    for (at, quoted) in quoted(source, &code) {
        let before = code[..at].trim_end();
        let is_dynamic = before
            .strip_suffix('(')
            .is_some_and(|before| ends_with_word(before.trim_end(), "import"));
        if is_dynamic || ends_with_word(before, "from") || ends_with_word(before, "import") {
            let line = source[..at].matches('\n').count() + 1;
            found.push((quoted, line));
        }
    }
    found
}

fn ends_with_word(text: &str, word: &str) -> bool {
    let is_part_of_a_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    text.strip_suffix(word)
        .is_some_and(|before| !before.ends_with(is_part_of_a_name))
}

/// Where each string of the code begins, and what is in it.
fn quoted<'s>(source: &'s str, code: &str) -> Vec<(usize, &'s str)> {
    let mut strings = Vec::new();
    let mut at = 0;
    while let Some(found) = code[at..].find(['\'', '"']) {
        let begin = at + found;
        let quote = &code[begin..=begin];
        // Strings end on their line; a quote that does not is a part of a template or of a regular expression.
        let rest = code[begin + 1..].lines().next().unwrap_or_default();
        match rest.find(quote) {
            Some(len) => {
                strings.push((begin, &source[begin + 1..begin + 1 + len]));
                at = begin + len + 2;
            }
            None => at = begin + 1,
        }
    }
    strings
}

/// The source with spaces in place of comments. A comment begins at the beginning of a line, or behind a space: `//` in an address does not
/// begin one.
fn without_comments(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut is_in_block = false;
    for line in source.split_inclusive('\n') {
        let mut rest = line;
        let mut before = ' ';
        while let Some(first) = rest.chars().next() {
            let is_line_comment = !is_in_block && rest.starts_with("//") && before.is_whitespace();
            let skipped = if is_line_comment {
                rest.trim_end_matches('\n').len()
            } else if is_in_block && rest.starts_with("*/") {
                is_in_block = false;
                2
            } else if !is_in_block
                && rest.starts_with("/*")
                && (before.is_whitespace() || before == '(')
            {
                is_in_block = true;
                2
            } else if is_in_block && first != '\n' {
                first.len_utf8()
            } else {
                0
            };
            match skipped {
                0 => {
                    code.push(first);
                    before = first;
                    rest = &rest[first.len_utf8()..];
                }
                bytes => {
                    code.extend(std::iter::repeat_n(' ', bytes));
                    before = ' ';
                    rest = &rest[bytes..];
                }
            }
        }
    }
    code
}

#[cfg(test)]
#[path = "javascript_tests.rs"]
mod tests;
