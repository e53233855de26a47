//! What became of packets, one by one and in sum.
//!
//! May import: serde.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// Why a packet did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DropReason {
    /// It was one of those that the line loses.
    Loss,
    /// The queue in front of the narrow part had no room for it.
    Queue,
    /// The line was cut when the packet entered or would have left it.
    Cut,
    /// The line holds as much as it may: [`MAX_PACKETS`](super::MAX_PACKETS) or [`MAX_BYTES`](super::MAX_BYTES).
    Bound,
}

/// As it is shown, and written into captures.
impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loss => "loss",
            Self::Queue => "the queue was full",
            Self::Cut => "the line was cut",
            Self::Bound => "more was under way than the server keeps",
        })
    }
}

/// A packet that has come to the end of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit<P> {
    /// When.
    pub at: Duration,
    /// What was put in, unaltered.
    pub packet: P,
    /// Whether it arrives, or is dropped here.
    pub fate: Result<(), DropReason>,
}

/// Packets and their bytes, without headers of UDP and IP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// How many.
    pub packets: u64,
    /// How many bytes in all of them.
    pub bytes: u64,
}

impl Amount {
    pub(super) fn add(&mut self, bytes: usize) {
        self.packets += 1;
        self.bytes += bytes as u64;
    }

    pub(super) fn remove(&mut self, bytes: usize) {
        self.packets -= 1;
        self.bytes -= bytes as u64;
    }
}

/// What a line has done. `entered` and `copied` together are `delivered`, all that was dropped, and what the line still holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Statistics {
    /// Put in.
    pub entered: Amount,
    /// Made by duplication.
    pub copied: Amount,
    /// Came out.
    pub delivered: Amount,
    /// Did not, because of loss.
    pub lost: Amount,
    /// Did not, because the queue was full.
    pub queue_full: Amount,
    /// Did not, because of a cut.
    pub cut: Amount,
    /// Did not, because the line held as much as it may.
    pub bound: Amount,
}

impl Statistics {
    pub(super) fn dropped(&mut self, reason: DropReason, bytes: usize) {
        let amount = match reason {
            DropReason::Loss => &mut self.lost,
            DropReason::Queue => &mut self.queue_full,
            DropReason::Cut => &mut self.cut,
            DropReason::Bound => &mut self.bound,
        };
        amount.add(bytes);
    }
}
