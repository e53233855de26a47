//! How much the way to a watcher carries, by the estimate of its congestion control, and which layers of a picture fit into that.
//!
//! A layer that does not fit is left at once, as packets wait or get lost. A larger one has to fit for a while, and clearly; if it turns out not to, the
//! next try is later. So a picture changes its size seldom on a line that carries nearly enough.
//!
//! May import: nothing.

use std::time::{Duration, Instant};

/// By how much a layer may exceed the estimate: both vary from one moment to the next.
const EXCESS: f64 = 1.1;
/// How much of the estimate has to be there for each bit of a larger layer.
const ROOM: f64 = 1.2;
/// For how long it has to be there at first, and after tries that came to nothing.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(64);
/// A layer that is left so soon after it was chosen was chosen in vain.
const TRIAL: Duration = Duration::from_secs(10);
/// How much is looked for, for each bit of the largest layer.
const WANTED: f64 = 1.5;
/// What is looked for stays until it is less than [`ROOM`] for each bit of the largest layer, or more than so many times what is wanted.
const WANTED_AT_MOST: f64 = 2.0;

/// Of one watcher.
#[derive(Debug)]
pub(super) struct Capacity {
    /// Bits a second. Without it, everything fits.
    estimate: Option<f64>,
    /// Since when there is room for more.
    roomy_since: Option<Instant>,
    /// For how long there has to be.
    wait: Duration,
    /// When a larger layer was chosen last.
    rose: Option<Instant>,
    /// Bits a second that are looked for.
    wanted: f64,
}

impl Capacity {
    pub(super) fn new() -> Self {
        Self {
            estimate: None,
            roomy_since: None,
            wait: SHORTEST_WAIT,
            rose: None,
            wanted: 0.0,
        }
    }

    /// There is another estimate, or none any more.
    pub(super) fn estimated(&mut self, bits_per_second: Option<f64>) {
        self.estimate = bits_per_second;
    }

    /// How many bits a second a layer may have that somebody gets who gets a layer of `current` bits now; any number, without a bound.
    pub(super) fn bound(&mut self, current: Option<f64>, now: Instant) -> Option<f64> {
        let estimate = self.estimate?;
        let Some(current) = current else {
            return Some(estimate);
        };
        if current > estimate * EXCESS {
            self.roomy_since = None;
            return Some(estimate);
        }
        let room = estimate / ROOM;
        if room <= current {
            self.roomy_since = None;
            return Some(current);
        }
        let since = *self.roomy_since.get_or_insert(now);
        match now.saturating_duration_since(since) >= self.wait {
            true => Some(room),
            false => Some(current),
        }
    }

    /// A larger layer was chosen, as there was room for it.
    pub(super) fn rose(&mut self, now: Instant) {
        self.rose = Some(now);
        self.roomy_since = None;
    }

    /// A smaller one was chosen.
    pub(super) fn fell(&mut self, now: Instant) {
        let is_trial = |rose| now.saturating_duration_since(rose) < TRIAL;
        self.wait = match self.rose.take().is_some_and(is_trial) {
            true => (2 * self.wait).min(LONGEST_WAIT),
            false => SHORTEST_WAIT,
        };
    }

    /// How many bits a second to look for, where a larger layer than the present one has so many at most; none, where there is no larger one. Nothing if that
    /// is as before: each change costs a probe.
    pub(super) fn looks_for(&mut self, largest: f64) -> Option<f64> {
        let wanted = largest * WANTED;
        let is_same = (largest * ROOM..=wanted * WANTED_AT_MOST).contains(&self.wanted);
        if is_same || self.estimate.is_none() {
            return None;
        }
        self.wanted = wanted;
        Some(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn carrying(bits: f64) -> Capacity {
        let mut capacity = Capacity::new();
        capacity.estimated(Some(bits));
        capacity
    }

    #[test]
    fn without_an_estimate_there_is_no_bound() {
        let now = Instant::now();
        assert_eq!(Capacity::new().bound(Some(1e6), now), None);
        let mut capacity = carrying(1.0);
        capacity.estimated(None);
        assert_eq!(capacity.bound(Some(1e6), now), None);
    }

    #[test]
    fn a_layer_that_does_not_fit_is_left_at_once_and_one_that_nearly_fits_stays() {
        let now = Instant::now();
        let mut capacity = carrying(500e3);
        assert_eq!(capacity.bound(None, now), Some(500e3));
        assert_eq!(capacity.bound(Some(600e3), now), Some(500e3));
        assert_eq!(capacity.bound(Some(540e3), now), Some(540e3));
    }

    #[test]
    fn a_larger_layer_has_to_fit_clearly_and_for_a_while() {
        let now = Instant::now();
        let mut capacity = carrying(1.2e6);
        assert_eq!(capacity.bound(Some(100e3), now), Some(100e3));
        let soon = now + SHORTEST_WAIT / 2;
        assert_eq!(capacity.bound(Some(100e3), soon), Some(100e3));
        let later = now + SHORTEST_WAIT;
        assert_eq!(capacity.bound(Some(100e3), later), Some(1e6));
        // It begins anew when there is no room in between.
        capacity.estimated(Some(100e3));
        assert_eq!(capacity.bound(Some(100e3), later), Some(100e3));
        capacity.estimated(Some(1.2e6));
        assert_eq!(capacity.bound(Some(100e3), later), Some(100e3));
    }

    #[test]
    fn tries_that_come_to_nothing_become_seldom_and_one_that_holds_ends_that() {
        let mut now = Instant::now();
        let mut capacity = carrying(1.2e6);
        let mut waits = Vec::new();
        for _ in 0..8 {
            let begun = now;
            while capacity.bound(Some(100e3), now) == Some(100e3) {
                now += SECOND;
            }
            waits.push((now - begun).as_secs());
            capacity.rose(now);
            now += SECOND;
            capacity.fell(now);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 64]);
        capacity.rose(now);
        now += TRIAL;
        capacity.fell(now);
        assert_eq!(capacity.wait, SHORTEST_WAIT);
    }

    #[test]
    fn what_is_looked_for_follows_the_largest_layer_and_not_each_of_its_changes() {
        let mut capacity = Capacity::new();
        assert_eq!(capacity.looks_for(1e6), None, "nobody estimates");
        capacity.estimated(Some(1e6));
        assert_eq!(capacity.looks_for(1e6), Some(1.5e6));
        for largest in [1e6, 1.2e6, 0.6e6] {
            assert_eq!(capacity.looks_for(largest), None, "{largest}");
        }
        assert_eq!(capacity.looks_for(1.4e6), Some(1.4e6 * WANTED));
        assert_eq!(capacity.looks_for(0.5e6), Some(0.5e6 * WANTED));
        assert_eq!(capacity.looks_for(0.0), Some(0.0));
        assert_eq!(capacity.looks_for(0.0), None);
    }
}
