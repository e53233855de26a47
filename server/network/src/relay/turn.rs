//! A TURN server ([RFC 8656](https://www.rfc-editor.org/rfc/rfc8656)) over UDP and TCP, without its sockets: packets come in, and what has to be
//! sent comes out.
//!
//! Two clients of this server reach each other without a socket between them: what one sends to the other's relayed port is given to the
//! other at once.
//!
//! # Layout
//! - [`Turn`]: what happens to a packet
//! - `allocation`: one relayed port
//! - `requests`: what clients ask for
//! - `check`: who they are
//!
//! May import: address, binding, credentials, five_tuple, framing, known, message, nonce, packet::stun, peers, quota, rate.

mod allocation;
mod check;
mod requests;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::time::Duration;

use super::binding::{self, MAX_GAIN};
use super::credentials::{Credentials, Issuer};
use super::five_tuple::{FiveTuple, Protocol};
use super::framing::pad;
use super::known::{Known, Session};
use super::message::{Class, Message, Writer, attribute};
use super::nonce::Nonces;
use super::peers::{Forbidden, Peers};
use super::quota::{Limits, Usage};
use super::rate::Rates;
use crate::address::canonical;
use allocation::Allocation;

/// Of what browsers need no more than the name of a place.
pub const REALM: &str = "guidebook";
/// How long credentials are good after the connection of their session was lost: it may come back.
pub const RESUME_TIME: Duration = Duration::from_secs(30);

const SEND: u16 = 0x006;
const DATA: u16 = 0x007;
const INDICATION: u16 = 1;
/// Bytes of the headers of IPv4 and UDP.
const IP_AND_UDP: usize = 28;
/// Bytes of the header of ChannelData (section 12.4).
const CHANNEL_HEADER: usize = 4;

/// Opens relayed ports.
pub trait Ports {
    /// What sends from one. Dropping the last closes it.
    type Socket: Clone;

    /// Whether they are ports of a network in memory, whose packets reach nobody else. There any peer may be reached, and credentials are good from
    /// any address: addresses of such a network, and those by which its clients come, say nothing about each other.
    const IN_MEMORY: bool = false;

    /// Opens one for a client, of IPv4 or of IPv6, and says how others reach it; nothing if none can be had.
    fn open(&mut self, client: SocketAddr, is_ipv4: bool) -> Option<(SocketAddr, Self::Socket)>;

    /// Where a client is seen. In memory that is not where its packets really come from.
    fn seen(&self, client: SocketAddr) -> SocketAddr {
        client
    }

    /// Which peer a client means by an address. In memory each client has names of its own for them.
    fn peer_of(&self, _client: SocketAddr, name: SocketAddr) -> SocketAddr {
        name
    }

    /// By which address a client knows a peer: the reverse of [`peer_of`](Self::peer_of).
    fn name_of(&self, _client: SocketAddr, peer: SocketAddr) -> SocketAddr {
        peer
    }
}

/// What has to be sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Action<S> {
    /// Nothing, and why.
    Drop(Dropped),
    /// This to whoever sent the packet.
    Answer(Vec<u8>),
    /// A part of the packet, from a relayed port.
    ToPeer {
        /// The port.
        socket: S,
        /// Where to.
        peer: SocketAddr,
        /// The part.
        data: Range<usize>,
    },
    /// This to a client.
    ToClient {
        /// Which one.
        client: FiveTuple,
        /// What.
        packet: Vec<u8>,
    },
}

/// Why a packet comes to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropped {
    /// It is no packet of STUN or TURN that asks for something.
    Malformed,
    /// Strangers of its network ask too often.
    TooOften,
    /// Its sender has no relayed port, no channel or no permission for it.
    NotPermitted,
    /// Its peer may not be reached.
    Forbidden,
    /// The session, or all, have more relayed than they may.
    TooMuch,
}

/// The server.
pub struct Turn<P: Ports> {
    ports: P,
    limits: Limits,
    issuer: Issuer,
    nonces: Nonces,
    known: Known,
    rates: Rates,
    usage: Usage,
    /// Ports on which this server serves something.
    services: Vec<u16>,
    allocations: HashMap<FiveTuple, Allocation<P::Socket>>,
    /// Whose a relayed port is.
    relayed: HashMap<SocketAddr, FiveTuple>,
}

