//! Clients for whom something is queued that isn't written yet.
//!
//! What several say at the same time is written together: so the machine wakes those who hear it once, instead of for each frame. But
//! only a few at a time: what waits long has left the processor's caches.
//!
//! May import: `outbox`, tokio's Notify.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::outbox::Outbox;

/// Clients that may wait. Whoever adds another one writes to them all.
const MAX_WAITING: usize = 16;

/// Cheap to add to; [`run`](Self::run) has to run for as long as something may be added.
#[derive(Debug, Default)]
pub struct Deliveries {
    /// A std mutex, held to add or to take all; nothing is written meanwhile.
    waiting: Mutex<Vec<Outbox>>,
    due: Notify,
}

impl Deliveries {
    /// Sees to it that what is queued for these is written soon. No lock may be held.
    pub fn add(&self, receivers: impl IntoIterator<Item = Outbox>) {
        let mut waiting = self.waiting();
        let was_empty = waiting.is_empty();
        waiting.extend(receivers);
        if waiting.len() >= MAX_WAITING {
            write(waiting);
        } else if was_empty && !waiting.is_empty() {
            drop(waiting);
            self.due.notify_one();
        }
    }

    /// Writes to those who wait when whoever is ready to be read has been read.
    pub async fn run(&self) {
        loop {
            self.due.notified().await;
            write(self.waiting());
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Outbox>> {
        // Nothing in there can panic half-way.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write(mut waiting: MutexGuard<'_, Vec<Outbox>>) {
    let due = mem::take(&mut *waiting);
    drop(waiting);
    due.iter().for_each(Outbox::flush);
}
