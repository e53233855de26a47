//! The release program under a load of hostile members, beside innocents who must not notice: a crate of its own, because cargo runs
//! test crates one after the other, and other tests would disturb what is measured here.
//!
//! `cargo xtask soak` runs it for ten minutes; `SOAK_SECONDS` says for how long, `SOAK_PARTS=storm,heads` which parts of the load there
//! are.
//!
//! **What is compared.** The load, the server and the innocents share this machine's processors, which they wouldn't elsewhere. So the
//! load has the lowest priority, and the quiet run is not one without a load: the same load, with as many connections and bytes, goes to
//! a sink, which reads and forgets them, while the innocents talk to the server. What the innocents wait for longer when the load goes to
//! the server is the server's doing: its own work for the load, and whom it serves first.
//!
//! # Layout
//! - [`subject`]: the program: its memory, its metrics, its log
//! - [`load`]: the hostile members
//! - [`sink`]: what takes their load in the quiet run
//! - [`innocents`]: what those see who want nothing but to talk; [`media`]: and those who want to see each other
//! - [`report`]: the table, and what was not as it must be
//! - `wire`: bytes
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod innocents;
mod load;
mod media;
#[path = "../../benches/sfu/peer.rs"]
#[expect(dead_code, reason = "a bench needs more of a peer")]
mod peer;
mod report;
mod sink;
mod subject;
mod wire;

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use load::{Load, PARTS, Part};
use report::Report;
use sink::Sink;
use subject::Subject;

const SECONDS: &str = "SOAK_SECONDS";
const DEFAULT_SECONDS: u64 = 60;
const QUIET_RUN: Duration = Duration::from_secs(10);
const ONLY: &str = "SOAK_PARTS";

/// How long the server may take to give back what the load made it hold: longer than anything that it holds for a while.
const CALM: Duration = Duration::from_secs(60);
const SAMPLE_EVERY: Duration = Duration::from_millis(50);

#[test]
fn innocents_notice_nothing_of_hostile_members_and_the_server_holds_its_bounds() {
    let time = env::var(SECONDS).map_or(DEFAULT_SECONDS, |text| text.parse().expect(SECONDS));
    let parts = parts();
    let subject = Subject::start();

    let sink = Sink::start();
    let load = Load::start(sink.address, &parts);
    let quiet = innocents::talk(subject.address, QUIET_RUN);
    load.stop();
    drop(sink);

    subject.clear_log();
    let mut report = Report::begin(&subject, quiet);
    let room = media::Room::begin(subject.address);
    let load = Load::start(subject.address, &parts);
    let (seen, peak_mib) = while_memory_is_watched(&subject, || {
        innocents::talk(subject.address, Duration::from_secs(time))
    });
    let unseen = room.end();
    report.end_load(&subject, seen, peak_mib, &load.stop());
    let begin = Instant::now();
    while !report.is_calm(&subject) && begin.elapsed() < CALM {
        thread::sleep(SAMPLE_EVERY);
    }
    report.end(&subject, begin.elapsed());
    println!("{report}");
    let failures = [report.failures(&parts), unseen].concat();
    assert!(failures.is_empty(), "\n{report}\n{}", failures.join("\n"));
}

/// Those that were named, or all.
fn parts() -> Vec<Part> {
    let names = env::var(ONLY).unwrap_or_default();
    let names: Vec<&str> = names.split(',').filter(|name| !name.is_empty()).collect();
    for name in &names {
        let is_known = PARTS.iter().any(|part| part.name == *name);
        assert!(is_known, "{ONLY}: there is no part {name:?}");
    }
    let is_named = |part: &Part| names.is_empty() || names.contains(&part.name);
    PARTS.into_iter().filter(is_named).collect()
}

/// Does something, and says how much memory the program had at the most meanwhile.
fn while_memory_is_watched<T>(subject: &Subject, work: impl FnOnce() -> T) -> (T, f64) {
    let is_over = Arc::new(AtomicBool::new(false));
    thread::scope(|scope| {
        let watch = scope.spawn({
            let is_over = Arc::clone(&is_over);
            move || {
                let mut peak: f64 = 0.0;
                while !is_over.load(Ordering::Relaxed) {
                    peak = peak.max(subject.resident_mib());
                    thread::sleep(SAMPLE_EVERY);
                }
                peak
            }
        });
        let done = work();
        is_over.store(true, Ordering::Relaxed);
        (done, watch.join().unwrap())
    })
}
