//! What a NAT does with a packet, in words that a page can show.
//!
//! May import: nat, serde, thiserror.

use std::net::{IpAddr, SocketAddr};

use serde::{Serialize, Serializer};

use super::{MAX_MAPPINGS, Remote};

/// A packet's addresses behind the NAT, as seen by the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Passed {
    /// Whom it says it is from.
    pub from: SocketAddr,
    /// Whom it is for.
    pub to: SocketAddr,
    /// Whether it came from the inside and goes back there.
    pub hairpinned: bool,
}

/// Why a NAT, or the network, dropped a packet. As a page shows it, and as captures say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Dropped {
    /// Nobody inside has the port.
    #[error("nobody inside uses {0}")]
    NoMapping(SocketAddr),
    /// Somebody had it.
    #[error("the mapping of {0} has expired")]
    Expired(SocketAddr),
    /// Its sender was sent nothing.
    #[error("from {outside} nothing was sent to {}", words(*.remote))]
    Filtered {
        /// Where the packet came to.
        outside: SocketAddr,
        /// As much of the sender as counts.
        remote: Remote,
    },
    /// It was for the NAT's own address, from the inside.
    #[error(
        "{0} is an outside address of the sender's own NAT, which sends nothing back in (no hairpinning)"
    )]
    NoHairpinning(SocketAddr),
    /// The table has no room.
    #[error("the NAT's table is full: it holds {MAX_MAPPINGS} mappings")]
    Full,
    /// IPv4 met IPv6.
    #[error("the NAT's address {0} is of another family than the packet's")]
    Family(IpAddr),
    /// No NAT has the address, and no host.
    #[error("nobody has the address {0}")]
    NoRoute(SocketAddr),
}

impl Dropped {
    /// The reason as one word, for programs.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NoMapping(_) => "no-mapping",
            Self::Expired(_) => "expired",
            Self::Filtered { .. } => "filtered",
            Self::NoHairpinning(_) => "no-hairpinning",
            Self::Full => "full",
            Self::Family(_) => "family",
            Self::NoRoute(_) => "no-route",
        }
    }
}

fn words(remote: Remote) -> String {
    match remote {
        Remote::Any => "anybody".to_owned(),
        Remote::Address(address) => address.to_string(),
        Remote::Endpoint(endpoint) => endpoint.to_string(),
    }
}

impl Serialize for Dropped {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
