//! What somebody asks of the media room, and gets.
//!
//! May import: port, term, quickconnect::protocol.

use std::net::{IpAddr, SocketAddr};

use quickconnect::protocol::RoomName;

use super::port::PortId;
use super::term::Stay;

/// A session that is asked for.
#[derive(Debug)]
pub(super) struct Opening {
    pub(super) room: RoomName,
    pub(super) wish: Wish,
    pub(super) offer: String,
    /// Who asks.
    pub(super) client: IpAddr,
    pub(super) stay: Stay,
    /// Where the peer is to send its packets.
    pub(super) port: PortId,
    pub(super) told: SocketAddr,
}

/// What for.
#[derive(Debug)]
pub(super) enum Wish {
    /// To send.
    Publish,
    /// To get what somebody sends.
    Watch {
        /// Who.
        id: String,
        /// Whether wishes for keyframes are passed on.
        passes_keyframes: bool,
    },
}

/// A session that has begun.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened {
    /// By which others watch the publisher.
    pub id: String,
    /// Whoever has it may end the session: 22 letters, digits, `-` and `_`.
    pub secret: String,
    /// The answer to its offer.
    pub answer: String,
}
