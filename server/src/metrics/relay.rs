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
        page.head(
            "ice_answers_total",
            "counter",
            "Requests that STUN and TURN answered.",
        );
        page.line("ice_answers_total", "", load(&self.answers));
        page.head(
            "relayed_packets_total",
            "counter",
            "Packets that TURN relayed.",
        );
        page.line("relayed_packets_total", "", load(&self.packets));
        page.head("relayed_bytes_total", "counter", "Bytes in them.");
        page.line("relayed_bytes_total", "", load(&self.bytes));
        page.head(
            "relay_drops_total",
            "counter",
            "Packets to STUN and TURN that came to nothing, by reason.",
        );
        for (reason, name) in REASONS {
            let label = format!("{{reason=\"{name}\"}}");
            page.line(
                "relay_drops_total",
                &label,
                load(&self.dropped[reason as usize]),
            );
        }
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
