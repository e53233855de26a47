//! The way to another instance: one link, and what has it polled.
//!
//! May import: link, message, tokio, tungstenite.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;
use tungstenite::Bytes;

use super::link::{Heard, Link};
use super::message::{Head, Kind};

/// The way to one instance, until its link ends.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) instance: u64,
    /// A std mutex, held for a few lines that never wait. It may be locked while the rooms are; never the other way round.
    link: Mutex<Link>,
    /// The link is to be polled.
    pub(super) due: Notify,
}

impl Way {
    pub(super) fn new(instance: u64, link: Link) -> Arc<Self> {
        Arc::new(Self {
            instance,
            link: Mutex::new(link),
            due: Notify::new(),
        })
    }

    /// Its link.
    pub(super) fn link(&self) -> MutexGuard<'_, Link> {
        // Nothing in there can panic half-way.
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the head of a message. The link is polled when that changes what it has to say.
    pub(super) fn receives(&self, head: &Head, now: Instant) -> Heard {
        let mut link = self.link();
        let before = link.due(now, true);
        let heard = link.receive(head, now);
        let is_due = link.due(now, true) < before || link.waits();
        drop(link);
        if is_due {
            self.due.notify_one();
        }
        heard
    }

    /// Says something to the other instance.
    pub(super) fn push(&self, kind: Kind, client: u64, body: Bytes) {
        let is_due = self.link().push(kind, client, body);
        if is_due {
            self.due.notify_one();
        }
    }
}
