//! Where the operator of the server finds its metrics.
//!
//! May import: listen, clap.

use std::net::SocketAddr;

use clap::Args;
use clap::builder::FalseyValueParser;

/// Where the server's numbers are shown.
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
}
