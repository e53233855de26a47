//! The queue between the client's tasks and its user. It is bounded, and messages of data channels may fill only half
//! of it: whoever lets them wait holds up their senders, and not the calls.
//!
//! May import: `event`, tokio.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::event::Event;

/// Events that wait for the user. When there are more, the client waits too.
pub const EVENT_QUEUE: usize = 1024;
/// How many of them may be messages of data channels.
pub const MESSAGE_QUEUE: usize = EVENT_QUEUE / 2;

/// Puts events in. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Events {
    queue: mpsc::Sender<Queued>,
    messages: Arc<Semaphore>,
}

/// An event, and the place that it takes up if it is a message.
#[derive(Debug)]
pub(super) struct Queued {
    /// Boxed, because a queue keeps the place of the largest event many times.
    pub(super) event: Box<Event>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Events {
    pub(super) fn new() -> (Self, mpsc::Receiver<Queued>) {
        let (queue, receiver) = mpsc::channel(EVENT_QUEUE);
        let messages = Arc::new(Semaphore::new(MESSAGE_QUEUE));
        (Self { queue, messages }, receiver)
    }

    /// Waits for a place. A user that is gone hears nothing.
    pub(super) async fn emit(&self, event: Event) {
        let queued = Queued {
            event: event.into(),
            _place: None,
        };
        let _ = self.queue.send(queued).await;
    }

    /// The same for messages of data channels.
    pub(super) async fn emit_message(&self, event: Event) {
        let place = Arc::clone(&self.messages).acquire_owned().await.ok();
        let queued = Queued {
            event: event.into(),
            _place: place,
        };
        let _ = self.queue.send(queued).await;
    }
}
