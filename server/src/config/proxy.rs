//! What stands in front of the server.
//!
//! May import: base_path, clap.

use clap::Args;
use clap::builder::FalseyValueParser;

use super::base_path::BasePath;

/// How the server is reached through a proxy. Which proxies are believed is said in [`Access`](super::Access).
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Behind a proxy")]
pub struct Proxy {
    /// The path below which others find the server, such as /rtc; it answers there
    /// and at its root, so the proxy may take the path away or leave it
    #[arg(
        long,
        env = "GUIDEBOOK_BASE_PATH",
        value_name = "PATH",
        default_value_t
    )]
    pub base_path: BasePath,

    /// Take the client's address from the PROXY protocol, version 1 or 2, with
    /// which each connection of a trusted proxy then has to begin
    #[arg(long, env = "GUIDEBOOK_PROXY_PROTOCOL", value_parser = FalseyValueParser::new())]
    pub proxy_protocol: bool,
}
