//! The checks of the browser code: its format and its lints by Biome, its types by TypeScript (our modules against their JSDoc,
//! and the client's declarations as a strict program meets them, `xtask/javascript/consumer.ts`).
//!
//! May import: command, workspace, anyhow.

use std::fs;

use anyhow::{Context, Result};

use crate::{
    command::{program, run},
    workspace::root,
};

/// The exact versions of both tools, and the consumer.
const RECIPE: &str = "xtask/javascript";
const RECIPE_FILES: [&str; 3] = [".npmrc", "package.json", "package-lock.json"];
/// npm leaves nothing in the sources.
const TOOLS: &str = "target/javascript";

const PROJECTS: [&str; 2] = ["jsconfig.json", "xtask/javascript/tsconfig.json"];

/// Checks format, lints and types; changes nothing.
pub(crate) fn check() -> Result<()> {
    install()?;
    run(tool("biome").args(["ci", "--error-on-warnings", "."]))?;
    for project in PROJECTS {
        run(tool("tsc").args(["--project", project]))?;
        println!("{project} has no type error");
    }
    Ok(())
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
