//! What all lines together may cost.
//!
//! May import: signaling::bucket, signaling::byte_budget, config.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use signaling::bucket::{Bucket, Rate};
use signaling::byte_budget::{ByteBudget, Share};

use crate::config::Limits;

/// Bytes in a second, in the long run. As many may come at once.
#[derive(Debug)]
pub(super) struct Flow {
    bucket: Bucket,
    rate: Rate,
}

impl Flow {
    pub(super) fn new(per_second: usize) -> Self {
        Self {
            bucket: Bucket::new(Instant::now()),
            rate: Rate {
                per_second,
                burst: per_second,
            },
        }
    }

    /// Whether so many bytes may pass. What may not costs nothing.
    pub(super) fn admits(&mut self, bytes: usize, now: Instant) -> bool {
        let may_pass = self.bucket.debt(now) < Duration::from_secs(1);
        if may_pass {
            self.bucket.take(bytes, self.rate, now);
        }
        may_pass
    }
}

/// The bounds that all lines share.
#[derive(Debug)]
pub(super) struct Budget {
    flow: Mutex<Flow>,
    held: Arc<ByteBudget>,
    captured: Arc<ByteBudget>,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            flow: Mutex::new(Flow::new(limits.max_line_bytes_per_second_in_all)),
            held: ByteBudget::new(limits.max_line_queued_bytes_in_all),
            captured: ByteBudget::new(limits.max_captured_bytes_in_all),
        }
    }

    /// Whether so many bytes may enter a line.
    pub(super) fn admits(&self, bytes: usize, now: Instant) -> bool {
        // Nothing in here can panic half-way.
        let flow = || self.flow.lock().unwrap_or_else(PoisonError::into_inner);
        self.held.has_room(bytes) && flow().admits(bytes, now)
    }

    /// Bytes under way in all lines.
    pub(super) fn held(&self) -> usize {
        self.held.held()
    }

    /// For a line to say how many of these are its own.
    pub(super) fn under_way(&self) -> Share {
        Share::of(&self.held)
    }

    /// The same of packets that it keeps for a look.
    pub(super) fn captured(&self) -> Share {
        Share::of(&self.captured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_s_worth_may_come_at_once_and_then_what_is_repaid() {
        let begin = Instant::now();
        let mut flow = Flow::new(1_000);
        assert!((0..10).all(|_| flow.admits(100, begin)));
        assert!(!flow.admits(100, begin));
        let later = begin + Duration::from_millis(100);
        assert!(flow.admits(100, later));
        assert!(!flow.admits(100, later));
    }

    #[test]
    fn what_a_line_held_is_free_when_it_is_gone() {
        let limits = Limits {
            max_line_queued_bytes_in_all: 100,
            ..Limits::default()
        };
        let budget = Budget::new(&limits);
        let mut share = budget.under_way();
        share.set(60);
        share.set(90);
        assert!(budget.admits(10, Instant::now()));
        assert!(!budget.admits(11, Instant::now()));
        drop(share);
        assert_eq!(budget.held(), 0);
    }
}
