//! How lines of the log are written.
//!
//! May import: nothing.

use std::fmt;
use std::str::FromStr;

/// What a line is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person at a terminal.
    #[default]
    Text,
    /// An object, for programs that collect logs.
    Json,
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let formats = [Self::Text, Self::Json];
        let found = formats
            .into_iter()
            .find(|format| format.to_string() == text);
        found.ok_or_else(|| "it must be text or json".into())
    }
}
