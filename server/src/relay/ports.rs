//! The sockets of relayed ports, each with a task that reads it.
//!
//! May import: network, tokio, tokio_util, tracing.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Weak};

use network::relay::turn;
use tokio::net::UdpSocket;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};
use tracing::debug;

/// Takes what comes to relayed ports.
pub(super) trait Receiver: Send + Sync {
    /// Takes all that is there. An error ends the port.
    fn receive(&self, port: &UdpSocket, relayed: SocketAddr) -> io::Result<()>;
}

/// One of them. Dropping it ends its task, and gives the port back.
pub(super) struct RelayedPort {
    socket: Arc<UdpSocket>,
    _reader: AbortOnDropHandle<()>,
}

impl RelayedPort {
    pub(super) fn send(&self, data: &[u8], peer: SocketAddr) -> io::Result<usize> {
        self.socket.try_send_to(data, peer)
    }
}

/// Opens them.
pub(super) struct Ports {
    receiver: Weak<dyn Receiver>,
    listening: IpAddr,
    external: Option<IpAddr>,
    readers: TaskTracker,
}

impl Ports {
    /// Tasks become some of `readers`.
    pub(super) fn new(
        receiver: Weak<dyn Receiver>,
        listening: SocketAddr,
        external: Option<IpAddr>,
        readers: TaskTracker,
    ) -> Self {
        let listening = listening.ip();
        Self {
            receiver,
            listening,
            external,
            readers,
        }
    }

    /// An address of the machine by which this client, and others where it is, reach it. Where there is none of the family, one of the machine
    /// alone does: other clients of the relay reach that through the relay.
    fn address_for(&self, client: SocketAddr, is_ipv4: bool) -> IpAddr {
        let unspecified = unspecified(is_ipv4);
        if !self.listening.is_unspecified() && self.listening.is_ipv4() == is_ipv4 {
            return self.listening;
        }
        let routed = || -> io::Result<IpAddr> {
            let socket = std::net::UdpSocket::bind((unspecified, 0))?;
            // Nothing is sent: it only chooses an address.
            socket.connect(client)?;
            Ok(socket.local_addr()?.ip())
        };
        let is_same_family = client.is_ipv4() == is_ipv4;
        is_same_family
            .then(|| routed().ok())
            .flatten()
            .unwrap_or_else(|| loopback(is_ipv4))
    }

    fn bind(
        &self,
        client: SocketAddr,
        is_ipv4: bool,
    ) -> io::Result<(SocketAddr, Arc<RelayedPort>)> {
        let socket = std::net::UdpSocket::bind((self.address_for(client, is_ipv4), 0))?;
        socket.set_nonblocking(true)?;
        let socket = Arc::new(UdpSocket::from_std(socket)?);
        let mut relayed = socket.local_addr()?;
        if let Some(external) = self.external
            && external.is_ipv4() == is_ipv4
        {
            relayed.set_ip(external);
        }
        let reading = read(Arc::clone(&socket), relayed, self.receiver.clone());
        let reader = self.readers.spawn(reading);
        let port = RelayedPort {
            socket,
            _reader: AbortOnDropHandle::new(reader),
        };
        Ok((relayed, Arc::new(port)))
    }
}

impl turn::Ports for Ports {
    type Socket = Arc<RelayedPort>;

    fn open(
        &mut self,
        client: SocketAddr,
        is_ipv4: bool,
    ) -> Option<(SocketAddr, Arc<RelayedPort>)> {
        let opened = self.bind(client, is_ipv4);
        let opened =
            opened.inspect_err(|error| debug!(%error, "No port can be opened for a client"));
        opened.ok()
    }
}

async fn read(socket: Arc<UdpSocket>, relayed: SocketAddr, receiver: Weak<dyn Receiver>) {
    while socket.readable().await.is_ok() {
        let Some(receiver) = receiver.upgrade() else {
            return;
        };
        if let Err(error) = receiver.receive(&socket, relayed) {
            debug!(%error, "A relayed port can't be read");
            return;
        }
    }
}

fn unspecified(is_ipv4: bool) -> IpAddr {
    match is_ipv4 {
        true => Ipv4Addr::UNSPECIFIED.into(),
        false => Ipv6Addr::UNSPECIFIED.into(),
    }
}

fn loopback(is_ipv4: bool) -> IpAddr {
    match is_ipv4 {
        true => Ipv4Addr::LOCALHOST.into(),
        false => Ipv6Addr::LOCALHOST.into(),
    }
}
