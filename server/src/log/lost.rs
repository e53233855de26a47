//! Counts the lines that are missing in the log, by reason.
//!
//! May import: nothing.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts lines that were not written.
#[derive(Debug)]
pub struct Lost {
    queue_full: AtomicU64,
    write_failed: AtomicU64,
    left_out: AtomicU64,
}

impl Lost {
    /// All counts at zero.
    pub(crate) const fn new() -> Self {
        Self {
            queue_full: AtomicU64::new(0),
            write_failed: AtomicU64::new(0),
            left_out: AtomicU64::new(0),
        }
    }

    /// Counts a line for which the queue had no room.
    pub(super) fn queue_full(&self) {
        self.queue_full.fetch_add(1, Relaxed);
    }

    /// Counts a line that could not be written to stderr.
    pub(super) fn write_failed(&self) {
        self.write_failed.fetch_add(1, Relaxed);
    }

    /// Counts a line over the limit of its kind for this second.
    pub(super) fn left_out(&self) {
        self.left_out.fetch_add(1, Relaxed);
    }

    /// Each count with its reason, as the metrics name it.
    pub fn by_reason(&self) -> [(&'static str, u64); 3] {
        [
            ("queue-full", self.queue_full.load(Relaxed)),
            ("write-failed", self.write_failed.load(Relaxed)),
            ("too-many", self.left_out.load(Relaxed)),
        ]
    }

    /// Lines that passed the limit and were lost all the same.
    pub(super) fn dropped(&self) -> u64 {
        self.queue_full.load(Relaxed) + self.write_failed.load(Relaxed)
    }
}
