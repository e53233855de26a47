//! What one client sends, read frame by frame. What WebSocket wants answered goes into the outbox.
//!
//! May import: close_reason, decoder, frame, outbox, transport, unfinished, tokio.

use std::future::poll_fn;
use std::mem::{self, MaybeUninit};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::ReadBuf;

use super::close_reason::CloseReason;
use super::decoder::{Decoder, Message, Received};
use super::frame;
use super::outbox::Outbox;
use super::unfinished::Unfinished;
use crate::transport::Reader;

/// Read at once, through the stack: an idle connection keeps no buffer.
const READ_BYTES: usize = 16 * 1024;

/// The messages of one client.
#[derive(Debug)]
pub struct Incoming {
    reader: Box<dyn Reader>,
    decoder: Decoder,
    /// What has been read and not been decoded: at most a frame and what one call reads.
    rest: Vec<u8>,
    /// So much of it has been decoded.
    used: usize,
    unfinished: Unfinished,
    outbox: Outbox,
    /// A close frame is on its way to the client.
    has_closed: bool,
    /// The client has closed, or failed.
    is_over: bool,
}

impl Incoming {
    /// `early` is what has been read already.
    pub fn new(
        reader: Box<dyn Reader>,
        early: Vec<u8>,
        outbox: Outbox,
        unfinished: Unfinished,
        max_bytes: usize,
    ) -> Self {
        Self {
            reader,
            decoder: Decoder::new(max_bytes),
            rest: early,
            used: 0,
            unfinished,
            outbox,
            has_closed: false,
            is_over: false,
        }
    }

    /// What the next frame brings. A ping or a close has been answered by then. Nothing but errors comes after a close or an error.
    pub async fn next(&mut self) -> Result<Received, CloseReason> {
        if self.is_over {
            return Err(CloseReason::ByClient);
        }
        let next = poll_fn(|context| self.poll_next(context)).await;
        match next.as_ref().map(|received| &received.message) {
            Ok(Message::Ping(payload)) if !self.has_closed => {
                self.outbox.send(frame::pong(payload));
            }
            Ok(Message::Close(payload)) => {
                self.is_over = true;
                self.close(payload);
            }
            Ok(_) => {}
            Err(_) => self.is_over = true,
        }
        next
    }

    /// Says close, with this payload, unless that has been said.
    pub fn close(&mut self, payload: &[u8]) {
        if !mem::replace(&mut self.has_closed, true) {
            self.outbox.send_close(frame::close(payload));
        }
    }

    /// Reads and forgets until the client closes its socket.
    pub async fn drain(&mut self) {
        while poll_fn(|context| read(&mut *self.reader, context, |_| ()))
            .await
            .is_ok()
        {}
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Result<Received, CloseReason>> {
        loop {
            if let Some((received, len)) = self.decoder.decode(&self.rest[self.used..])? {
                self.used += len;
                return Poll::Ready(Ok(received));
            }
            self.rest.drain(..mem::take(&mut self.used));
            if self.rest.is_empty() {
                self.rest = Vec::new();
            }
            let held = self.rest.capacity() + self.decoder.held_bytes();
            self.unfinished.set(held)?;
            let Self {
                reader,
                decoder,
                rest,
                ..
            } = self;
            let taken = ready!(read(&mut **reader, context, |bytes| {
                // Mostly it is one frame, and whole.
                let whole = match rest.is_empty() {
                    true => decoder.decode(bytes)?,
                    false => None,
                };
                let (received, len) = whole.unzip();
                rest.extend_from_slice(&bytes[len.unwrap_or(0)..]);
                Ok(received)
            }))?;
            if let Some(received) = taken? {
                return Poll::Ready(Ok(received));
            }
        }
    }
}

/// Hands what has come to `take`.
fn read<T>(
    reader: &mut dyn Reader,
    context: &mut Context<'_>,
    take: impl FnOnce(&[u8]) -> T,
) -> Poll<Result<T, CloseReason>> {
    let mut space = [MaybeUninit::uninit(); READ_BYTES];
    let mut read = ReadBuf::uninit(&mut space);
    let outcome = ready!(Pin::new(reader).poll_read(context, &mut read));
    match read.filled() {
        bytes if outcome.is_ok() && !bytes.is_empty() => Poll::Ready(Ok(take(bytes))),
        _ => Poll::Ready(Err(CloseReason::ByClient)),
    }
}
