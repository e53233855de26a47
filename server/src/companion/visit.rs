//! One visit: what the companion does in a room, and when it leaves.
//!
//! May import: quickconnect, tokio, tokio_util, tracing.

use std::collections::HashSet;
use std::time::Duration;

use quickconnect::{Channel, Event, Message, QuickConnect, SendError};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info};

/// How long it waits in a room in which nobody is.
const ALONE: Duration = Duration::from_secs(5);

/// Answers whoever is in the room, and leaves after the last of them, after `lifetime`, or when the server stops.
pub(super) async fn stay(mut qc: QuickConnect, lifetime: Duration, closing: CancellationToken) {
    let (id, room) = (qc.id().clone(), qc.room().clone());
    info!(peer.id = %id, room.name = %room, "The companion joined");
    let over = async {
        tokio::select! {
            () = sleep(lifetime) => "its time is up",
            () = closing.cancelled() => "the server stops",
        }
    };
    let why = tokio::select! {
        why = over => why,
        why = keep_company(&mut qc) => why,
    };
    qc.close().await;
    info!(peer.id = %id, room.name = %room, why, "The companion left");
}

/// Ends when there is nobody to keep company, and says why.
async fn keep_company(qc: &mut QuickConnect) -> &'static str {
    // No larger than the number of peers that a client keeps.
    let mut others = HashSet::new();
    loop {
        let event = tokio::select! {
            event = qc.next() => event,
            () = sleep(ALONE), if others.is_empty() => return "nobody is in the room",
        };
        match event {
            Some(Event::PeerAnnounced(peer) | Event::PeerUpdated(peer)) => {
                others.insert(peer.id);
            }
            Some(Event::PeerLeft(peer)) => {
                others.remove(peer.as_str());
                if others.is_empty() {
                    return "the last peer left";
                }
            }
            Some(Event::Message(channel, message)) => {
                // A peer that does not read holds up the echoes of its own room, and nothing else.
                if let Err(error) = answer(&channel, &message).await {
                    debug!(%error, "No echo");
                }
            }
            Some(Event::Disconnected) | None => return "its connection closed",
            Some(_) => {}
        }
    }
}

/// Echoes what came, and answers `ping` with `pong`.
async fn answer(channel: &Channel, message: &Message) -> Result<(), SendError> {
    match message {
        Message::Text(text) if text == "ping" => channel.send_text("pong").await,
        Message::Text(text) => channel.send_text(text).await,
        Message::Binary(bytes) => channel.send(bytes).await,
    }
}
