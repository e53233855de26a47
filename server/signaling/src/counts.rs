//! What is counted. Counting is a relaxed atomic, because it happens for every message.
//!
//! May import: nothing.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper ends of the buckets of [`Sums::latency`], in microseconds, from a quick relay to a reader that hardly reads.
const LATENCY_BUCKETS: [u64; 14] = [
    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
    5_000_000,
];

/// What a frame of a client turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameKind {
    /// `/announce`
    Announce,
    /// `/to`
    Directed,
    /// `/leave`
    Leave,
    /// Any other command, for the whole room.
    Broadcast,
    /// The original transport's, and greetings that are said back.
    Chatter,
    /// None of these.
    Bad,
}

const FRAME_KINDS: [(FrameKind, &str); 6] = [
    (FrameKind::Announce, "announce"),
    (FrameKind::Directed, "directed"),
    (FrameKind::Leave, "leave"),
    (FrameKind::Broadcast, "broadcast"),
    (FrameKind::Chatter, "chatter"),
    (FrameKind::Bad, "bad"),
];

/// Everything that only grows, and what waits in all queues.
#[derive(Debug, Default)]
pub struct Counts {
    queued_bytes: AtomicUsize,
    connections: AtomicU64,
    frames: [AtomicU64; FRAME_KINDS.len()],
    frames_sent: AtomicU64,
    /// By code. Refusals are rare, and few kinds.
    refusals: Mutex<BTreeMap<&'static str, u64>>,
    latency: [AtomicU64; LATENCY_BUCKETS.len() + 1],
    latency_nanos: AtomicU64,
}

/// What is now.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Gauges {
    /// Open WebSockets.
    pub connections: usize,
    /// Rooms with a member.
    pub rooms: usize,
    /// Members of all rooms.
    pub members: usize,
    /// Bytes that wait for slow readers.
    pub queued_bytes: usize,
    /// The same for the slowest.
    pub longest_queue_bytes: usize,
}

/// What has been counted since the start.
#[derive(Debug, Clone, PartialEq)]
pub struct Sums {
    /// WebSockets that were opened.
    pub connections: u64,
    /// Frames from clients, by the name of their kind.
    pub frames: [(&'static str, u64); FRAME_KINDS.len()],
    /// Frames that were written to clients.
    pub frames_sent: u64,
    /// What was refused, delayed or cut off, by the code of the rule or the bound.
    pub refusals: BTreeMap<&'static str, u64>,
    /// How long frames took from their arrival until they were written to their receivers: upper ends of buckets, in seconds, the last of them
    /// infinite, and how many were within each and in none before.
    pub latency: [(f64, u64); LATENCY_BUCKETS.len() + 1],
    /// The sum of those times.
    pub latency_sum: Duration,
}

impl Counts {
    /// A WebSocket was opened.
    pub fn connected(&self) {
        self.connections.fetch_add(1, Relaxed);
    }

    /// A client sent a frame.
    pub fn received(&self, kind: FrameKind) {
        self.frames[kind as usize].fetch_add(1, Relaxed);
    }

    /// So much more waits for a client.
    pub fn queued(&self, bytes: usize) {
        self.queued_bytes.fetch_add(bytes, Relaxed);
    }

    /// So much was written or forgotten.
    pub fn unqueued(&self, bytes: usize) {
        self.queued_bytes.fetch_sub(bytes, Relaxed);
    }

    /// What waits for all clients, as the limit counts it.
    pub fn queued_bytes(&self) -> usize {
        self.queued_bytes.load(Relaxed)
    }

    /// So many frames were written to one client, the first of which had waited so long.
    pub fn sent(&self, frames: u64, waited: Duration) {
        self.frames_sent.fetch_add(frames, Relaxed);
        let nanos = u64::try_from(waited.as_nanos()).unwrap_or(u64::MAX);
        let bucket = LATENCY_BUCKETS.iter().position(|end| nanos <= end * 1_000);
        self.latency[bucket.unwrap_or(LATENCY_BUCKETS.len())].fetch_add(1, Relaxed);
        self.latency_nanos.fetch_add(nanos, Relaxed);
    }

    /// Somebody was refused something, was made to wait, or was cut off; `code` says by which rule or limit.
    pub fn refused(&self, code: &'static str) {
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        *refusals.entry(code).or_default() += 1;
    }

    /// How often that was by this rule.
    pub fn refusals(&self, code: &'static str) -> u64 {
        let refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        refusals.get(code).copied().unwrap_or(0)
    }

    /// All of it.
    pub fn sums(&self) -> Sums {
        let refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        let refusals = refusals.clone();
        let mut latency = [(f64::INFINITY, 0); LATENCY_BUCKETS.len() + 1];
        for (bucket, micros) in latency.iter_mut().zip(LATENCY_BUCKETS) {
            bucket.0 = micros as f64 / 1e6;
        }
        for (bucket, count) in latency.iter_mut().zip(&self.latency) {
            bucket.1 = count.load(Relaxed);
        }
        Sums {
            connections: self.connections.load(Relaxed),
            frames: FRAME_KINDS
                .map(|(kind, name)| (name, self.frames[kind as usize].load(Relaxed))),
            frames_sent: self.frames_sent.load(Relaxed),
            refusals,
            latency,
            latency_sum: Duration::from_nanos(self.latency_nanos.load(Relaxed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_counter() {
        for (index, (kind, _)) in FRAME_KINDS.into_iter().enumerate() {
            assert_eq!(kind as usize, index);
        }
        let counts = Counts::default();
        counts.received(FrameKind::Leave);
        let frames = counts.sums().frames;
        assert!(frames.contains(&("leave", 1)) && frames.contains(&("bad", 0)));
    }

    #[test]
    fn each_time_is_in_the_first_bucket_that_holds_it() {
        let counts = Counts::default();
        for millis in [1, 2, 20_000] {
            counts.sent(1, Duration::from_millis(millis));
        }
        let sums = counts.sums();
        let filled = sums.latency.into_iter().filter(|(_, count)| *count > 0);
        let filled: Vec<_> = filled.collect();
        assert_eq!(filled, [(0.001, 1), (0.0025, 1), (f64::INFINITY, 1)]);
        assert_eq!(sums.latency_sum, Duration::from_millis(20_003));
    }
}