/// What a server has to be given by chance.
pub struct Secrets {
    /// Of credentials.
    pub credentials: [u8; 32],
    /// Of nonces.
    pub nonces: [u8; 32],
    /// Of places.
    pub seed: u64,
}

impl<P: Ports> Turn<P> {
    /// With these bounds. `services` are ports of the machine that nobody may reach by the relay.
    pub fn new(ports: P, limits: Limits, secrets: Secrets, services: Vec<u16>) -> Self {
        Self {
            ports,
            issuer: Issuer::new(secrets.credentials, limits.credentials),
            nonces: Nonces::new(secrets.nonces),
            rates: Rates::new(limits.answers_per_second, limits.answer_burst, secrets.seed),
            limits,
            known: Known::default(),
            usage: Usage::default(),
            services,
            allocations: HashMap::new(),
            relayed: HashMap::new(),
        }
    }

    /// What opens its ports.
    pub fn ports_mut(&mut self) -> &mut P {
        &mut self.ports
    }

    /// The addresses of the machine, and those by which others reach it.
    pub fn set_machine(&mut self, addresses: Vec<IpAddr>) {
        self.known.set_machine(addresses);
    }

    /// Begins a session of a client at this address, until a time or until it is ended; nothing if its address has too many.
    pub fn enter(&mut self, session: Session, address: IpAddr, until: Option<Duration>) -> bool {
        self.known.enter(session, address, until)
    }

    /// Credentials of a session, from now on.
    pub fn credentials(&self, now: Duration, session: Session) -> Option<Credentials> {
        self.issuer.issue(now, &session.name()).ok()
    }

    /// The connection of a session was lost: nothing more is given to it after the [`RESUME_TIME`], and what it has stays as long as it is
    /// refreshed, because calls outlive signaling.
    pub fn lose(&mut self, now: Duration, session: Session) {
        self.known.lose(session, now + RESUME_TIME);
    }

    /// A session was left: what it had ends. These clients had it.
    pub fn leave(&mut self, session: Session) -> Vec<FiveTuple> {
        self.known.leave(session);
        self.close_where(|allocation| allocation.session == session)
    }

    /// The connection of a client over TCP is gone, and with it what it had.
    pub fn disconnect(&mut self, client: FiveTuple) {
        self.close(client);
    }

    /// Whether a client has a relayed port.
    pub fn has_port(&self, client: FiveTuple) -> bool {
        self.allocations.contains_key(&client)
    }

    /// Relayed ports.
    pub fn allocations(&self) -> usize {
        self.usage.allocations()
    }

    /// Ends what has not been refreshed, and forgets who is gone. To be called about once a second. These clients had what has ended.
    pub fn sweep(&mut self, now: Duration) -> Vec<FiveTuple> {
        let over = self.close_where(|allocation| allocation.is_over(now));
        self.known.sweep(now);
        self.usage.sweep(now);
        over
    }

    /// Ends everything that clients have.
    pub fn close_all(&mut self) {
        self.close_where(|_| true);
    }

    fn close_where(&mut self, is_over: impl Fn(&Allocation<P::Socket>) -> bool) -> Vec<FiveTuple> {
        let over = self
            .allocations
            .iter()
            .filter(|(_, allocation)| is_over(allocation));
        let over: Vec<_> = over.map(|(client, _)| *client).collect();
        for client in &over {
            self.close(*client);
        }
        over
    }

    fn close(&mut self, client: FiveTuple) {
        if let Some(allocation) = self.allocations.remove(&client) {
            // A port in memory may be another client's by now.
            if self.relayed.get(&allocation.relayed) == Some(&client) {
                self.relayed.remove(&allocation.relayed);
            }
            self.usage.remove(allocation.session, client.address.ip());
        }
    }

    /// A packet came from a client, or from whoever else knows the server's address.
    pub fn from_client(
        &mut self,
        now: Duration,
        client: FiveTuple,
        packet: &[u8],
    ) -> Action<P::Socket> {
        match packet.first() {
            Some(0x00..=0x3f) => match Message::read(packet) {
                Some(mut message) => {
                    for peer in &mut message.peers {
                        *peer = self.ports.peer_of(client.address, *peer);
                    }
                    self.message(now, client, &message)
                }
                None => Action::Drop(Dropped::Malformed),
            },
            Some(0x40..=0x7f) => self.channel_data(now, client, packet),
            _ => Action::Drop(Dropped::Malformed),
        }
    }

