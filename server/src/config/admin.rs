//! Where the operator of the server finds its metrics, and what it keeps.
//!
//! May import: listen, clap.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use clap::builder::FalseyValueParser;

/// Where the server's numbers are shown, and where it keeps something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Operation")]
pub struct Admin {
    /// Show the server's numbers to everybody, for Prometheus, at /metrics
    #[arg(long, env = "GUIDEBOOK_METRICS", value_parser = FalseyValueParser::new())]
    pub metrics: bool,

    /// Show them at an address of their own, such as 127.0.0.1:9000
    #[arg(
        long,
        env = "GUIDEBOOK_METRICS_LISTEN",
        value_name = "IP:PORT",
        value_parser = super::listen::address
    )]
    pub metrics_listen: Option<SocketAddr>,

    /// Where a workshop keeps the key by which attendees come back into their pairs
    /// after a restart, for a day; a folder of your user's if it is not named
    #[arg(long, env = "GUIDEBOOK_STATE_DIR", value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
}
