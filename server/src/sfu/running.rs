//! The task of the media room: it waits for packets, orders and time, and sends what the sessions say.
//!
//! May import: config, metrics, order, place, port, refusal, report, secret, state, term, quickconnect::protocol, tokio, tokio_util, tracing.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use quickconnect::protocol::RoomName;
use tokio::net::UdpSocket;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep_until;
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::order::{Opened, Opening, Wish};
use super::port::{Packet, Port, PortId};
use super::refusal::Refusal;
use super::report::RoomReport;
use super::state::State;
use super::term::Stay;
use crate::config::Limits;
use crate::metrics::{Metrics, Unforwarded};
use crate::place::Chosen;
use crate::secret::Secret;

/// The book's own UDP port.
pub(super) const SHARED: PortId = PortId(0);
/// Packets that are handled before what follows from them is sent.
const BATCH: usize = 64;

/// What handlers of requests want.
#[derive(Debug)]
pub(super) enum Order {
    Open(Box<Asked>, oneshot::Sender<Result<Opened, Refusal>>),
    End(RoomName, Secret<16>, oneshot::Sender<Result<(), Refusal>>),
    Layer(
        RoomName,
        Secret<16>,
        Option<String>,
        oneshot::Sender<Result<(), Refusal>>,
    ),
    Report(RoomName, oneshot::Sender<RoomReport>),
}

/// A session that somebody asks for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) room: RoomName,
    pub(super) wish: Wish,
    pub(super) offer: String,
    pub(super) client: IpAddr,
    pub(super) stay: Stay,
    /// By which address its peer reaches this machine.
    pub(super) at: Chosen,
}

/// How many there are, as the task has last said.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) publishers: AtomicUsize,
    pub(super) watchers: AtomicUsize,
}

/// What comes in.
pub(super) struct Inputs {
    pub(super) ordered: mpsc::Receiver<Order>,
    pub(super) arriving: mpsc::Receiver<Packet>,
    /// For ports that are opened later.
    pub(super) packets: mpsc::Sender<Packet>,
}

/// All that the task has.
pub struct Running {
    inputs: Inputs,
    state: State,
    ports: HashMap<PortId, Port>,
    /// Where the book's own port is.
    shared: Option<SocketAddr>,
    /// The room's own ports, by the address of the machine.
    own: HashMap<IpAddr, (PortId, SocketAddr)>,
    next_port: u64,
    counts: Arc<Counts>,
    metrics: Arc<Metrics>,
}

impl Running {
    pub(super) fn new(
        inputs: Inputs,
        shared: Option<(SocketAddr, Arc<UdpSocket>)>,
        counts: Arc<Counts>,
        limits: &Arc<Limits>,
        metrics: &Arc<Metrics>,
    ) -> Option<Self> {
        let mut ports = HashMap::new();
        let shared = shared.map(|(address, socket)| {
            ports.insert(SHARED, Port::shared(socket));
            address
        });
        Some(Self {
            inputs,
            state: State::new(Arc::clone(limits), Arc::clone(metrics), Instant::now())?,
            ports,
            shared,
            own: HashMap::new(),
            next_port: SHARED.0 + 1,
            counts,
            metrics: Arc::clone(metrics),
        })
    }

    /// Until the server stops. Then every session is told.
    pub async fn run(mut self, closing: CancellationToken) {
        loop {
            let deadline = self.state.deadline();
            tokio::select! {
                () = closing.cancelled() => break,
                Some(order) = self.inputs.ordered.recv() => self.obey(order),
                Some(packet) = self.inputs.arriving.recv() => self.take(packet),
                () = sleep_until(deadline.into()) => self.release_ports(),
            }
            self.state.proceed(Instant::now());
            self.send();
            self.count();
        }
        self.state.end_all(Instant::now());
        self.send();
        self.count();
    }

    /// Takes this packet, and others that wait.
    fn take(&mut self, first: Packet) {
        let mut next = Some(first);
        for waiting in (0..BATCH).rev() {
            let Some(packet) = next else {
                return;
            };
            let ufrag = packet.ufrag.as_deref();
            (self.state).receive(
                packet.port,
                packet.source,
                &packet.bytes,
                ufrag,
                Instant::now(),
            );
            self.send();
            next = match waiting {
                0 => None,
                _ => self.inputs.arriving.try_recv().ok(),
            };
        }
    }

    /// Whoever does not wait for the answer any more needs none.
    fn obey(&mut self, order: Order) {
        let now = Instant::now();
        match order {
            Order::Open(asked, reply) => {
                let opened = self.open(*asked, now);
                let unheard = reply.send(opened).err();
                if let Some(Ok(opened)) = unheard {
                    // Nobody has its secret.
                    self.state.forget(&opened.secret, now);
                }
            }
            Order::End(room, secret, reply) => {
                let found = self.state.find(&room, &secret);
                let _ = reply.send(found.map(|key| self.state.end(key, now)));
            }
            Order::Layer(room, secret, name, reply) => {
                let found = self.state.find(&room, &secret);
                let chosen =
                    found.and_then(|key| self.state.choose_layer(key, name.as_deref(), now));
                let _ = reply.send(chosen);
            }
            Order::Report(room, reply) => {
                let _ = reply.send(self.state.report(&room));
            }
        }
    }

    fn open(&mut self, asked: Asked, now: Instant) -> Result<Opened, Refusal> {
        let (port, told) = self.port_at(asked.at)?;
        let opening = Opening {
            room: asked.room,
            wish: asked.wish,
            offer: asked.offer,
            client: asked.client,
            stay: asked.stay,
            port,
            told,
        };
        let opened = self.state.open(opening, now);
        if let Err(refusal) = &opened {
            self.metrics.refused(refusal.code());
        }
        opened
    }

    /// The port at this address of the machine, and what a peer is told of it.
    fn port_at(&mut self, at: Chosen) -> Result<(PortId, SocketAddr), Refusal> {
        let is_there =
            |shared: &SocketAddr| shared.ip().is_unspecified() || shared.ip() == at.bound;
        if let Some(shared) = self.shared.filter(is_there) {
            return Ok((SHARED, SocketAddr::new(at.told, shared.port())));
        }
        if let Some((id, address)) = self.own.get(&at.bound) {
            return Ok((*id, SocketAddr::new(at.told, address.port())));
        }
        let id = PortId(self.next_port);
        let packets = self.inputs.packets.clone();
        let (port, address) = Port::open(id, at.bound, at.only_this_machine, packets)?;
        info!(%address, "The media room has a port of its own");
        self.next_port += 1;
        self.ports.insert(id, port);
        self.own.insert(at.bound, (id, address));
        Ok((id, SocketAddr::new(at.told, address.port())))
    }

    /// Closes ports that no session uses any more.
    fn release_ports(&mut self) {
        let state = &self.state;
        self.own.retain(|_, (id, _)| state.uses(*id));
        self.ports.retain(|id, _| *id == SHARED || state.uses(*id));
    }

    fn send(&mut self) {
        for packet in self.state.sent.drain(..) {
            let port = self.ports.get(&packet.port);
            if port.is_none_or(|port| port.send(&packet.bytes, packet.to).is_err()) {
                self.metrics.sfu().dropped(Unforwarded::NotSent);
            }
        }
    }

    fn count(&self) {
        let (publishers, watchers) = self.state.counts();
        self.counts.publishers.store(publishers, Relaxed);
        self.counts.watchers.store(watchers, Relaxed);
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Running")
    }
}
