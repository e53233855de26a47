//! Clients for whom something is queued that isn't written yet.
//!
//! What several clients send at the same time is written together, so that each receiver is woken once, and not for each frame. Only a few wait
//! at a time, because what waits for long has left the processor's caches.
//!
//! [`late`] is what need not be written so soon.
//!
//! May import: account, tokio, tracing.

pub mod late;

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Clients that may wait. Whoever adds one more writes to all of them.
const MAX_WAITING: usize = 16;

/// Something that frames are written to.
pub trait Receiver {
    /// Writes what is queued.
    fn flush(&self);

    /// [`flush`](Self::flush) has panicked; this must not.
    fn fail(&self);
}

/// Cheap to add to; [`run`](Self::run) has to run for as long as something may be added.
#[derive(Debug)]
pub struct Deliveries<R> {
    /// A std mutex, held to add or to take all; nothing is written meanwhile.
    waiting: Mutex<Vec<R>>,
    due: Notify,
}

impl<R> Default for Deliveries<R> {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            due: Notify::new(),
        }
    }
}

impl<R: Receiver> Deliveries<R> {
    /// Has what is queued for these written soon. No lock may be held.
    pub fn add(&self, receivers: impl IntoIterator<Item = R>) {
        let mut waiting = self.waiting();
        let was_empty = waiting.is_empty();
        waiting.extend(receivers);
        if waiting.len() >= MAX_WAITING {
            let due = mem::take(&mut *waiting);
            drop(waiting);
            write(&due);
        } else if was_empty && !waiting.is_empty() {
            drop(waiting);
            self.due.notify_one();
        }
    }

    /// Writes to those who wait, as soon as all tasks that are ready have run.
    pub async fn run(&self) {
        loop {
            self.due.notified().await;
            let due = mem::take(&mut *self.waiting());
            write(&due);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<R>> {
        // Nothing in there can panic half-way.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A panic ends only the receiver that it is about. One caller writes for everybody: without this, the others who wait would hear nothing
/// more, and nobody would after the end of [`Deliveries::run`].
fn write<R: Receiver>(due: &[R]) {
    for receiver in due {
        if catch_unwind(AssertUnwindSafe(|| receiver.flush())).is_err() {
            receiver.fail();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::*;

    /// Panics if it is faulty.
    #[derive(Clone, Default)]
    struct Fake {
        is_faulty: bool,
        counts: Arc<[AtomicUsize; 2]>,
    }

    impl Fake {
        fn new(is_faulty: bool) -> Self {
            Self {
                is_faulty,
                ..Self::default()
            }
        }

        /// How often it was written to, and how often that failed.
        fn counts(&self) -> [usize; 2] {
            [0, 1].map(|index| self.counts[index].load(Relaxed))
        }
    }

    impl Receiver for Fake {
        fn flush(&self) {
            assert!(!self.is_faulty, "it panics on purpose");
            self.counts[0].fetch_add(1, Relaxed);
        }

        fn fail(&self) {
            self.counts[1].fetch_add(1, Relaxed);
        }
    }

    #[test]
    fn a_panic_of_one_delivery_ends_one_receiver_and_whoever_adds_goes_on() {
        let deliveries = Deliveries::default();
        let receivers: Vec<_> = (0..MAX_WAITING).map(|n| Fake::new(n == 3)).collect();
        for _ in 0..2 {
            deliveries.add(receivers.clone());
        }
        for (index, receiver) in receivers.iter().enumerate() {
            let expected = if index == 3 { [0, 2] } else { [2, 0] };
            assert_eq!(receiver.counts(), expected);
        }
    }

    #[tokio::test]
    async fn the_task_that_delivers_for_all_survives_a_panic() {
        let deliveries = Arc::new(Deliveries::default());
        let ours = Arc::clone(&deliveries);
        let task = tokio::spawn(async move { ours.run().await });
        let (faulty, other) = (Fake::new(true), Fake::new(false));
        for round in 1..=3 {
            deliveries.add([faulty.clone(), other.clone()]);
            while (faulty.counts(), other.counts()) != ([0, round], [round, 0]) {
                assert!(!task.is_finished());
                tokio::task::yield_now().await;
            }
        }
        task.abort();
    }
}
