//! What the clients of a busy address cause. A thread of its own writes it, so that the tasks of everybody else never wait for it, and all
//! busy addresses together take no more than one processor.
//!
//! May import: account, deliveries, tracing.

use std::sync::mpsc::{self, Receiver as Queue, SendError, Sender};
use std::thread;

use tracing::warn;

use super::{Receiver, write};
use crate::account::Turn;

/// Receivers that are written to before the thread lets others have its processor.
const GROUP: usize = 16;

/// Cheap to add to. Dropping it ends its thread, when that has written what is queued.
#[derive(Debug)]
pub struct LateDeliveries<R> {
    /// Bounded by turns: no address has more messages in it than one turn allows. What comes without a turn is rare: a client has left.
    queue: Sender<Batch<R>>,
}

/// What one message causes, and the turn that ends when all of it is written.
#[derive(Debug)]
struct Batch<R> {
    receivers: Vec<R>,
    _turn: Option<Turn>,
}

impl<R: Receiver + Send + 'static> LateDeliveries<R> {
    /// Starts the thread.
    pub fn start() -> Self {
        let (queue, batches) = mpsc::channel();
        let thread = thread::Builder::new().name("late".into());
        if let Err(error) = thread.spawn(|| run(batches)) {
            warn!(%error, "No thread for what busy addresses cause can be started; others may have to wait for it");
        }
        Self { queue }
    }

    /// Has what is queued for these written, and ends the turn then. Without a thread, it is written at once. No lock may be held.
    pub fn add(&self, receivers: Vec<R>, turn: Option<Turn>) {
        let batch = Batch {
            receivers,
            _turn: turn,
        };
        if let Err(SendError(batch)) = self.queue.send(batch) {
            write(&batch.receivers);
        }
    }
}

fn run<R: Receiver>(batches: Queue<Batch<R>>) {
    for batch in batches {
        for group in batch.receivers.chunks(GROUP) {
            write(group);
            thread::yield_now();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Arc;
    use std::thread::ThreadId;

    use tokio::sync::Semaphore;
    use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

    use super::*;

    /// Says on which thread it is written to.
    #[derive(Debug, Clone)]
    struct Fake(UnboundedSender<ThreadId>);

    impl Receiver for Fake {
        fn flush(&self) {
            self.0.send(thread::current().id()).unwrap();
        }

        fn fail(&self) {}
    }

    fn fake() -> (Fake, UnboundedReceiver<ThreadId>) {
        let (says, written) = unbounded_channel();
        (Fake(says), written)
    }

    #[tokio::test]
    async fn another_thread_writes_all_of_it_and_then_the_turn_ends() {
        let (receiver, mut written) = fake();
        let turns = Arc::new(Semaphore::new(1));
        let turn = Arc::clone(&turns).try_acquire_owned().unwrap();
        let deliveries = LateDeliveries::start();
        let count = 2 * GROUP + 1;
        deliveries.add(vec![receiver; count], Some(turn));
        let _next = turns.acquire().await.unwrap();
        for _ in 0..count {
            assert_ne!(written.try_recv().unwrap(), thread::current().id());
        }
    }

    #[test]
    fn what_finds_no_thread_is_written_at_once() {
        let (queue, _) = mpsc::channel();
        let (receiver, mut written) = fake();
        LateDeliveries { queue }.add(vec![receiver], None);
        assert_eq!(written.try_recv().unwrap(), thread::current().id());
    }
}
