//! The STUN and TURN servers that the doctor is asked about.
//!
//! May import: clap.

use clap::Args;

/// Servers of others. The guidebook's own demos use none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct IceServers {
    /// Ask this STUN server for the address of this device too; may be repeated
    #[arg(long, value_name = "HOST:PORT")]
    pub stun: Vec<String>,

    /// Ask this TURN server for a relayed address too, over UDP; may be repeated
    #[arg(long, value_name = "HOST:PORT", requires = "turn_user")]
    pub turn: Vec<String>,

    /// Who to be there
    #[arg(long, value_name = "NAME", requires = "turn_password")]
    pub turn_user: Option<String>,

    /// The password there
    #[arg(
        long,
        env = "GUIDEBOOK_TURN_PASSWORD",
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    pub turn_password: Option<String>,
}
