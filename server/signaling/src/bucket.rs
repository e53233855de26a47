//! A token bucket: how much may come at once, and how much in the long run. Pure; the clock is an argument.
//!
//! May import: nothing.

use std::time::{Duration, Instant};

/// So many of something in a second, in the long run, and so many at once.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// In a second.
    pub per_second: usize,
    /// At once, after a quiet time.
    pub burst: usize,
}

/// What has been taken and is not repaid yet, as the time at which all of it will be (the generic cell rate algorithm): a connection needs no
/// more memory than that.
#[derive(Debug, Clone, Copy)]
pub struct Bucket {
    repaid_at: Instant,
}

impl Bucket {
    /// A bucket that owes nothing.
    pub fn new(now: Instant) -> Self {
        Self { repaid_at: now }
    }

    /// Takes `amount`, even if there is less, and returns how long whoever takes it has to wait.
    pub fn take(&mut self, amount: usize, rate: Rate, now: Instant) -> Duration {
        self.repaid_at = self.repaid_at.max(now) + time_for(amount, rate);
        self.debt(now).saturating_sub(time_for(rate.burst, rate))
    }

    /// How long it takes to repay what is owed `now`.
    pub fn debt(&self, now: Instant) -> Duration {
        self.repaid_at.duration_since(now)
    }

    /// Whether nothing is owed.
    pub fn is_repaid(&self, now: Instant) -> bool {
        self.repaid_at <= now
    }
}

/// How long it takes to repay `amount`. A year is the same as for ever here, and can be added to a moment.
pub(crate) fn time_for(amount: usize, rate: Rate) -> Duration {
    const A_YEAR: f64 = 31_536_000e9;
    let nanos = amount as f64 * 1e9 / rate.per_second as f64;
    Duration::from_nanos(nanos.min(A_YEAR) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        per_second: 10,
        burst: 5,
    };

    #[test]
    fn a_burst_passes_and_what_follows_waits_its_turn() {
        let now = Instant::now();
        let mut bucket = Bucket::new(now);
        for _ in 0..5 {
            assert_eq!(bucket.take(1, RATE, now), Duration::ZERO);
        }
        assert_eq!(bucket.take(1, RATE, now), Duration::from_millis(100));
        assert_eq!(bucket.take(1, RATE, now), Duration::from_millis(200));
    }

    #[test]
    fn what_is_taken_is_repaid_with_time() {
        let begin = Instant::now();
        let mut bucket = Bucket::new(begin);
        bucket.take(5, RATE, begin);
        let later = begin + Duration::from_millis(499);
        assert!(!bucket.is_repaid(later));
        let later = begin + Duration::from_millis(500);
        assert!(bucket.is_repaid(later));
        assert_eq!(bucket.take(5, RATE, later), Duration::ZERO);
    }

    #[test]
    fn a_long_silence_saves_no_more_than_a_burst() {
        let begin = Instant::now();
        let mut bucket = Bucket::new(begin);
        let later = begin + Duration::from_secs(3600);
        assert_eq!(bucket.take(6, RATE, later), Duration::from_millis(100));
    }

    #[test]
    fn an_amount_without_measure_makes_a_long_wait_and_no_panic() {
        let now = Instant::now();
        let mut bucket = Bucket::new(now);
        let rate = Rate {
            per_second: 1,
            burst: 1,
        };
        for _ in 0..3 {
            assert!(bucket.take(usize::MAX, rate, now) > Duration::from_secs(30_000_000));
        }
    }
}
