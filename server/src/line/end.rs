//! The ports of lines and labs, and one of the two of a line.
//!
//! May import: lock, metrics, place, relay, socket2, tokio, tracing.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;

use socket2::SockRef;
use tokio::net::UdpSocket;
use tracing::debug;

use super::lock::Lock;
use crate::metrics::Uncarried;
use crate::place::Chosen;
use crate::relay::is_about_a_peer;

/// Bytes of a packet at most. Browsers send none that is larger than Ethernet's 1,500.
pub(super) const MAX_PACKET: usize = 2_048;
/// Packets that are handled before others have their turn.
const BATCH: usize = 64;

/// Bytes that wait while others have their turn, and bytes that the system has not sent yet; it may allow less.
const SYSTEM_BUFFER: usize = 1024 * 1024;

/// A port, and the peer that talks to it.
#[derive(Debug)]
pub(super) struct End {
    pub(super) socket: Arc<UdpSocket>,
    /// What the peer is told.
    pub(super) address: SocketAddr,
    pub(super) lock: Lock,
    dropped: [u64; Uncarried::ALL.len()],
}

impl End {
    pub(super) fn open(chosen: &Chosen) -> io::Result<Self> {
        let (socket, address) = open(chosen)?;
        Ok(Self {
            socket,
            address,
            lock: Lock::default(),
            dropped: Default::default(),
        })
    }

    /// Another port for the same peer.
    pub(super) fn rebind(&mut self, chosen: &Chosen) -> io::Result<()> {
        (self.socket, self.address) = open(chosen)?;
        Ok(())
    }

    pub(super) fn dropped(&mut self, why: Uncarried) {
        self.dropped[why as usize] += 1;
    }

    /// How many packets were dropped for this reason.
    pub(super) fn dropped_for(&self, why: Uncarried) -> u64 {
        self.dropped[why as usize]
    }
}

/// A port, and what peers are told of it.
pub(super) fn open(chosen: &Chosen) -> io::Result<(Arc<UdpSocket>, SocketAddr)> {
    let socket = std::net::UdpSocket::bind((chosen.bound, 0))?;
    let system = SockRef::from(&socket);
    let enlarged = system
        .set_recv_buffer_size(SYSTEM_BUFFER)
        .and_then(|()| system.set_send_buffer_size(SYSTEM_BUFFER));
    let _ = enlarged.inspect_err(|error| debug!(%error, "The buffers of a line stay small"));
    socket.set_nonblocking(true)?;
    let port = socket.local_addr()?.port();
    let socket = Arc::new(UdpSocket::from_std(socket)?);
    Ok((socket, SocketAddr::new(chosen.told, port)))
}

/// Hands over what has come to a port, a batch at most. The buffer is on the stack, as an idle task should hold none.
pub(super) fn take(
    socket: &UdpSocket,
    mut receive: impl FnMut(SocketAddr, &[u8]),
) -> io::Result<()> {
    let mut buffer = [0; MAX_PACKET + 1];
    for _ in 0..BATCH {
        match socket.try_recv_from(&mut buffer) {
            Ok((length, from)) => receive(from, &buffer[..length]),
            // A host that was written to before has nobody there.
            Err(error) if is_about_a_peer(&error) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
