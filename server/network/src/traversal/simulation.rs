//! Two agents check their candidates against each other, through whatever NATs stand between them.
//!
//! May import: agent, nat, nat::topology, outcome.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::agent::{Agent, Base, Kind, Pair};
use super::outcome::{Message, Outcome, Sent};
use crate::nat::Topology;
use crate::nat::topology::{Arrival, Id};

/// Where the STUN server and the relay are, of the addresses that are for documentation
/// ([RFC 5737](https://www.rfc-editor.org/rfc/rfc5737)).
pub const SERVER: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1));
/// The port of both.
pub const PORT: u16 = 3478;
/// The port that the relay gives to A; B has the next one.
const RELAY_PORT: u16 = 49_152;
/// How often each side tries every pair.
const ROUNDS: u32 = 5;
/// The time between two rounds.
const PACE: Duration = Duration::from_millis(50);

/// Which candidates a side has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gathers {
    /// Its own address.
    pub host: bool,
    /// What the STUN server sees.
    pub reflexive: bool,
    /// A port of the relay. Alone, as `iceTransportPolicy: 'relay'` has it, nothing else is used.
    pub relay: bool,
}

impl Gathers {
    /// What a peer has that knows a STUN server.
    pub const PUNCHING: Self = Self {
        host: true,
        reflexive: true,
        relay: false,
    };
    /// What a peer has that knows a TURN server.
    pub const RELAYED: Self = Self {
        relay: true,
        ..Self::PUNCHING
    };
}

/// One side.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// Which host.
    pub host: Id,
    /// Its socket, with an address of that host.
    pub socket: SocketAddr,
    /// What it knows of itself.
    pub gathers: Gathers,
}

/// Lets A, which controls, and B find a way.
pub fn connect(topology: &mut Topology, start: Duration, peers: [Peer; 2]) -> Outcome {
    let server = topology
        .owner(None, SERVER)
        .unwrap_or_else(|| topology.host(None, SERVER));
    let mut world = World {
        topology,
        server,
        now: start,
        agents: peers.map(|peer| Agent {
            host: peer.host,
            socket: peer.socket,
            bases: Vec::new(),
            candidates: Vec::new(),
            allocation: None,
            remotes: Vec::new(),
            pairs: Vec::new(),
            nominated: None,
        }),
        checks: Vec::new(),
        inbox: VecDeque::new(),
        sent: Vec::new(),
    };
    world.gather(peers.map(|peer| peer.gathers));
    for _ in 0..ROUNDS {
        world.now += PACE;
        world.check_all();
    }
    let selected = world.nominate();
    Outcome {
        selected,
        sent: world.sent,
    }
}

struct World<'t> {
    topology: &'t mut Topology,
    server: Id,
    now: Duration,
    agents: [Agent; 2],
    /// By whom, from where and whither each check went.
    checks: Vec<(usize, Base, SocketAddr)>,
    /// What is still to be read.
    inbox: VecDeque<Letter>,
    sent: Vec<Sent>,
}

/// A packet that reached an agent.
struct Letter {
    /// Which.
    by: usize,
    base: Base,
    source: SocketAddr,
    message: Message,
    /// Its place in `World::sent`.
    number: usize,
}

/// A packet that reached a host.
struct Landed {
    host: Id,
    from: SocketAddr,
    to: SocketAddr,
    /// Its place in `World::sent`.
    number: usize,
}

