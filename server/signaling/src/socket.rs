//! The socket below HTTP. It fails when a client takes nothing of a response for too long.
//!
//! May import: transport, hyper, hyper_util, tokio.

use std::io::{self, ErrorKind, IoSlice};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::time::{Sleep, sleep};

use crate::transport::Transport;

/// A connection's socket.
#[derive(Debug)]
pub struct Socket {
    io: TokioIo<Box<dyn Transport>>,
    /// What was read of it before, and is read first.
    early: Vec<u8>,
    /// For how long the client may take nothing of what is written.
    patience: Duration,
    /// Runs while it takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    /// Of which `early` was read before. A write of which the client takes nothing for as long as `patience` fails.
    pub fn new(transport: Box<dyn Transport>, early: Vec<u8>, patience: Duration) -> Self {
        Self {
            io: TokioIo::new(transport),
            early,
            patience,
            stalled: None,
        }
    }

    /// Fails a write that has been pending for too long.
    fn limited<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }

    /// What is below it, and what of it was read before and never asked for.
    pub fn into_parts(self) -> (Box<dyn Transport>, Vec<u8>) {
        (self.io.into_inner(), self.early)
    }
}

impl Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.early.is_empty() {
            let early = mem::take(&mut self.early);
            let (now, later) = early.split_at(early.len().min(buf.remaining()));
            buf.put_slice(now);
            self.early = later.to_vec();
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl Write for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.limited(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.limited(cx, written)
    }
}
