//! What the server counts, and how Prometheus reads it.
//!
//! What is counted of signaling is in the crate `signaling`.
//!
//! # Layout
//! - `format`: the two formats, and who gets which
//! - `page`: families and samples in either
//! - `process`: what the process takes of its machine
//! - `relay`: what STUN and TURN do
//! - `line`: what lines carry
//! - `sfu`: what the media room forwards
//! - `cluster`: what instances say to each other
//! - `histogram`: how often something took how long
//!
//! May import: rustix, signaling::counts.

mod cluster;
mod format;
mod histogram;
mod line;
mod page;
mod process;
mod relay;
mod sfu;

use std::collections::BTreeMap;
use std::sync::Arc;

use signaling::counts::Counts;

pub use cluster::{ClaimOutcome, ClusterCounts, ClusterGauges, Direction, ENTRIES};
pub use format::Format;
pub use line::{LineCounts, Uncarried};
use page::Page;
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

/// Everything that only grows.
#[derive(Debug, Default)]
pub struct Metrics {
    started: Started,
    signaling: Arc<Counts>,
    relay: RelayCounts,
    line: LineCounts,
    sfu: SfuCounts,
    cluster: ClusterCounts,
}

/// What is now.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Gauges {
    /// Of signaling.
    pub signaling: signaling::counts::Gauges,
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
    /// Of a server whose signaling counts here.
    pub fn with(signaling: Arc<Counts>) -> Self {
        Self {
            signaling,
            ..Self::default()
        }
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

    /// Somebody was refused something, was made to wait, or was cut off; `code` says by which rule or limit. What signaling refuses counts as well.
    pub fn refused(&self, code: &'static str) {
        self.signaling.refused(code);
    }

    /// How often that was by this rule.
    pub fn refusals(&self, code: &'static str) -> u64 {
        self.signaling.refusals(code)
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
        let sums = self.signaling.sums();
        let gauges = &now.signaling;
        page.gauge(
            "connections",
            "WebSockets that are open.",
            gauges.connections,
        );
        page.gauge("rooms", "Rooms that have a member.", gauges.rooms);
        page.gauge("members", "Peers in all rooms.", gauges.members);
        page.gauge(
            "queued_bytes",
            "Bytes that wait for clients which read slowly.",
            gauges.queued_bytes,
        );
        page.gauge(
            "longest_queue_bytes",
            "Bytes that wait for the slowest client.",
            gauges.longest_queue_bytes,
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
        page.total(
            "connections_opened",
            "WebSockets opened since the start.",
            sums.connections,
        );
        page.counters(
            "frames_received",
            "Frames from clients, by kind.",
            "kind",
            sums.frames,
        );
        page.total(
            "frames_sent",
            "Frames written to clients.",
            sums.frames_sent,
        );
        let mut refusals = BTreeMap::from(SHOWN_AT_ZERO.map(|code| (code, 0)));
        refusals.extend(sums.refusals);
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
        page.histogram(
            "relay_latency_seconds",
            "From a frame's arrival until it, and what follows it, is written to its receiver.",
            sums.latency,
            sums.latency_sum.as_secs_f64(),
        );
        page.text()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;
    use std::time::Duration;

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
    fn buckets_count_what_is_within_them_and_all_that_is_smaller() {
        let metrics = Metrics::default();
        for millis in [1, 2, 20_000] {
            metrics.signaling.sent(1, Duration::from_millis(millis));
        }
        let page = metrics.render(Format::Text, &Gauges::default(), []);
        assert!(page.contains("guidebook_frames_received_total{kind=\"bad\"} 0\n"));
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
