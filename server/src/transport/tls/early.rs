//! A byte stream of which something was read before: that comes first.
//!
//! May import: signaling::transport, tokio.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use signaling::transport::Transport;

#[derive(Debug)]
pub(super) struct Early {
    transport: Box<dyn Transport>,
    early: Vec<u8>,
    /// So much of it has been read again.
    used: usize,
}

impl Early {
    pub(super) fn new(transport: Box<dyn Transport>, early: Vec<u8>) -> Self {
        Self {
            transport,
            early,
            used: 0,
        }
    }

    /// The stream, and what still comes first.
    pub(super) fn into_parts(mut self) -> (Box<dyn Transport>, Vec<u8>) {
        self.early.drain(..self.used);
        (self.transport, self.early)
    }
}

impl AsyncRead for Early {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let rest = &self.early[self.used..];
        if rest.is_empty() {
            return Pin::new(&mut self.transport).poll_read(context, buffer);
        }
        let count = rest.len().min(buffer.remaining());
        buffer.put_slice(&rest[..count]);
        self.used += count;
        if self.used == self.early.len() {
            // The connection may be idle for long, and holds nothing then.
            self.early = Vec::new();
            self.used = 0;
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Early {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.transport).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.transport).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.transport.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_shutdown(context)
    }
}
