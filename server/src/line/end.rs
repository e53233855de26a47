//! One of the two ports of a line.
//!
//! May import: lock, metrics, place, socket2, tokio, tracing.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use socket2::SockRef;
use tokio::net::UdpSocket;
use tracing::debug;

use super::lock::Lock;
use super::place::Chosen;
use crate::metrics::Uncarried;

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
