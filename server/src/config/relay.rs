//! How clients are connected that can't reach each other: STUN and TURN.
//!
//! May import: listen, clap.

use std::net::{IpAddr, SocketAddr};

use clap::Args;
use clap::builder::FalseyValueParser;

/// Where STUN and TURN answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "STUN and TURN")]
pub struct Relay {
    /// Neither STUN nor TURN
    #[arg(long, env = "GUIDEBOOK_NO_TURN", value_parser = FalseyValueParser::new())]
    pub no_turn: bool,

    /// Where STUN and TURN listen, in UDP; otherwise where the book does. TURN over
    /// TCP is where the book is
    #[arg(
        long,
        env = "GUIDEBOOK_TURN_LISTEN",
        value_name = "IP:PORT",
        value_parser = super::listen::address
    )]
    pub turn_listen: Option<SocketAddr>,

    /// The address by which others reach this machine, if a NAT or a cloud
    /// translates it one to one
    #[arg(long, env = "GUIDEBOOK_EXTERNAL_ADDRESS", value_name = "IP")]
    pub external_address: Option<IpAddr>,
}
