//! The types of the browser code: all of our JavaScript against its JSDoc, and the client's declarations as a strict
//! TypeScript program meets them (`xtask/types/consumer.ts`).

use std::fs;

use anyhow::{Context, Result};

use crate::{
    command::{is_installed, program, run},
    root,
};

/// The exact version of TypeScript, and the consumer.
const RECIPE: &str = "xtask/types";
const RECIPE_FILES: [&str; 3] = [".npmrc", "package.json", "package-lock.json"];
/// npm leaves nothing in the sources.
const TOOLS: &str = "target/types";

const PROJECTS: [&str; 2] = ["jsconfig.json", "xtask/types/tsconfig.json"];

/// Checks both. Without npm's package it says that it could not, because nothing else here knows TypeScript.
pub(crate) fn check() -> Result<()> {
    let unchecked = if !is_installed("npm") {
        "npm is not installed".into()
    } else if let Err(error) = install() {
        format!("{error:#}")
    } else {
        let compiler = format!("{TOOLS}/node_modules/.bin/tsc");
        for project in PROJECTS {
            run(program(&compiler).args(["--project", project]))?;
            println!("{project} has no type error");
        }
        return Ok(());
    };
    println!("NOT CHECKED: the types of the browser code ({unchecked})");
    Ok(())
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
}
