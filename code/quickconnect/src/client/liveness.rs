//! Whether the other side of a call is there, and how far away. Asked over the hidden channel, so that it holds without the
//! signaling server. Pure: the call says what time it is.
//!
//! May import: tokio.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// After so many silent intervals nobody is there.
const MAX_MISSED: u32 = 4;
/// Questions that wait for their answer.
const MAX_ASKED: usize = 4;
/// How long a peer that the server has lost has to show that it is there, besides [`ROUND_TRIPS`] of its longest answers of late.
const PROBE_TIMEOUT: Duration = Duration::from_millis(60);
const ROUND_TRIPS: u32 = 4;
/// The same for one that has another socket, at least: a call that is given up because a machine was busy for a moment is lost for nothing.
const BACK_TIMEOUT: Duration = Duration::from_secs(1);
/// What an answer is taken to need before there was one.
const FIRST_ROUND_TRIP: Duration = Duration::from_millis(250);

/// What has been heard of the other side.
#[derive(Debug)]
pub(super) struct Liveness {
    /// It answers over the channel, so it needs no `/ping` through the server.
    speaks: bool,
    missed: u32,
    /// When the questions were asked whose answers are missing.
    asked: VecDeque<Instant>,
    /// The longest time that an answer took, of late.
    round_trip: Duration,
}

impl Default for Liveness {
    fn default() -> Self {
        Self {
            speaks: false,
            missed: 0,
            asked: VecDeque::new(),
            round_trip: FIRST_ROUND_TRIP,
        }
    }
}

impl Liveness {
    /// A sign of life came.
    pub(super) fn touch(&mut self) {
        self.missed = 0;
    }

    /// It was asked over the channel.
    pub(super) fn ask(&mut self, now: Instant) {
        if self.asked.len() == MAX_ASKED {
            self.asked.pop_front();
        }
        self.asked.push_back(now);
    }

    /// An answer came over the channel.
    pub(super) fn answered(&mut self, now: Instant) {
        if let Some(asked) = self.asked.pop_front() {
            let took = now.saturating_duration_since(asked);
            let before = match self.speaks {
                true => self.round_trip.mul_f64(0.75),
                false => Duration::ZERO,
            };
            self.round_trip = took.max(before);
        }
        self.speaks = true;
    }

    pub(super) fn speaks(&self) -> bool {
        self.speaks
    }

    /// How long it has to answer when there is reason to ask whether it is there.
    pub(super) fn probe_timeout(&self) -> Duration {
        PROBE_TIMEOUT + ROUND_TRIPS * self.round_trip
    }

    /// The same when it has another socket, perhaps since the server started anew, and with it the relay that carried us.
    pub(super) fn back_timeout(&self) -> Duration {
        self.probe_timeout().max(BACK_TIMEOUT)
    }

    /// Another interval is over; whether the other side counts as gone. One that is heard only through the server is
    /// not silent while the server is away.
    pub(super) fn beat(&mut self, is_active: bool, is_signaling_up: bool) -> bool {
        if is_active && (self.speaks || is_signaling_up) {
            self.missed += 1;
        }
        self.missed >= MAX_MISSED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_silent_intervals_are_the_end() {
        let mut liveness = Liveness::default();
        let silent: Vec<_> = (0..4).map(|_| liveness.beat(true, true)).collect();
        assert_eq!(silent, [false, false, false, true]);
    }

    #[test]
    fn a_sign_of_life_begins_the_count_anew() {
        let mut liveness = Liveness::default();
        for _ in 0..10 {
            assert!(!liveness.beat(true, true));
            liveness.touch();
        }
    }

    #[test]
    fn a_peer_heard_only_through_the_server_is_not_silent_while_that_is_away() {
        let mut liveness = Liveness::default();
        assert!((0..10).all(|_| !liveness.beat(true, false)));
        liveness.answered(Instant::now());
        assert!((0..4).any(|_| liveness.beat(true, false)));
    }

    #[test]
    fn who_is_far_away_has_more_time_to_answer() {
        let mut liveness = Liveness::default();
        let now = Instant::now();
        assert!(liveness.probe_timeout() > Duration::from_secs(1));
        for (ms, at_least) in [(1200, 4800), (1, 3600), (1, 2700)] {
            liveness.ask(now);
            liveness.answered(now + Duration::from_millis(ms));
            assert!(liveness.probe_timeout() >= Duration::from_millis(at_least));
        }
        for _ in 0..30 {
            liveness.ask(now);
            liveness.answered(now + Duration::from_millis(1));
        }
        assert!(liveness.probe_timeout() < Duration::from_millis(70));
    }
}
