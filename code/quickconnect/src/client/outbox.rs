//! The way of a frame to the signaling server, and how large it may be.
//!
//! May import: event, protocol, protocol::peer, queue, serde_json, tokio.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};

use serde_json::Value;
use tokio::sync::mpsc;

use super::event::{Error, Event};
use super::queue::Events;
use crate::protocol::PeerId;
use crate::protocol::peer::{directed, encode};

/// Frames that wait for the socket. While the server is away they are dropped, never kept.
const OUTBOX: usize = 256;

/// Bytes of the largest frame that the server takes, as far as that is known. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct FrameLimit(Arc<Limit>);

#[derive(Debug)]
struct Limit {
    bytes: AtomicUsize,
    /// A hash of what was told last.
    told: AtomicU64,
}

impl FrameLimit {
    fn new() -> Self {
        Self(Arc::new(Limit {
            bytes: AtomicUsize::new(usize::MAX),
            told: AtomicU64::new(0),
        }))
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.bytes.load(Relaxed)
    }

    pub(super) fn set(&self, bytes: usize) {
        self.0.bytes.store(bytes, Relaxed);
    }

    /// The error for a frame above the limit, unless the same was told last.
    pub(super) fn exceeded(&self, command: &str, bytes: usize) -> Option<Error> {
        let mut hasher = DefaultHasher::new();
        (command, bytes).hash(&mut hasher);
        let hash = hasher.finish();
        let is_news = self.0.told.swap(hash, Relaxed) != hash;
        is_news.then(|| Error::TooLarge {
            command: command.to_owned(),
            bytes,
            limit: self.bytes(),
        })
    }
}

/// Sends frames. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Outbox {
    queue: mpsc::Sender<String>,
    events: Events,
    is_up: Arc<AtomicBool>,
    limit: FrameLimit,
}

impl Outbox {
    pub(super) fn new(events: Events) -> (Self, mpsc::Receiver<String>) {
        let (queue, receiver) = mpsc::channel(OUTBOX);
        let outbox = Self {
            queue,
            events,
            is_up: Arc::default(),
            limit: FrameLimit::new(),
        };
        (outbox, receiver)
    }

    pub(super) fn limit(&self) -> &FrameLimit {
        &self.limit
    }

    /// Sends a frame. One that the server would not take is not sent, which is told once; returns whether it takes it.
    pub(super) async fn send(&self, frame: String) -> bool {
        if frame.len() > self.limit.bytes() {
            if let Some(error) = self.limit.exceeded(command_of(&frame), frame.len()) {
                self.events.offer(Event::Error(error));
            }
            return false;
        }
        if self.is_up() {
            let _ = self.queue.send(frame).await;
        }
        true
    }

    pub(super) fn is_up(&self) -> bool {
        self.is_up.load(Relaxed)
    }

    pub(super) fn set_up(&self, is_up: bool) {
        self.is_up.store(is_up, Relaxed);
    }

    /// For frames of `from` to one peer.
    pub(super) fn to(&self, from: &PeerId, to: &PeerId) -> PeerOutbox {
        PeerOutbox {
            outbox: self.clone(),
            from: from.clone(),
            to: to.clone(),
            is_refused: Arc::default(),
        }
    }
}

/// The command of a frame, as the user knows it.
pub(super) fn command_of(frame: &str) -> &str {
    let undirected = frame
        .strip_prefix("/to|")
        .and_then(|directed| Some(directed.split_once('|')?.1));
    let frame = undirected.unwrap_or(frame);
    frame.split_once('|').map_or(frame, |(command, _)| command)
}

/// Sends frames to one peer.
#[derive(Debug, Clone)]
pub(super) struct PeerOutbox {
    outbox: Outbox,
    from: PeerId,
    to: PeerId,
    is_refused: Arc<AtomicBool>,
}

impl PeerOutbox {
    pub(super) async fn send(&self, command: &str, data: Option<Value>) {
        let frame = encode(command, self.from.as_str(), data.as_slice());
        let is_taken = self.outbox.send(directed(self.to.as_str(), &frame)).await;
        if !is_taken {
            self.is_refused.store(true, Relaxed);
        }
    }

    /// Whether one of the frames was too large.
    pub(super) fn is_refused(&self) -> bool {
        self.is_refused.load(Relaxed)
    }

    pub(super) fn is_up(&self) -> bool {
        self.outbox.is_up()
    }
}
