//! Where packets come in and go out: the book's own UDP port where STUN and TURN are served there, and a port of the media room's own where a peer
//! reaches none at that, such as Firefox at a server on loopback.
//!
//! May import: demux, process, relay, tokio, tokio_util, tracing.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;
use tracing::debug;

use super::demux::{self, Ours};
use crate::process::addresses;
use crate::relay::is_about_a_peer;

/// Bytes of a packet at most; browsers send 1,200 at most.
const MAX_PACKET: usize = 2000;
/// Packets that are read before others have their turn.
const BATCH: usize = 64;
/// After a failed read.
const PAUSE: Duration = Duration::from_millis(10);

/// Which port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PortId(pub(super) u64);

/// A packet that has come.
#[derive(Debug)]
pub(super) struct Packet {
    pub(super) port: PortId,
    pub(super) source: SocketAddr,
    pub(super) ufrag: Option<String>,
    pub(super) bytes: Box<[u8]>,
}

/// One port. Dropping it ends what reads it.
pub(super) struct Port {
    socket: Arc<UdpSocket>,
    is_ipv6: bool,
    _reader: Option<AbortOnDropHandle<()>>,
}

impl Port {
    /// That which somebody else reads.
    pub(super) fn shared(socket: Arc<UdpSocket>) -> Self {
        let address = socket.local_addr();
        Self {
            is_ipv6: address.is_ok_and(|address| address.is_ipv6()),
            socket,
            _reader: None,
        }
    }

    /// One of its own at this address of the machine, which may take packets of this machine only; and where it is.
    pub(super) fn open(
        id: PortId,
        at: IpAddr,
        only_this_machine: bool,
        packets: mpsc::Sender<Packet>,
    ) -> io::Result<(Self, SocketAddr)> {
        let socket = std::net::UdpSocket::bind((at, 0))?;
        socket.set_nonblocking(true)?;
        let socket = Arc::new(UdpSocket::from_std(socket)?);
        let address = socket.local_addr()?;
        let only = only_this_machine.then(addresses::of_this_machine);
        let reading = read(Arc::clone(&socket), id, only, packets);
        let port = Self {
            is_ipv6: address.is_ipv6(),
            _reader: Some(AbortOnDropHandle::new(tokio::spawn(reading))),
            socket,
        };
        Ok((port, address))
    }

    /// Sends a packet. What the system does not take at once is lost, as in any network.
    pub(super) fn send(&self, bytes: &[u8], to: SocketAddr) -> io::Result<()> {
        // A socket of IPv6 has addresses of IPv4 in a form of IPv6.
        let to = match (self.is_ipv6, to.ip()) {
            (true, IpAddr::V4(ip)) => SocketAddr::new(ip.to_ipv6_mapped().into(), to.port()),
            _ => to,
        };
        self.socket.try_send_to(bytes, to).map(|_| ())
    }
}

impl std::fmt::Debug for Port {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Port")
    }
}

/// Puts a packet where the media room takes it, if it can be one of its packets. Whether it can.
pub(super) fn offer(
    packets: &mpsc::Sender<Packet>,
    port: PortId,
    source: SocketAddr,
    bytes: &[u8],
) -> Offered {
    let ufrag = match demux::of_media(bytes) {
        Ours::Not => return Offered::NotOurs,
        Ours::Check(ufrag) => Some(ufrag.to_owned()),
        Ours::Media => None,
    };
    let packet = Packet {
        port,
        source: SocketAddr::new(source.ip().to_canonical(), source.port()),
        ufrag,
        bytes: bytes.into(),
    };
    match packets.try_send(packet) {
        Ok(()) => Offered::Taken,
        Err(_) => Offered::Lost,
    }
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offered {
    /// It waits for its turn.
    Taken,
    /// Too many wait already.
    Lost,
    /// It is somebody else's.
    NotOurs,
}

async fn read(
    socket: Arc<UdpSocket>,
    id: PortId,
    only: Option<Vec<IpAddr>>,
    packets: mpsc::Sender<Packet>,
) {
    loop {
        let ready = socket.readable().await;
        let taken = ready.and_then(|()| take(&socket, id, only.as_deref(), &packets));
        if let Err(error) = taken {
            debug!(%error, "Cannot read from a port of the media room; trying again");
            sleep(PAUSE).await;
        }
    }
}

/// The buffer is on the stack, as an idle task should hold none.
fn take(
    socket: &UdpSocket,
    id: PortId,
    only: Option<&[IpAddr]>,
    packets: &mpsc::Sender<Packet>,
) -> io::Result<()> {
    let mut buffer = [0; MAX_PACKET];
    for _ in 0..BATCH {
        match socket.try_recv_from(&mut buffer) {
            Ok((length, source)) => {
                let ip = source.ip().to_canonical();
                if only.is_none_or(|only| only.contains(&ip)) {
                    offer(packets, id, source, &buffer[..length]);
                }
            }
            // A host that was written to before has nobody there.
            Err(error) if is_about_a_peer(&error) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
