//! What runs while an instance takes part in a cluster.
//!
//! May import: bus, cluster, link, peer, signaling, tokio.

use std::sync::Arc;
use std::time::{Duration, Instant};

use quickconnect::protocol::RoomName;
use tokio::time::{sleep, sleep_until};

use super::Cluster;
use super::bus::Bus;
use super::peer::Peer;
use crate::signaling::close_reason::CloseReason;
use crate::signaling::outbox::Outbox;

/// Clients that have to connect again do so within this time, not all in the same moment.
const SPREAD: Duration = Duration::from_secs(1);

/// While so much waits to be published that no more should, links wait for so long.
const CONGESTION_PAUSE: Duration = Duration::from_millis(5);

/// At the planned end, other instances have so long to hear of it.
const GOODBYE_WITHIN: Duration = Duration::from_millis(500);

/// Whoever has found a room comes into it within this time.
const LATECOMERS_WITHIN: Duration = Duration::from_millis(100);

/// So often it is looked whether they have.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Keeps what is at home here, and sends the members of rooms away that are not any more.
pub(super) async fn keep(cluster: Arc<Cluster>) {
    let switchboard = &cluster.switchboard;
    let have_members = |rooms: &[RoomName]| switchboard.have_members(rooms);
    let lost = |rooms: Vec<RoomName>| {
        let task = send_back_members(Arc::clone(&cluster), rooms);
        cluster.tasks.spawn(task);
    };
    cluster.directory.keep(have_members, lost).await;
}

/// Sends what a link has to send, until it ends.
pub(super) async fn drive(cluster: Arc<Cluster>, peer: Arc<Peer>) {
    while !peer.is_over() {
        if cluster.bus.is_congested() {
            sleep(CONGESTION_PAUSE).await;
            continue;
        }
        let now = Instant::now();
        let is_up = cluster.bus.is_up();
        let (polled, due) = {
            let mut link = peer.link();
            (link.poll(now, is_up), link.due(now, is_up))
        };
        let counts = cluster.metrics().cluster();
        counts.sent(polled.messages.len(), polled.again);
        for message in polled.messages {
            cluster
                .bus
                .publish(peer.instance, cluster.seal.seal(message));
        }
        if let Some(why) = polled.down {
            cluster.end(&peer, why);
            return;
        }
        tokio::select! {
            () = peer.due.notified() => {}
            () = sleep_until(due.into()) => {}
        }
    }
}

/// Sends the members of rooms back that are at home elsewhere. Who had just found one of them here comes into it in the next moment.
async fn send_back_members(cluster: Arc<Cluster>, rooms: Vec<RoomName>) {
    for _ in 0..2 {
        let lost = (rooms.iter()).filter(|room| !cluster.directory.holds(room));
        let members = lost.flat_map(|room| cluster.switchboard.members_of(room));
        send_back(members.collect()).await;
        sleep(LATECOMERS_WITHIN).await;
    }
}

/// Ends the connections of clients, which connect again.
pub(super) async fn send_back(clients: Vec<Outbox>) {
    let pause = SPREAD / u32::try_from(clients.len()).unwrap_or(u32::MAX).max(1);
    for (index, client) in clients.into_iter().enumerate() {
        if index > 0 {
            sleep(pause).await;
        }
        client.end(CloseReason::Moved);
    }
}

/// Waits until these instances have heard all that was said to them; not for ever.
pub(super) async fn hear_the_end(peers: &[Arc<Peer>], bus: &Bus) {
    let begin = Instant::now();
    let wait = || peers.iter().any(|peer| !peer.link().is_idle());
    while wait() && bus.is_up() && begin.elapsed() < GOODBYE_WITHIN {
        sleep(LOOK_EVERY).await;
    }
}