    /// A packet came to a relayed port.
    pub fn from_peer(
        &mut self,
        now: Duration,
        relayed: SocketAddr,
        peer: SocketAddr,
        data: &[u8],
    ) -> Action<P::Socket> {
        let peer = canonical(peer);
        // What clients of this server send to each other takes no socket.
        if self.relayed.contains_key(&peer) {
            return Action::Drop(Dropped::Forbidden);
        }
        if self.admit(now, peer).is_err() {
            return Action::Drop(Dropped::Forbidden);
        }
        self.deliver(now, relayed, peer, data, true)
    }

    fn message(
        &mut self,
        now: Duration,
        client: FiveTuple,
        message: &Message<'_>,
    ) -> Action<P::Socket> {
        match (message.class, message.method) {
            (Class::Request, binding::BINDING) => {
                let is_known = self.allocations.contains_key(&client);
                if !is_known && !self.rates.admits(now, client.address.ip()) {
                    return Action::Drop(Dropped::TooOften);
                }
                self.heard(now, client);
                Action::Answer(binding::answer_to(message, client.address))
            }
            (Class::Request, _) => self.request(now, client, message),
            (Class::Indication, SEND) => match (&message.peers[..], message.data.clone()) {
                ([peer], Some(data)) if message.unknown.is_empty() => {
                    self.send(now, client, *peer, message.packet(), data)
                }
                _ => Action::Drop(Dropped::Malformed),
            },
            (Class::Indication, _) => Action::Drop(Dropped::Malformed),
        }
    }

    fn request(
        &mut self,
        now: Duration,
        client: FiveTuple,
        request: &Message<'_>,
    ) -> Action<P::Socket> {
        let refusal = match self.identify(now, client, request) {
            Ok(identity) => return Action::Answer(self.answer(now, client, request, &identity)),
            Err(refusal) => refusal,
        };
        if !self.rates.admits(now, client.address.ip()) {
            return Action::Drop(Dropped::TooOften);
        }
        let challenge = |reason| {
            let error = Writer::new(binding::ERROR, request.method, request.transaction())
                .error(refusal.code(), reason);
            let nonce = self.nonces.issue(now, client.address);
            let error = match refusal.is_challenge() {
                true => error
                    .attribute(attribute::REALM, REALM.as_bytes())
                    .attribute(attribute::NONCE, nonce.as_bytes()),
                false => error,
            };
            error.finish_like(request)
        };
        // Words only as far as they fit into what may be answered to somebody unknown.
        let most = MAX_GAIN * (request.packet().len() + IP_AND_UDP);
        let answers = [challenge(refusal.reason()), challenge("")];
        let answer = answers
            .into_iter()
            .find(|answer| answer.len() + IP_AND_UDP <= most);
        answer.map_or(Action::Drop(Dropped::Malformed), Action::Answer)
    }

    fn channel_data(
        &mut self,
        now: Duration,
        client: FiveTuple,
        packet: &[u8],
    ) -> Action<P::Socket> {
        let Some((&[channel_high, channel_low, length_high, length_low], rest)) =
            packet.split_first_chunk::<CHANNEL_HEADER>()
        else {
            return Action::Drop(Dropped::Malformed);
        };
        let length = usize::from(u16::from_be_bytes([length_high, length_low]));
        // Over UDP it may be padded, and over TCP it is.
        if length > rest.len() {
            return Action::Drop(Dropped::Malformed);
        }
        let channel = u16::from_be_bytes([channel_high, channel_low]);
        let allocation = self.allocations.get(&client);
        match allocation.and_then(|allocation| allocation.peer_of(now, channel)) {
            Some(peer) => self.send(
                now,
                client,
                peer,
                packet,
                CHANNEL_HEADER..CHANNEL_HEADER + length,
            ),
            None => Action::Drop(Dropped::NotPermitted),
        }
    }

