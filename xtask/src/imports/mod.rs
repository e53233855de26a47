//! The check of what modules import. The documentation at the head of a Rust module ends with a line that begins with the words at the end
//! of this text, and names what the module may import, as `config, signaling::outbox, tokio.` The comment at the head of a JavaScript module
//! may have such a line too, and that of a Rust module whose documentation is for others, where it is no part of that: `visible.js, ../frames.js, shared/.` This compares it with what the module does import.
//!
//! The list may go on over several lines, and ends with a full stop. `nothing` stands for none. The line is wrong if it leaves out an import,
//! and if it names what is not imported.
//!
//! # Layout
//! - [`line`](mod@line): reads the line
//! - [`rust`]: what the lines of a crate's modules allow, compared with what they import
//! - [`modules`]: the modules of a crate, and what each imports
//! - [`paths`]: the paths that Rust source names
//! - [`tokens`]: Rust source without comments and literals
//! - [`javascript`]: the same for browser modules
//! - [`graph`]: finds cycles
//!
//! May import: workspace, anyhow.

mod graph;
mod javascript;
mod line;
mod modules;
mod paths;
mod rust;
mod tokens;

use std::fs;

use anyhow::{Result, bail};

use crate::workspace::root;

/// Crates of which every module has such a line, by the file that is their root.
const CRATES: [&str; 5] = [
    "code/quickconnect/src/lib.rs",
    "server/network/src/lib.rs",
    "server/signaling/src/lib.rs",
    "server/src/lib.rs",
    "xtask/src/main.rs",
];

/// Those of them without circles. In the others, modules import what the module that they are in defines.
const WITHOUT_CIRCLES: [&str; 3] = [
    "server/signaling/src/lib.rs",
    "server/src/lib.rs",
    "xtask/src/main.rs",
];

/// Folders with JavaScript modules. One without the line is not checked.
const JAVASCRIPT: [&str; 2] = ["book", "code"];

/// Fails with every line that is wrong, and every cycle.
pub(crate) fn check() -> Result<()> {
    let mut problems = Vec::new();
    for file in CRATES {
        let read = |file: &str| fs::read_to_string(root().join(file)).ok();
        let modules = modules::Crate::read(file, read)?;
        problems.extend(modules.wrong_lines());
        if WITHOUT_CIRCLES.contains(&file) {
            problems.extend(modules.cycles());
        }
    }
    problems.extend(javascript::problems(root(), &JAVASCRIPT)?);
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{}", problems.join("\n"));
}
