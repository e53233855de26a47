//! Packets on their way, in the order in which they arrive.
//!
//! May import: nothing.

use std::cmp::Ordering;
use std::time::Duration;

/// A packet past the queue.
#[derive(Debug)]
pub(super) struct Underway<P> {
    pub(super) due: Duration,
    /// Of two that are due at the same time the smaller goes first.
    pub(super) number: u64,
    pub(super) packet: P,
    pub(super) bytes: usize,
}

/// The greatest, which a heap has on top, is the next to arrive.
impl<P> Ord for Underway<P> {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.due, other.number).cmp(&(self.due, self.number))
    }
}

impl<P> PartialOrd for Underway<P> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<P> PartialEq for Underway<P> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<P> Eq for Underway<P> {}
