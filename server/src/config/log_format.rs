//! How lines of the log are written.
//!
//! May import: clap.

use clap::ValueEnum;

/// What a line is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For a person at a terminal.
    #[default]
    Text,
    /// An object, for programs that collect logs.
    Json,
}
