//! How long to wait before the next attempt: longer each time, and never the same for two peers.
//!
//! May import: rand.

use std::time::Duration;

/// Waits that double, up to a longest one.
#[derive(Debug, Clone)]
pub(super) struct Backoff {
    first: Duration,
    longest: Duration,
    due: Duration,
}

impl Backoff {
    pub(super) fn new(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            due: first,
        }
    }

    /// Between half and all of what is due, so that those who lost the same server don't all come back at once.
    pub(super) fn next(&mut self) -> Duration {
        let wait = self.due.mul_f64(rand::random_range(0.5..=1.0));
        self.due = self.longest.min(self.due * 2);
        wait
    }

    pub(super) fn reset(&mut self) {
        self.due = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_longest_and_begin_again_after_a_success() {
        let (first, longest) = (Duration::from_millis(200), Duration::from_secs(10));
        let mut backoff = Backoff::new(first, longest);
        let first_wait = backoff.next();
        assert!(
            first_wait >= first / 2 && first_wait <= first,
            "{first_wait:?}"
        );
        let last = (0..20).map(|_| backoff.next()).last();
        assert!(
            last.is_some_and(|wait| wait >= longest / 2 && wait <= longest),
            "{last:?}"
        );
        backoff.reset();
        assert!(backoff.next() <= first);
    }
}