impl World<'_> {
    fn gather(&mut self, gathers: [Gathers; 2]) {
        let server = SocketAddr::new(SERVER, PORT);
        for (by, gathers) in gathers.into_iter().enumerate() {
            let socket = self.agents[by].socket;
            let seen = self.send(Some(by), self.agents[by].host, socket, server, Message::Ask);
            let agent = &mut self.agents[by];
            if gathers.host || gathers.reflexive {
                agent.bases.push(Base::Host);
            }
            if gathers.host {
                agent.gather(Kind::Host, socket);
            }
            if let Some(Landed { from: seen, .. }) = seen {
                if gathers.reflexive {
                    agent.gather(Kind::ServerReflexive, seen);
                }
                if gathers.relay {
                    let relayed = SocketAddr::new(SERVER, RELAY_PORT + by as u16);
                    agent.gather(Kind::Relay, relayed);
                    agent.allocation = Some([relayed, seen]);
                    agent.bases.push(Base::Relay);
                }
            }
        }
        let [a, b] = &mut self.agents;
        a.remotes.clone_from(&b.candidates);
        b.remotes.clone_from(&a.candidates);
    }

    fn check_all(&mut self) {
        for by in 0..2 {
            let agent = &self.agents[by];
            let ways = agent
                .bases
                .iter()
                .flat_map(|base| agent.remotes.iter().map(|remote| (*base, remote.endpoint)));
            for (base, to) in ways.collect::<Vec<_>>() {
                if self.agents[by].pair(base, to).is_none() {
                    self.check(by, base, to, false);
                    self.read_all();
                }
            }
        }
    }

    fn check(&mut self, by: usize, base: Base, to: SocketAddr, nominates: bool) {
        let transaction = self.checks.len();
        self.checks.push((by, base, to));
        self.transmit(
            by,
            base,
            to,
            Message::Check {
                transaction,
                nominates,
            },
        );
    }

    /// Reads every packet that came, and the answers to them. What is learnt by them is checked in the next round.
    fn read_all(&mut self) {
        while let Some(letter) = self.inbox.pop_front() {
            let Letter {
                by,
                base,
                source,
                message,
                number,
            } = letter;
            match message {
                Message::Ask => {}
                Message::Check {
                    transaction,
                    nominates,
                } => {
                    self.agents[by].learns(source);
                    let answer = Message::Answer {
                        transaction,
                        seen: source,
                    };
                    self.transmit(by, base, source, answer);
                    if nominates {
                        self.agents[by].nominated = Some((base, source));
                    }
                }
                Message::Answer { transaction, seen } => {
                    // RFC 8445, section 7.2.5.2.1: it must come from where the check went, to where that came from.
                    if self.checks[transaction] == (by, base, source) {
                        self.agents[by].succeeds(base, source, seen);
                    } else {
                        self.sent[number].ignored = Some(
                            "the check was sent to another endpoint than the answer comes from",
                        );
                    }
                }
            }
        }
    }

    /// A nominates the best of its pairs that B has as well.
    fn nominate(&mut self) -> Option<[Pair; 2]> {
        let mut pairs = self.agents[0].pairs.clone();
        pairs.sort_by_key(|pair| std::cmp::Reverse(pair.priority()));
        pairs.into_iter().find_map(|pair| {
            self.check(0, pair.base, pair.remote.endpoint, true);
            self.read_all();
            let (base, source) = self.agents[1].nominated.take()?;
            Some([pair, self.agents[1].pair(base, source)?])
        })
    }

    /// Sends from a base, on the way of the relay if that is the base or the goal.
    fn transmit(&mut self, by: usize, base: Base, to: SocketAddr, message: Message) {
        let (host, socket) = (self.agents[by].host, self.agents[by].socket);
        let arrival = match (base, self.agents[by].allocation) {
            (Base::Host, _) => self.send(Some(by), host, socket, to, message),
            (Base::Relay, None) => None,
            (Base::Relay, Some([relayed, _])) => {
                let server = SocketAddr::new(SERVER, PORT);
                self.send(Some(by), host, socket, server, message)
                    .and_then(|_| self.send(None, self.server, relayed, to, message))
            }
        };
        let Some(landed) = arrival else { return };
        if landed.host == self.server {
            self.relay(landed, message);
        } else {
            self.deliver(&landed, Base::Host, landed.from, message);
        }
    }

    /// A packet that came to the relay goes on to whose port it came to.
    fn relay(&mut self, landed: Landed, message: Message) {
        let Landed {
            from, to, number, ..
        } = landed;
        let allocations = self
            .agents
            .iter()
            .filter_map(|agent| agent.allocation.map(|has| (agent, has)));
        let Some((agent, [_, client])) = allocations
            .into_iter()
            .find(|(_, [relayed, _])| *relayed == to)
        else {
            return;
        };
        if !agent.permits(from.ip()) {
            self.sent[number].ignored = Some("the relay was not asked to let in this address");
            return;
        }
        let last = self.send(
            None,
            self.server,
            SocketAddr::new(SERVER, PORT),
            client,
            message,
        );
        if let Some(landed) = last {
            self.deliver(&landed, Base::Relay, from, message);
        }
    }

    fn deliver(&mut self, landed: &Landed, base: Base, source: SocketAddr, message: Message) {
        let is = |agent: &Agent| agent.host == landed.host && agent.socket == landed.to;
        if let Some(by) = self.agents.iter().position(is) {
            let number = landed.number;
            self.inbox.push_back(Letter {
                by,
                base,
                source,
                message,
                number,
            });
        }
    }

    /// One packet over the network, and who got it.
    fn send(
        &mut self,
        by: Option<usize>,
        host: Id,
        from: SocketAddr,
        to: SocketAddr,
        message: Message,
    ) -> Option<Landed> {
        let journey = self.topology.send(self.now, host, from, to);
        let (arrival, number) = (journey.arrival, self.sent.len());
        let (at, hops, arrived) = (self.now, journey.hops, arrival.is_some());
        self.sent.push(Sent {
            at,
            by,
            message,
            hops,
            arrived,
            ignored: None,
        });
        arrival.map(|Arrival { host, from, to }| Landed {
            host,
            from,
            to,
            number,
        })
    }
}
