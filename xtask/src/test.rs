//! The test command: every step in order of how soon it can say no.
//!
//! May import: claims, command, failures, imports, javascript, reference, system, vendor, anyhow.

use std::num::NonZero;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};

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

/// Each is of use only after those before it.
const CHECKS: [Step; 10] = [
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
];

/// All of them run, whatever the others say.
const TESTS: [Step; 3] = [
    ("tests without a browser", |_| {
        tests(&["--lib", "--bins", "--test", "[!b]*"])
    }),
    ("tests in the documentation", |_| tests(&["--doc"])),
    ("tests in browsers", |_| {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let threads = format!("--test-threads={}", BROWSER_TESTS_PER_CORE * cores);
        tests(&["--test", "browser", "--", &threads])
    }),
];

pub(crate) fn run_all(install: Install) -> Result<()> {
    let mut took = Vec::new();
    let mut run = |(name, step): &Step| {
        let started = Instant::now();
        println!("\n== {name}");
        let outcome = step(install);
        took.push((*name, started.elapsed()));
        outcome
    };
    let checked = CHECKS.iter().try_for_each(|step| {
        run(step).with_context(|| {
            let name = step.0;
            format!("the step \"{name}\" failed, and the steps after it did not run")
        })
    });
    let outcome = checked.and_then(|()| {
        let mut failed = Vec::new();
        for step in &TESTS {
            if let Err(error) = run(step) {
                failed.push(format!("the step \"{}\" failed: {error:#}", step.0));
            }
        }
        ensure!(failed.is_empty(), "{}", failed.join("\n\n"));
        Ok(())
    });
    let times = times(&took);
    match outcome {
        Ok(()) => {
            println!("\n{times}Everything passed.");
            Ok(())
        }
        Err(error) => bail!("{error:#}\n\n{times}"),
    }
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

/// Tests of the whole workspace, as the build selected it: with other packages, features would be others, and all would be built again. What
/// failed is told once more at the end.
fn tests(arguments: &[&str]) -> Result<()> {
    let mut failures = Failures::default();
    let mut command = program("cargo");
    command.args(["test", "--release", "--workspace", "--no-fail-fast"]);
    let outcome = run_and_read(command.args(arguments), |line| failures.take(line));
    outcome.map_err(|error| anyhow!("{error:#}\n\n{}", failures.told()))
}

fn cargo(arguments: &[&str]) -> Result<()> {
    run(program("cargo").args(arguments))
}
