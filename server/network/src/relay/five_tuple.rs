//! What tells the clients of a server apart ([RFC 8656, section 2](https://www.rfc-editor.org/rfc/rfc8656#section-2)).
//!
//! May import: address.

use std::net::SocketAddr;

use crate::address::canonical;

/// By what a client reaches the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Each datagram is a message.
    Udp,
    /// Messages follow each other ([`framing`](super::framing)).
    Tcp,
}

/// A client. The other two of the five, the address and the port of the server, are the same for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FiveTuple {
    /// By what it reaches the server.
    pub protocol: Protocol,
    /// Where it is, with an address of IPv4 as such.
    pub address: SocketAddr,
}

impl FiveTuple {
    /// A client that sends datagrams from here.
    pub fn udp(client: SocketAddr) -> Self {
        Self {
            protocol: Protocol::Udp,
            address: canonical(client),
        }
    }

    /// A client that has connected from here.
    pub fn tcp(client: SocketAddr) -> Self {
        Self {
            protocol: Protocol::Tcp,
            address: canonical(client),
        }
    }
}
