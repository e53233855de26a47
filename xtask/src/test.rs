//! The test command. What says no at once comes first; what needs little of the processors, or can wait for them, runs beside the browsers.
//!
//! May import: claims, command, failures, imports, javascript, packages, reference, system, vendor, anyhow.

use std::num::NonZero;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Error, Result, anyhow, bail, ensure};

use crate::{
    claims,
    command::{program, run, run_and_read},
    failures::Failures,
    imports, javascript, packages, reference,
    system::{self, Install},
    vendor,
};

/// A step's name, and what it does.
type Step = (&'static str, fn(Install) -> Result<()>);

/// What takes a second.
const FIRST: [Step; 4] = [
    ("format", |_| cargo(&["fmt", "--all", "--check"])),
    ("imports", |_| imports::check()),
    ("reference page", |_| reference::check()),
    ("claims", |_| claims::check()),
];

/// What is installed comes over a network, while the processors build.
const PREPARED: [&[Step]; 2] = [
    &[
        ("system", system::ensure),
        ("vendored files", |_| vendor::check()),
        ("browser code", |_| javascript::check()),
    ],
    &[("build of the tests", |_| {
        cargo(&["test", "--release", "--workspace", "--no-run"])
    })],
];

/// The soak compares times, so nothing runs beside it.
const ALONE: Step = ("unit tests, and the soak", |_| {
    tests(&["--lib", "--bins", "--test", "soak"])
});

/// Tests over sockets flood a server, which would take from the browsers the time that their tests have; browsers keep the processors busy. The contract of
/// the clients waits for timers most of the time, and runs beside both. Packages, lints, documentation and its tests give way to all of them. All steps run,
/// whatever the others say; those that build are in one chain, since cargo lets one build at a time.
const TOGETHER: [&[Step]; 2] = [
    &[
        ("tests over sockets", |_| {
            tests(&["--test", "server", "--", "--test-threads=2"])
        }),
        ("tests in browsers", |_| {
            let cores = thread::available_parallelism().map_or(1, NonZero::get);
            let threads = format!("--test-threads={}", BROWSER_TESTS_PER_CORE * cores);
            tests(&["--test", "browser", "--", "--skip", CONTRACT, &threads])
        }),
    ],
    &[
        ("the contract of the clients", |_| {
            tests(&["--test", "browser", "--", CONTRACT, "--test-threads=2"])
        }),
        ("packages", |_| packages::build(cargo_giving_way())),
        ("tests in the documentation", |_| {
            tests_of(cargo_giving_way(), &["--doc"])
        }),
        ("lints", |_| {
            run(cargo_giving_way().args([
                "clippy",
                "--release",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ]))
        }),
        ("documentation", |_| documentation()),
    ],
];

/// What the names of its tests begin with.
const CONTRACT: &str = "contract::";

pub(crate) fn run_all(install: Install) -> Result<()> {
    let started = Instant::now();
    let run = Run {
        install,
        took: Mutex::default(),
    };
    let outcome = run.all();
    let times = run.times(started.elapsed());
    match outcome {
        Ok(()) => {
            println!("\n{times}Everything passed.");
            Ok(())
        }
        Err(error) => bail!("{error:#}\n\n{times}"),
    }
}

/// One run of the command.
struct Run {
    install: Install,
    took: Mutex<Vec<(&'static str, Duration)>>,
}

impl Run {
    fn all(&self) -> Result<()> {
        in_one(FIRST.iter().map(|step| self.step(step))).map_err(others_did_not_run)?;
        self.beside(PREPARED).map_err(others_did_not_run)?;
        in_one([self.step(&ALONE), self.beside(TOGETHER)].into_iter())
    }

    /// The steps of one chain beside those of the other.
    fn beside(&self, chains: [&[Step]; 2]) -> Result<()> {
        let [one, other] = chains.map(|chain| || in_one(chain.iter().map(|step| self.step(step))));
        thread::scope(|scope| {
            let one = scope.spawn(one);
            let other = other();
            let one = one
                .join()
                .unwrap_or_else(|_| Err(anyhow!("a step panicked")));
            in_one([one, other].into_iter())
        })
    }

    fn step(&self, (name, step): &Step) -> Result<()> {
        let started = Instant::now();
        println!("\n== {name}");
        let outcome = step(self.install);
        let mut took = self.took.lock().unwrap_or_else(PoisonError::into_inner);
        took.push((*name, started.elapsed()));
        outcome.map_err(|error| anyhow!("the step \"{name}\" failed: {error:#}"))
    }

    /// A line for each step that ran, and one for all of them.
    fn times(&self, all: Duration) -> String {
        let took = self.took.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = took.iter().copied().chain([("all", all)]);
        lines
            .map(|(name, took)| format!("{:>6.0} s  {name}\n", took.as_secs_f64()))
            .collect()
    }
}

/// What all that failed have said.
fn in_one(outcomes: impl Iterator<Item = Result<()>>) -> Result<()> {
    let failed: Vec<_> = outcomes
        .filter_map(|outcome| Some(format!("{:#}", outcome.err()?)))
        .collect();
    ensure!(failed.is_empty(), "{}", failed.join("\n\n"));
    Ok(())
}

fn others_did_not_run(error: Error) -> Error {
    anyhow!("{error:#}\n\nThe steps after it did not run.")
}

fn documentation() -> Result<()> {
    let arguments = [
        "doc",
        "--release",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ];
    run(cargo_giving_way()
        .args(arguments)
        .env("RUSTDOCFLAGS", "-D warnings"))
}

/// Has the processors when nobody else wants them; where there is no `nice`, at any time.
fn cargo_giving_way() -> Command {
    if cfg!(not(unix)) {
        return program("cargo");
    }
    let mut command = program("nice");
    command.args(["-n", "19", "cargo"]);
    command
}

/// Tests in browsers at the same time, for each core. The tests themselves let fewer work at once (`server/tests/browser/harness/places.rs`).
const BROWSER_TESTS_PER_CORE: usize = 3;

/// Tests of the whole workspace, as the build selected it: with other packages, features would be others, and all would be built again. What
/// failed is told once more at the end.
fn tests(arguments: &[&str]) -> Result<()> {
    tests_of(program("cargo"), arguments)
}

fn tests_of(mut command: Command, arguments: &[&str]) -> Result<()> {
    let mut failures = Failures::default();
    command.args(["test", "--release", "--workspace", "--no-fail-fast"]);
    let outcome = run_and_read(command.args(arguments), |line| failures.take(line));
    outcome.map_err(|error| anyhow!("{error:#}\n\n{}", failures.told()))
}

fn cargo(arguments: &[&str]) -> Result<()> {
    run(program("cargo").args(arguments))
}

#[cfg(test)]
mod tests {
    /// `cargo xtask test` names the test crates one by one.
    #[test]
    fn no_test_crate_is_left_out() {
        let manifest = include_str!("../../server/guidebook/Cargo.toml");
        let crates: Vec<_> = manifest
            .split("[[test]]\nname = \"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap_or_default())
            .collect();
        assert_eq!(crates, ["browser", "server", "soak"]);
    }
}
