//! What STUN and TURN do, counted.
//!
//! May import: page.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::page::{Page, load};

/// Why a packet came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unrelayed {
    /// It is none of STUN or TURN.
    Malformed,
    /// Strangers of its network ask too often.
    TooOften,
    /// Its sender has no permission for it.
    NotPermitted,
    /// Its peer may not be reached.
    Forbidden,
    /// Its session, or all, have more relayed than they may.
    TooMuch,
    /// The system did not take it.
    NotSent,
}

const REASONS: [(Unrelayed, &str); 6] = [
    (Unrelayed::Malformed, "malformed"),
    (Unrelayed::TooOften, "too-often"),
    (Unrelayed::NotPermitted, "not-permitted"),
    (Unrelayed::Forbidden, "forbidden"),
    (Unrelayed::TooMuch, "too-much"),
    (Unrelayed::NotSent, "not-sent"),
];

/// All of it since the start.
#[derive(Debug, Default)]
pub struct RelayCounts {
    answers: AtomicU64,
    packets: AtomicU64,
    bytes: AtomicU64,
    dropped: [AtomicU64; REASONS.len()],
}

impl RelayCounts {
    /// A request was answered.
    pub fn answered(&self) {
        self.answers.fetch_add(1, Relaxed);
    }

    /// A packet was relayed.
    pub fn relayed(&self, bytes: usize) {
        self.packets.fetch_add(1, Relaxed);
        self.bytes.fetch_add(bytes as u64, Relaxed);
    }

    /// A packet came to nothing.
    pub fn dropped(&self, why: Unrelayed) {
        self.dropped[why as usize].fetch_add(1, Relaxed);
    }

    pub(super) fn render(&self, page: &mut Page, ports: usize, connections: usize) {
        page.gauge(
            "relayed_ports",
            "Ports that TURN has given to clients.",
            ports,
        );
        page.gauge(
            "turn_connections",
            "TCP connections of STUN and TURN.",
            connections,
        );
        page.counter(
            "ice_answers",
            "Requests that STUN and TURN answered.",
            &self.answers,
        );
        page.counter(
            "relayed_packets",
            "Packets that TURN relayed.",
            &self.packets,
        );
        page.counter("relayed_bytes", "Bytes in them.", &self.bytes);
        page.counters(
            "relay_drops",
            "Packets to STUN and TURN that came to nothing, by reason.",
            "reason",
            REASONS.map(|(reason, name)| (name, load(&self.dropped[reason as usize]))),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_own_counter() {
        for (index, (reason, _)) in REASONS.into_iter().enumerate() {
            assert_eq!(reason as usize, index);
        }
    }
}
