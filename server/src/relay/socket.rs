//! The socket of clients over UDP. Where it takes packets at every address of the machine, each is answered from the address that it was sent to
//! ([RFC 8489, section 6.3.1.2](https://www.rfc-editor.org/rfc/rfc8489#section-6.3.1.2)): left alone, the system chooses the one on its way back, which may
//! be another, and the client drops what comes from there. Elsewhere than on Linux the system is left alone.
//!
//! May import: packet_info, tokio, tracing.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use tokio::net::UdpSocket;

#[cfg(target_os = "linux")]
use super::packet_info;

/// A packet that has come.
pub(super) struct Received {
    /// Its bytes, of which the buffer may hold fewer.
    pub(super) length: usize,
    /// Who sent it.
    pub(super) source: SocketAddr,
    /// The address of this machine that it was sent to, as the socket has it; nothing where there is only one, or the system does not say.
    pub(super) to: Option<IpAddr>,
}

#[derive(Debug)]
pub(super) struct Socket {
    socket: Arc<UdpSocket>,
    /// Whether packets may come to several addresses, and the system says to which.
    #[cfg(target_os = "linux")]
    says_where: bool,
}

impl Socket {
    pub(super) fn new(socket: Arc<UdpSocket>) -> Self {
        Self {
            #[cfg(target_os = "linux")]
            says_where: says_where(&socket),
            socket,
        }
    }

    pub(super) async fn readable(&self) -> io::Result<()> {
        self.socket.readable().await
    }

    pub(super) fn try_receive(&self, buffer: &mut [u8]) -> io::Result<Received> {
        #[cfg(target_os = "linux")]
        if self.says_where {
            let (length, source, to) = packet_info::receive(&self.socket, buffer)?;
            return Ok(Received { length, source, to });
        }
        receive(&self.socket, buffer)
    }

    /// From one of its addresses, if it has several.
    pub(super) fn try_send(
        &self,
        packet: &[u8],
        to: SocketAddr,
        from: Option<IpAddr>,
    ) -> io::Result<usize> {
        match from {
            #[cfg(target_os = "linux")]
            Some(from) => packet_info::send(&self.socket, packet, to, from),
            _ => self.socket.try_send_to(packet, to),
        }
    }
}

#[cfg(target_os = "linux")]
fn says_where(socket: &UdpSocket) -> bool {
    let address = socket.local_addr();
    if !address.is_ok_and(|address| address.ip().is_unspecified()) {
        return false;
    }
    let requested = packet_info::request(socket);
    let requested = requested.inspect_err(|error| {
        tracing::debug!(%error, "Answers come from the address that the system chooses");
    });
    requested.is_ok()
}

/// The next packet of a socket that has one address.
pub(super) fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<Received> {
    let (length, source) = socket.try_recv_from(buffer)?;
    let to = None;
    Ok(Received { length, source, to })
}
