//! What the server counts, and how Prometheus reads it.
//!
//! Counting is a relaxed atomic, because it happens for every message.
//!
//! # Layout
//! - `format`: the two formats, and who gets which
//! - `page`: families and samples in either
//! - `process`: what the process takes of its machine
//! - `relay`: what STUN and TURN do
//! - `line`: what lines carry
//! - `sfu`: what the media room forwards
//! - `cluster`: what instances say to each other
//!
//! May import: rustix.

mod cluster;
mod format;
mod line;
mod page;
mod process;
mod relay;
mod sfu;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

pub use cluster::{ClaimOutcome, ClusterCounts, ClusterGauges};
pub use format::Format;
pub use line::{LineCounts, Uncarried};
use page::{Page, load};
use process::Started;
pub use relay::{RelayCounts, Unrelayed};
pub use sfu::{SfuCounts, Unforwarded};

/// The refusal of a connection that begins with TLS where none is spoken. The network counts them, and a workshop's host is told.
pub const NO_TLS: &str = "no-tls";

/// Codes of refusals that are shown before the first one. An alert compares a number with what it was: of one that was not there it sees no growth.
const SHOWN_AT_ZERO: [&str; 6] = [
    "failed",
    "room-full",
    "too-many-connections",
    "too-many-connections-per-address",
    "too-many-relay-sessions",
    "too-many-rooms",
];

/// Upper ends of the histogram's buckets, in microseconds, from a quick relay to a reader that hardly reads.
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
pub struct Metrics {
    started: Started,
    queued_bytes: AtomicUsize,
    connections: AtomicU64,
    frames: [AtomicU64; FRAME_KINDS.len()],
    frames_sent: AtomicU64,
    /// By code. Refusals are rare, and few kinds.
    refusals: Mutex<BTreeMap<&'static str, u64>>,
    latency: [AtomicU64; LATENCY_BUCKETS.len() + 1],
    latency_nanos: AtomicU64,
    relay: RelayCounts,
    line: LineCounts,
    sfu: SfuCounts,
    cluster: ClusterCounts,
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
    /// Rooms with a companion.
    pub companions: usize,
    /// Bytes of messages that wait for its echo.
    pub companion_bytes: usize,
    /// Ports that TURN has given to clients.
    pub relayed_ports: usize,
    /// Its clients over TCP.
    pub turn_connections: usize,
    /// Lines that are open.
    pub lines: usize,
    /// Labs that are open.
    pub labs: usize,
    /// Bytes that are under way in all lines.
    pub line_held_bytes: usize,
    /// Sessions that publish in the media room.
    pub sfu_publishers: usize,
    /// Sessions that watch there.
    pub sfu_watchers: usize,
    /// Of the cluster, if the server takes part in one.
    pub cluster: Option<ClusterGauges>,
}

impl Metrics {
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

    /// What lines carry.
    pub fn line(&self) -> &LineCounts {
        &self.line
    }

    /// What the media room forwards.
    pub fn sfu(&self) -> &SfuCounts {
        &self.sfu
    }

    /// What instances say to each other.
    pub fn cluster(&self) -> &ClusterCounts {
        &self.cluster
    }

