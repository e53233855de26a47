//! A network address translator, and networks of several.
//!
//! # Layout
//! - [`behaviour`]: what kind of NAT it is
//! - [`verdict`]: what became of a packet
//! - [`topology`]: hosts behind NATs, NATs behind NATs
//!
//! May import: serde, thiserror.

pub mod behaviour;
#[cfg(test)]
mod tests;
pub mod topology;
pub mod verdict;

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use serde::Serialize;

pub use behaviour::{Behaviour, Dependence, OldName, Remote};
pub use topology::Topology;
pub use verdict::{Dropped, Passed};

/// Mappings that a NAT holds at most.
pub const MAX_MAPPINGS: usize = 256;
/// Remote endpoints that a mapping remembers at most. The first is forgotten for the next.
pub const MAX_PERMITTED: usize = 64;
/// Where the ports begin that a NAT gives away when it does not preserve them, above the well-known ones.
const FIRST_PORT: u16 = 20_000;

/// A NAT with one address outside. It translates UDP.
#[derive(Debug, Clone)]
pub struct Nat {
    behaviour: Behaviour,
    outside: IpAddr,
    mappings: Vec<Mapping>,
    next_port: u16,
}

/// That an inside endpoint has an outside port.
#[derive(Debug, Clone)]
struct Mapping {
    inside: SocketAddr,
    toward: Remote,
    port: u16,
    made: Duration,
    expires: Duration,
    /// Where it has sent packets to.
    permitted: VecDeque<SocketAddr>,
}

/// A line of the table, as a panel shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Who has it.
    pub inside: SocketAddr,
    /// What the world sees.
    pub outside: SocketAddr,
    /// For packets to whom.
    pub toward: Remote,
    /// Whose packets are let in.
    pub permitted: Vec<Remote>,
    /// Seconds since it was made.
    pub seconds: f64,
    /// Seconds until it expires.
    pub seconds_left: f64,
}

impl Nat {
    /// A NAT of this kind, with an empty table.
    pub fn new(behaviour: Behaviour, outside: IpAddr) -> Self {
        Self {
            behaviour,
            outside,
            mappings: Vec::new(),
            next_port: FIRST_PORT,
        }
    }

    /// Its address outside.
    pub fn outside(&self) -> IpAddr {
        self.outside
    }

    /// What kind it is.
    pub fn behaviour(&self) -> Behaviour {
        self.behaviour
    }

    /// The mappings that have not expired, in the order in which they were made.
    pub fn table(&self, now: Duration) -> Vec<Entry> {
        let alive = self.mappings.iter().filter(|mapping| mapping.expires > now);
        alive
            .map(|mapping| {
                let mut permitted = Vec::new();
                for endpoint in &mapping.permitted {
                    let remote = self.behaviour.filtering.of(*endpoint);
                    if !permitted.contains(&remote) {
                        permitted.push(remote);
                    }
                }
                Entry {
                    inside: mapping.inside,
                    outside: SocketAddr::new(self.outside, mapping.port),
                    toward: mapping.toward,
                    permitted,
                    seconds: now.saturating_sub(mapping.made).as_secs_f64(),
                    seconds_left: (mapping.expires - now).as_secs_f64(),
                }
            })
            .collect()
    }

    /// A packet from the inside.
    ///
    /// # Errors
    /// Why it is dropped.
    pub fn outbound(
        &mut self,
        now: Duration,
        from: SocketAddr,
        to: SocketAddr,
    ) -> Result<Passed, Dropped> {
        self.same_family(from)?;
        self.same_family(to)?;
        let own = to.ip() == self.outside;
        if own && !self.behaviour.hairpinning {
            return Err(Dropped::NoHairpinning(to));
        }
        let port = self.map(now, from, to)?;
        let from = SocketAddr::new(self.outside, port);
        if own {
            // RFC 4787, section 6: whom it reaches sees the outside endpoint of the sender.
            return self.inbound(now, from, to).map(|passed| Passed {
                hairpinned: true,
                ..passed
            });
        }
        Ok(Passed {
            from,
            to,
            hairpinned: false,
        })
    }

    /// A packet from the outside, to an endpoint with the NAT's address.
    ///
    /// # Errors
    /// Why it is dropped.
    pub fn inbound(
        &mut self,
        now: Duration,
        from: SocketAddr,
        to: SocketAddr,
    ) -> Result<Passed, Dropped> {
        let Behaviour {
            filtering,
            timeout,
            inbound_refresh,
            ..
        } = self.behaviour;
        let of_port = self
            .mappings
            .iter_mut()
            .find(|mapping| mapping.port == to.port());
        let Some(mapping) = of_port.filter(|_| to.ip() == self.outside) else {
            return Err(Dropped::NoMapping(to));
        };
        if mapping.expires <= now {
            return Err(Dropped::Expired(to));
        }
        let remote = filtering.of(from);
        if !mapping
            .permitted
            .iter()
            .any(|endpoint| filtering.of(*endpoint) == remote)
        {
            return Err(Dropped::Filtered {
                outside: to,
                remote,
            });
        }
        if inbound_refresh {
            mapping.expires = now.saturating_add(timeout);
        }
        Ok(Passed {
            from,
            to: mapping.inside,
            hairpinned: false,
        })
    }

    /// The outside port for a packet from the inside: that of the mapping, or of a new one.
    fn map(&mut self, now: Duration, from: SocketAddr, to: SocketAddr) -> Result<u16, Dropped> {
        let toward = self.behaviour.mapping.of(to);
        let expires = now.saturating_add(self.behaviour.timeout);
        let alive = self.mappings.iter_mut().find(|mapping| {
            mapping.inside == from && mapping.toward == toward && mapping.expires > now
        });
        if let Some(mapping) = alive {
            mapping.expires = expires;
            if !mapping.permitted.contains(&to) {
                if mapping.permitted.len() == MAX_PERMITTED {
                    mapping.permitted.pop_front();
                }
                mapping.permitted.push_back(to);
            }
            return Ok(mapping.port);
        }
        if self.mappings.len() == MAX_MAPPINGS {
            self.mappings.retain(|mapping| mapping.expires > now);
        }
        if self.mappings.len() == MAX_MAPPINGS {
            return Err(Dropped::Full);
        }
        let port = self.free_port(now, from.port());
        self.mappings.retain(|mapping| mapping.port != port);
        let permitted = VecDeque::from([to]);
        self.mappings.push(Mapping {
            inside: from,
            toward,
            port,
            made: now,
            expires,
            permitted,
        });
        Ok(port)
    }

    /// One that no mapping has. There is always one: a table holds fewer mappings than there are ports.
    fn free_port(&mut self, now: Duration, inside: u16) -> u16 {
        let is_free = |port: u16| {
            !self
                .mappings
                .iter()
                .any(|mapping| mapping.port == port && mapping.expires > now)
        };
        if self.behaviour.port_preservation && is_free(inside) {
            return inside;
        }
        let mut port = self.next_port;
        while !is_free(port) {
            port = after(port);
        }
        self.next_port = after(port);
        port
    }

    fn same_family(&self, endpoint: SocketAddr) -> Result<(), Dropped> {
        if endpoint.is_ipv4() == self.outside.is_ipv4() {
            Ok(())
        } else {
            Err(Dropped::Family(self.outside))
        }
    }
}

fn after(port: u16) -> u16 {
    port.checked_add(1).unwrap_or(FIRST_PORT)
}
