//! STUN and TURN over TCP: each client has a connection, which ends with its relayed port.
//!
//! May import: metrics, net::opening, network, relay, stream, transport, futures_util, tokio, tracing.

use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::Duration;

use futures_util::future::BoxFuture;
use network::address::holder;
use network::relay::five_tuple::{FiveTuple, Protocol};
use network::relay::framing::Messages;
use tokio::io::{AsyncRead as _, ReadBuf};
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tracing::debug;

use super::Relay;
use super::stream::Stream;
use crate::metrics::Unrelayed;
use crate::net::opening::StunServer;
use crate::transport::{Reader, Transport};

/// Bytes that are read at once.
const READ: usize = 4096;

/// The connections of all clients.
#[derive(Debug)]
pub(super) struct Streams {
    by_client: HashMap<FiveTuple, Arc<Stream>>,
    by_address: HashMap<IpAddr, usize>,
    bounds: Bounds,
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
    fn insert(&mut self, client: FiveTuple, stream: &Arc<Stream>) -> bool {
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

    fn remove(&mut self, client: FiveTuple) {
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

/// A client that is connected. Dropping it takes back what it has.
struct Connected<'r> {
    relay: &'r Relay,
    client: FiveTuple,
}

impl Drop for Connected<'_> {
    fn drop(&mut self) {
        self.relay.turn().disconnect(self.client);
        self.relay.streams().remove(self.client);
    }
}

impl StunServer for Relay {
    fn serve_stream(
        self: Arc<Self>,
        transport: Box<dyn Transport>,
        early: Vec<u8>,
        client: SocketAddr,
    ) -> BoxFuture<'static, ()> {
        Box::pin(async move { self.stream(transport, early, FiveTuple::tcp(client)).await })
    }
}

impl Relay {
    async fn stream(&self, transport: Box<dyn Transport>, early: Vec<u8>, client: FiveTuple) {
        let bounds = self.streams().bounds;
        let (reader, writer) = transport.split();
        let stream = Arc::new(Stream::new(writer, bounds.queued));
        if !self.streams().insert(client, &stream) {
            return self.metrics.refused("too-many-turn-connections");
        }
        let _connected = Connected {
            relay: self,
            client,
        };
        tokio::select! {
            () = stream.ended() => {}
            () = stream.write() => {}
            () = self.read_stream(reader, &early, client, &stream, bounds.patience) => {}
        }
    }

    /// Until the client sends nothing more, or has no more time.
    async fn read_stream(
        &self,
        mut reader: Box<dyn Reader>,
        early: &[u8],
        client: FiveTuple,
        stream: &Stream,
        patience: Duration,
    ) {
        let mut messages = Messages::default();
        let mut whole = 0_u64;
        let mut take = |messages: &mut Messages, bytes: &[u8]| {
            let taken = messages.take(bytes, |message| {
                whole += 1;
                self.take_from_stream(message, client, stream);
            });
            if let Err(error) = taken {
                self.metrics.relay().dropped(Unrelayed::Malformed);
                debug!(%error, "A connection of TURN ended early");
            }
            taken.is_ok().then_some(whole)
        };
        let Some(mut count) = take(&mut messages, early) else {
            return;
        };
        let mut looks = interval_at(Instant::now() + patience, patience);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The message that was incomplete when it was looked at last.
        let mut incomplete = None;
        loop {
            let read = poll_fn(|context| {
                // On the stack, as an idle connection should hold none.
                let mut bytes = [0; READ];
                let mut buffer = ReadBuf::new(&mut bytes);
                ready!(Pin::new(&mut reader).poll_read(context, &mut buffer))?;
                let bytes = buffer.filled();
                let is_end = bytes.is_empty();
                let whole = take(&mut messages, bytes).filter(|_| !is_end);
                Poll::Ready(io::Result::Ok(whole))
            });
            tokio::select! {
                read = read => match read {
                    Ok(Some(whole)) => count = whole,
                    Ok(None) | Err(_) => return,
                },
                _ = looks.tick() => {
                    let before = incomplete;
                    incomplete = messages.is_within().then_some(count);
                    let is_late = incomplete.is_some() && incomplete == before;
                    if is_late || !self.turn().has_port(client) {
                        return self.metrics.refused("turn-connection-timeout");
                    }
                }
            }
        }
    }

    fn take_from_stream(&self, message: &[u8], client: FiveTuple, stream: &Stream) {
        let now = self.clock.now();
        let action = self.turn().from_client(now, client, message);
        self.perform(action, message, &|answer| stream.send(answer));
    }

    /// Ends the connections of clients whose relayed ports were taken back.
    pub(super) fn end_streams(&self, clients: &[FiveTuple]) {
        let over_tcp = clients
            .iter()
            .filter(|client| client.protocol == Protocol::Tcp);
        for stream in over_tcp.filter_map(|client| self.streams().of(*client)) {
            stream.end();
        }
    }
}
