//! The socket of clients over UDP. Where it takes packets at every address of the machine, each is answered from the address that it was sent to
//! ([RFC 8489, section 6.3.1.2](https://www.rfc-editor.org/rfc/rfc8489#section-6.3.1.2)): left alone, the system chooses the one on its way back, which may
//! be another, and the client drops what comes from there.
//!
//! May import: packet_info, tokio, tracing.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use tokio::net::UdpSocket;
use tracing::debug;

use super::packet_info::{self, Received};

#[derive(Debug)]
pub(super) struct Socket {
    socket: Arc<UdpSocket>,
    /// Whether packets may come to several addresses, and the system says to which.
    says_where: bool,
}

impl Socket {
    pub(super) fn new(socket: Arc<UdpSocket>) -> Self {
        let is_everywhere = socket
            .local_addr()
            .is_ok_and(|address| address.ip().is_unspecified());
        let says_where = is_everywhere
            && packet_info::request(&socket)
                .inspect_err(
                    |error| debug!(%error, "Answers come from the address that the system chooses"),
                )
                .is_ok();
        Self { socket, says_where }
    }

    pub(super) async fn readable(&self) -> io::Result<()> {
        self.socket.readable().await
    }

    pub(super) fn try_receive(&self, buffer: &mut [u8]) -> io::Result<Received> {
        if self.says_where {
            return packet_info::receive(&self.socket, buffer);
        }
        packet_info::receive_without(&self.socket, buffer)
    }

    /// From one of its addresses, if it has several.
    pub(super) fn try_send(
        &self,
        packet: &[u8],
        to: SocketAddr,
        from: Option<IpAddr>,
    ) -> io::Result<usize> {
        match from {
            Some(from) => packet_info::send(&self.socket, packet, to, from),
            None => self.socket.try_send_to(packet, to),
        }
    }
}
