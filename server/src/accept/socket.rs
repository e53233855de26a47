//! The socket below HTTP. What the book has in a [`MemoryFile`] leaves from there; everything else is written as always.
//!
//! May import: hyper's and tokio's I/O, `book::memory_file`.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use crate::book::memory_file::{self, MemoryFile, Part};

/// Of less, the copy costs less than one more call of the system.
const WORTH_IT: usize = 16 * 1024;

/// A connection's socket.
#[derive(Debug)]
pub struct Socket {
    io: TokioIo<TcpStream>,
    /// The files of the book as it was when the connection began.
    files: Option<Arc<MemoryFile>>,
    /// For how long nothing may be taken of what is written.
    patience: Duration,
    /// Runs while nothing is.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    /// For somebody to whom these files may be sent. A write of which nothing is taken for as long as `patience` fails.
    pub fn new(stream: TcpStream, files: Option<Arc<MemoryFile>>, patience: Duration) -> Self {
        Self {
            io: TokioIo::new(stream),
            files,
            patience,
            stalled: None,
        }
    }

    /// Gives up what has been pending for too long.
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

    /// The bare socket.
    pub fn into_inner(self) -> TcpStream {
        self.io.into_inner()
    }

    /// hyper writes a head and a body, or what is left of them. If the body lies in the files, it can be left to the kernel.
    fn split<'a>(&'a self, slices: &'a [IoSlice<'_>]) -> Option<(&'a [u8], Part<'a>)> {
        let (head, body): (&[u8], _) = match slices {
            [body] => (&[], body),
            [head, body] => (head, body),
            _ => return None,
        };
        let files = self.files.as_ref().filter(|_| body.len() >= WORTH_IT)?;
        Some((head, files.part(body)?))
    }

    fn poll_send(
        &self,
        cx: &mut Context<'_>,
        head: &[u8],
        part: Part<'_>,
    ) -> Poll<io::Result<usize>> {
        let stream = self.io.inner();
        loop {
            ready!(stream.poll_write_ready(cx))?;
            let sent = stream.try_io(Interest::WRITABLE, || memory_file::send(stream, head, part));
            match sent {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                sent => return Poll::Ready(sent),
            }
        }
    }
}

impl Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
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
        true
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = match self.split(slices) {
            Some((head, part)) => self.poll_send(cx, head, part),
            None => Pin::new(&mut self.io).poll_write_vectored(cx, slices),
        };
        self.limited(cx, written)
    }
}
