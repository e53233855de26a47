//! The halves of a connection of TLS: one task reads, everybody who holds the writer may write, and both use the connection's keys in turns.
//!
//! May import: signaling::transport, rustls, tokio.

use std::io::{self, ErrorKind, IoSlice, Read as _, Write};
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use rustls::ServerConnection;
use tokio::io::{AsyncRead, ReadBuf};

use signaling::transport::{Reader, Writer};

/// Encrypted bytes that are read at once, through the stack.
const READ_BYTES: usize = 4096;

/// The halves of a connection. `early` was read of the stream below before.
pub(super) fn of(
    connection: ServerConnection,
    reader: Box<dyn Reader>,
    early: Vec<u8>,
    writer: Arc<dyn Writer>,
) -> (TlsReader, TlsWriter) {
    let session = Arc::new(Mutex::new(Session {
        connection,
        owes: false,
    }));
    let reader = TlsReader {
        below: reader,
        unread: early,
        session: Arc::clone(&session),
    };
    let writer = TlsWriter {
        below: writer,
        session,
    };
    (reader, writer)
}

/// What both halves use.
#[derive(Debug)]
struct Session {
    connection: ServerConnection,
    /// The last byte that was encrypted has not been reported as written, since encrypted bytes wait. Whoever wrote it offers it again.
    owes: bool,
}

/// The half that one task reads.
#[derive(Debug)]
pub(super) struct TlsReader {
    below: Box<dyn Reader>,
    /// What was read of the stream below, and is not decrypted yet.
    unread: Vec<u8>,
    session: SharedSession,
}

/// The half that everybody may write to. Dropping it tells the client that nothing comes any more.
#[derive(Debug)]
pub(super) struct TlsWriter {
    below: Arc<dyn Writer>,
    session: SharedSession,
}

/// A std mutex, held to encrypt or decrypt what is there, and to hand it to the system, which never waits.
type SharedSession = Arc<Mutex<Session>>;

fn lock(session: &SharedSession) -> MutexGuard<'_, Session> {
    // rustls leaves no connection half-changed that it would go on with.
    session.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Session {
    /// Decrypts what it can of these bytes, and returns how many it took. None are the end of the stream.
    fn decrypt(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.connection.read_tls(&mut { bytes })?;
        let processed = self.connection.process_new_packets();
        processed.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        Ok(taken)
    }

    /// Hands down what waits encrypted.
    ///
    /// # Errors
    /// `WouldBlock` if some of it still waits.
    fn flush(&mut self, below: &dyn Writer) -> io::Result<()> {
        while self.connection.wants_write() {
            if self.connection.write_tls(&mut Below(below))? == 0 {
                return Err(ErrorKind::WriteZero.into());
            }
        }
        Ok(())
    }
}

impl AsyncRead for TlsReader {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            let mut session = lock(&this.session);
            match session
                .connection
                .reader()
                .read(buffer.initialize_unfilled())
            {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                // Nothing is the end, if the client said so; without that it is an error.
                read => {
                    buffer.advance(read?);
                    return Poll::Ready(Ok(()));
                }
            }
            if !this.unread.is_empty() {
                let taken = session.decrypt(&this.unread)?;
                this.unread.drain(..taken);
                if this.unread.is_empty() {
                    this.unread = Vec::new();
                }
                continue;
            }
            drop(session);
            let mut bytes = [0; READ_BYTES];
            let mut read = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut *this.below).poll_read(context, &mut read))?;
            let bytes = read.filled();
            let taken = lock(&this.session).decrypt(bytes)?;
            this.unread.extend_from_slice(&bytes[taken..]);
        }
    }
}

impl Writer for TlsWriter {
    /// While encrypted bytes wait, the last byte of them counts as not taken: whoever writes then knows that it has to wait, and to come back.
    fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut session = lock(&self.session);
        session.flush(&*self.below)?;
        if mem::take(&mut session.owes) {
            return Ok(1);
        }
        let taken = session.connection.writer().write_vectored(slices)?;
        match session.flush(&*self.below) {
            Ok(()) => Ok(taken),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                session.owes = taken > 0;
                match taken {
                    0 | 1 => Err(error),
                    taken => Ok(taken - 1),
                }
            }
            Err(error) => Err(error),
        }
    }

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            match lock(&self.session).flush(&*self.below) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                flushed => return Poll::Ready(flushed),
            }
            ready!(self.below.poll_ready(context))?;
        }
    }
}

impl Drop for TlsWriter {
    fn drop(&mut self) {
        let mut session = lock(&self.session);
        session.connection.send_close_notify();
        // A client that takes nothing now is not waited for.
        let _ = session.flush(&*self.below);
    }
}

/// The stream below, as rustls writes to it.
struct Below<'w>(&'w dyn Writer);

impl Write for Below<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_write(slices)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
