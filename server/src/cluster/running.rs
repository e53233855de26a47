//! What runs while an instance takes part in a cluster.
//!
//! May import: cluster, guest, message, metrics, peer, way, signaling, quickconnect::protocol, tokio, tungstenite.

use std::sync::Arc;
use std::time::{Duration, Instant};

use quickconnect::protocol::RoomName;
use signaling::close_reason::CloseReason;
use signaling::outbox::Outbox;
use tokio::time::{sleep, sleep_until};
use tungstenite::Bytes;

use super::Cluster;
use super::guest::Guest;
use super::message::Kind;
use super::peer::Peer;
use super::way::Way;
use crate::metrics::Direction;

/// Clients that have to connect again do so within this time, not all in the same moment.
const SPREAD: Duration = Duration::from_secs(1);

/// While so much waits to be published that no more should, links wait for so long.
const CONGESTION_PAUSE: Duration = Duration::from_millis(5);

/// At the planned end, other instances have so long to hear of it.
const GOODBYE_WITHIN: Duration = Duration::from_millis(500);

/// Clients of an instance that stops have so long to come back by another one before their rooms hear that they left. The original client looks
/// for a server after 0.05 s and, if none answers, with its next ping, of which it sends one in 2.5 s.
const COME_BACK_WITHIN: Duration = Duration::from_secs(5);

/// Whoever has found a room comes into it within this time.
const LATECOMERS_WITHIN: Duration = Duration::from_millis(100);

/// A bus that has been down for less time is waited for.
const BACK_WITHIN: Duration = Duration::from_secs(1);

/// So often it is looked whether something has happened.
const LOOK_EVERY: Duration = Duration::from_millis(5);

impl Cluster {
    /// Keeps what is at home here, and sends the members of rooms away that are not any more.
    pub(super) async fn keep(self: Arc<Self>) {
        let switchboard = &self.switchboard;
        let have_members = |rooms: &[RoomName]| switchboard.have_members(rooms);
        let lost = |rooms: Vec<RoomName>| {
            let sending = Arc::clone(&self).send_members_back(rooms);
            self.tasks.spawn(sending);
        };
        self.directory.keep(have_members, lost).await;
    }

    /// Sends what a link has to send, until it ends.
    pub(super) async fn drive(self: Arc<Self>, peer: Arc<Peer>) {
        while !peer.is_over() {
            if self.bus.is_congested() {
                sleep(CONGESTION_PAUSE).await;
                continue;
            }
            let now = Instant::now();
            let is_up = self.bus.is_up();
            let (polled, due) = {
                let mut link = peer.way.link();
                (link.poll(now, is_up), link.due(now, is_up))
            };
            let counts = self.metrics().cluster();
            counts.resent(polled.again);
            counts.entries(Direction::Out, &polled.entries.0);
            for message in polled.messages {
                self.publish(&peer.way, message);
            }
            if let Some(why) = polled.down {
                self.end(&peer, why);
                return;
            }
            tokio::select! {
                () = peer.way.due.notified() => {}
                () = sleep_until(due.into()) => {}
            }
        }
    }

    /// Has a message of a link published, with its seal.
    pub(super) fn publish(&self, way: &Way, message: Vec<u8>) {
        let message = self.seal.seal(message);
        let counts = self.metrics().cluster();
        counts.message(Direction::Out, message.len());
        self.bus.publish(way.instance, message);
    }

    /// Has clients connect again.
    pub(super) fn send_back(&self, clients: Vec<Outbox>) {
        if !clients.is_empty() {
            self.tasks.spawn(send_back(clients));
        }
    }

    /// Lets the clients of an instance that stops keep their seats until they have come back by another one, so that nobody hears that they left:
    /// original clients end a call then.
    pub(super) fn keep_seats(&self, guests: Vec<Arc<Guest>>) {
        if guests.is_empty() {
            return;
        }
        for guest in &guests {
            guest.keeps_its_seat();
        }
        self.tasks.spawn(async move {
            sleep(COME_BACK_WITHIN).await;
            // Of those who are back, others have the seats.
            for guest in guests {
                guest.ends(false);
            }
        });
    }

    /// Sends the members of rooms back that are at home elsewhere. Who had just found one of them here comes into it in the next moment.
    async fn send_members_back(self: Arc<Self>, rooms: Vec<RoomName>) {
        for _ in 0..2 {
            let lost = (rooms.iter()).filter(|room| !self.directory.holds(room));
            let members = lost.flat_map(|room| self.switchboard.members_of(room));
            send_back(members.collect()).await;
            sleep(LATECOMERS_WITHIN).await;
        }
    }

    /// Waits for a bus that has been down for a moment only. Whoever did not wait would have rooms here alone, and be told to go soon after.
    pub(super) async fn bus_is_back(&self) {
        let down_for = || self.bus.down_for();
        while down_for().is_some_and(|time| time < BACK_WITHIN) {
            sleep(LOOK_EVERY).await;
        }
    }

    /// Says goodbye to these instances, and waits until they have heard it; not for ever.
    pub(super) async fn says_goodbye(&self, peers: &[Arc<Peer>]) {
        for peer in peers {
            peer.way.push(Kind::Bye, 0, Bytes::new());
        }
        let begin = Instant::now();
        let wait = || peers.iter().any(|peer| !peer.way.link().is_idle());
        while wait() && self.bus.is_up() && begin.elapsed() < GOODBYE_WITHIN {
            sleep(LOOK_EVERY).await;
        }
    }
}

/// Ends the connections of clients, which connect again, not all in the same moment.
async fn send_back(clients: Vec<Outbox>) {
    let pause = SPREAD / u32::try_from(clients.len()).unwrap_or(u32::MAX).max(1);
    for (index, client) in clients.into_iter().enumerate() {
        if index > 0 {
            sleep(pause).await;
        }
        client.end(CloseReason::Moved);
    }
}