    /// What STUN and TURN do.
    pub fn relay(&self) -> &RelayCounts {
        &self.relay
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

    /// All of it, and how many lines the log lost for which reason.
    pub fn render(
        &self,
        format: Format,
        now: &Gauges,
        lost_log_lines: impl IntoIterator<Item = (&'static str, u64)>,
    ) -> String {
        let mut page = Page::new(format);
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        page.info("build", "Which version this is.", &version);
        process::render(&mut page, &self.started);
        page.gauge("connections", "WebSockets that are open.", now.connections);
        page.gauge("rooms", "Rooms that have a member.", now.rooms);
        page.gauge("members", "Peers in all rooms.", now.members);
        page.gauge(
            "queued_bytes",
            "Bytes that wait for clients which read slowly.",
            now.queued_bytes,
        );
        page.gauge(
            "longest_queue_bytes",
            "Bytes that wait for the slowest client.",
            now.longest_queue_bytes,
        );
        page.gauge(
            "companions",
            "Rooms that the server keeps company.",
            now.companions,
        );
        page.gauge(
            "companion_bytes",
            "Bytes of messages that wait for the companion's echo.",
            now.companion_bytes,
        );
        page.counter(
            "connections_opened",
            "WebSockets opened since the start.",
            &self.connections,
        );
        page.counters(
            "frames_received",
            "Frames from clients, by kind.",
            "kind",
            FRAME_KINDS.map(|(kind, name)| (name, load(&self.frames[kind as usize]))),
        );
        page.counter(
            "frames_sent",
            "Frames written to clients.",
            &self.frames_sent,
        );
        let mut refusals = BTreeMap::from(SHOWN_AT_ZERO.map(|code| (code, 0)));
        refusals.extend(&*self.refusals.lock().unwrap_or_else(PoisonError::into_inner));
        page.counters(
            "refusals",
            "What was refused, delayed or cut off, by the rule or the limit.",
            "code",
            refusals,
        );
        page.counters(
            "log_lines_lost",
            "Lines missing in the log, by reason.",
            "reason",
            lost_log_lines,
        );
        self.relay
            .render(&mut page, now.relayed_ports, now.turn_connections);
        self.line
            .render(&mut page, now.lines, now.labs, now.line_held_bytes);
        self.sfu
            .render(&mut page, now.sfu_publishers, now.sfu_watchers);
        if let Some(cluster) = &now.cluster {
            self.cluster.render(&mut page, cluster);
        }
        let ends = LATENCY_BUCKETS.map(|micros| micros as f64 / 1e6);
        let ends = ends.into_iter().chain([f64::INFINITY]);
        page.histogram(
            "relay_latency_seconds",
            "From a frame's arrival until it, and what follows it, is written to its receiver.",
            ends.zip(&self.latency)
                .map(|(end, count)| (end, load(count))),
            Duration::from_nanos(load(&self.latency_nanos)).as_secs_f64(),
        );
        page.text()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn families_have_names_of_their_own() {
        let metrics = Metrics::default();
        metrics.refused("room-full");
        metrics.refused("bad-host");
        let now = Gauges {
            cluster: Some(ClusterGauges::default()),
            ..Gauges::default()
        };
        let page = metrics.render(Format::OpenMetrics, &now, []);
        for line in [
            "room-full\"} 1",
            "bad-host\"} 1",
            "failed\"} 0",
            // Those of which an alert is raised.
            "too-many-connections-per-address\"} 0",
            "too-many-relay-sessions\"} 0",
            "too-many-rooms\"} 0",
        ] {
            let line = format!("guidebook_refusals_total{{code=\"{line}\n");
            assert!(page.contains(&line), "{line}");
        }
        let mut families = BTreeSet::new();
        for head in page.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
            // A gauge and a counter of one name are one family to OpenMetrics.
            let (family, _) = head.split_once(' ').unwrap();
            assert!(families.insert(family), "{family}");
        }
        assert!(families.len() > 30, "{}", families.len());
    }

    #[test]
    fn every_kind_has_its_own_counter() {
        for (index, (kind, _)) in FRAME_KINDS.into_iter().enumerate() {
            assert_eq!(kind as usize, index);
        }
        let metrics = Metrics::default();
        metrics.received(FrameKind::Leave);
        let page = metrics.render(Format::Text, &Gauges::default(), []);
        assert!(page.contains("guidebook_frames_received_total{kind=\"leave\"} 1\n"));
        assert!(page.contains("guidebook_frames_received_total{kind=\"bad\"} 0\n"));
    }

    #[test]
    fn buckets_count_what_is_within_them_and_all_that_is_smaller() {
        let metrics = Metrics::default();
        for millis in [1, 2, 20_000] {
            metrics.sent(1, Duration::from_millis(millis));
        }
        let page = metrics.render(Format::Text, &Gauges::default(), []);
        for line in [
            "bucket{le=\"0.0005\"} 0",
            "bucket{le=\"0.001\"} 1",
            "bucket{le=\"5.0\"} 2",
            "bucket{le=\"+Inf\"} 3",
            "count 3",
            "sum 20.003",
        ] {
            let line = format!("guidebook_relay_latency_seconds_{line}\n");
            assert!(page.contains(&line), "{line}");
        }
    }
}
