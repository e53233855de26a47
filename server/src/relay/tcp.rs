//! STUN and TURN over TCP: each client has a connection, which ends with its relayed port.
//!
//! May import: metrics, net::opening, network, relay, stream, signaling::transport, futures_util, tokio, tracing.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::Duration;

use futures_util::future::BoxFuture;
use network::relay::five_tuple::{FiveTuple, Protocol};
use network::relay::framing::Messages;
use signaling::transport::{Reader, Transport};
use tokio::io::{AsyncRead as _, ReadBuf};
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tracing::debug;

use super::Relay;
use super::stream::Stream;
use crate::metrics::Unrelayed;
use crate::net::opening::StunServer;

/// Bytes that are read at once.
const READ: usize = 4096;

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
