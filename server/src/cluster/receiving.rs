//! What comes from other instances, and what each of it does.
//!
//! May import: cluster, guest, link, message, metrics, peer, signaling, quickconnect::protocol, tracing, tungstenite.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use quickconnect::protocol::{self, Frame};
use signaling::connection;
use signaling::frame::Text;
use signaling::outbox::Outbox;
use tracing::warn;
use tungstenite::Bytes;

use super::Cluster;
use super::guest::{Guest, Opening, reason};
use super::link::{Down, Heard};
use super::message::{Head, Kind, Received, Tally, entries};
use super::peer::Peer;
use crate::metrics::Direction;

impl Cluster {
    /// Handles a message. It never waits: whoever calls this reads what all instances say.
    pub(super) fn receive(&self, sealed: &[u8]) {
        if self.bus.is_echo(sealed) {
            return;
        }
        let counts = self.metrics().cluster();
        let Some(message) = self.seal.open(sealed) else {
            return counts.dropped("seal");
        };
        let (head, rest) = match Head::read(message) {
            Ok(read) if read.0.to == self.me && read.0.from != self.me => read,
            Ok(_) => return counts.dropped("address"),
            Err(error) => {
                if !self.has_warned.swap(true, Relaxed) {
                    warn!(%error, "A message of another instance can't be read: {error}");
                }
                return counts.dropped("unread");
            }
        };
        if self.is_crowded(head.from) {
            return counts.dropped("crowded");
        }
        let now = Instant::now();
        let mut peer = self.peer(head.from, 0);
        let mut heard = peer.way.receives(&head, now);
        if heard == Heard::Anew {
            self.end(&peer, Down::Anew);
            // A client may have begun it just before.
            peer = self.peer(head.from, head.epoch);
            heard = peer.way.receives(&head, now);
        }
        counts.message(Direction::In, sealed.len());
        match heard {
            Heard::Apply => {
                let applied = catch_unwind(AssertUnwindSafe(|| self.apply(&peer, rest, now)));
                // The rest of the message is lost. A panic that went on would end the subscription, and nobody would be heard any more.
                if applied.is_err() {
                    self.end(&peer, Down::Failed);
                }
            }
            Heard::Again => counts.dropped("again"),
            Heard::Gap => counts.dropped("gap"),
            Heard::Stale | Heard::Anew => counts.dropped("epoch"),
            Heard::Nothing => {}
        }
    }

    fn apply(&self, peer: &Arc<Peer>, rest: &[u8], now: Instant) {
        let mut receivers = Vec::new();
        let mut tally = Tally::default();
        for entry in entries(rest) {
            if let Some(kind) = entry.kind {
                tally.add(kind);
            }
            match entry.kind {
                Some(Kind::Send) => send(peer, &entry, now, &mut receivers),
                Some(Kind::Bye) => {
                    // It waits for this, and the link says no more.
                    let message = peer.way.link().acknowledgement();
                    self.publish(&peer.way, message);
                    self.end(peer, Down::Bye);
                }
                Some(kind) => {
                    for client in entry.clients() {
                        self.apply_to(peer, client, kind, entry.body, now);
                    }
                }
                None => self.metrics().cluster().dropped("unknown"),
            }
        }
        self.metrics().cluster().entries(Direction::In, &tally.0);
        self.switchboard.deliver(receivers);
    }

    fn apply_to(&self, peer: &Arc<Peer>, client: u64, kind: Kind, body: &[u8], now: Instant) {
        match kind {
            Kind::Open => {
                let Some(Opening { tokens, announce }) = Opening::read(body) else {
                    return self.metrics().cluster().dropped("unread");
                };
                let guest = Guest::begin(
                    &peer.way,
                    client,
                    &self.switchboard,
                    tokens,
                    self.tasks.clone(),
                );
                peer.add_guest(client, Arc::clone(&guest));
                self.guest_says(&guest, announce, now);
            }
            Kind::Frame => {
                let text = Text::from_frame(Bytes::copy_from_slice(body));
                if let (Some(guest), Some(text)) = (peer.guest(client), text) {
                    self.guest_says(&guest, text, now);
                }
            }
            Kind::Gone => {
                if let Some(guest) = peer.remove_guest(client) {
                    guest.ends(body == [1]);
                }
            }
            Kind::Alive => {
                if let Some(guest) = peer.guest(client) {
                    guest.is_found(body == [1]);
                }
            }
            Kind::End => {
                if let Some(own) = peer.remove_own(client) {
                    // What came before is heard first.
                    own.outbox.flush();
                    own.outbox.end(reason(body));
                }
            }
            Kind::Probe => {
                let own = peer.own(client);
                let peer = Arc::clone(peer);
                self.tasks.spawn(async move {
                    let is_alive = match own {
                        Some(own) => connection::is_alive(&own.outbox).await,
                        None => false,
                    };
                    let body: &[u8] = if is_alive { &[1] } else { &[0] };
                    peer.way.push(Kind::Alive, client, Bytes::from_static(body));
                });
            }
            Kind::Cost => {
                let (Some(own), Some((deliveries, joins))) =
                    (peer.own(client), body.split_first_chunk())
                else {
                    return;
                };
                if let Ok(joins) = joins.try_into() {
                    own.owes(u32::from_le_bytes(*deliveries), u32::from_le_bytes(joins));
                }
            }
            Kind::Send | Kind::Bye => {}
        }
    }

    fn guest_says(&self, guest: &Arc<Guest>, text: Text, now: Instant) {
        if protocol::is_announce(&text)
            && let Ok(Frame::Announce { room, .. }) =
                protocol::parse(&text, self.switchboard.names())
        {
            self.directory.receives_guest_of(&room);
        }
        guest.hears(text, now);
    }
}

/// Queues a frame for clients of this instance; it is copied once, so that a slow reader keeps no more than it.
fn send(peer: &Peer, entry: &Received<'_>, now: Instant, receivers: &mut Vec<Outbox>) {
    let frame = Bytes::copy_from_slice(entry.body);
    for outbox in peer.outboxes(entry.clients()) {
        outbox.queue(frame.clone(), now);
        receivers.push(outbox);
    }
}
