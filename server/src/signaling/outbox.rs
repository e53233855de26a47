//! The way out to one client: a bounded queue, and the word that its connection shall end.
//!
//! May import: axum's message type, tokio's sync.

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, close_code};
use tokio::sync::{SetOnce, mpsc};

/// The close code of who was taken over: our clients don't come back then, because they would take the id back, and so on
/// for ever. In the range for applications (<https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2>).
const TAKEN_OVER: u16 = 4001;

/// Cheap to clone; every clone reaches the same client.
#[derive(Debug, Clone)]
pub struct Outbox {
    queue: mpsc::Sender<Message>,
    /// Apart from the queue, because a client whose queue is full must still be told to go.
    ending: Arc<SetOnce<Ending>>,
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The client closed it, or its socket broke.
    ByClient,
    /// The server stops.
    Shutdown,
    /// Another connection announced the same id in the same room.
    TakenOver,
    /// More frames wait for the client than may wait.
    TooSlow,
    /// The client leaves pings unanswered.
    Silent,
    /// A frame is larger than allowed.
    FrameTooLarge,
    /// The bytes are not what WebSocket allows.
    NotWebSocket,
    /// A text frame is not UTF-8.
    NotUtf8,
}

impl Ending {
    /// What the client hears of it; nothing where it can't hear any more.
    pub fn close_frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::ByClient | Self::Silent => return None,
            Self::Shutdown => (close_code::AWAY, "The server stops."),
            Self::TakenOver => (TAKEN_OVER, "Another connection announced this id."),
            Self::TooSlow => (close_code::POLICY, "Too many messages wait to be read."),
            Self::FrameTooLarge => (
                close_code::SIZE,
                "A message is larger than --max-frame-bytes allows.",
            ),
            Self::NotWebSocket => (
                close_code::PROTOCOL,
                "The bytes break the WebSocket protocol.",
            ),
            Self::NotUtf8 => (close_code::INVALID, "A text message is not UTF-8."),
        };
        Some(CloseFrame {
            code,
            reason: Utf8Bytes::from_static(reason),
        })
    }
}

impl Outbox {
    /// An outbox and the other end of its queue.
    pub fn new(max_queued_frames: usize) -> (Self, mpsc::Receiver<Message>) {
        let (queue, receiver) = mpsc::channel(max_queued_frames);
        (
            Self {
                queue,
                ending: Arc::new(SetOnce::new()),
            },
            receiver,
        )
    }

    /// Queues a frame. A client that leaves no place for it is cut off: dropping frames silently would leave it in
    /// a state that nobody can explain, and waiting would let one client stop a room.
    pub fn send(&self, message: impl Into<Message>) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.queue.try_send(message.into()) {
            self.end(Ending::TooSlow);
        }
    }

    /// Asks the connection to end. The first reason stays.
    pub fn end(&self, ending: Ending) {
        // An error says that there is a reason already.
        let _ = self.ending.set(ending);
    }

    /// Waits until the connection shall end.
    pub async fn ended(&self) -> Ending {
        *self.ending.wait().await
    }
}
