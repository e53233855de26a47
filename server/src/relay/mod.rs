//! STUN and TURN: connects clients that can't reach each other, and shows others from where they come.
//!
//! What is decided stands in the crate [`network`], which knows neither sockets nor the time. Here are the sockets: one for all clients over UDP,
//! a connection for each over TCP, and one for each port that is given to one of them.
//!
//! # Layout
//! - [`visit`]: which servers a client is told, for as long as it is connected
//! - `tcp`: how a client over TCP is served
//! - `stream`: the connections of all of them, and what waits for each
//! - `socket`: that of all clients over UDP; `packet_info`: by which address of the machine it is used
//! - `ports`: the sockets of relayed ports
//! - `setup`: what is needed before it starts
//! - `urls`: by which address a client reaches this server
//!
//! May import: config, metrics, net::opening, network, process, signaling::greeter, signaling::transport, anyhow, axum, futures_util, getrandom, nix,
//! quickconnect::protocol, socket2, tokio, tokio_util, tracing.

#[cfg(target_os = "linux")]
mod packet_info;
mod ports;
mod setup;
mod socket;
mod stream;
mod tcp;
mod urls;
pub mod visit;

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime};

use network::relay::five_tuple::{FiveTuple, Protocol};
use network::relay::framing::MAX_MESSAGE;
use network::relay::turn::{Action, Dropped, Turn};
use tokio::net::UdpSocket;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use crate::config::{self, Limits};
use crate::metrics::{Metrics, Unrelayed};
use crate::process::addresses;
use ports::{Ports, Receiver, RelayedPort};
pub(crate) use setup::secrets;
pub use setup::{bind, listen};
use setup::{quota, stream_bounds};
use socket::{Received, Socket};
use stream::Streams;

/// Bytes of a packet at most; larger ones are dropped.
const MAX_PACKET: usize = MAX_MESSAGE;
/// Packets that are handled before others have their turn.
const BATCH: usize = 64;
/// How often is looked for what has ended.
const SWEEP: Duration = Duration::from_secs(1);
/// How many of these pass until the addresses of the machine are looked up again: a laptop moves.
const SWEEPS_PER_LOOK: u32 = 10;
/// After a failed read.
const PAUSE: Duration = Duration::from_millis(10);

/// Somebody else at the same socket.
pub trait Neighbour: Send + Sync {
    /// Takes a packet, if it is for them; whether it is.
    fn takes(&self, packet: &[u8], source: SocketAddr) -> bool;
}

/// The server of STUN and TURN.
pub struct Relay {
    turn: Mutex<Turn<Ports>>,
    /// Clients over TCP. A std mutex like that of `turn`, held for a few lines that never wait; never both at once.
    streams: Mutex<Streams>,
    socket: Socket,
    /// Takes packets at the same socket that are none of STUN and TURN.
    neighbour: Option<Arc<dyn Neighbour>>,
    /// Where it listens.
    address: SocketAddr,
    /// Where the book is served, and clients over TCP are.
    book: Option<SocketAddr>,
    /// The addresses of the machine that it does not know of itself.
    external: Option<IpAddr>,
    /// By which address clients reach it, where that is said.
    reached_at: Option<IpAddr>,
    /// How long the credentials are good that clients are given.
    credential_lifetime: Duration,
    clock: Clock,
    /// A task for each relayed port.
    readers: TaskTracker,
    metrics: Arc<Metrics>,
}

/// The time since 1970. It never goes back.
struct Clock {
    started: Duration,
    since: Instant,
}

impl Clock {
    fn start() -> Self {
        let started = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let since = Instant::now();
        Self { started, since }
    }

    fn now(&self) -> Duration {
        self.started + self.since.elapsed()
    }
}

impl Relay {
    /// On this socket, and where the book is served; nothing if the system has no address or no random bytes for it. Nobody may reach `services`
    /// of the machine by it.
    pub fn new(
        socket: Arc<UdpSocket>,
        neighbour: Option<Arc<dyn Neighbour>>,
        book: Option<SocketAddr>,
        settings: &config::Relay,
        limits: &Limits,
        services: Vec<u16>,
        metrics: Arc<Metrics>,
    ) -> Option<Arc<Self>> {
        let address = socket.local_addr().ok()?;
        let services = [services, vec![address.port()]].concat();
        let secrets =
            secrets().inspect_err(|error| warn!(%error, "No random bytes: neither STUN nor TURN"));
        let secrets = secrets.ok()?;
        let external = settings.external_address;
        let named = settings.turn_listen.map(|address| address.ip());
        let named = named.filter(|ip| !ip.is_unspecified());
        let readers = TaskTracker::new();
        let relay = Arc::new_cyclic(|relay: &Weak<Self>| Self {
            turn: Mutex::new(Turn::new(
                Ports::new(
                    relay.clone() as Weak<dyn Receiver>,
                    address,
                    external,
                    readers.clone(),
                ),
                quota(limits),
                secrets,
                services,
            )),
            streams: Mutex::new(Streams::new(stream_bounds(limits))),
            socket: Socket::new(socket),
            neighbour,
            address,
            book,
            external,
            reached_at: external.or(named),
            readers: readers.clone(),
            credential_lifetime: limits.ice_credential_lifetime,
            clock: Clock::start(),
            metrics,
        });
        relay.look_at_machine();
        Some(relay)
    }

    /// Answers until the server stops. Then every port is given back.
    pub async fn serve(self: Arc<Self>, closing: CancellationToken) {
        tokio::select! {
            () = closing.cancelled() => {}
            () = self.sweep() => {}
            () = self.receive() => {}
        }
        self.turn().close_all();
        self.readers.close();
        self.readers.wait().await;
    }

