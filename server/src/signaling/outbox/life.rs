//! What says that a client is there, besides its word: bytes that it takes, and time for those that are still on their way.
//!
//! Atomics, because they change with every frame. May import: std.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

/// Bytes that the slowest link carries in a second: half of 1 Mbit/s, because others use it as well.
const SLOWEST_LINK: usize = 64 * 1024;

/// Longest time that is given to what is on its way.
const MAX_WAY: Duration = Duration::from_secs(15);

/// Signs of life of one client.
#[derive(Debug, Default)]
pub(super) struct Life {
    /// There was one since [`take`](Self::take).
    is_shown: AtomicBool,
    /// Bytes written since something last came from the client. So many may be ahead of what it is asked, in buffers of the two
    /// systems, of proxies and of the network.
    on_the_way: AtomicUsize,
    /// Somebody waits for a sign.
    pub(super) is_awaited: AtomicBool,
}

impl Life {
    /// Something came from the client.
    pub(super) fn heard(&self) {
        self.is_shown.store(true, Relaxed);
        self.on_the_way.store(0, Relaxed);
    }

    /// The socket was full and has taken more, so the client's system has acknowledged something.
    pub(super) fn took(&self) {
        self.is_shown.store(true, Relaxed);
    }

    /// So much was written.
    pub(super) fn wrote(&self, bytes: usize) {
        self.on_the_way.fetch_add(bytes, Relaxed);
    }

    /// Whether there was a sign since this was last called.
    pub(super) fn take(&self) -> bool {
        self.is_shown.swap(false, Relaxed)
    }

    /// Time in which what is on its way arrives, however slow the link is.
    pub(super) fn way(&self) -> Duration {
        let bytes = self.on_the_way.load(Relaxed);
        Duration::from_secs_f64(bytes as f64 / SLOWEST_LINK as f64).min(MAX_WAY)
    }
}
