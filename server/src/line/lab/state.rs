//! What a lab does with each packet. Time is the lab's age.
//!
//! A peer reaches an endpoint of the lab by a port of its own, its *way* there, and hears that endpoint from the same port. So what a browser
//! takes for addresses of the other peer are ports of this machine, and whatever one sends crosses the NATs.
//!
//! What its server does with packets stands in `server`.
//!
//! May import: config, line::budget, line::credentials, line::end, line::life, line::lock, line::order, line::refusal, line::side, line::state, log,
//! metrics, net, network, order, place, relay, report, tally, turn, serde_json, tokio.

mod server;

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use network::packet;
use serde_json::{Value, json};
use tokio::net::UdpSocket;

use super::log::{Log, Sent};
use super::net::{Landed, Net, STUN, Trip, relayed};
use super::order::Opening;
use super::report;
use super::tally::Tallies;
use super::turn::Relay;
use crate::config::Limits;
use crate::line::budget::{Budget, Flow};
use crate::line::credentials::Told;
use crate::line::end::{MAX_PACKET, open};
use crate::line::life::Life;
use crate::line::lock::Lock;
use crate::line::order::OfBoth;
use crate::line::refusal::Refusal;
use crate::line::side::Side;
use crate::line::state::is_of_this_machine;
use crate::metrics::{Metrics, Uncarried};
use crate::place::Chosen;
use crate::relay::secrets;

/// Endpoints of the lab that one peer can have a port for. A peer has three candidates at most, the server of STUN and TURN is one, and each new
/// mapping of the other side's NAT is one more.
pub(in crate::line) const MAX_WAYS: usize = 12;

/// Bytes of requests to the server of STUN and TURN that are answered in a second, in the long run, until a client has a relayed port. A browser
/// that gathers sends a few of 20 to 200.
const MAX_ASKED: usize = 4_000;

/// A port by which a peer reaches an endpoint of the lab.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) side: Side,
    pub(super) to: SocketAddr,
    pub(super) socket: Arc<UdpSocket>,
    /// What the peer is told.
    pub(super) address: SocketAddr,
}

#[derive(Debug, Default)]
struct Peer {
    lock: Lock,
    told: Told,
    ways: HashMap<SocketAddr, Way>,
    /// How the others know it.
    candidates: Vec<(&'static str, SocketAddr)>,
}

/// A lab without its task.
#[derive(Debug)]
pub(super) struct State {
    net: Net,
    relay: Option<Relay>,
    peers: [Peer; 2],
    log: Log,
    tallies: Tallies,
    chosen: Chosen,
    started: Instant,
    pub(super) heard: Duration,
    flow: Flow,
    /// Of the server of STUN and TURN, for those of whom it is not known yet who they are.
    asked: Flow,
    budget: Arc<Budget>,
    metrics: Arc<Metrics>,
}

impl State {
    pub(super) fn open(
        life: &Life,
        chosen: Chosen,
        opening: &Opening,
        limits: &Limits,
        budget: &Arc<Budget>,
        metrics: &Arc<Metrics>,
    ) -> Result<Self, Refusal> {
        let relay = match opening.turn {
            true if chosen.told.is_ipv6() => return Err(Refusal::NoTurnOverIpv6),
            true => {
                let secrets = secrets().map_err(|_| Refusal::NoRandomBytes)?;
                Some(Relay::new(secrets, limits.line_lifetime))
            }
            false => None,
        };
        let mut state = Self {
            net: Net::new(opening),
            relay,
            peers: Default::default(),
            log: Log::default(),
            tallies: Tallies::default(),
            chosen,
            started: life.started,
            heard: Duration::ZERO,
            flow: Flow::new(limits.max_line_bytes_per_second),
            asked: Flow::new(MAX_ASKED),
            budget: Arc::clone(budget),
            metrics: Arc::clone(metrics),
        };
        state.tell(&opening.credentials);
        for side in Side::BOTH {
            let inside = state.net.inside(side);
            let mut candidates = vec![("host", inside)];
            // As a browser asks before it gives its candidates away.
            let reflexive = state.net.reflexive(Duration::ZERO, side);
            candidates.extend(
                reflexive
                    .filter(|seen| *seen != inside)
                    .map(|seen| ("srflx", seen)),
            );
            candidates.extend(state.relay.is_some().then(|| ("relay", relayed(side))));
            state.way(side, STUN)?;
            for (_, endpoint) in &candidates {
                state.way(side.other(), *endpoint)?;
            }
            state.peers[side as usize].candidates = candidates;
        }
        Ok(state)
    }

    pub(super) fn tell(&mut self, credentials: &OfBoth) {
        for side in Side::BOTH {
            if let Some(credentials) = credentials.of(side) {
                self.peers[side as usize].told.add(credentials);
            }
        }
    }

    /// Every port.
    pub(super) fn ways(&self) -> Vec<Way> {
        let of_both = self.peers.iter().flat_map(|peer| peer.ways.values());
        of_both.cloned().collect()
    }

