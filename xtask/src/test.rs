//! The test command: every step in order of how soon it can say no.
//!
//! May import: claims, command, failures, imports, javascript, reference, system, vendor, anyhow.

use std::num::NonZero;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use crate::{
    claims,
    command::{program, run, run_and_read},
    failures::Failures,
    imports, javascript, reference,
    system::{self, Install},
    vendor,
};

/// A step's name, and what it does.
type Step = (&'static str, fn(Install) -> Result<()>);

const STEPS: [Step; 11] = [
    ("format", |_| cargo(&["fmt", "--all", "--check"])),
    ("imports", |_| imports::check()),
    ("reference page", |_| reference::check()),
    ("claims", |_| claims::check()),
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
    ("build of the tests", |_| {
        cargo(&["test", "--release", "--workspace", "--no-run"])
    }),
    ("tests", |_| tests()),
];

pub(crate) fn run_all(install: Install) -> Result<()> {
    let mut took = Vec::new();
    let outcome = STEPS.iter().try_for_each(|(name, step)| {
        let started = Instant::now();
        println!("\n== {name}");
        let outcome = step(install);
        took.push((*name, started.elapsed()));
        outcome.with_context(|| {
            format!("the step \"{name}\" failed, and the steps after it did not run")
        })
    });
    println!("\n{}", times(&took));
    if outcome.is_ok() {
        println!("Everything passed.");
    }
    outcome
}

/// A line for each step that ran, and one for all of them.
fn times(took: &[(&str, Duration)]) -> String {
    let all = ("all", took.iter().map(|(_, took)| *took).sum());
    let lines = took.iter().chain([&all]);
    lines
        .map(|(name, took): &(&str, Duration)| format!("{:>6.0} s  {name}\n", took.as_secs_f64()))
        .collect()
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

/// Tests in browsers at the same time, for each core. The tests themselves let fewer work at once (`server/tests/browser/harness/places.rs`).
const BROWSER_TESTS_PER_CORE: usize = 2;

/// All tests, those in browsers by themselves, because they need more threads. What failed is told once more at the end. Each run selects the whole
/// workspace, as the build did: with other packages, features would be others, and all would be built again.
fn tests() -> Result<()> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = format!("--test-threads={}", BROWSER_TESTS_PER_CORE * cores);
    let runs: [&[&str]; 3] = [
        &["--lib", "--bins", "--test", "[!b]*"],
        &["--doc"],
        &["--test", "browser", "--", &threads],
    ];
    let mut failures = Failures::default();
    let mut outcome = Ok(());
    for arguments in runs {
        let mut command = program("cargo");
        command.args(["test", "--release", "--workspace", "--no-fail-fast"]);
        let run = run_and_read(command.args(arguments), |line| failures.take(line));
        outcome = outcome.and(run);
    }
    outcome.map_err(|error| anyhow!("{error:#}\n\n{}", failures.told()))
}

fn cargo(arguments: &[&str]) -> Result<()> {
    run(program("cargo").args(arguments))
}
