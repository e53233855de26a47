//! `guidebook workshop`, as its host starts it, on a machine of its own.
//!
//! May import: namespaces.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::namespaces::Machine;

const PROGRAM: &str = env!("CARGO_BIN_EXE_guidebook");
/// The last line of what is printed at the start, and when the address has changed.
const LAST: &str = "Ctrl-C ends the workshop";
/// The program takes the same one on every machine.
const PORT: u16 = 8000;

/// It runs until it is dropped.
pub(super) struct Workshop {
    program: Child,
    output: BufReader<ChildStdout>,
}

impl Workshop {
    /// Starts it, and gives what it prints.
    pub(super) fn start(machine: &Machine) -> Result<(Self, String)> {
        machine.run(|| {
            let mut command = Command::new(PROGRAM);
            let variables = std::env::vars_os().map(|(name, _)| name);
            for name in variables.filter(|name| name.to_string_lossy().starts_with("GUIDEBOOK_")) {
                command.env_remove(name);
            }
            let command = command.arg("workshop").stdin(Stdio::null());
            let mut program = command.stdout(Stdio::piped()).spawn()?;
            let output = program.stdout.take().context("it is piped")?;
            let mut workshop = Self {
                program,
                output: BufReader::new(output),
            };
            let printed = workshop.prints()?;
            Ok((workshop, printed))
        })
    }

    /// The next text that it prints with an address in it, to the end.
    pub(super) fn prints(&mut self) -> Result<String> {
        self.prints_to(LAST)
    }

    /// What it prints to the line that has this.
    pub(super) fn prints_to(&mut self, last: &str) -> Result<String> {
        let mut printed = String::new();
        while !printed.contains(last) {
            let more = self.output.read_line(&mut printed)?;
            ensure!(more > 0, "the program ended after {printed:?}");
        }
        Ok(printed)
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Where the book is on this machine.
pub(super) fn book_on(machine: &Machine) -> SocketAddr {
    (machine.address, PORT).into()
}