    /// A packet of a peer has come to its port for an endpoint.
    pub(super) fn receive(&mut self, now: Duration, way: &Way, from: SocketAddr, packet: &[u8]) {
        let bytes = packet.len();
        let instant = self.started + now;
        let only_this_machine = self.chosen.only_this_machine;
        let may_have = |peer: SocketAddr| !only_this_machine || is_of_this_machine(peer.ip());
        if way.to == STUN {
            if !may_have(from) {
                return self.metrics.line().dropped(Uncarried::Stranger);
            }
            let is_known = self.relay.as_ref().is_some_and(|relay| relay.knows(from));
            let is_admitted = match is_known {
                true => self.admits(bytes, instant),
                false => self.asked.admits(bytes, instant),
            };
            if !is_admitted {
                return self.metrics.line().dropped(Uncarried::TooMuch);
            }
            if is_known {
                self.heard = now;
            }
            return self.ask(now, way, from, packet);
        }
        let other = way.side.other() as usize;
        let [a, b] = &mut self.peers;
        let (own, other) = if other == 1 { (a, b) } else { (b, a) };
        if !own.lock.admits(now, from, packet, &other.told, may_have) {
            return self.metrics.line().dropped(Uncarried::Stranger);
        }
        self.heard = now;
        if !self.admits(bytes, instant) {
            return self.metrics.line().dropped(Uncarried::TooMuch);
        }
        let trip = self.net.send(now, way.side, way.to);
        let mut relayed = None;
        let fate = match trip.landed {
            Some(Landed::At(side, seen)) => self.hand_over(side, seen, packet),
            Some(Landed::AtStun(_)) => "ignored",
            Some(Landed::AtRelay(side, seen)) => {
                relayed = self.take_for_client(now, side, seen, packet);
                match relayed {
                    Some(_) => "delivered",
                    None => "ignored",
                }
            }
            None => "dropped",
        };
        let inside = self.net.inside(way.side);
        self.note(now, Some(way.side), [inside, way.to], packet, &trip, fate);
        if let Some((client, packet)) = relayed {
            self.send_to_client(now, client, &packet);
        }
    }

    fn admits(&mut self, bytes: usize, now: Instant) -> bool {
        bytes <= MAX_PACKET && self.flow.admits(bytes, now) && self.budget.admits(bytes, now)
    }

    /// A packet has come to a host of the lab, and is sent to the peer that is it.
    fn hand_over(&mut self, side: Side, seen: SocketAddr, packet: &[u8]) -> &'static str {
        let Some(peer) = self.peers[side as usize].lock.address() else {
            self.metrics.line().dropped(Uncarried::Nobody);
            return "nobody";
        };
        let sent = self
            .way(side, seen)
            .and_then(|way| way.socket.try_send_to(packet, peer));
        match sent {
            Ok(bytes) => {
                self.metrics.line().carried(bytes);
                "delivered"
            }
            Err(_) => {
                self.metrics.line().dropped(Uncarried::NotSent);
                "not-sent"
            }
        }
    }

    /// The port by which a peer reaches an endpoint and hears it, opened if there is none yet.
    fn way(&mut self, side: Side, to: SocketAddr) -> io::Result<Way> {
        let ways = &mut self.peers[side as usize].ways;
        if let Some(way) = ways.get(&to) {
            return Ok(way.clone());
        }
        if ways.len() == MAX_WAYS {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        let (socket, address) = open(&self.chosen)?;
        let way = Way {
            side,
            to,
            socket,
            address,
        };
        ways.insert(to, way.clone());
        if let Some(relay) = &mut self.relay {
            relay.name(side, to, address);
        }
        Ok(way)
    }

    fn note(
        &mut self,
        at: Duration,
        by: Option<Side>,
        [from, to]: [SocketAddr; 2],
        payload: &[u8],
        trip: &Trip,
        fate: &'static str,
    ) {
        let sent = Sent {
            by,
            from,
            to,
            payload,
            trip,
            fate,
        };
        let dissection = packet::dissect(payload, &[]);
        let number = self.log.add(at, &self.net, &sent, &dissection);
        self.tallies.add(at, number, &sent, &dissection);
    }

    pub(super) fn packets_after(&self, number: u64) -> Value {
        self.log.after(number)
    }

    /// What a page is told of one peer: the candidates that the *other* one is to be given in place of its own.
    pub(super) fn side(&self, side: Side) -> Value {
        let Peer {
            candidates,
            lock,
            ways,
            ..
        } = &self.peers[side as usize];
        let of_other = &self.peers[side.other() as usize].ways;
        let shown = candidates.iter().filter_map(|(kind, endpoint)| {
            let way = of_other.get(endpoint)?;
            Some(json!({
                "type": kind,
                "virtual": endpoint,
                "address": way.address.ip(),
                "port": way.address.port(),
            }))
        });
        let stun = ways.get(&STUN).map(|way| way.address);
        json!({
            "locked": lock.address().is_some(),
            "stun": { "address": stun.map(|stun| stun.ip()), "port": stun.map(|stun| stun.port()) },
            "candidates": shown.collect::<Vec<_>>(),
        })
    }

    /// The credentials of the TURN server, if there is one. Each side reaches it where it reaches the STUN server.
    pub(super) fn turn(&self, now: Duration) -> Value {
        let credentials = self.relay.as_ref().and_then(|relay| relay.credentials(now));
        credentials.map_or(Value::Null, |credentials| {
            json!({ "username": credentials.username, "credential": credentials.password })
        })
    }

    pub(super) fn nats(&self, now: Duration) -> Value {
        let shown = self.net.nats().map(|(name, _, nat)| {
            json!({
                "name": name,
                "outside": nat.outside(),
                "behaviour": nat.behaviour(),
                "table": nat.table(now),
            })
        });
        shown.collect()
    }

    /// What a panel shows of a host.
    pub(super) fn host(&self, side: Side) -> Value {
        json!({
            "inside": self.net.inside(side),
            "locked": self.peers[side as usize].lock.address().is_some(),
        })
    }

    /// What a panel shows of the NATs, and of the internet between them.
    pub(super) fn watched(&self, now: Duration) -> Value {
        report::of(now, &self.net, &self.tallies)
    }
}