    /// Ports that clients have.
    pub fn ports(&self) -> usize {
        self.turn().allocations()
    }

    /// Clients that are connected over TCP.
    pub fn connections(&self) -> usize {
        self.streams().count()
    }

    async fn receive(&self) {
        loop {
            let ready = self.socket.readable().await;
            if let Err(error) = ready.and_then(|()| self.take_from_clients()) {
                debug!(%error, "Cannot read from the socket of STUN and TURN; trying again");
                sleep(PAUSE).await;
            }
        }
    }

    async fn sweep(&self) {
        let mut ticks = interval(SWEEP);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for tick in (0..SWEEPS_PER_LOOK).cycle() {
            ticks.tick().await;
            if tick == 0 {
                self.look_at_machine();
            }
            let over = self.turn().sweep(self.clock.now());
            self.end_streams(&over);
        }
    }

    fn look_at_machine(&self) {
        let mut addresses = addresses::of_this_machine();
        addresses.extend(self.external);
        self.turn().set_machine(addresses);
    }

    /// The buffer is on the stack, as an idle task should hold none.
    fn take_from_clients(&self) -> io::Result<()> {
        let mut buffer = [0; MAX_PACKET + 1];
        for _ in 0..BATCH {
            let received = self.take(&mut buffer, |buffer| self.socket.try_receive(buffer))?;
            let Some(Received { length, source, to }) = received else {
                return Ok(());
            };
            let packet = &buffer[..length];
            if (self.neighbour.as_ref()).is_some_and(|neighbour| neighbour.takes(packet, source)) {
                continue;
            }
            let now = self.clock.now();
            let client = FiveTuple::udp(source).asking(to);
            let action = self.turn().from_client(now, client, packet);
            self.perform(action, packet, &|answer| {
                self.socket.try_send(answer, source, to)
            });
        }
        Ok(())
    }

    /// The next packet that is not too large: what the buffer does not hold is cut off.
    fn take(
        &self,
        buffer: &mut [u8],
        receive: impl Fn(&mut [u8]) -> io::Result<Received>,
    ) -> io::Result<Option<Received>> {
        for _ in 0..BATCH {
            match receive(buffer) {
                Ok(Received { length, .. }) if length > MAX_PACKET => {
                    self.metrics.relay().dropped(Unrelayed::Malformed);
                }
                Ok(received) => return Ok(Some(received)),
                // A host that was written to before has nobody there.
                Err(error) if is_about_a_peer(&error) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Sends what has to be sent. What the system does not take at once is lost, as in any network.
    fn perform(
        &self,
        action: Action<Arc<RelayedPort>>,
        packet: &[u8],
        answer_with: &dyn Fn(&[u8]) -> io::Result<usize>,
    ) {
        let counts = self.metrics.relay();
        let sent = match action {
            Action::Drop(why) => return counts.dropped(unrelayed(why)),
            Action::Answer(answer) => {
                counts.answered();
                answer_with(&answer)
            }
            Action::ToPeer { socket, peer, data } => {
                counts.relayed(data.len());
                socket.send(&packet[data], peer)
            }
            Action::ToClient { client, packet } => {
                counts.relayed(packet.len());
                self.send_to_client(&packet, client)
            }
        };
        if sent.is_err() {
            counts.dropped(Unrelayed::NotSent);
        }
    }

    fn send_to_client(&self, packet: &[u8], client: FiveTuple) -> io::Result<usize> {
        match client.protocol {
            Protocol::Udp => {
                let to = self.as_socket_has_it(client.address);
                self.socket.try_send(packet, to, client.server)
            }
            Protocol::Tcp => {
                let stream = self.streams().of(client);
                stream.ok_or(ErrorKind::NotConnected)?.send(packet)
            }
        }
    }

    /// A socket of IPv6 has addresses of IPv4 in a form of IPv6.
    fn as_socket_has_it(&self, client: SocketAddr) -> SocketAddr {
        match (self.address, client.ip()) {
            (SocketAddr::V6(_), IpAddr::V4(ip)) => {
                SocketAddr::new(ip.to_ipv6_mapped().into(), client.port())
            }
            _ => client,
        }
    }

    fn turn(&self) -> MutexGuard<'_, Turn<Ports>> {
        // A packet that made it panic is lost, and others are not.
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn streams(&self) -> MutexGuard<'_, Streams> {
        // Nothing in here can panic half-way.
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Receiver for Relay {
    fn receive(&self, port: &UdpSocket, relayed: SocketAddr) -> io::Result<()> {
        let mut buffer = [0; MAX_PACKET + 1];
        for _ in 0..BATCH {
            let received = self.take(&mut buffer, |buffer| socket::receive(port, buffer))?;
            let Some(Received { length, source, .. }) = received else {
                return Ok(());
            };
            let data = &buffer[..length];
            let now = self.clock.now();
            let action = self.turn().from_peer(now, relayed, source, data);
            // Peers are answered nothing.
            self.perform(action, data, &|_| Ok(0));
        }
        Ok(())
    }
}

/// Whether an error in reading a socket says only that a host which was written to before has nobody there.
pub(crate) fn is_about_a_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    )
}

fn unrelayed(why: Dropped) -> Unrelayed {
    match why {
        Dropped::Malformed => Unrelayed::Malformed,
        Dropped::TooOften => Unrelayed::TooOften,
        Dropped::NotPermitted => Unrelayed::NotPermitted,
        Dropped::Forbidden => Unrelayed::Forbidden,
        Dropped::TooMuch => Unrelayed::TooMuch,
    }
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
