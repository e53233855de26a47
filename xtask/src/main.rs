//! What one command should do in this repository: `cargo xtask <task>`.
//!
//! # Layout
//! - [`test`](mod@test): the test command, step by step
//! - [`failures`]: what the tests that failed have said, told again at the end
//! - [`system`]: the programs that it needs, installed where that is allowed
//! - [`reference`](mod@reference): the book's page about the JavaScript client, made from its declarations
//! - [`javascript`]: format, lints, types and browserless tests of the browser code
//! - [`claims`]: what the book claims, and where it is shown
//! - [`imports`]: what each module may import, and what it does import
//! - [`dist`]: the program for another machine
//! - [`packages`]: the crates that others take, built from what is packed of them
//! - [`soak`]: the server under a load of hostile members, for minutes
//! - [`vendor`]: third-party browser code, rebuilt and checked
//! - [`command`]: run a program and turn its failure into a sentence
//! - [`workspace`]: where the workspace is
//!
//! Architecture invariant: xtask depends on none of the workspace's crates, so it still runs when they do not compile.

mod claims;
mod command;
mod dist;
mod failures;
mod imports;
mod javascript;
mod packages;
mod reference;
mod soak;
mod system;
mod test;
mod vendor;
mod workspace;

use std::{env, process::ExitCode};

use anyhow::{Result, bail};

use system::Install;

const HELP: &str = "\
What one command should do in this repository.

Usage: cargo xtask <task>

Tasks:
  test            Check format, lints, documentation and vendored files, then run every test, in real browsers too.
                  On Debian, as root, it first installs what it needs: npm, chromium, chromium-driver, firefox-esr,
                  webkit2gtk-driver, xvfb, tshark, coturn, nginx-light, caddy, haproxy, prometheus, redis-server
  test --no-install
                  The same, but fail where something is missing
  imports         Check what each module says that it may import, and that no modules import each other in a circle
  claims          Write the tables of book/appendix/browsers.md from their rows, and target/claims.md: what the book claims, and where it is
                  shown; fail with what it says of a browser and nothing shows
  claims --check  The same, but prove that the tables are what would be written
  javascript      Check format, lints and types of the browser code, and run its tests that need no browser (needs npm)
  javascript --fix
                  Format it
  soak [--seconds N] [PART…]
                  Attack the server for ten minutes, or N seconds, with all parts of the load, or those that are named
  dist            Make target/dist: the program, stripped, its checksum, and the licences of all that is in it
  packages        Build the crates that others take from what is packed of them
  reference       Write book/quickconnect/reference.md from code/quickconnect/js/index.d.ts
  reference --check
                  Prove that it is what would be written
  vendor          Rebuild the vendored browser code from xtask/vendor (needs npm)
  vendor --check  Rebuild it elsewhere and compare, byte for byte
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["test"] => test::run_all(Install::Allowed),
        ["test", "--no-install"] => test::run_all(Install::Forbidden),
        ["imports"] => imports::check(),
        ["claims"] => claims::write(),
        ["claims", "--check"] => claims::check(),
        ["javascript"] => javascript::check(),
        ["javascript", "--fix"] => javascript::format(),
        ["dist"] => dist::make(),
        ["soak", arguments @ ..] => soak::run_for(arguments),
        ["packages"] => packages::build(command::program("cargo")),
        ["reference"] => reference::write(),
        ["reference", "--check"] => reference::check(),
        ["vendor"] => vendor::rebuild(),
        ["vendor", "--check"] => vendor::check(),
        ["--help" | "-h" | "help"] => {
            print!("{HELP}");
            Ok(())
        }
        [] => bail!("no task was named\n\n{HELP}"),
        unknown => bail!("there is no task `{}`\n\n{HELP}", unknown.join(" ")),
    }
}
