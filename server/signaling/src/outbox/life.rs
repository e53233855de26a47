//! Signs of life of a client besides its messages: bytes that it takes, and how long bytes may still be on their way.
//!
//! The counters are atomics, because they change with every frame.
//!
//! May import: nothing.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

/// Bytes that the slowest link carries in a second: half of 1 Mbit/s, because others use it as well.
const SLOWEST_LINK: usize = 64 * 1024;

/// Longest time that is given to what is on its way.
const MAX_WAY: Duration = Duration::from_secs(15);

/// Signs of life of one client.
#[derive(Debug, Default)]
pub(super) struct Life {
    /// How many there were.
    signs: AtomicUsize,
    /// Bytes written so far.
    written: AtomicUsize,
    /// Of these, so many have certainly arrived: a ping behind them was answered. The others may be on their way, in buffers of the two
    /// systems, of proxies and of the network.
    arrived: AtomicUsize,
}

impl Life {
    /// Something came from the client.
    pub(super) fn heard(&self) {
        self.signs.fetch_add(1, Relaxed);
    }

    /// The socket was full and has taken more, so the client's system has acknowledged something.
    pub(super) fn took(&self) {
        self.signs.fetch_add(1, Relaxed);
    }

    /// So much was written.
    pub(super) fn wrote(&self, bytes: usize) {
        self.written.fetch_add(bytes, Relaxed);
    }

    /// How much was written.
    pub(super) fn written(&self) -> usize {
        self.written.load(Relaxed)
    }

    /// All that had been written at some time has arrived.
    pub(super) fn arrived(&self, written: usize) {
        self.arrived.store(written, Relaxed);
    }

    /// How many signs there were so far.
    pub(super) fn signs(&self) -> usize {
        self.signs.load(Relaxed)
    }

    /// Time in which what is on its way arrives, however slow the link is.
    pub(super) fn way(&self) -> Duration {
        // Loaded first, and saturating: another task may write, and hear that all of it has arrived, in between.
        let arrived = self.arrived.load(Relaxed);
        let bytes = self.written().saturating_sub(arrived);
        Duration::from_secs_f64(bytes as f64 / SLOWEST_LINK as f64).min(MAX_WAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_shows_that_what_was_written_has_arrived() {
        let life = Life::default();
        life.wrote(SLOWEST_LINK);
        assert_eq!(life.way(), Duration::from_secs(1));
        let before_the_ping = life.written();
        life.wrote(2 * SLOWEST_LINK);
        // It may have been said before any of it came.
        life.heard();
        assert_eq!(life.way(), Duration::from_secs(3));
        life.arrived(before_the_ping);
        assert_eq!(life.way(), Duration::from_secs(2));
        life.wrote(100 * SLOWEST_LINK);
        assert_eq!(life.way(), MAX_WAY);
    }
}
