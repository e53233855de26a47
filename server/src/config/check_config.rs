//! What `guidebook check-config` is asked.
//!
//! May import: clap.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// A file of options, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct CheckConfig {
    /// The file; without one, variables alone are looked at
    #[arg(value_name = "FILE", env = "GUIDEBOOK_CONFIG")]
    pub file: Option<PathBuf>,

    /// What is to be started with it
    #[arg(long = "for", value_name = "SERVICE", value_enum, default_value_t)]
    pub service: Service,
}

/// What the program can serve.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Service {
    /// `guidebook`
    #[default]
    Book,
    /// `guidebook workshop`
    Workshop,
    /// `guidebook signaling`
    Signaling,
}

impl Service {
    /// The command that starts it; nothing for the program without one.
    pub fn command(self) -> Option<&'static str> {
        match self {
            Self::Book => None,
            Self::Workshop => Some("workshop"),
            Self::Signaling => Some("signaling"),
        }
    }
}
