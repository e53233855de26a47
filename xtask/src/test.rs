//! The test command: every step in order of how soon it can say no.
//!
//! May import: command, imports, javascript, reference, system, vendor, anyhow.

use std::time::Instant;

use anyhow::{Context, Result};

use crate::{
    command::{program, run},
    imports, javascript, reference,
    system::{self, Install},
    vendor,
};

/// A step's name, and what it does.
type Step = (&'static str, fn(Install) -> Result<()>);

const STEPS: [Step; 9] = [
    ("format", |_| cargo(&["fmt", "--all", "--check"])),
    ("imports", |_| imports::check()),
    ("reference page", |_| reference::check()),
    ("system", system::ensure),
    ("vendored files", |_| vendor::check()),
    ("browser code", |_| javascript::check()),
    ("lints", |_| {
        cargo(&[
            "clippy",
            "--release",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
    }),
    ("documentation", |_| documentation()),
    ("tests", |_| {
        cargo(&["test", "--release", "--workspace", "--no-fail-fast"])
    }),
];

pub(crate) fn run_all(install: Install) -> Result<()> {
    let started = Instant::now();
    for (name, step) in STEPS {
        let step_started = Instant::now();
        println!("\n== {name}");
        step(install).with_context(|| {
            format!("the step \"{name}\" failed, and the steps after it did not run")
        })?;
        println!("== {name}: passed in {:.1?}", step_started.elapsed());
    }
    println!("\nEverything passed in {:.0?}.", started.elapsed());
    Ok(())
}

fn documentation() -> Result<()> {
    let arguments = [
        "doc",
        "--release",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ];
    run(program("cargo")
        .args(arguments)
        .env("RUSTDOCFLAGS", "-D warnings"))
}

fn cargo(arguments: &[&str]) -> Result<()> {
    run(program("cargo").args(arguments))
}
