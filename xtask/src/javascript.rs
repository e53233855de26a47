//! The checks of the browser code: its format and its lints by Biome, its types by TypeScript (our modules against their JSDoc, the
//! goals of exercises less strictly, and the declarations of the libraries as strict programs meet them, `xtask/javascript/`), and the tests that need no
//! browser, by Node's test runner.
//!
//! May import: command, workspace, anyhow.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    command::{program, run},
    workspace::root,
};

/// The exact versions of both tools, of axe, which the browser tests read from where it is installed, and of esbuild and Vite, with which tests
/// bundle the client's package; and the consumers.
const RECIPE: &str = "xtask/javascript";
const RECIPE_FILES: [&str; 3] = [".npmrc", "package.json", "package-lock.json"];
/// npm leaves nothing in the sources.
const TOOLS: &str = "target/javascript";

/// The modules; the goals of exercises; the consumers. Demos are for readers, and run in the browser tests.
const PROJECTS: [&str; 3] = [
    "jsconfig.json",
    "xtask/javascript/goals.json",
    "xtask/javascript/tsconfig.json",
];

/// Where tests of pure modules are, as `*.test.mjs`: outside of the folders that the book serves.
const TESTS: [&str; 2] = ["code/quickconnect/tests", "server/tests/stage"];

/// Checks format, lints and types, and runs the tests that need no browser; changes nothing.
pub(crate) fn check() -> Result<()> {
    install()?;
    run(tool("biome").args(["ci", "--error-on-warnings", "."]))?;
    for project in PROJECTS {
        run(tool("tsc").args(["--project", project]))?;
        println!("{project} has no type error");
    }
    run(program("node").arg("--test").args(tests()?))
}

fn tests() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in TESTS {
        let entries = fs::read_dir(root().join(folder));
        for entry in entries.with_context(|| format!("could not list {folder}"))? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(".test.mjs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Formats all of it.
pub(crate) fn format() -> Result<()> {
    install()?;
    run(tool("biome").args(["format", "--write", "."]))
}

fn tool(name: &str) -> std::process::Command {
    program(&format!("{TOOLS}/node_modules/.bin/{name}"))
}

fn install() -> Result<()> {
    let tools = root().join(TOOLS);
    fs::create_dir_all(&tools).with_context(|| format!("could not create {TOOLS}"))?;
    for file in RECIPE_FILES {
        fs::copy(root().join(RECIPE).join(file), tools.join(file))
            .with_context(|| format!("could not copy {RECIPE}/{file}"))?;
    }
    run(program("npm")
        .args(["ci", "--loglevel=error"])
        .current_dir(&tools))
    .context("the checks of the browser code need npm, and the packages of its registry")
}
