//! Clients over TCP, and what waits for each.
//!
//! May import: network, signaling::transport, tokio, tokio_util.

use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::io::{self, ErrorKind, IoSlice};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use network::address::holder;
use network::relay::five_tuple::FiveTuple;
use signaling::transport::Writer;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The connection of a client, as whoever has something for it sees it.
#[derive(Debug)]
pub(super) struct Stream {
    writer: Arc<dyn Writer>,
    /// What the connection did not take at once. A std mutex, held for a few lines that never wait, so that messages don't overlap.
    queue: Mutex<VecDeque<u8>>,
    /// Bytes of it at most.
    max_queued: usize,
    /// Something waits.
    waits: Notify,
    ended: CancellationToken,
}

impl Stream {
    pub(super) fn new(writer: Arc<dyn Writer>, max_queued: usize) -> Self {
        Self {
            writer,
            queue: Mutex::default(),
            max_queued,
            waits: Notify::new(),
            ended: CancellationToken::new(),
        }
    }

    /// Sends a message, or lets it wait.
    ///
    /// # Errors
    /// When nothing of it is sent: too much waits already, or the connection is gone.
    pub(super) fn send(&self, message: &[u8]) -> io::Result<usize> {
        let mut queue = self.queue();
        let mut rest = message;
        if queue.is_empty() {
            match self.writer.try_write(&[IoSlice::new(message)]) {
                // What has begun has to be ended, whatever waits.
                Ok(written) => rest = &message[written..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => {
                    self.end();
                    return Err(error);
                }
            }
        }
        let is_begun = rest.len() < message.len();
        if !is_begun && queue.len() + rest.len() > self.max_queued {
            return Err(ErrorKind::WouldBlock.into());
        }
        if !rest.is_empty() {
            queue.extend(rest);
            self.waits.notify_one();
        }
        Ok(message.len())
    }

    /// Writes what waits, until the connection takes nothing any more.
    pub(super) async fn write(&self) {
        loop {
            self.waits.notified().await;
            while !self.queue().is_empty() {
                let ready = poll_fn(|context| self.writer.poll_ready(context)).await;
                if ready.and_then(|()| self.write_some()).is_err() {
                    return;
                }
            }
        }
    }

    fn write_some(&self) -> io::Result<()> {
        let mut queue = self.queue();
        let (first, second) = queue.as_slices();
        let written = match self
            .writer
            .try_write(&[IoSlice::new(first), IoSlice::new(second)])
        {
            Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
            written => written?,
        };
        queue.drain(..written);
        if queue.is_empty() {
            // An idle connection holds nothing.
            *queue = VecDeque::new();
        }
        Ok(())
    }

    /// The connection has to end.
    pub(super) fn end(&self) {
        self.ended.cancel();
    }

    pub(super) async fn ended(&self) {
        self.ended.cancelled().await;
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<u8>> {
        // Nothing in here can panic half-way.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connections of all clients.
#[derive(Debug)]
pub(super) struct Streams {
    by_client: HashMap<FiveTuple, Arc<Stream>>,
    by_address: HashMap<IpAddr, usize>,
    pub(super) bounds: Bounds,
}

/// Those of connections.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Connections of one address, of IPv6 of one /64 network.
    pub(super) per_address: usize,
    /// Bytes that wait for one.
    pub(super) queued: usize,
    /// How long one may be without a relayed port, and within one message. It is looked at so often, so it may be twice as long.
    pub(super) patience: Duration,
}

impl Streams {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            by_client: HashMap::new(),
            by_address: HashMap::new(),
            bounds,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.by_client.len()
    }

    pub(super) fn of(&self, client: FiveTuple) -> Option<Arc<Stream>> {
        self.by_client.get(&client).cloned()
    }

    /// Whether there is room for it.
    pub(super) fn insert(&mut self, client: FiveTuple, stream: &Arc<Stream>) -> bool {
        let of_address = self
            .by_address
            .entry(holder(client.address.ip()))
            .or_default();
        let has_room = *of_address < self.bounds.per_address;
        // The system may have given up a connection of which the server has not heard yet.
        if !has_room || self.by_client.contains_key(&client) {
            return false;
        }
        *of_address += 1;
        self.by_client.insert(client, Arc::clone(stream));
        true
    }

    pub(super) fn remove(&mut self, client: FiveTuple) {
        self.by_client.remove(&client);
        let address = holder(client.address.ip());
        if let Some(of_address) = self.by_address.get_mut(&address) {
            *of_address -= 1;
            if *of_address == 0 {
                self.by_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use signaling::transport::{Transport, memory};
    use tokio::io::AsyncReadExt as _;

    use super::*;

    /// Takes 10 bytes at once.
    fn narrow(max_queued: usize) -> (Stream, memory::Memory) {
        let [ours, theirs] = memory::pair(10);
        let (_, writer) = Transport::split(Box::new(ours));
        (Stream::new(writer, max_queued), theirs)
    }

    #[tokio::test]
    async fn what_does_not_fit_is_dropped_and_no_message_in_part() {
        let (stream, mut client) = narrow(12);
        // All at once; in part; it waits; there is no place for it; there is for this.
        for (message, is_sent) in [
            ("aaaa", true),
            ("bbbbbbbb", true),
            ("cccc", true),
            ("dddddddd", false),
            ("ee", true),
        ] {
            assert_eq!(
                stream.send(message.as_bytes()).is_ok(),
                is_sent,
                "{message}"
            );
        }
        let mut read = [0; 18];
        tokio::select! {
            () = stream.write() => panic!("the connection is there"),
            taken = client.read_exact(&mut read) => assert_eq!(taken.unwrap(), 18),
        }
        assert_eq!(&read, b"aaaabbbbbbbbccccee");
        assert_eq!(stream.queue().capacity(), 0);
    }

    #[tokio::test]
    async fn it_ends_with_the_connection() {
        let (stream, client) = narrow(100);
        drop(client);
        assert!(stream.send(b"a").is_err());
        stream.ended().await;
    }
}
