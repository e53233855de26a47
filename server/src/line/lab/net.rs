//! The network in a lab: two hosts, each behind its NAT, perhaps both behind a carrier's, and a server of STUN and TURN in the internet. Its addresses are
//! those for documentation ([RFC 5737](https://www.rfc-editor.org/rfc/rfc5737)), for private networks
//! ([RFC 1918](https://www.rfc-editor.org/rfc/rfc1918)) and for carriers ([RFC 6598](https://www.rfc-editor.org/rfc/rfc6598)).
//!
//! May import: order, side, network.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use network::nat::topology::{Hop, Id, Journey};
use network::nat::{Nat, Topology};

use super::order::Opening;
use crate::line::side::Side;

/// Where the STUN server answers.
pub(super) const STUN: SocketAddr = endpoint(198, 51, 100, 1, 3478);
/// The first port that the TURN server gives away, on the same host.
const FIRST_RELAYED: u16 = 49_152;
/// What each host sends from.
const PORT: u16 = 5_000;
/// Of the NAT that both are behind.
const CARRIER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 100);

/// The relayed port of a side.
pub(super) fn relayed(side: Side) -> SocketAddr {
    SocketAddr::new(STUN.ip(), FIRST_RELAYED + side as u16)
}

const fn endpoint(a: u8, b: u8, c: u8, d: u8, port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(a, b, c, d)), port)
}

/// Hosts and NATs, and what they are called.
#[derive(Debug)]
pub(super) struct Net {
    topology: Topology,
    hosts: [Id; 2],
    inside: [SocketAddr; 2],
    stun: Id,
    nats: Vec<(&'static str, Id)>,
}

/// The way of a packet in the lab.
#[derive(Debug)]
pub(super) struct Trip {
    pub(super) hops: Vec<Hop>,
    pub(super) landed: Option<Landed>,
}

/// Where a packet arrived, and from whom, as seen there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Landed {
    At(Side, SocketAddr),
    AtStun(SocketAddr),
    /// At the relayed port of a side.
    AtRelay(Side, SocketAddr),
}

impl Net {
    pub(super) fn new(opening: &Opening) -> Self {
        let mut topology = Topology::default();
        let stun = topology.host(None, STUN.ip());
        let mut nats = Vec::new();
        let carrier = opening.carrier.and_then(|kind| kind.0).map(|behaviour| {
            let id = topology.nat(None, Nat::new(behaviour, CARRIER.into()));
            nats.push(("carrier", id));
            id
        });
        let mut inside = [STUN; 2];
        let hosts =
            [(Side::A, "a", opening.a), (Side::B, "b", opening.b)].map(|(side, name, kind)| {
                let number = side as u8;
                let outside = match carrier {
                    Some(_) => Ipv4Addr::new(100, 64, 0, 2 + number),
                    None => Ipv4Addr::new(203, 0, 113, 1 + number),
                };
                let (behind, address) = match kind.0 {
                    Some(behaviour) => {
                        let nat = topology.nat(carrier, Nat::new(behaviour, outside.into()));
                        nats.push((name, nat));
                        (Some(nat), Ipv4Addr::new(10, 0, number, 2))
                    }
                    None => (carrier, outside),
                };
                inside[side as usize] = SocketAddr::new(address.into(), PORT);
                topology.host(behind, address.into())
            });
        Self {
            topology,
            hosts,
            inside,
            stun,
            nats,
        }
    }

    /// What a host sends from.
    pub(super) fn inside(&self, side: Side) -> SocketAddr {
        self.inside[side as usize]
    }

    /// How the STUN server sees a host.
    pub(super) fn reflexive(&mut self, now: Duration, side: Side) -> Option<SocketAddr> {
        match self.send(now, side, STUN).landed? {
            Landed::AtStun(seen) => Some(seen),
            Landed::At(..) | Landed::AtRelay(..) => None,
        }
    }

    /// A packet of a host.
    pub(super) fn send(&mut self, now: Duration, side: Side, to: SocketAddr) -> Trip {
        let inside = self.inside(side);
        let journey = self
            .topology
            .send(now, self.hosts[side as usize], inside, to);
        self.trip(journey)
    }

    /// A packet of the server of STUN and TURN, from one of its ports.
    pub(super) fn answer(&mut self, now: Duration, from: SocketAddr, to: SocketAddr) -> Trip {
        let journey = self.topology.send(now, self.stun, from, to);
        self.trip(journey)
    }

    fn trip(&self, Journey { hops, arrival }: Journey) -> Trip {
        let landed = arrival.and_then(|arrival| {
            let is_there = |side: &Side| {
                self.hosts[*side as usize] == arrival.host && self.inside(*side) == arrival.to
            };
            match Side::BOTH.into_iter().find(is_there) {
                Some(side) => Some(Landed::At(side, arrival.from)),
                None if arrival.host != self.stun => None,
                None if arrival.to == STUN => Some(Landed::AtStun(arrival.from)),
                None => {
                    let side = Side::BOTH
                        .into_iter()
                        .find(|side| relayed(*side) == arrival.to)?;
                    Some(Landed::AtRelay(side, arrival.from))
                }
            }
        });
        Trip { hops, landed }
    }

    /// The NATs, each with what it is called.
    pub(super) fn nats(&self) -> impl Iterator<Item = (&'static str, Id, &Nat)> {
        let named = self.nats.iter();
        named.filter_map(|(name, id)| Some((*name, *id, self.topology.get(*id)?)))
    }

    /// What a NAT is called.
    pub(super) fn name(&self, id: Id) -> Option<&'static str> {
        self.nats
            .iter()
            .find_map(|(name, nat)| (*nat == id).then_some(*name))
    }
}
