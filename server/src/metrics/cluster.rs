//! What instances of a cluster say to each other, counted.
//!
//! May import: page.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use super::page::{Page, load};

/// Where a room turned out to be at home that an instance asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// Here.
    Mine,
    /// At another one.
    Other,
    /// Here, since the broker is known to be out of reach.
    Alone,
    /// Here, since the broker did not answer.
    Failed,
}

impl ClaimOutcome {
    const ALL: [(Self, &str); 4] = [
        (Self::Mine, "mine"),
        (Self::Other, "other"),
        (Self::Alone, "alone"),
        (Self::Failed, "failed"),
    ];
}

/// What is now.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct ClusterGauges {
    /// Whether the broker takes and brings messages.
    pub is_up: bool,
    /// Instances to which there is a link.
    pub peers: usize,
    /// Rooms that are at home here.
    pub homes: usize,
    /// Clients of other instances, in rooms here.
    pub guests: usize,
    /// Clients of this instance, in rooms of others.
    pub away: usize,
    /// Bytes that wait for the slowest link.
    pub queued_bytes: usize,
    /// Bytes that another instance has not acknowledged, of the link with most of them.
    pub unacknowledged_bytes: usize,
}

/// All of it since the start.
#[derive(Debug, Default)]
pub struct ClusterCounts {
    sent: AtomicU64,
    received: AtomicU64,
    resent: AtomicU64,
    fenced: AtomicU64,
    claims: [AtomicU64; ClaimOutcome::ALL.len()],
    /// By reason. They are rare, and few kinds.
    dropped: Mutex<BTreeMap<&'static str, u64>>,
    links_down: Mutex<BTreeMap<&'static str, u64>>,
}

impl ClusterCounts {
    /// So many messages were published, of which so many again.
    pub fn sent(&self, messages: usize, again: usize) {
        self.sent.fetch_add(messages as u64, Relaxed);
        self.resent.fetch_add(again as u64, Relaxed);
    }

    /// A message came from another instance.
    pub fn received(&self) {
        self.received.fetch_add(1, Relaxed);
    }

    /// A message came to nothing.
    pub fn dropped(&self, why: &'static str) {
        count(&self.dropped, why);
    }

    /// A link has ended.
    pub fn link_down(&self, why: &'static str) {
        count(&self.links_down, why);
    }

    /// A room was asked for.
    pub fn claimed(&self, outcome: ClaimOutcome) {
        self.claims[outcome as usize].fetch_add(1, Relaxed);
    }

    /// A room turned out to be another instance's.
    pub fn fenced(&self) {
        self.fenced.fetch_add(1, Relaxed);
    }

    pub(super) fn render(&self, page: &mut Page, now: &ClusterGauges) {
        let gauges = [
            (
                "up",
                "Whether the broker takes and brings messages.",
                usize::from(now.is_up),
            ),
            ("peers", "Instances to which there is a link.", now.peers),
            ("homes", "Rooms that are at home here.", now.homes),
            (
                "guests",
                "Clients of other instances, in rooms here.",
                now.guests,
            ),
            (
                "away",
                "Clients of this instance, in rooms of others.",
                now.away,
            ),
            (
                "link_queued_bytes",
                "Bytes that wait for the slowest link.",
                now.queued_bytes,
            ),
            (
                "link_unacked_bytes",
                "Bytes that another instance has not acknowledged, of the link with most of them.",
                now.unacknowledged_bytes,
            ),
        ];
        for (name, help, value) in gauges {
            page.gauge(&format!("cluster_{name}"), help, value);
        }
        let ways = [("out", load(&self.sent)), ("in", load(&self.received))];
        page.counters(
            "cluster_messages",
            "Messages between instances, by direction.",
            "way",
            ways,
        );
        page.counter(
            "cluster_resent",
            "Messages that were published again.",
            &self.resent,
        );
        page.counter(
            "cluster_fenced_rooms",
            "Rooms that turned out to be another instance's.",
            &self.fenced,
        );
        let claims = ClaimOutcome::ALL.iter().zip(&self.claims);
        page.counters(
            "cluster_claims",
            "Rooms that were asked for, by where they are.",
            "outcome",
            claims.map(|((_, name), count)| (*name, load(count))),
        );
        for (name, help, counts) in [
            (
                "cluster_dropped",
                "Messages between instances that came to nothing, by reason.",
                &self.dropped,
            ),
            (
                "cluster_links_down",
                "Links to other instances that ended, by reason.",
                &self.links_down,
            ),
        ] {
            let counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
            let counts = counts.iter().map(|(why, count)| (*why, *count));
            page.counters(name, help, "why", counts);
        }
    }
}

fn count(counts: &Mutex<BTreeMap<&'static str, u64>>, why: &'static str) {
    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    *counts.entry(why).or_default() += 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_its_own_counter() {
        for (index, (outcome, _)) in ClaimOutcome::ALL.into_iter().enumerate() {
            assert_eq!(outcome as usize, index);
        }
    }
}
