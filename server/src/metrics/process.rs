//! What the process takes of its machine, by the names that every program has for it
//! (<https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics>). Only Linux tells all of it without code that is unsafe.
//!
//! May import: page, rustix.

#[cfg(target_os = "linux")]
mod usage;

use std::time::{Duration, SystemTime};

use super::page::{Kind, Page};

/// When the counts began.
#[derive(Debug)]
pub(super) struct Started(SystemTime);

impl Default for Started {
    fn default() -> Self {
        Self(SystemTime::now())
    }
}

pub(super) fn render(page: &mut Page, started: &Started) {
    let Started(started) = started;
    let since_epoch = started.duration_since(SystemTime::UNIX_EPOCH);
    page.family(
        "process_start_time_seconds",
        Kind::Gauge,
        "When the program was started, in seconds since 1970.",
        since_epoch.unwrap_or(Duration::ZERO).as_secs_f64(),
    );
    #[cfg(target_os = "linux")]
    if let Some(usage) = usage::Usage::now() {
        usage.render(page);
    }
}
