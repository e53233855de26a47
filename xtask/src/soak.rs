//! What takes longer than the test command has time: the server under a load of hostile members (`server/tests/soak`), and the exercises of the
//! guide, again and again (`server/tests/browser/cases/guide`).
//!
//! May import: command, anyhow.

use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{program, run};

const DEFAULT_SECONDS: u64 = 600;

/// How often each exercise is begun and solved.
const ROUNDS: &str = "10";

/// Runs it with `--seconds N`, and with the parts of the load that are named after that; with all, and the exercises, if none is.
pub(crate) fn run_for(arguments: &[&str]) -> Result<()> {
    let (seconds, parts) = match arguments {
        ["--seconds", seconds, parts @ ..] => {
            let seconds = seconds.parse().ok().filter(|seconds: &u64| *seconds > 0);
            (
                seconds.context("--seconds takes a whole number above 0")?,
                parts,
            )
        }
        parts => (DEFAULT_SECONDS, parts),
    };
    run(test("soak", "--nocapture")
        .env("SOAK_SECONDS", seconds.to_string())
        .env("SOAK_PARTS", parts.join(",")))?;
    if parts.is_empty() {
        run(test("browser", "guide::").env("GUIDE_ROUNDS", ROUNDS))?;
    }
    Ok(())
}

/// Runs one test crate of the program, with an argument for it.
fn test(target: &str, argument: &str) -> Command {
    let mut cargo = program("cargo");
    cargo.args(["test", "--release", "-p", "guidebook", "--test", target]);
    cargo.args(["--", argument]);
    cargo
}
