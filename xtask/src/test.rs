//! The test command: every step in order of how soon it can say no.
//!
//! May import: claims, command, failures, imports, javascript, reference, system, vendor, anyhow.

use std::iter;
use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail, ensure};

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
const FIRST: [Step; 4] = [
    ("format", |_| cargo(&["fmt", "--all", "--check"])),
    ("imports", |_| imports::check()),
    ("reference page", |_| reference::check()),
    ("claims", |_| claims::check()),
];

/// The steps of one run beside those of the other: what is installed comes over a network, and what is linted needs none of it.
const BESIDE: [&[Step]; 2] = [
    &[
        ("system", system::ensure),
        ("vendored files", |_| vendor::check()),
        ("browser code", |_| javascript::check()),
    ],
    &[
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
    ],
];

const BUILD: Step = ("build of the tests", |_| {
    cargo(&["test", "--release", "--workspace", "--no-run"])
});

/// All of them run, whatever the others say.
const TESTS: [Step; 2] = [
    ("tests without a browser", |_| {
        tests(&["--lib", "--bins", "--test", "[!b]*"])
    }),
    ("tests in the documentation", |_| tests(&["--doc"])),
];

/// The contract of the clients waits for timers most of the time, and leaves the processors to the other tests.
const IN_BROWSERS: [&[Step]; 2] = [
    &[("tests in browsers", |_| {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let threads = format!("--test-threads={}", BROWSER_TESTS_PER_CORE * cores);
        tests(&["--test", "browser", "--", "--skip", CONTRACT, &threads])
    })],
    &[("the contract of the clients", |_| {
        tests(&["--test", "browser", "--", CONTRACT, "--test-threads=2"])
    })],
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
        self.in_order(&FIRST)?;
        self.beside(BESIDE)?;
        self.in_order(&[BUILD])?;
        let tests = TESTS.iter().map(|step| self.step(step));
        in_one(tests.chain(iter::once_with(|| self.beside(IN_BROWSERS))))
    }

    fn in_order(&self, steps: &[Step]) -> Result<()> {
        steps.iter().try_for_each(|step| {
            let outcome = self.step(step);
            outcome.map_err(|error| anyhow!("{error:#}\n\nThe steps after it did not run."))
        })
    }

    fn beside(&self, chains: [&[Step]; 2]) -> Result<()> {
        let [one, other] = chains;
        thread::scope(|scope| {
            let one = scope.spawn(|| self.in_order(one));
            let other = self.in_order(other);
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
const BROWSER_TESTS_PER_CORE: usize = 3;

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
