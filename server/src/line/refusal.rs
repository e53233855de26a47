//! Why a page gets no line, or one does not do what it is told.
//!
//! May import: network, thiserror.

use std::io;

use network::line::OutOfRange;

/// Why a page gets no line.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There are as many as there may be.
    #[error(
        "The server has {limit} {what} already, and opens no more at once (--max-{what}). One ends by itself when nothing passes it."
    )]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        limit: usize,
    },
    /// There are as many as there may be for one address.
    #[error(
        "The server has {limit} {what} for your address already, and opens no more at once (--max-{what}-per-address). Switch one off in \
         another tab, or wait until one ends by itself."
    )]
    TooManyOfTheAddress {
        /// Of what.
        what: &'static str,
        /// How many there may be for an address.
        limit: usize,
    },
    /// Somebody does not take loopback candidates, and there is no other address.
    #[error(
        "Firefox connects to no address such as 127.0.0.1, and this machine has no other. Connect it to a network, or open the book in \
         another browser."
    )]
    NoAddress,
    /// Somebody wants a TURN server in a lab whose ports have addresses of IPv6.
    #[error(
        "The TURN server of a lab has an address of IPv4, which browsers pair with no other, and this lab has ports of IPv6. Open the book at an \
         address of IPv4, or open the lab without `turn`."
    )]
    NoTurnOverIpv6,
    /// The system gives none.
    #[error("The server can open no port for a line: {0}")]
    NoPort(#[from] io::Error),
    /// The system gives none.
    #[error("The server's system gives it no random bytes for the id of a line.")]
    NoRandomBytes,
}

/// Why an order is refused. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum OrderRefused {
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// There is no other port.
    #[error(transparent)]
    NoPort(#[from] Refusal),
}

impl Refusal {
    /// A stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooMany { what: "labs", .. } => "too-many-labs",
            Self::TooMany { .. } => "too-many-lines",
            Self::TooManyOfTheAddress { what: "labs", .. } => "too-many-labs-per-address",
            Self::TooManyOfTheAddress { .. } => "too-many-lines-per-address",
            Self::NoAddress => "no-address-for-a-line",
            Self::NoTurnOverIpv6 => "no-turn-over-ipv6-in-a-lab",
            Self::NoPort(_) => "no-port-for-a-line",
            Self::NoRandomBytes => "no-id-for-a-line",
        }
    }
}
