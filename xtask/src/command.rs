//! Run a program and turn its failure into a sentence.
//!
//! May import: workspace, anyhow.

use std::{
    env,
    io::{BufRead, BufReader, ErrorKind},
    process::{Command, ExitStatus, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::workspace::root;

/// What cargo tells of the package that it runs, which is xtask here. Build scripts watch these variables (ring's does): a cargo that inherits them
/// builds again what another cargo has built, and all that depends on it.
const PACKAGE_VARIABLES: [&str; 2] = ["CARGO_MANIFEST_", "CARGO_PKG_"];

/// A program that starts in the workspace's root and never waits for a keyboard.
pub(crate) fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root()).stdin(Stdio::null());
    for (variable, _) in env::vars_os() {
        let is_of_package = |prefix| variable.to_string_lossy().starts_with(prefix);
        if PACKAGE_VARIABLES.into_iter().any(is_of_package) {
            command.env_remove(&variable);
        }
    }
    command
}

/// Whether `name` can be started at all; what it thinks of `--version` does not matter.
pub(crate) fn is_installed(name: &str) -> bool {
    let version = program(name)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    !matches!(version, Err(error) if error.kind() == ErrorKind::NotFound)
}

/// Runs `command` with its output on this terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("could not start {}", words(command)))?;
    succeeded(command, status)
}

/// Runs `command` with its output on this terminal, and shows each line of its standard output also to `take`, without the line's end.
pub(crate) fn run_and_read(command: &mut Command, mut take: impl FnMut(&str)) -> Result<()> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start {}", words(command)))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line =
                line.with_context(|| format!("could not read what {} says", words(command)))?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            take(&line);
        }
    }
    succeeded(command, child.wait()?)
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("{} failed ({status})", words(command));
    }
    Ok(())
}

/// The command as a person would type it.
fn words(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}
