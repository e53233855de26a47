//! Bytes that several connections may hold together.
//!
//! May import: nothing.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// What is held, and how much may be.
#[derive(Debug)]
pub struct ByteBudget {
    held: AtomicUsize,
    max: usize,
}

impl ByteBudget {
    /// A budget of which nothing is taken.
    pub fn new(max: usize) -> Self {
        Self {
            held: AtomicUsize::new(0),
            max,
        }
    }

    /// Takes so many bytes, if there are as many left, and says whether it did.
    pub fn take(&self, bytes: usize) -> bool {
        let sum = |held: usize| held.checked_add(bytes).filter(|&sum| sum <= self.max);
        self.held.fetch_update(Relaxed, Relaxed, sum).is_ok()
    }

    /// Gives back what was taken.
    pub fn give_back(&self, bytes: usize) {
        self.held.fetch_sub(bytes, Relaxed);
    }
}
