//! What lines carry, counted. What they lose on purpose is no fault, and not counted here.
//!
//! May import: page.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::page::{Page, load};

/// Why a line did not carry a packet, besides what it was told to do to packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncarried {
    /// Its sender has not shown that it is one of the peers.
    Stranger,
    /// Nobody has shown to be the peer that it was for.
    Nobody,
    /// It is too large, or its line, or all, carry or hold more than they may.
    TooMuch,
    /// The system did not take it.
    NotSent,
}

impl Uncarried {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::Stranger, Self::Nobody, Self::TooMuch, Self::NotSent];

    /// A stable name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stranger => "stranger",
            Self::Nobody => "nobody",
            Self::TooMuch => "too_much",
            Self::NotSent => "not_sent",
        }
    }
}

/// All of it since the start.
#[derive(Debug, Default)]
pub struct LineCounts {
    packets: AtomicU64,
    bytes: AtomicU64,
    dropped: [AtomicU64; Uncarried::ALL.len()],
}

impl LineCounts {
    /// A packet came out.
    pub fn carried(&self, bytes: usize) {
        self.packets.fetch_add(1, Relaxed);
        self.bytes.fetch_add(bytes as u64, Relaxed);
    }

    /// A packet came to nothing.
    pub fn dropped(&self, why: Uncarried) {
        self.dropped[why as usize].fetch_add(1, Relaxed);
    }

    pub(super) fn render(&self, page: &mut Page, lines: usize, labs: usize, held_bytes: usize) {
        page.gauge("lines", "Lines that are open.", lines);
        page.gauge("labs", "NAT labs that are open.", labs);
        page.gauge(
            "line_held_bytes",
            "Bytes that are under way in all lines.",
            held_bytes,
        );
        page.counter(
            "line_packets",
            "Packets that lines and labs carried.",
            &self.packets,
        );
        page.counter("line_bytes", "Bytes in them.", &self.bytes);
        let names = Uncarried::ALL.map(|why| why.name().replace('_', "-"));
        let counts = names.iter().zip(&self.dropped);
        page.counters(
            "line_drops",
            "Packets that lines and labs did not carry though they were told nothing of the kind, by reason.",
            "reason",
            counts.map(|(name, count)| (name.as_str(), load(count))),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_own_counter() {
        for (index, why) in Uncarried::ALL.into_iter().enumerate() {
            assert_eq!(why as usize, index);
        }
    }
}
