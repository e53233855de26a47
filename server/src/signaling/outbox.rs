//! The way out to one client: a queue bounded in bytes, and the word that its connection shall end.
//!
//! May import: axum's message type, tokio's oneshot, std.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, close_code};
use tokio::sync::oneshot;

/// The close code of whose id another connection has: our clients don't come back then, because the two would go on to take the
/// id from each other for ever. In the range for applications (<https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2>).
const ID_TAKEN: u16 = 4001;

/// What a queued frame costs besides its bytes, so that a queue of empty ones is bounded, too.
const FRAME_OVERHEAD: usize = 64;

/// Places that a queue keeps when it is empty. Most connections are idle.
const KEPT_PLACES: usize = 4;

/// Cheap to clone; every clone reaches the same client. tokio's bounded channel would count frames instead of bytes, and
/// costs an idle connection a kilobyte more.
#[derive(Debug, Clone)]
pub struct Outbox(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// A std mutex, held for a few lines that never wait.
    state: Mutex<State>,
    max_bytes: usize,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Message>,
    /// What is in the queue.
    bytes: usize,
    /// When the first of what is in it came.
    since: Option<Instant>,
    /// Apart from the queue, because a client whose queue is full must still be told to go.
    ending: Option<Ending>,
    /// The connection's task.
    task: Option<Waker>,
    /// What the client can't say at the moment: that it is alive.
    is_deaf: bool,
    /// Who waits to hear that it is.
    probes: Vec<oneshot::Sender<()>>,
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The client closed it, or its socket broke.
    ByClient,
    /// The server stops.
    Shutdown,
    /// Another connection announced the same id in the same room, and had a right to it.
    TakenOver,
    /// Another connection has the id that this one announced, and is alive.
    IdTaken,
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
    /// A stable name, for programs; nothing where all is well.
    pub fn code(self) -> Option<&'static str> {
        Some(match self {
            Self::ByClient | Self::Shutdown => return None,
            Self::TakenOver => "taken-over",
            Self::IdTaken => "closed-for-id-taken",
            Self::TooSlow => "queue-full",
            Self::Silent => "silent",
            Self::FrameTooLarge => "frame-too-large",
            Self::NotWebSocket => "not-websocket",
            Self::NotUtf8 => "not-utf8",
        })
    }

    /// What the client hears of it; nothing where it can't hear any more.
    pub fn close_frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::ByClient | Self::Silent => return None,
            Self::Shutdown => (close_code::AWAY, "The server stops. Come back in a moment."),
            Self::TakenOver => (ID_TAKEN, "Another connection announced this id."),
            Self::IdTaken => (ID_TAKEN, "Another connection has this id."),
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
    /// An empty one.
    pub fn new(max_queued_bytes: usize) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::default(),
            max_bytes: max_queued_bytes,
        }))
    }

    /// Queues a frame. A client that leaves no place for it is cut off: dropping frames silently would leave it in
    /// a state that nobody can explain, and waiting would let one client stop a room. One frame always has a place.
    pub fn send(&self, message: impl Into<Message>) {
        let message = message.into();
        let cost = cost(&message);
        let mut state = self.state();
        if state.bytes + cost > self.0.max_bytes && !state.queue.is_empty() {
            state.ending.get_or_insert(Ending::TooSlow);
        } else {
            state.bytes += cost;
            if state.queue.is_empty() {
                state.since = Some(Instant::now());
            }
            state.queue.push_back(message);
        }
        state.wake();
    }

    /// Asks the connection to end. The first reason stays.
    pub fn end(&self, ending: Ending) {
        let mut state = self.state();
        state.ending.get_or_insert(ending);
        state.probes.clear();
        state.wake();
    }

    /// Asks the client for a sign of life. What is returned gets it, or an error as soon as the connection ends.
    pub fn probe(&self) -> oneshot::Receiver<()> {
        let (asks, answer) = oneshot::channel();
        let mut state = self.state();
        if state.ending.is_some() {
            return answer;
        }
        state.probes.push(asks);
        if state.is_deaf {
            state.answer_probes();
        } else if state.probes.len() == 1 {
            drop(state);
            self.send(Message::Ping(Default::default()));
        }
        answer
    }

    /// The client has given a sign of life.
    pub fn is_alive(&self) {
        self.state().answer_probes();
    }

    /// Whether the client isn't read for a while. It can give no sign of life then, and counts as alive.
    pub fn set_deaf(&self, is_deaf: bool) {
        let mut state = self.state();
        state.is_deaf = is_deaf;
        state.answer_probes();
    }

    /// Waits until the connection shall end.
    pub async fn ended(&self) -> Ending {
        poll_fn(|context| {
            let mut state = self.state();
            match state.ending {
                Some(ending) => Poll::Ready(ending),
                None => state.wait(context),
            }
        })
        .await
    }

    /// Waits until there is something to take, and says since when it has waited.
    pub async fn filled(&self) -> Instant {
        poll_fn(|context| {
            let mut state = self.state();
            match state.since.take() {
                Some(since) => Poll::Ready(since),
                None => state.wait(context),
            }
        })
        .await
    }

    /// What waits, as the limit counts it.
    pub fn queued_bytes(&self) -> usize {
        self.state().bytes
    }

    /// Takes the frame that has waited longest.
    pub fn take(&self) -> Option<Message> {
        let mut state = self.state();
        let message = state.queue.pop_front();
        match &message {
            Some(message) => state.bytes -= cost(message),
            None => state.queue.shrink_to(KEPT_PLACES),
        }
        message
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here can panic half-way.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wake(&self) {
        if let Some(task) = &self.task {
            task.wake_by_ref();
        }
    }

    fn answer_probes(&mut self) {
        for asks in self.probes.drain(..) {
            // Who asked may have gone.
            let _ = asks.send(());
        }
    }

    /// Only the connection's own task waits, so one waker is enough.
    fn wait<T>(&mut self, context: &Context<'_>) -> Poll<T> {
        match &mut self.task {
            Some(task) => task.clone_from(context.waker()),
            None => self.task = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

fn cost(message: &Message) -> usize {
    let bytes = match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
        Message::Close(_) => 0,
    };
    FRAME_OVERHEAD + bytes
}
