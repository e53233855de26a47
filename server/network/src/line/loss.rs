//! Which packets are lost: the two-state chain of Gilbert and Elliott, in which every packet of the bad state is lost and none of the good
//! state (E. N. Gilbert, [Capacity of a burst-noise channel](https://doi.org/10.1002/j.1538-7305.1960.tb03959.x), 1960).
//!
//! May import: nothing.

/// The state of the chain.
#[derive(Debug, Clone, Default)]
pub(super) struct Loss {
    bad: bool,
}

impl Loss {
    /// Whether the next packet is lost, when `share` (0 to 1) of them are, in runs of `burst` packets on average; `draw` is a number from
    /// 0 to 1.
    ///
    /// Runs cannot be shorter than those of independent losses. With just their length the chain *is* independent loss: it enters the
    /// bad state as often as it stays in it.
    pub(super) fn next(&mut self, share: f64, burst: f64, draw: f64) -> bool {
        if share <= 0.0 || share >= 1.0 {
            self.bad = share >= 1.0;
            return self.bad;
        }
        let leave = (1.0 / burst).min(1.0 - share);
        let enter = leave * share / (1.0 - share);
        self.bad = draw < if self.bad { 1.0 - leave } else { enter };
        self.bad
    }
}
