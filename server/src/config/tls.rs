//! Whether TLS is spoken, and with which certificate.
//!
//! May import: clap.

use std::path::PathBuf;

use clap::Args;
use clap::builder::FalseyValueParser;

/// The certificate of the server. TLS is spoken at the port of plain HTTP, besides it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "HTTPS")]
pub struct Tls {
    /// Speak https:// as well, with this certificate: a PEM file, the server's own
    /// certificate first; it is read again when it changes
    #[arg(long, env = "GUIDEBOOK_CERT", value_name = "FILE", requires = "key")]
    pub cert: Option<PathBuf>,

    /// The private key of that certificate: a PEM file, not encrypted
    #[arg(long, env = "GUIDEBOOK_KEY", value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,

    /// Speak https:// as well, with a certificate that this program makes and keeps
    /// for you; browsers warn of it until a device trusts its authority, which is
    /// for addresses of private networks alone, and for 30 days
    #[arg(long, env = "GUIDEBOOK_TLS", conflicts_with = "cert",
        value_parser = FalseyValueParser::new())]
    pub tls: bool,

    /// Delete that authority with its key, say how devices forget it, and end
    #[arg(long, env = "GUIDEBOOK_FORGET_AUTHORITY", value_parser = FalseyValueParser::new())]
    pub forget_authority: bool,
}