    /// Relays a part of a packet of a client.
    fn send(
        &mut self,
        now: Duration,
        client: FiveTuple,
        peer: SocketAddr,
        packet: &[u8],
        data: Range<usize>,
    ) -> Action<P::Socket> {
        let Some(allocation) = self.allocations.get(&client) else {
            return Action::Drop(Dropped::NotPermitted);
        };
        let name = self.known_as(client, peer);
        if allocation.is_over(now) || !allocation.permits(now, name) {
            return Action::Drop(Dropped::NotPermitted);
        }
        let (session, relayed) = (allocation.session, allocation.relayed);
        let socket = allocation.socket.clone();
        if self.admit(now, peer).is_err() {
            return Action::Drop(Dropped::Forbidden);
        }
        if !self.usage.admits(now, session, data.len(), &self.limits) {
            return Action::Drop(Dropped::TooMuch);
        }
        match self.relayed.contains_key(&peer) {
            true => self.deliver(now, peer, relayed, &packet[data], false),
            false => Action::ToPeer { socket, peer, data },
        }
    }

    /// Gives a client what a peer sent to its relayed port.
    fn deliver(
        &mut self,
        now: Duration,
        relayed: SocketAddr,
        peer: SocketAddr,
        data: &[u8],
        is_counted: bool,
    ) -> Action<P::Socket> {
        let client = self.relayed.get(&relayed).copied();
        let allocation = client.and_then(|client| Some((client, self.allocations.get(&client)?)));
        let Some((client, allocation)) = allocation else {
            return Action::Drop(Dropped::NotPermitted);
        };
        let name = self.known_as(client, peer);
        if allocation.is_over(now) || !allocation.permits(now, name) {
            return Action::Drop(Dropped::NotPermitted);
        }
        let session = allocation.session;
        let channel = allocation.channel_of(now, peer);
        if is_counted && !self.usage.admits(now, session, data.len(), &self.limits) {
            return Action::Drop(Dropped::TooMuch);
        }
        let mut packet = match channel {
            Some(channel) => {
                let length = data.len() as u16;
                [&channel.to_be_bytes()[..], &length.to_be_bytes(), data].concat()
            }
            None => Writer::new(INDICATION, DATA, &self.transaction(now, client))
                .address(
                    attribute::XOR_PEER_ADDRESS,
                    self.ports.name_of(client.address, peer),
                )
                .attribute(attribute::DATA, data)
                .finish(),
        };
        if client.protocol == Protocol::Tcp {
            pad(&mut packet);
        }
        Action::ToClient { client, packet }
    }

    /// Nobody answers to an indication, so that its transaction needs not be one of its own.
    fn transaction(&self, now: Duration, client: FiveTuple) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&crate::packet::stun::COOKIE.to_be_bytes());
        bytes[4..8].copy_from_slice(&now.subsec_nanos().to_be_bytes());
        bytes[8..10].copy_from_slice(&client.address.port().to_be_bytes());
        bytes
    }

    /// By which address a client knows a peer. Permissions are for that: a client asks once for each that it knows
    /// ([RFC 8656, section 9](https://www.rfc-editor.org/rfc/rfc8656#section-9)).
    fn known_as(&self, client: FiveTuple, peer: SocketAddr) -> IpAddr {
        self.ports.name_of(client.address, peer).ip()
    }

    /// A client asked from here. A port of TCP is none at which peers could reach it.
    fn heard(&mut self, now: Duration, client: FiveTuple) {
        if client.protocol == Protocol::Udp {
            self.known.heard(now, client.address);
        }
    }

    /// Whether a packet may pass between the relay and a peer. Each that does keeps the peer known.
    fn admit(&mut self, now: Duration, peer: SocketAddr) -> Result<(), Forbidden> {
        self.may_reach(peer, &|endpoint| self.known.asked_from(now, endpoint))?;
        if !self.relayed.contains_key(&peer) {
            self.known.heard(now, peer);
        }
        Ok(())
    }

    /// Whether the relay may reach a peer, if these are the clients.
    fn may_reach(
        &self,
        peer: SocketAddr,
        is_client: &dyn Fn(SocketAddr) -> bool,
    ) -> Result<(), Forbidden> {
        if P::IN_MEMORY {
            return Ok(());
        }
        let peers = Peers {
            own: self.known.machine(),
            services: &self.services,
            is_relayed: &|endpoint| self.relayed.contains_key(&endpoint),
            is_client,
        };
        peers.admit(peer)
    }
}
