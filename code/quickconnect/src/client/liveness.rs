//! Whether the other side of a call is there. Asked over the hidden channel, so that it holds without the signaling
//! server. Pure: the call says what time it is by calling.
//!
//! May import: nothing.

/// After so many silent intervals nobody is there.
const MAX_MISSED: u32 = 4;

/// What has been heard of the other side.
#[derive(Debug, Default)]
pub(super) struct Liveness {
    /// It answers over the channel, so it needs no `/ping` through the server.
    speaks: bool,
    missed: u32,
}

impl Liveness {
    /// A sign of life came.
    pub(super) fn touch(&mut self) {
        self.missed = 0;
    }

    /// It came over the channel, as an answer.
    pub(super) fn answered(&mut self) {
        self.speaks = true;
    }

    pub(super) fn speaks(&self) -> bool {
        self.speaks
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
        liveness.answered();
        assert!((0..4).any(|_| liveness.beat(true, false)));
    }
}
