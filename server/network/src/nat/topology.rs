//! Hosts and NATs, and the way of a packet between them. A NAT behind a NAT is a home behind a carrier-grade NAT; two homes behind the same
//! one are neighbours.
//!
//! May import: nat, serde.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use serde::{Serialize, Serializer};

use super::{Dropped, Nat, Passed};

/// Hosts and NATs as a tree, whose root is the internet.
#[derive(Debug, Clone, Default)]
pub struct Topology {
    places: Vec<Place>,
}

#[derive(Debug, Clone)]
struct Place {
    /// The NAT that it is behind; none in the internet.
    behind: Option<Id>,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Host(IpAddr),
    Nat(Nat),
}

/// A host or a NAT of a topology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Id(usize);

/// What a NAT did with a packet on its way.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Hop {
    /// Which NAT; none where the network itself dropped the packet.
    pub nat: Option<Id>,
    /// Whom the packet said it was from when it came there.
    pub from: SocketAddr,
    /// Whom it was for.
    pub to: SocketAddr,
    /// What became of it; in JSON `{"passed": …}`, or `{"dropped": "why"}`.
    #[serde(serialize_with = "show")]
    pub verdict: Result<Passed, Dropped>,
}

fn show<S: Serializer>(
    verdict: &Result<Passed, Dropped>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum Shown {
        Passed(Passed),
        Dropped(Dropped),
    }
    match *verdict {
        Ok(passed) => Shown::Passed(passed),
        Err(dropped) => Shown::Dropped(dropped),
    }
    .serialize(serializer)
}

/// A packet that reached a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Which.
    pub host: Id,
    /// Whom the host sees as its sender.
    pub from: SocketAddr,
    /// The host's own endpoint.
    pub to: SocketAddr,
}

/// The way of a packet.
#[derive(Debug, Clone, PartialEq)]
pub struct Journey {
    /// What each NAT did, in order. The last one dropped it, if it did not arrive.
    pub hops: Vec<Hop>,
    /// Where it arrived.
    pub arrival: Option<Arrival>,
}

impl Topology {
    /// Adds a host, behind a NAT or in the internet.
    pub fn host(&mut self, behind: Option<Id>, address: IpAddr) -> Id {
        self.add(behind, What::Host(address))
    }

    /// Adds a NAT, behind another or in the internet.
    pub fn nat(&mut self, behind: Option<Id>, nat: Nat) -> Id {
        self.add(behind, What::Nat(nat))
    }

    fn add(&mut self, behind: Option<Id>, what: What) -> Id {
        self.places.push(Place { behind, what });
        Id(self.places.len() - 1)
    }

    /// The NAT of this id, if it is one.
    pub fn get(&self, id: Id) -> Option<&Nat> {
        match &self.places.get(id.0)?.what {
            What::Nat(nat) => Some(nat),
            What::Host(_) => None,
        }
    }

    /// A packet of a host. First it goes out, NAT by NAT, until somebody in the network that it has come to has the address; from there
    /// it goes in.
    pub fn send(&mut self, now: Duration, host: Id, from: SocketAddr, to: SocketAddr) -> Journey {
        let mut packet = Passed {
            from,
            to,
            hairpinned: false,
        };
        let mut network = self.places.get(host.0).and_then(|place| place.behind);
        let mut hops = Vec::new();
        let mut outwards = true;
        loop {
            let (nat, verdict) = match self.owner(network, packet.to.ip()) {
                Some(id) => match &mut self.places[id.0].what {
                    What::Host(_) => {
                        let Passed { from, to, .. } = packet;
                        return Journey {
                            hops,
                            arrival: Some(Arrival { host: id, from, to }),
                        };
                    }
                    What::Nat(nat) => {
                        outwards = false;
                        network = Some(id);
                        (Some(id), nat.inbound(now, packet.from, packet.to))
                    }
                },
                None if outwards
                    && let Some(id) = network
                    && let What::Nat(nat) = &mut self.places[id.0].what =>
                {
                    let verdict = nat.outbound(now, packet.from, packet.to);
                    if verdict.is_ok_and(|passed| passed.hairpinned) {
                        outwards = false;
                    } else {
                        network = self.places[id.0].behind;
                    }
                    (Some(id), verdict)
                }
                None => (None, Err(Dropped::NoRoute(packet.to))),
            };
            hops.push(Hop {
                nat,
                from: packet.from,
                to: packet.to,
                verdict,
            });
            match verdict {
                Ok(passed) => packet = passed,
                Err(_) => {
                    return Journey {
                        hops,
                        arrival: None,
                    };
                }
            }
        }
    }

    /// Who has an address in the network behind a NAT, or in the internet.
    pub(crate) fn owner(&self, network: Option<Id>, address: IpAddr) -> Option<Id> {
        let owns = |place: &Place| {
            place.behind == network
                && match &place.what {
                    What::Host(own) => *own == address,
                    What::Nat(nat) => nat.outside() == address,
                }
        };
        self.places.iter().position(owns).map(Id)
    }
}
