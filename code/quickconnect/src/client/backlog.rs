//! Bytes of messages that have arrived and that the user has not taken yet: bounded for each call, and for all calls
//! that share a [`Backlog`].
//!
//! The bound is kept in two steps. A call that holds as much as it may takes fewer datagrams (`sockets`), as if the others had
//! been lost: its sender slows down. A call that holds twice as much all the same is ended.
//!
//! May import: channel.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::channel::MAX_MESSAGE;

/// Bytes that wait for the user of one call, if nothing else is said.
const PER_CALL: usize = 4 * 1024 * 1024;
/// The same for all calls of a client.
const IN_ALL: usize = 64 * 1024 * 1024;
/// What a message takes besides its bytes: its event, its places in queues.
pub(super) const MESSAGE_OVERHEAD: usize = 256;

/// How many bytes of messages may wait for their user, in each call and in all calls together. Clones share the count,
/// so that several clients can be bounded as one.
#[derive(Debug, Clone)]
pub struct Backlog(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    per_call: usize,
    in_all: usize,
    waiting: AtomicUsize,
}

/// What waits in one call. Clones share the count.
#[derive(Debug, Clone)]
pub(super) struct CallBacklog {
    shared: Arc<Shared>,
    waiting: Arc<AtomicUsize>,
}

/// The bytes of one message. Dropping it says that they wait no longer.
#[derive(Debug)]
pub(super) struct Charge {
    backlog: CallBacklog,
    bytes: usize,
}

impl Default for Backlog {
    fn default() -> Self {
        Self::new(PER_CALL, IN_ALL)
    }
}

impl Backlog {
    /// So many bytes in each call, and so many in all. One message ([`MAX_MESSAGE`]) is let through in each call, however full
    /// the others are.
    pub fn new(per_call: usize, in_all: usize) -> Self {
        Self(Arc::new(Shared {
            per_call: per_call.max(MAX_MESSAGE),
            in_all,
            waiting: AtomicUsize::new(0),
        }))
    }

    /// Bytes that wait now, in all calls.
    pub fn waiting(&self) -> usize {
        self.0.waiting.load(Relaxed)
    }

    /// Bytes that may wait in one call.
    pub(super) fn per_call(&self) -> usize {
        self.0.per_call
    }

    pub(super) fn of_a_call(&self) -> CallBacklog {
        CallBacklog {
            shared: Arc::clone(&self.0),
            waiting: Arc::default(),
        }
    }
}

impl CallBacklog {
    /// Counts a message of this many bytes.
    pub(super) fn charge(&self, bytes: usize) -> Charge {
        let bytes = bytes + MESSAGE_OVERHEAD;
        self.waiting.fetch_add(bytes, Relaxed);
        self.shared.waiting.fetch_add(bytes, Relaxed);
        Charge {
            backlog: self.clone(),
            bytes,
        }
    }

    /// How far the call is above what it may hold: 0 if it holds just that, 1 at twice as much, none below. One call may hold
    /// no more than is free for others, so that there is always something free.
    pub(super) fn excess(&self) -> Option<f64> {
        let Shared {
            per_call,
            in_all,
            waiting,
        } = &*self.shared;
        let free = in_all.saturating_sub(waiting.load(Relaxed));
        let allowed = free.clamp(MAX_MESSAGE, *per_call);
        let above = self.waiting.load(Relaxed).checked_sub(allowed)?;
        Some(above as f64 / allowed as f64)
    }

    /// Whether it holds so much that its sender can't be one that slows down.
    pub(super) fn is_overrun(&self) -> bool {
        let own = self.waiting.load(Relaxed);
        let in_all = self.shared.waiting.load(Relaxed);
        own > 2 * self.shared.per_call || (in_all > 2 * self.shared.in_all && own > 2 * MAX_MESSAGE)
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.backlog.waiting.fetch_sub(self.bytes, Relaxed);
        self.backlog.shared.waiting.fetch_sub(self.bytes, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: usize = MAX_MESSAGE - MESSAGE_OVERHEAD;

    #[test]
    fn a_call_is_full_at_its_bound_and_overrun_at_twice_as_much() {
        let backlog = Backlog::new(4 * MAX_MESSAGE, 100 * MAX_MESSAGE);
        let call = backlog.of_a_call();
        let mut charges: Vec<_> = (0..3).map(|_| call.charge(MESSAGE)).collect();
        assert_eq!(call.excess(), None);
        charges.push(call.charge(MESSAGE));
        assert_eq!(call.excess(), Some(0.0));
        assert!(!call.is_overrun());
        charges.extend((0..5).map(|_| call.charge(MESSAGE)));
        assert!(call.is_overrun());
        drop(charges);
        assert_eq!((call.excess(), backlog.waiting()), (None, 0));
    }

    #[test]
    fn calls_that_hold_much_leave_something_for_another() {
        let backlog = Backlog::new(100 * MAX_MESSAGE, 8 * MAX_MESSAGE);
        let greedy = [
            backlog.of_a_call(),
            backlog.of_a_call(),
            backlog.of_a_call(),
        ];
        let mut charges = Vec::new();
        while let Some(call) = greedy.iter().find(|call| call.excess().is_none()) {
            charges.push(call.charge(MESSAGE));
        }
        assert!(
            backlog.waiting() <= 8 * MAX_MESSAGE,
            "{}",
            backlog.waiting()
        );
        assert_eq!(backlog.of_a_call().excess(), None);
    }

    #[test]
    fn tiny_messages_count_for_what_they_take() {
        let call = Backlog::new(MAX_MESSAGE, MAX_MESSAGE).of_a_call();
        let charges: Vec<_> = (0..=MAX_MESSAGE / MESSAGE_OVERHEAD)
            .map(|_| call.charge(0))
            .collect();
        assert!(call.excess().is_some());
        drop(charges);
    }
}
