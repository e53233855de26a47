//! Unix sockets.
//!
//! May import: transport, tokio.

use std::io::{self, IoSlice};
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::net::UnixStream;
use tokio::net::unix::OwnedWriteHalf;

use super::{Reader, Transport, Writer};

impl Transport for UnixStream {
    fn split(self: Box<Self>) -> (Box<dyn Reader>, Arc<dyn Writer>) {
        let (reader, writer) = self.into_split();
        (Box::new(reader), Arc::new(writer))
    }
}

impl Writer for OwnedWriteHalf {
    fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.try_write_vectored(slices)
    }

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.as_ref().poll_write_ready(context)
    }
}
