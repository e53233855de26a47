//! Numbers and times of what a watcher gets: without a break though its layer changes, and with the gaps of what was lost before it came here.
//!
//! May import: nothing.

use std::time::{Duration, Instant};

/// Packets behind the newest one that may still come late.
const WINDOW: usize = 512;

/// How numbers of one layer become those of one watcher.
#[derive(Debug, Clone, Copy)]
struct Shift {
    /// The first of the layer that is passed on; older ones are late.
    first: u64,
    sequence: i64,
    time: u32,
}

/// Of one track of one watcher.
#[derive(Debug)]
pub(super) struct Continuity {
    clock_rate: u32,
    shift: Option<Shift>,
    highest: u64,
    /// The numbers that were given last, each at its remainder by [`WINDOW`]. None may be given twice: SRTP encrypts by the number, and two contents
    /// under one give away both and the key of the tags ([RFC 7714, section 9.1](https://www.rfc-editor.org/rfc/rfc7714#section-9.1)).
    given: Box<[u64]>,
    last: Option<(u32, Instant)>,
}

impl Continuity {
    /// For a track whose times count so many units a second.
    pub(super) fn new(clock_rate: u32) -> Self {
        Self {
            clock_rate,
            shift: None,
            highest: 0,
            given: Box::new([0; WINDOW]),
            last: None,
        }
    }

    /// A layer begins with this packet: it gets the next number, and a time that is as much later as it came later.
    pub(super) fn begin(&mut self, sequence: u64, time: u32, now: Instant) {
        let due = match self.last {
            Some((last, sent)) => {
                let passed = now
                    .saturating_duration_since(sent)
                    .min(Duration::from_secs(3600));
                let units = passed.as_secs_f64() * f64::from(self.clock_rate);
                last.wrapping_add((units as u32).max(1))
            }
            None => time,
        };
        self.shift = Some(Shift {
            first: sequence,
            // Numbers of both sides begin with 16 random bits and count packets.
            sequence: (self.highest + 1) as i64 - sequence as i64,
            time: due.wrapping_sub(time),
        });
    }

    /// The number and the time that a packet of the layer gets; none if it is older than the layer is here, has been here before, or comes too late.
    pub(super) fn next(&mut self, sequence: u64, time: u32, now: Instant) -> Option<(u64, u32)> {
        let shift = self.shift.filter(|shift| sequence >= shift.first)?;
        let number = sequence.checked_add_signed(shift.sequence)?;
        let time = time.wrapping_add(shift.time);
        let given = self.given.get_mut(number as usize % WINDOW)?;
        if *given >= number {
            return None;
        }
        *given = number;
        if number > self.highest {
            self.highest = number;
            self.last = Some((time, now));
        }
        Some((number, time))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const VIDEO: u32 = 90_000;

    #[test]
    fn a_gap_stays_one_and_what_comes_late_fills_it() {
        let now = Instant::now();
        let mut continuity = Continuity::new(VIDEO);
        continuity.begin(70_000, 5000, now);
        assert_eq!(continuity.next(70_000, 5000, now), Some((1, 5000)));
        assert_eq!(continuity.next(70_003, 8000, now), Some((4, 8000)));
        assert_eq!(continuity.next(70_001, 5000, now), Some((2, 5000)));
        assert_eq!(continuity.next(70_004, 8000, now), Some((5, 8000)));
    }

    #[test]
    fn another_layer_goes_on_with_the_next_number_and_the_time_that_has_passed() {
        let now = Instant::now();
        let mut continuity = Continuity::new(VIDEO);
        continuity.begin(10, 1000, now);
        continuity.next(12, 4000, now);
        let later = now + Duration::from_millis(100);
        continuity.begin(900, 77_000, later);
        assert_eq!(continuity.next(900, 77_000, later), Some((4, 13_000)));
        assert_eq!(continuity.next(901, 80_000, later), Some((5, 16_000)));
        assert_eq!(continuity.next(899, 74_000, later), None, "it is of before");
    }

    #[test]
    fn no_number_is_given_twice_whatever_a_publisher_sends() {
        let now = Instant::now();
        let mut continuity = Continuity::new(VIDEO);
        continuity.begin(100, 0, now);
        let mut given = std::collections::HashSet::new();
        let late = WINDOW as u64 + 100;
        for sequence in [100, 100, 102, 101, 102, late, 100, 101, late + 3, late] {
            if let Some((number, _)) = continuity.next(sequence, 0, now) {
                assert!(given.insert(number), "{number}");
            }
        }
        // Of 100, 102, 101, and the two that are far ahead.
        assert_eq!(given.len(), 5);
        continuity.begin(100, 0, now);
        let (number, _) = continuity.next(100, 0, now).unwrap();
        assert!(given.insert(number));
    }

    #[test]
    fn times_that_run_over_go_on() {
        let now = Instant::now();
        let mut continuity = Continuity::new(VIDEO);
        continuity.begin(1, u32::MAX, now);
        assert_eq!(continuity.next(1, u32::MAX, now), Some((1, u32::MAX)));
        continuity.begin(5, 7, now);
        assert_eq!(continuity.next(5, 7, now), Some((2, 0)));
    }
}
