//! What tells the clients of a server apart ([RFC 8656, section 2](https://www.rfc-editor.org/rfc/rfc8656#section-2)).
//!
//! May import: address.

use std::net::{IpAddr, SocketAddr};

use crate::address::canonical;

/// By what a client reaches the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Each datagram is a message.
    Udp,
    /// Messages follow each other ([`framing`](super::framing)).
    Tcp,
}

/// A client. The last of the five, the port of the server, is the same for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FiveTuple {
    /// By what it reaches the server.
    pub protocol: Protocol,
    /// Where it is, with an address of IPv4 as such.
    pub address: SocketAddr,
    /// Which address of the server it asks, if that has several.
    pub server: Option<IpAddr>,
}

impl FiveTuple {
    /// A client that sends datagrams from here.
    pub fn udp(client: SocketAddr) -> Self {
        Self {
            protocol: Protocol::Udp,
            address: canonical(client),
            server: None,
        }
    }

    /// A client that has connected from here.
    pub fn tcp(client: SocketAddr) -> Self {
        Self {
            protocol: Protocol::Tcp,
            address: canonical(client),
            server: None,
        }
    }
    /// The same, asking this address of the server.
    pub fn asking(self, server: Option<IpAddr>) -> Self {
        Self { server, ..self }
    }
}
