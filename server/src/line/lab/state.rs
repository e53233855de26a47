//! What a lab does with each packet. Time is the lab's age.
//!
//! A peer reaches an endpoint of the lab by a port of its own, its *way* there, and hears that endpoint from the same port. So what a browser
//! takes for addresses of the other peer are ports of this machine, and whatever one sends crosses the NATs.
//!
//! May import: line::budget, line::credentials, line::end, line::lock, line::order, line::refusal, line::side, line::state, log,
//! metrics, net, order, network, place, serde_json, tokio.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use network::relay::binding;
use serde_json::{Value, json};
use tokio::net::UdpSocket;

use super::log::{Log, Sent};
use super::net::{Landed, Net, STUN, Trip};
use super::order::Opening;
use crate::line::budget::{Budget, Flow};
use crate::line::credentials::Told;
use crate::line::end::{MAX_PACKET, open};
use crate::line::lock::Lock;
use crate::line::order::OfBoth;
use crate::line::refusal::Refusal;
use crate::line::side::Side;
use crate::line::state::is_of_this_machine;
use crate::metrics::{Metrics, Uncarried};
use crate::place::Chosen;

/// Endpoints of the lab that one peer can have a port for. A peer has two candidates, the STUN server is one, and each new mapping of the other
/// side's NAT is one more.
pub(in crate::line) const MAX_WAYS: usize = 12;

/// Bytes of requests to the STUN server that are answered in a second, in the long run. A browser that gathers sends a few of 20 to 100.
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
    peers: [Peer; 2],
    log: Log,
    chosen: Chosen,
    started: Instant,
    pub(super) heard: Duration,
    flow: Flow,
    /// Of the STUN server, which asks nobody who they are.
    asked: Flow,
    budget: Arc<Budget>,
    metrics: Arc<Metrics>,
}

impl State {
    pub(super) fn open(
        started: Instant,
        chosen: Chosen,
        opening: &Opening,
        flow: Flow,
        budget: &Arc<Budget>,
        metrics: &Arc<Metrics>,
    ) -> Result<Self, Refusal> {
        let mut state = Self {
            net: Net::new(opening),
            peers: Default::default(),
            log: Log::default(),
            chosen,
            started,
            heard: Duration::ZERO,
            flow,
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
            if !self.asked.admits(bytes, instant) {
                return self.metrics.line().dropped(Uncarried::TooMuch);
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
        let is_too_much = bytes > MAX_PACKET
            || !self.flow.admits(bytes, instant)
            || !self.budget.admits(bytes, instant);
        if is_too_much {
            return self.metrics.line().dropped(Uncarried::TooMuch);
        }
        let trip = self.net.send(now, way.side, way.to);
        let fate = match trip.landed {
            Some(Landed::At(side, seen)) => self.hand_over(side, seen, packet),
            Some(Landed::AtStun(_)) => "ignored",
            None => "dropped",
        };
        let inside = self.net.inside(way.side);
        self.note(now, Some(way.side), [inside, way.to], packet, &trip, fate);
    }

    /// A packet to the STUN server, from wherever a browser gathers. The answer is hardly larger than the request
    /// ([`binding::MAX_GAIN`]).
    fn ask(&mut self, now: Duration, way: &Way, from: SocketAddr, packet: &[u8]) {
        let trip = self.net.send(now, way.side, STUN);
        let inside = self.net.inside(way.side);
        let Some(Landed::AtStun(seen)) = trip.landed else {
            return self.note(
                now,
                Some(way.side),
                [inside, STUN],
                packet,
                &trip,
                "dropped",
            );
        };
        let Some(answer) = binding::answer(packet, seen) else {
            return self.note(
                now,
                Some(way.side),
                [inside, STUN],
                packet,
                &trip,
                "ignored",
            );
        };
        self.note(
            now,
            Some(way.side),
            [inside, STUN],
            packet,
            &trip,
            "delivered",
        );
        let back = self.net.answer(now, seen);
        let fate = match back.landed {
            Some(Landed::At(side, STUN)) if side == way.side => {
                match way.socket.try_send_to(&answer, from) {
                    Ok(_) => "delivered",
                    Err(_) => "not-sent",
                }
            }
            _ => "dropped",
        };
        self.note(now, None, [STUN, seen], &answer, &back, fate);
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
        self.log.add(at, &self.net, &sent);
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

    pub(super) fn nats(&self, now: Duration) -> Value {
        let shown = self.net.nats().map(|(name, nat)| {
            json!({
                "name": name,
                "outside": nat.outside(),
                "behaviour": nat.behaviour(),
                "table": nat.table(now),
            })
        });
        shown.collect()
    }
}
