//! A byte stream within one process, whose ends a test holds: no port, no system buffers whose size nobody knows.
//!
//! May import: transport, tokio.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Reader, Transport, Writer};

/// One end.
#[derive(Debug)]
pub struct Memory {
    reader: MemoryReader,
    writer: MemoryWriter,
}

/// Two ends. Each direction holds so many bytes that are not read yet.
pub fn pair(capacity: usize) -> [Memory; 2] {
    let pipes = [(); 2].map(|()| Arc::new(Mutex::new(Pipe::new(capacity))));
    let [there, back] = pipes;
    let end = |from: &SharedPipe, to: &SharedPipe| Memory {
        reader: MemoryReader(Arc::clone(from)),
        writer: MemoryWriter(Arc::clone(to)),
    };
    [end(&back, &there), end(&there, &back)]
}

/// The writer of a connection that is over.
pub fn nowhere() -> Weak<dyn Writer> {
    Weak::<MemoryWriter>::new()
}

type SharedPipe = Arc<Mutex<Pipe>>;

/// One direction.
#[derive(Debug)]
struct Pipe {
    bytes: VecDeque<u8>,
    capacity: usize,
    /// One of the two ends is gone.
    is_closed: bool,
    waiting: Vec<Waker>,
}

impl Pipe {
    fn new(capacity: usize) -> Self {
        Self {
            bytes: VecDeque::new(),
            capacity,
            is_closed: false,
            waiting: Vec::new(),
        }
    }

    fn write(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        if self.is_closed {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let room = self.capacity - self.bytes.len();
        if room == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        let before = self.bytes.len();
        let bytes = slices.iter().flat_map(|slice| slice.iter());
        self.bytes.extend(bytes.take(room));
        self.wake();
        Ok(self.bytes.len() - before)
    }

    fn poll_room(&mut self, context: &Context<'_>) -> Poll<io::Result<()>> {
        match self.is_closed || self.bytes.len() < self.capacity {
            true => Poll::Ready(Ok(())),
            false => self.wait(context),
        }
    }

    fn close(&mut self) {
        self.is_closed = true;
        self.wake();
    }

    fn wait<T>(&mut self, context: &Context<'_>) -> Poll<T> {
        self.waiting.push(context.waker().clone());
        Poll::Pending
    }

    fn wake(&mut self) {
        self.waiting.drain(..).for_each(Waker::wake);
    }
}

fn lock(pipe: &Mutex<Pipe>) -> MutexGuard<'_, Pipe> {
    pipe.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
struct MemoryReader(SharedPipe);

#[derive(Debug)]
struct MemoryWriter(SharedPipe);

impl Drop for MemoryReader {
    fn drop(&mut self) {
        lock(&self.0).close();
    }
}

impl Drop for MemoryWriter {
    fn drop(&mut self) {
        lock(&self.0).close();
    }
}

impl Transport for Memory {
    fn split(self: Box<Self>) -> (Box<dyn Reader>, Arc<dyn Writer>) {
        (Box::new(self.reader), Arc::new(self.writer))
    }
}

impl Writer for MemoryWriter {
    fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        lock(&self.0).write(slices)
    }

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        lock(&self.0).poll_room(context)
    }
}

impl AsyncRead for MemoryReader {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut pipe = lock(&self.0);
        if pipe.bytes.is_empty() && !pipe.is_closed {
            return pipe.wait(context);
        }
        let count = pipe.bytes.len().min(buffer.remaining());
        let bytes: Vec<u8> = pipe.bytes.drain(..count).collect();
        buffer.put_slice(&bytes);
        pipe.wake();
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Memory {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.reader).poll_read(context, buffer)
    }
}

impl AsyncWrite for Memory {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut pipe = lock(&self.writer.0);
        match pipe.write(&[IoSlice::new(bytes)]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => pipe.wait(context),
            written => Poll::Ready(written),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        lock(&self.writer.0).close();
        Poll::Ready(Ok(()))
    }
}
