//! The queue between the client's tasks and its user. The room waits for a place in it. Calls and their channels never wait:
//! what they put in is counted in bytes, and `backlog` slows down their senders.
//!
//! May import: backlog, event, tokio.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::backlog::{CallBacklog, Charge};
use super::event::Event;

/// Places for events that wait for the user, those of calls and channels not counted. When all are taken, the client handles
/// no more frames of the signaling server.
pub const EVENT_QUEUE: usize = 1024;
/// Bytes of a frame for which its event takes one place: what JSON becomes in memory is up to 16 times as long as its text.
const BYTES_PER_PLACE: usize = 256;

/// Puts events of the room in. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Events {
    /// It has no bound of its own: each event holds places or bytes, and both are bounded.
    queue: mpsc::UnboundedSender<Queued>,
    places: Arc<Semaphore>,
}

/// An event, and what it holds until the user takes it.
#[derive(Debug)]
pub(super) struct Queued {
    /// Boxed, because a queue keeps the place of the largest event many times.
    pub(super) event: Box<Event>,
    _held: Held,
}

#[derive(Debug)]
enum Held {
    Places { _permit: OwnedSemaphorePermit },
    Bytes { _charge: Charge },
}

impl Events {
    pub(super) fn new() -> (Self, mpsc::UnboundedReceiver<Queued>) {
        let (queue, receiver) = mpsc::unbounded_channel();
        let places = Arc::new(Semaphore::new(EVENT_QUEUE));
        (Self { queue, places }, receiver)
    }

    /// Waits for a place. A user that is gone hears nothing.
    pub(super) async fn emit(&self, event: Event) {
        self.emit_large(event, 0).await;
    }

    /// The same for an event that was made of so many bytes of a frame.
    pub(super) async fn emit_large(&self, event: Event, bytes: usize) {
        let places = (1 + bytes / BYTES_PER_PLACE).min(EVENT_QUEUE);
        let places = u32::try_from(places).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.places).acquire_many_owned(places).await;
        if let Ok(permit) = permit {
            self.put(event, Held::Places { _permit: permit });
        }
    }

    /// Tells it if there is a place, and never waits: for what a peer can cause as often as it likes.
    pub(super) fn offer(&self, event: Event) {
        if let Ok(permit) = Arc::clone(&self.places).try_acquire_owned() {
            self.put(event, Held::Places { _permit: permit });
        }
    }

    /// The same queue for a call with this backlog.
    pub(super) fn of_a_call(&self, backlog: CallBacklog) -> CallEvents {
        CallEvents {
            events: self.clone(),
            backlog,
        }
    }

    fn put(&self, event: Event, held: Held) {
        let _ = self.queue.send(Queued {
            event: event.into(),
            _held: held,
        });
    }
}

/// Puts events of one call in. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct CallEvents {
    events: Events,
    backlog: CallBacklog,
}

/// More waits for the user than may, although the sender was slowed down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Overrun;

impl CallEvents {
    /// Tells something of the call. Its number is bounded by what happens in a call.
    pub(super) fn tell(&self, event: Event) {
        let charge = self.backlog.charge(0);
        self.events.put(event, Held::Bytes { _charge: charge });
    }

    /// Tells it if there is a place: for what the other side can cause as often as it likes.
    pub(super) fn offer(&self, event: Event) {
        self.events.offer(event);
    }

    /// Whether so much waits for the user that what the other side sends is not taken.
    pub(super) fn are_behind(&self) -> bool {
        self.backlog.excess().is_some()
    }

    /// A message of so many bytes.
    pub(super) fn message(&self, event: Event, bytes: usize) -> Result<(), Overrun> {
        let charge = self.backlog.charge(bytes);
        if self.backlog.is_overrun() {
            return Err(Overrun);
        }
        self.events.put(event, Held::Bytes { _charge: charge });
        Ok(())
    }
}
