//! What was measured, and which of it is not as it must be. Its table is in `table`.
//!
//! May import: [`subject`](crate::subject), [`innocents`](crate::innocents), [`load`](crate::load)'s parts and tally.

mod table;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use crate::innocents::Seen;
use crate::load::Part;
use crate::load::attacker::Tally;
use crate::subject::Subject;

/// Innocents' p95, as a multiple of that of the quiet run: the median of the loaded run's parts that are as long as the quiet run. What
/// another program takes of the machine in one of them says nothing of the server.
const MAX_RATIO: f64 = 3.0;
const MAX_RESIDENT_MIB: f64 = 150.0;
/// More than before the load.
const MAX_KEPT_MIB: f64 = 20.0;
/// Of one kind of line.
const MAX_LINES_PER_SECOND: usize = 10;

/// What counts WebSockets: those that take part, and those that are told that there is no place for them.
const WEBSOCKETS: [&str; 3] = [
    "connections_opened_total",
    "refusals_total{code=\"too-many-connections\"}",
    "refusals_total{code=\"too-many-connections-per-address\"}",
];

/// Gauges that are as before, once the load is over.
const GAUGES: [&str; 6] = [
    "connections",
    "rooms",
    "members",
    "queued_bytes",
    "sfu_publishers",
    "sfu_watchers",
];

pub(crate) struct Report {
    begin: Instant,
    quiet: Seen,
    loaded: Seen,
    start_mib: f64,
    peak_mib: f64,
    end_mib: f64,
    /// From the end of the load to the end of the measurement.
    calm_after: Duration,
    /// Of the server, during the load.
    cpu: Duration,
    lasted: Duration,
    before: BTreeMap<String, f64>,
    after: BTreeMap<String, f64>,
    /// The most lines in a second, of each kind.
    logged: Vec<(String, usize)>,
    /// WebSockets that the load was granted, as far as it read so.
    upgrades: u64,
    /// What else the load counted.
    load: String,
}

impl Report {
    /// Before the load.
    pub(crate) fn begin(subject: &Subject, quiet: Seen) -> Self {
        Self {
            begin: Instant::now(),
            quiet,
            loaded: Seen::default(),
            start_mib: subject.resident_mib(),
            peak_mib: 0.0,
            end_mib: 0.0,
            calm_after: Duration::ZERO,
            cpu: subject.cpu(),
            lasted: Duration::ZERO,
            before: subject.metrics(),
            after: BTreeMap::new(),
            logged: Vec::new(),
            upgrades: 0,
            load: String::new(),
        }
    }

    /// As soon as the load is over.
    pub(crate) fn end_load(&mut self, subject: &Subject, seen: Seen, peak_mib: f64, tally: &Tally) {
        self.lasted = self.begin.elapsed();
        self.loaded = seen;
        self.peak_mib = peak_mib;
        self.cpu = subject.cpu().saturating_sub(self.cpu);
        self.upgrades = tally.upgrades.load(Relaxed);
        self.load = tally.to_string();
    }

    /// Whether the server is as it was before the load.
    pub(crate) fn is_calm(&self, subject: &Subject) -> bool {
        self.lasting(&subject.metrics()).is_empty()
            && subject.resident_mib() <= self.start_mib + MAX_KEPT_MIB
    }

    /// When it is, or after long enough.
    pub(crate) fn end(&mut self, subject: &Subject, calm_after: Duration) {
        self.calm_after = calm_after;
        self.end_mib = subject.resident_mib();
        self.after = subject.metrics();
        self.logged = subject.most_logged();
        self.logged.sort_by_key(|(_, most)| Reverse(*most));
    }

    /// What is not as it must be after these parts of the load, in sentences.
    pub(crate) fn failures(&self, parts: &[Part]) -> Vec<String> {
        let failed = [&self.quiet.failures[..], &self.loaded.failures[..]].concat();
        let mut failures: Vec<String> = failed
            .into_iter()
            .map(|what| format!("an innocent: {what}"))
            .collect();
        let mut must = |holds: bool, otherwise: String| {
            if !holds {
                failures.push(otherwise);
            }
        };
        let ratio = self.ratio();
        must(
            ratio <= MAX_RATIO,
            format!(
                "innocents' p95 is {ratio:.1} times that of the quiet run; the bound is {MAX_RATIO}"
            ),
        );
        let Self {
            start_mib,
            peak_mib,
            end_mib,
            ..
        } = self;
        must(
            *peak_mib <= MAX_RESIDENT_MIB,
            format!("{peak_mib:.0} MiB were resident; the bound is {MAX_RESIDENT_MIB}"),
        );
        must(
            *end_mib <= start_mib + MAX_KEPT_MIB,
            format!(
                "{end_mib:.0} MiB stayed, of {start_mib:.0} at the start; the bound is {MAX_KEPT_MIB} more"
            ),
        );
        for (kind, most) in &self.logged {
            must(
                *most <= MAX_LINES_PER_SECOND,
                format!("{most} lines in a second; the bound is {MAX_LINES_PER_SECOND}: {kind}"),
            );
        }
        for part in parts {
            for name in part.counted {
                must(
                    self.growth(name) > 0.0,
                    format!("{} is not counted: {name}", part.name),
                );
            }
        }
        let counted: f64 = WEBSOCKETS.iter().map(|name| self.growth(name)).sum();
        must(
            counted >= self.upgrades as f64,
            format!(
                "{counted} WebSockets were counted, and the load had {}",
                self.upgrades
            ),
        );
        for name in self.lasting(&self.after) {
            let (before, after) = (self.before[name], self.after[name]);
            must(
                false,
                format!("{name} is {after} after the load, and was {before}"),
            );
        }
        failures
    }

    fn ratio(&self) -> f64 {
        let ratios = self.ratios();
        let last = ratios.len().saturating_sub(1);
        match (ratios.get(last / 2), ratios.get(last.div_ceil(2))) {
            (Some(low), Some(high)) => (low + high) / 2.0,
            _ => f64::INFINITY,
        }
    }

    /// Of each part, the lowest first.
    fn ratios(&self) -> Vec<f64> {
        let p95 = |relays: &[Duration]| percentile(relays, 0.95).map(|p95| p95.as_secs_f64());
        let quiet = &self.quiet.relays;
        let Some(quiet_p95) = p95(quiet) else {
            return Vec::new();
        };
        let parts = self.loaded.relays.chunks(quiet.len());
        let mut ratios: Vec<f64> = parts.filter_map(p95).map(|p95| p95 / quiet_p95).collect();
        ratios.sort_by(f64::total_cmp);
        ratios
    }

    /// How much a counter has grown. What has never been counted is not there.
    fn growth(&self, name: &str) -> f64 {
        let [before, after] = [&self.before, &self.after].map(|metrics| metrics.get(name).copied());
        after.unwrap_or(0.0) - before.unwrap_or(0.0)
    }

    /// Gauges that are higher than before the load.
    fn lasting(&self, now: &BTreeMap<String, f64>) -> Vec<&'static str> {
        let is_higher = |name: &&str| now[*name] > self.before[*name];
        GAUGES.into_iter().filter(is_higher).collect()
    }
}

/// The smallest value that this part of all is not above; `None` of nothing.
fn percentile(values: &[Duration], part: f64) -> Option<Duration> {
    let mut values = values.to_vec();
    values.sort_unstable();
    let index = (values.len() as f64 * part).ceil() as usize;
    values.get(index.saturating_sub(1)).copied()
}
