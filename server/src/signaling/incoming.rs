//! What one client says: tungstenite over the reading half of a socket. What tungstenite has to answer goes into the outbox.
//!
//! May import: `outbox`, tungstenite, tokio's TCP stream.

use std::future::poll_fn;
use std::io::{self, ErrorKind, Read, Write};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::tcp::OwnedReadHalf;
use tungstenite::error::Error as WsError;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tungstenite::{Bytes, Message, WebSocket};

use super::outbox::Outbox;

/// What each WebSocket keeps for reading. tungstenite's default of 128 KiB would cost a thousand sockets 128 MiB; larger frames
/// get a larger buffer for a while.
const KEPT_BYTES: usize = 512;

/// Read from a socket at once, so that most frames take one call, however little is kept.
const READ_BYTES: usize = 16 * 1024;

/// The messages of one client.
#[derive(Debug)]
pub struct Incoming(WebSocket<Ends>);

#[derive(Debug)]
struct Ends {
    socket: OwnedReadHalf,
    /// What has been read, and had no place in tungstenite's buffer.
    rest: Bytes,
    outbox: Outbox,
    /// Whom to wake when there is more to read. tungstenite knows no tasks.
    reader: Waker,
}

impl Incoming {
    /// `early` is what has been read already.
    pub fn new(socket: OwnedReadHalf, early: Bytes, outbox: Outbox, max_bytes: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(KEPT_BYTES)
            .max_frame_size(Some(max_bytes))
            .max_message_size(Some(max_bytes));
        let ends = Ends {
            socket,
            rest: early,
            outbox,
            reader: Waker::noop().clone(),
        };
        Self(WebSocket::from_raw_socket(ends, Role::Server, Some(config)))
    }

    /// The next one. `ConnectionClosed` follows the last.
    pub async fn next(&mut self) -> Result<Message, WsError> {
        poll_fn(|context| {
            let reader = &mut self.0.get_mut().reader;
            if !reader.will_wake(context.waker()) {
                reader.clone_from(context.waker());
            }
            match self.0.read() {
                Err(WsError::Io(error)) if error.kind() == ErrorKind::WouldBlock => Poll::Pending,
                message => Poll::Ready(message),
            }
        })
        .await
    }

    /// Begins the closing handshake, or goes on with it.
    pub fn close(&mut self, frame: CloseFrame) {
        // It fails if the connection is closed already, which is as good.
        let _ = self.0.close(Some(frame));
    }
}

impl Read for Ends {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            let mut space = [MaybeUninit::uninit(); READ_BYTES];
            let mut read = ReadBuf::uninit(&mut space);
            let mut context = Context::from_waker(&self.reader);
            match Pin::new(&mut self.socket).poll_read(&mut context, &mut read) {
                Poll::Ready(outcome) => outcome?,
                Poll::Pending => return Err(ErrorKind::WouldBlock.into()),
            }
            let mut bytes = read.filled();
            let len = bytes.read(buffer)?;
            self.rest = Bytes::copy_from_slice(bytes);
            return Ok(len);
        }
        let len = buffer.len().min(self.rest.len());
        buffer[..len].copy_from_slice(&self.rest.split_to(len));
        Ok(len)
    }
}

impl Write for Ends {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.outbox.send(Bytes::copy_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
