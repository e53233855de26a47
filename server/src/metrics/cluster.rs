//! What instances of a cluster say to each other, counted.
//!
//! May import: histogram, page.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::histogram::Histogram;
use super::page::{Page, load};

/// What one instance says to another of a client, or of itself, by its number less one.
pub const ENTRIES: [&str; 9] = [
    "open", "frame", "gone", "alive", "send", "end", "probe", "cost", "bye",
];

/// In which direction something goes between instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From this one.
    Out,
    /// To this one.
    In,
}

const WAYS: [(Direction, &str); 2] = [(Direction::Out, "out"), (Direction::In, "in")];

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

/// What goes in one direction.
#[derive(Debug, Default)]
struct Said {
    messages: AtomicU64,
    bytes: AtomicU64,
    entries: [AtomicU64; ENTRIES.len()],
}

/// All of it since the start.
#[derive(Debug, Default)]
pub struct ClusterCounts {
    said: [Said; WAYS.len()],
    resent: AtomicU64,
    fenced: AtomicU64,
    lease_late: AtomicU64,
    key_changes: AtomicU64,
    claims: [AtomicU64; ClaimOutcome::ALL.len()],
    claim_times: Histogram,
    /// By reason. They are rare, and few kinds.
    dropped: Mutex<BTreeMap<&'static str, u64>>,
    links_down: Mutex<BTreeMap<&'static str, u64>>,
}

impl ClusterCounts {
    /// A message of so many bytes was published, or came.
    pub fn message(&self, way: Direction, bytes: usize) {
        let said = &self.said[way as usize];
        said.messages.fetch_add(1, Relaxed);
        said.bytes.fetch_add(bytes as u64, Relaxed);
    }

    /// So many entries were said for the first time, or came and are heeded, by their places in [`ENTRIES`].
    pub fn entries(&self, way: Direction, entries: &[u64; ENTRIES.len()]) {
        for (sum, count) in self.said[way as usize].entries.iter().zip(entries) {
            sum.fetch_add(*count, Relaxed);
        }
    }

    /// So many messages were published again.
    pub fn resent(&self, messages: usize) {
        self.resent.fetch_add(messages as u64, Relaxed);
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

    /// So long the broker took to say where a room is.
    pub fn claim_took(&self, time: Duration) {
        self.claim_times.add(time);
    }

    /// The lease of this instance had run out when it was renewed.
    pub fn lease_was_late(&self) {
        self.lease_late.fetch_add(1, Relaxed);
    }

    /// Others took the place of the cluster's keys.
    pub fn keys_changed(&self) {
        self.key_changes.fetch_add(1, Relaxed);
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
        let ways = || WAYS.iter().zip(&self.said);
        page.counters(
            "cluster_messages",
            "Messages between instances, by direction.",
            "way",
            ways().map(|((_, way), said)| (*way, load(&said.messages))),
        );
        page.counters(
            "cluster_bytes",
            "Bytes of messages between instances, by direction.",
            "way",
            ways().map(|((_, way), said)| (*way, load(&said.bytes))),
        );
        page.counters_by(
            "cluster_entries",
            "What instances say to each other of clients, or of themselves, by kind and direction.",
            ["kind", "way"],
            ways().flat_map(|((_, way), said)| {
                let entries = ENTRIES.iter().zip(&said.entries);
                entries.map(|(kind, count)| ([*kind, *way], load(count)))
            }),
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
        self.claim_times.render(
            page,
            "cluster_claim_seconds",
            "From the question where a room is to the broker's answer.",
        );
        page.counter(
            "cluster_lease_late",
            "Renewals of this instance's lease that came when it had run out.",
            &self.lease_late,
        );
        page.counter(
            "cluster_key_changes",
            "Changes of the cluster's keys that were read from their file.",
            &self.key_changes,
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
        for (index, (way, _)) in WAYS.into_iter().enumerate() {
            assert_eq!(way as usize, index);
        }
    }
}
