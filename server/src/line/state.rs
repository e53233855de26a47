//! What a line does with each packet. Time is the line's age.
//!
//! May import: budget, signaling::byte_budget, capture, config, credentials, end, metrics, order, place, process, refusal, side, network, tokio.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use network::line::link::Way;
use network::line::{Direction, Link, OutOfRange, Preset};
use signaling::byte_budget::Share;
use tokio::net::UdpSocket;

use super::budget::{Budget, Flow};
use super::capture::{Capture, Excerpt, Fate};
use super::credentials::Told;
use super::end::{End, MAX_PACKET};
use super::order::{OfBoth, Opening, Order};
use super::refusal::{OrderRefused, Refusal};
use super::side::Side;
use crate::config::Limits;
use crate::metrics::{Metrics, Uncarried};
use crate::place::Chosen;
use crate::process::addresses;

/// A line without its task.
#[derive(Debug)]
pub(super) struct State {
    pub(super) link: Link<Vec<u8>>,
    ends: [End; 2],
    told: [Told; 2],
    chosen: Chosen,
    started: Instant,
    /// When a peer or the page was last heard of.
    pub(super) heard: Duration,
    pub(super) capture: Capture,
    flow: Flow,
    held: Share,
    budget: Arc<Budget>,
    metrics: Arc<Metrics>,
}

impl State {
    pub(super) fn open(
        started: Instant,
        chosen: Chosen,
        opening: &Opening,
        limits: &Limits,
        budget: &Arc<Budget>,
        metrics: &Arc<Metrics>,
    ) -> Result<Self, Refusal> {
        let ends = [End::open(&chosen)?, End::open(&chosen)?];
        let mut state = Self {
            link: Link::new(&opening.settings),
            ends,
            told: Default::default(),
            chosen,
            started,
            heard: Duration::ZERO,
            flow: Flow::new(limits.max_line_bytes_per_second),
            capture: Capture::new(opening.capture, budget),
            held: budget.under_way(),
            budget: Arc::clone(budget),
            metrics: Arc::clone(metrics),
        };
        state.tell(&opening.credentials);
        // What is in a preset is within its range.
        let _ = state.apply(Duration::ZERO, opening.preset);
        Ok(state)
    }

    pub(super) fn sockets(&self) -> [Arc<UdpSocket>; 2] {
        Side::BOTH.map(|side| Arc::clone(&self.end(side).socket))
    }

    pub(super) fn end(&self, side: Side) -> &End {
        &self.ends[side as usize]
    }

    /// When something comes out, or changes by itself.
    pub(super) fn next_at(&self) -> Option<Duration> {
        self.link.next_at()
    }

    /// Numbers must be within their ranges.
    pub(super) fn order(&mut self, now: Duration, order: &Order) -> Result<(), OrderRefused> {
        self.heard = now;
        if let Some(side) = order.rebind {
            let rebound = self.ends[side as usize].rebind(&self.chosen);
            rebound.map_err(Refusal::from)?;
        }
        self.tell(&order.credentials);
        self.apply(now, order.preset)?;
        if let Some(change) = &order.set {
            self.link.change(now, order.way, change)?;
        }
        if let Some(timeline) = &order.timeline {
            self.link.run(now, timeline);
        }
        if let Some(is_on) = order.capture {
            self.capture.is_on = is_on;
        }
        Ok(())
    }

    fn tell(&mut self, credentials: &OfBoth) {
        for side in Side::BOTH {
            if let Some(credentials) = credentials.of(side) {
                self.told[side as usize].add(credentials);
            }
        }
    }

    fn apply(&mut self, now: Duration, preset: Option<Preset>) -> Result<(), OutOfRange> {
        let Some(preset) = preset else { return Ok(()) };
        let [up, down] = preset.changes();
        self.link.change(now, Way::AToB, &up)?;
        self.link.change(now, Way::BToA, &down)
    }

    /// A packet has come to an end.
    pub(super) fn receive(&mut self, now: Duration, side: Side, from: SocketAddr, packet: &[u8]) {
        let only_this_machine = self.chosen.only_this_machine;
        let may_have = |peer: SocketAddr| !only_this_machine || is_of_this_machine(peer.ip());
        let told = &self.told[side.other() as usize];
        let lock = &mut self.ends[side as usize].lock;
        if !lock.admits(now, from, packet, told, may_have) {
            return self.drop_at(side, Uncarried::Stranger);
        }
        self.heard = now;
        let instant = self.started + now;
        let bytes = packet.len();
        if bytes > MAX_PACKET
            || !self.flow.admits(bytes, instant)
            || !self.budget.admits(bytes, instant)
        {
            return self.drop_at(side, Uncarried::TooMuch);
        }
        let way = side.direction();
        if let Err(reason) = self.link.send(now, way, packet.to_vec()) {
            self.see(now, way, packet, Fate::Dropped(reason));
        }
        self.deliver(now);
    }

    /// Sends what has come out by now.
    pub(super) fn deliver(&mut self, now: Duration) {
        while let Some((direction, exit)) = self.link.poll(now) {
            let fate = match exit.fate {
                Ok(()) => self.hand_over(Side::behind(direction), &exit.packet),
                Err(reason) => Fate::Dropped(reason),
            };
            self.see(now, direction, &exit.packet, fate);
        }
        let ways = [Direction::AToB, Direction::BToA];
        let held = ways.map(|way| self.link.line(way).held().bytes as usize);
        self.held.set(held.iter().sum());
    }

    /// Sends a packet to a peer. What the system does not take at once is lost, as in any network.
    fn hand_over(&mut self, side: Side, packet: &[u8]) -> Fate {
        let end = self.end(side);
        let Some(peer) = end.lock.address() else {
            self.drop_at(side, Uncarried::Nobody);
            return Fate::Nobody;
        };
        match end.socket.try_send_to(packet, peer) {
            Ok(bytes) => {
                self.metrics.line().carried(bytes);
                Fate::Delivered
            }
            Err(_) => {
                self.drop_at(side, Uncarried::NotSent);
                Fate::NotSent
            }
        }
    }

    fn see(&mut self, now: Duration, way: Direction, packet: &[u8], fate: Fate) {
        if !self.capture.is_on {
            return;
        }
        let receiver = Side::behind(way);
        // From peer to peer, as if there were nothing between them.
        let ends = [receiver.other(), receiver].map(|side| {
            let end = self.end(side);
            end.lock.address().unwrap_or(end.address)
        });
        self.capture.see(now, way, ends, packet, fate);
    }

    /// The packets with numbers above this one.
    pub(super) fn packets_after(&self, number: u64) -> Excerpt {
        let of = |side: Side| {
            let kept = self.told[side as usize].kept();
            kept.map(move |credentials| (side, credentials.clone()))
        };
        let told = Side::BOTH.into_iter().flat_map(of).collect();
        self.capture.after(number, told)
    }

    fn drop_at(&mut self, side: Side, why: Uncarried) {
        self.metrics.line().dropped(why);
        self.ends[side as usize].dropped(why);
    }
}

pub(super) fn is_of_this_machine(ip: IpAddr) -> bool {
    ip.is_loopback() || addresses::of_this_machine().contains(&ip)
}
