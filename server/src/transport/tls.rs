//! TLS over another byte stream, on the server's side of it.
//!
//! HTTP reads and writes it whole, through tokio-rustls. Its halves for WebSockets are here, since others than the connection's own task write
//! to those, and tokio-rustls wants a task to wait in.
//!
//! # Layout
//! - `early`: the stream below, of which something was read before
//! - `halves`: the two halves
//!
//! May import: signaling::transport, rustls, tokio, tokio_rustls.

mod early;
mod halves;
#[cfg(test)]
mod tests;

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use early::Early;
use signaling::transport::{Reader, Transport, Writer};

/// Encrypted bytes that a connection holds while the stream below takes none: a record of the largest size. What the writer is given
/// beyond that, it does not take.
const MAX_HELD_BYTES: usize = 16 * 1024;

/// HTTP/2, as ALPN calls it (<https://www.rfc-editor.org/rfc/rfc9113#section-3.2>).
pub const HTTP_2: &[u8] = b"h2";
/// HTTP/1.1, the same (<https://www.rfc-editor.org/rfc/rfc7301#section-6>).
pub const HTTP_1_1: &[u8] = b"http/1.1";

/// A connection of TLS.
#[derive(Debug)]
pub struct Tls(TlsStream<Early>);

impl Tls {
    /// Shakes hands with a client; `early` was read from it before. It has no limit of time.
    ///
    /// # Errors
    /// When the client ends, or both do not agree. It has been told by an alert then, as far as it reads.
    pub async fn accept(
        config: Arc<ServerConfig>,
        transport: Box<dyn Transport>,
        early: Vec<u8>,
    ) -> io::Result<Self> {
        let below = Early::new(transport, early);
        let accepted = TlsAcceptor::from(config).accept_with(below, |connection| {
            connection.set_buffer_limit(Some(MAX_HELD_BYTES));
        });
        accepted.await.map(Self)
    }

    /// Whether both have agreed to speak HTTP/2. Who names no protocol speaks HTTP/1.1.
    pub fn is_http_2(&self) -> bool {
        self.0.get_ref().1.alpn_protocol() == Some(HTTP_2)
    }
}

impl Transport for Tls {
    fn split(self: Box<Self>) -> (Box<dyn Reader>, Arc<dyn Writer>) {
        let (below, connection) = self.0.into_inner();
        let (transport, early) = below.into_parts();
        let (reader, writer) = transport.split();
        let (reader, writer) = halves::of(connection, reader, early, writer);
        (Box::new(reader), Arc::new(writer))
    }
}

impl AsyncRead for Tls {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Tls {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    /// Says that nothing comes any more (`close_notify`), then ends the stream below.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
