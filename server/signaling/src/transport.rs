//! The byte stream of a connection, below HTTP and WebSocket.
//!
//! # Layout
//! - [`tcp`]: plain TCP
//! - `unix`: Unix sockets
//! - [`any`]: whatever tokio reads and writes
//! - [`memory`]: two ends in one process, for tests
//!
//! May import: tokio.

pub mod any;
pub mod memory;
pub mod tcp;
#[cfg(unix)]
mod unix;

use std::fmt;
use std::io::{self, IoSlice};
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite};

/// The byte stream of a connection. HTTP uses it whole; a WebSocket uses its halves, since others than the connection's own task write to it.
pub trait Transport: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin + 'static {
    /// Takes it apart. The peer hears the end when the writer is dropped.
    fn split(self: Box<Self>) -> (Box<dyn Reader>, Arc<dyn Writer>);
}

/// The half that one task reads.
pub trait Reader: AsyncRead + fmt::Debug + Send + Unpin {}

impl<T: AsyncRead + fmt::Debug + Send + Unpin> Reader for T {}

/// The half that everybody who holds it may write to. Writes of several must not overlap: who writes holds a lock, or has the turn.
pub trait Writer: fmt::Debug + Send + Sync {
    /// Writes as much of these bytes as is taken at once, in their order. Whoever has begun to write something goes on with the first byte that
    /// was not taken: TLS has encrypted it already.
    ///
    /// # Errors
    /// `WouldBlock` if nothing is taken for now; any other when nothing will be taken any more.
    fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize>;

    /// Ready when [`try_write`](Self::try_write) is worth another try. Only one task may wait for that at a time.
    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>>;
}
