//! Whatever tokio reads and writes, such as a connection of a server that is not ours. Tokio wants a task to wait in, and whoever has a frame for a
//! client has none to spare: what such a stream does not take at once is kept, and counts as taken but for its last byte, which whoever wrote it
//! offers again.
//!
//! May import: transport, tokio.

use std::fmt;
use std::io::{self, ErrorKind, IoSlice};
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Reader, Transport, Writer};

/// Bytes that are kept while the stream takes none.
const MAX_HELD_BYTES: usize = 4 * 1024;

/// A byte stream of any kind.
#[derive(Debug)]
pub struct Any<S>(S);

impl<S> Any<S> {
    /// Of this one.
    pub fn new(stream: S) -> Self {
        Self(stream)
    }
}

impl<S: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin + 'static> Transport for Any<S> {
    fn split(self: Box<Self>) -> (Box<dyn Reader>, Arc<dyn Writer>) {
        let shared = Arc::new(Mutex::new(Shared {
            stream: self.0,
            held: Vec::new(),
            used: 0,
            owes: false,
        }));
        let reader = AnyReader(Arc::clone(&shared));
        (Box::new(reader), Arc::new(AnyWriter(shared)))
    }
}

/// What both halves use.
#[derive(Debug)]
struct Shared<S> {
    stream: S,
    held: Vec<u8>,
    /// So much of it has been written.
    used: usize,
    /// The last byte that was kept or written has not been reported as written.
    owes: bool,
}

/// A std mutex, held for one call to the stream, which never waits.
type SharedStream<S> = Arc<Mutex<Shared<S>>>;

fn lock<S>(shared: &SharedStream<S>) -> MutexGuard<'_, Shared<S>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<S: AsyncWrite + Unpin> Shared<S> {
    /// Writes what is kept.
    fn poll_held(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.used < self.held.len() {
            let held = &self.held[self.used..];
            match ready!(Pin::new(&mut self.stream).poll_write(context, held))? {
                0 => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
                written => self.used += written,
            }
        }
        // The connection may be idle for long, and holds nothing then.
        self.held = Vec::new();
        self.used = 0;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    /// So many bytes are kept, or written and not flushed.
    fn owe(&mut self, taken: usize) -> io::Result<usize> {
        self.owes = taken > 0;
        match taken {
            0 | 1 => Err(ErrorKind::WouldBlock.into()),
            taken => Ok(taken - 1),
        }
    }

    fn keep(&mut self, slices: &[IoSlice<'_>]) -> usize {
        let bytes = slices.iter().flat_map(|slice| slice.iter());
        self.held.extend(bytes.take(MAX_HELD_BYTES));
        self.held.len()
    }
}

#[derive(Debug)]
struct AnyReader<S>(SharedStream<S>);

#[derive(Debug)]
struct AnyWriter<S: AsyncWrite + Unpin>(SharedStream<S>);

impl<S: AsyncRead + Unpin> AsyncRead for AnyReader<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut lock(&self.0).stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + fmt::Debug + Send + Unpin> Writer for AnyWriter<S> {
    /// Nobody is woken when the stream takes more: [`poll_ready`](Writer::poll_ready) asks again.
    fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut shared = lock(&self.0);
        let context = &mut Context::from_waker(Waker::noop());
        if shared.poll_held(context)?.is_pending() {
            return Err(ErrorKind::WouldBlock.into());
        }
        if mem::take(&mut shared.owes) {
            return Ok(1);
        }
        let taken = match Pin::new(&mut shared.stream).poll_write_vectored(context, slices)? {
            Poll::Ready(0) => return Err(ErrorKind::WriteZero.into()),
            Poll::Ready(taken) => taken,
            Poll::Pending => {
                let kept = shared.keep(slices);
                return shared.owe(kept);
            }
        };
        match Pin::new(&mut shared.stream).poll_flush(context)? {
            Poll::Ready(()) => Ok(taken),
            Poll::Pending => shared.owe(taken),
        }
    }

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        lock(&self.0).poll_held(context)
    }
}

/// The client hears that nothing comes any more, if the stream takes that at once.
impl<S: AsyncWrite + Unpin> Drop for AnyWriter<S> {
    fn drop(&mut self) {
        let context = &mut Context::from_waker(Waker::noop());
        let mut shared = lock(&self.0);
        // A client that takes nothing now is not waited for.
        let _ = shared.poll_held(context);
        let _ = Pin::new(&mut shared.stream).poll_shutdown(context);
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Any<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Any<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
