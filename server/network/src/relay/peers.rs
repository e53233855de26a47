//! Whom a relay may reach. It is asked for every packet, in both directions and on every way a packet can take: CreatePermission and ChannelBind
//! name addresses only when they are made, and a permission covers all ports of an address
//! ([RFC 8656, section 9](https://www.rfc-editor.org/rfc/rfc8656#section-9)).
//!
//! May import: address, thiserror.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::address::canonical;

/// What the relay knows.
pub struct Peers<'p> {
    /// The addresses of the machine.
    pub own: &'p [IpAddr],
    /// The ports of this server on them: the book's, STUN's, the metrics'.
    pub services: &'p [u16],
    /// Whether this is a port that the relay gave to somebody.
    pub is_relayed: &'p dyn Fn(SocketAddr) -> bool,
    /// Whether a STUN request of a connected client came from just there.
    pub is_client: &'p dyn Fn(SocketAddr) -> bool,
}

/// Why a peer may not be reached: 403 (Forbidden).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// It is nobody's, everybody's, or only of the cable that the server hangs on.
    #[error("no packets are relayed to {0}: it is no address of a single host in a network")]
    Special(IpAddr),
    /// It is this machine, and not by the relay.
    #[error("no packets are relayed to {0} on this machine, but to ports of the relay")]
    Loopback(SocketAddr),
    /// It is a service of this server.
    #[error("no packets are relayed to {0}, where this server serves something else")]
    Service(SocketAddr),
    /// It is nobody who is known.
    #[error(
        "no packets are relayed to {0}: no client that is connected asked this server from there"
    )]
    Stranger(SocketAddr),
}

impl Peers<'_> {
    /// Whether packets may be relayed to a peer, or taken from it.
    ///
    /// # Errors
    /// Why not.
    pub fn admit(&self, peer: SocketAddr) -> Result<(), Forbidden> {
        let peer = canonical(peer);
        let address = peer.ip();
        if peer.port() == 0 || is_special(address) {
            return Err(Forbidden::Special(address));
        }
        let is_own = self.own.iter().any(|own| own.to_canonical() == address);
        if is_own || address.is_loopback() {
            if self.services.contains(&peer.port()) {
                return Err(Forbidden::Service(peer));
            }
            if (self.is_relayed)(peer) {
                return Ok(());
            }
        }
        if address.is_loopback() {
            return Err(Forbidden::Loopback(peer));
        }
        if (self.is_client)(peer) {
            Ok(())
        } else {
            Err(Forbidden::Stranger(peer))
        }
    }
}

/// Addresses that are not of one host behind a router ([the registry of IANA](https://www.iana.org/assignments/iana-ipv4-special-registry/)), and
/// those of IPv6 that contain one of IPv4, by which a translator could reach it.
fn is_special(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_special_v4(address),
        IpAddr::V6(address) => {
            let segments = address.segments();
            let is_link_local = segments[0] & 0xffc0 == 0xfe80;
            let is_translated = matches!(
                segments,
                [0x2002, ..] | [0x2001, 0, ..] | [0x64, 0xff9b, ..]
            );
            let is_compatible = segments[..6] == [0; 6] && address != Ipv6Addr::LOCALHOST;
            address.is_multicast() || is_link_local || is_translated || is_compatible
        }
    }
}

fn is_special_v4(address: Ipv4Addr) -> bool {
    address.octets()[0] == 0
        || address.octets()[0] >= 240 // reserved, and the broadcast to everybody
        || address.is_link_local()
        || address.is_multicast()
}
