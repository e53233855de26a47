//! The way of a frame to the signaling server.
//!
//! May import: `protocol`, tokio.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use tokio::sync::mpsc;

use crate::protocol::PeerId;
use crate::protocol::peer::{directed, encode};

/// Frames that wait for the socket. While the server is away they are dropped, never kept.
const OUTBOX: usize = 256;

/// Sends frames. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Outbox {
    queue: mpsc::Sender<String>,
    is_up: Arc<AtomicBool>,
}

impl Outbox {
    pub(super) fn new() -> (Self, mpsc::Receiver<String>) {
        let (queue, receiver) = mpsc::channel(OUTBOX);
        let is_up = Arc::new(AtomicBool::new(true));
        (Self { queue, is_up }, receiver)
    }

    pub(super) async fn send(&self, frame: String) {
        if self.is_up() {
            let _ = self.queue.send(frame).await;
        }
    }

    pub(super) fn is_up(&self) -> bool {
        self.is_up.load(Ordering::Relaxed)
    }

    pub(super) fn set_up(&self, is_up: bool) {
        self.is_up.store(is_up, Ordering::Relaxed);
    }

    /// For frames of `from` to one peer.
    pub(super) fn to(&self, from: &PeerId, to: &PeerId) -> PeerOutbox {
        PeerOutbox {
            outbox: self.clone(),
            from: from.clone(),
            to: to.clone(),
        }
    }
}

/// Sends frames to one peer.
#[derive(Debug, Clone)]
pub(super) struct PeerOutbox {
    outbox: Outbox,
    from: PeerId,
    to: PeerId,
}

impl PeerOutbox {
    pub(super) async fn send(&self, command: &str, data: Option<Value>) {
        let frame = encode(command, self.from.as_str(), data.as_slice());
        self.outbox.send(directed(self.to.as_str(), &frame)).await;
    }

    pub(super) fn is_up(&self) -> bool {
        self.outbox.is_up()
    }
}
