//! The TURN server of a lab: one relayed port for each side, in the lab's internet, where the STUN server is. What it decides is decided by
//! [`network::relay::turn`], as for the server's own relay; here are the ports, which are no sockets, and the names that clients have for
//! each other's endpoints.
//!
//! A client is told apart by where its packets really come from: the socket of a browser. Everything else is as it is in the lab.
//!
//! May import: net, line::side, network.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use network::relay::credentials::Credentials;
use network::relay::five_tuple::FiveTuple;
use network::relay::known::Session;
use network::relay::quota::Limits;
use network::relay::turn::{Action, Ports, Secrets, Turn};

use super::net::relayed;
use crate::line::side::Side;

/// Relayed ports at once: one for each side, and for a moment one that is about to be given to another socket of the same side.
const MAX_ALLOCATIONS: usize = 3;
/// Requests of clients that are not known yet, in a second and at once. What they may cost is bounded by their bytes.
const MAX_STRANGERS: u32 = 100;
/// How often is looked for what has ended.
const SWEEP: Duration = Duration::from_secs(1);

/// The server.
pub(super) struct Relay {
    turn: Turn<Memory>,
    session: Session,
    swept: Duration,
}

/// A client that has a relayed port.
#[derive(Debug, Clone, Copy)]
struct Holder {
    /// Where its packets really come from.
    client: SocketAddr,
    /// Where the server sees it.
    seen: SocketAddr,
}

/// Ports that are no sockets.
struct Memory {
    /// Whose packet is handled now, and where its sender is seen.
    asking: (Side, SocketAddr),
    holders: [Option<Holder>; 2],
    /// By which address each side knows an endpoint of the lab.
    names: [HashMap<SocketAddr, SocketAddr>; 2],
}

impl Ports for Memory {
    /// Whose port it is.
    type Socket = Side;
    const IN_MEMORY: bool = true;

    fn open(&mut self, client: SocketAddr, is_ipv4: bool) -> Option<(SocketAddr, Side)> {
        let (side, seen) = self.asking;
        let port = is_ipv4.then(|| (relayed(side), side))?;
        self.holders[side as usize] = Some(Holder { client, seen });
        Some(port)
    }

    fn seen(&self, _client: SocketAddr) -> SocketAddr {
        self.asking.1
    }

    fn peer_of(&self, _client: SocketAddr, name: SocketAddr) -> SocketAddr {
        let names = &self.names[self.asking.0 as usize];
        let named = names.iter().find(|(_, own)| **own == name);
        // An endpoint of nobody, if it has no name.
        named.map_or(name, |(endpoint, _)| *endpoint)
    }

    fn name_of(&self, client: SocketAddr, peer: SocketAddr) -> SocketAddr {
        let side = self.side_of(client).unwrap_or(self.asking.0);
        let name = self.names[side as usize].get(&peer);
        name.copied().unwrap_or(peer)
    }
}

impl Memory {
    fn side_of(&self, client: SocketAddr) -> Option<Side> {
        let is_holder = |side: &Side| {
            self.holders[*side as usize].is_some_and(|holder| holder.client == client)
        };
        Side::BOTH.into_iter().find(is_holder)
    }
}

impl Relay {
    /// With these secrets, for as long as a lab may run.
    pub(super) fn new(secrets: Secrets, lifetime: Duration) -> Self {
        // How many bytes pass is bounded where they enter the lab.
        let limits = Limits {
            allocations_per_session: MAX_ALLOCATIONS,
            allocations_per_address: MAX_ALLOCATIONS,
            allocations: MAX_ALLOCATIONS,
            bytes_per_second: usize::MAX,
            bytes_per_second_in_all: usize::MAX,
            lifetime,
            // A page reads them once, at the opening, and a restart of ICE asks with them again.
            credentials: lifetime,
            answers_per_second: MAX_STRANGERS,
            answer_burst: MAX_STRANGERS,
        };
        let memory = Memory {
            asking: (Side::A, relayed(Side::A)),
            holders: [None; 2],
            names: Default::default(),
        };
        Self {
            turn: Turn::new(memory, limits, secrets, Vec::new()),
            session: Session::new(0),
            swept: Duration::ZERO,
        }
    }

    /// What a client has to show, from now on: those of both sides are the same.
    pub(super) fn credentials(&self, now: Duration) -> Option<Credentials> {
        self.turn.credentials(now, self.session)
    }

    /// By which address a side knows an endpoint.
    pub(super) fn name(&mut self, side: Side, endpoint: SocketAddr, name: SocketAddr) {
        self.turn.ports_mut().names[side as usize].insert(endpoint, name);
    }

    /// Whether what comes from here comes from a client that has a relayed port.
    pub(super) fn knows(&self, client: SocketAddr) -> bool {
        self.turn.has_port(FiveTuple::udp(client))
    }

    /// Whose client it is, and where the server sees it.
    pub(super) fn place_of(&mut self, client: FiveTuple) -> Option<(Side, SocketAddr)> {
        let memory = self.turn.ports_mut();
        let side = memory.side_of(client.address)?;
        let holder = memory.holders[side as usize]?;
        Some((side, holder.seen))
    }

    /// A packet has come to the server from a side, which is seen from there.
    pub(super) fn handle_client(
        &mut self,
        now: Duration,
        side: Side,
        [client, seen]: [SocketAddr; 2],
        packet: &[u8],
    ) -> Action<Side> {
        if now.saturating_sub(self.swept) >= SWEEP {
            self.swept = now;
            self.turn.sweep(now);
        }
        let client = FiveTuple::udp(client);
        let memory = self.turn.ports_mut();
        memory.asking = (side, seen);
        let before = memory.holders[side as usize];
        if let Some(holder) = &mut memory.holders[side as usize]
            && holder.client == client.address
        {
            holder.seen = seen;
        }
        let action = self.turn.from_client(now, client, packet);
        // The port belongs to whoever of a side has asked for it last: after a restart of ICE that is another socket.
        let after = self.turn.ports_mut().holders[side as usize];
        if let (Some(before), Some(after)) = (before, after)
            && before.client != after.client
        {
            match self.turn.has_port(FiveTuple::udp(after.client)) {
                true => self.turn.disconnect(FiveTuple::udp(before.client)),
                // An even port was asked for, and that of this side is odd: it stays with whoever has it.
                false => self.turn.ports_mut().holders[side as usize] = Some(before),
            }
        }
        action
    }

    /// A packet has come to the relayed port of a side, from a peer that is seen there.
    pub(super) fn handle_peer(
        &mut self,
        now: Duration,
        side: Side,
        peer: SocketAddr,
        data: &[u8],
    ) -> Action<Side> {
        self.turn.from_peer(now, relayed(side), peer, data)
    }
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay").finish_non_exhaustive()
    }
}
