//! What the media room costs, and how soon one sees somebody in it: peers in Rust publish and watch over the program as it is shipped. Linux only.
//!
//! - *join*: from the first thing that a watcher does to a whole picture, beside a publisher who has just begun and one who has sent for a while
//! - *streams*: a room of four, of whom each watches the three others: processor time, memory, and how much later a packet arrives than directly.
//!   `-- streams --minutes 10` looks again after so long whether memory has grown, while somebody joins and leaves all the time
//!
//! `cargo bench -p guidebook --bench sfu` measures both, `… -- join` one of them.

#[path = "../rust_calls/idle.rs"]
mod idle;
mod peer;
#[path = "../../tests/server/support/program.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "a bench needs less of the program than the tests do, and ends as they do"
)]
mod program;
#[path = "../report/mod.rs"]
mod report;

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use peer::{Peer, Seen};
use program::{PROGRAM, Running, guidebook};

/// How often somebody joins.
const JOINS: usize = 15;
const JOIN_BAR: Duration = Duration::from_millis(600);
const LATE_JOIN_BAR: Duration = Duration::from_secs(1);
/// A publisher that has sent for so long has its first keyframe far behind it.
const LATE: Duration = Duration::from_secs(2);

/// Who meets: each publishes, and watches all others.
const MEMBERS: usize = 4;
const STREAMS: usize = MEMBERS * (MEMBERS - 1);
const CORE_BAR: f64 = 0.06;
const RESIDENT_BAR_MIB: f64 = 16.0;
const GROWTH_BAR_MIB: f64 = 1.0;
/// After the room is full, until it is as it stays.
const SETTLES: Duration = Duration::from_secs(10);
/// What is measured.
const TIME: Duration = Duration::from_secs(20);

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(2);

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let minutes = arguments.iter().skip_while(|it| *it != "--minutes").nth(1);
    let minutes = minutes.map(|text| text.parse::<u64>()).transpose()?;
    let is_all = !has("join") && !has("streams");
    let server = Running::start(guidebook(PROGRAM).args(["--log", "warn"]));
    idle::wait_for(server.process_id()).await?;
    if is_all || has("streams") {
        streams(&server, minutes)?;
    }
    if is_all || has("join") {
        joins(&server)?;
    }
    Ok(())
}

fn joins(server: &Running) -> Result<()> {
    let mut first = Vec::new();
    let mut late = Vec::new();
    for number in 0..JOINS {
        let begun = Instant::now();
        let publisher = Peer::publishes(server.address(), &format!("join-{number}"))?;
        let watcher = Peer::watches(server.address(), &publisher.whom)?;
        first.push(first_picture(&watcher, begun)?);
        thread::sleep(LATE);
        let begun = Instant::now();
        let watcher = Peer::watches(server.address(), &publisher.whom)?;
        late.push(first_picture(&watcher, begun)?);
    }
    let what = "one publishes and another watches, to the first picture";
    report::report(what, first, JOIN_BAR);
    report::report("late joiner, to the first picture", late, LATE_JOIN_BAR);
    Ok(())
}

fn first_picture(watcher: &Peer, begun: Instant) -> Result<Duration> {
    let seen = wait(watcher, |seen| seen.picture.is_some())?;
    Ok(seen.picture.context("there is one")? - begun)
}

/// What a peer has seen, once it is as wanted.
fn wait(peer: &Peer, is_there: impl Fn(&Seen) -> bool) -> Result<Seen> {
    let begun = Instant::now();
    loop {
        let seen = peer.seen();
        if is_there(&seen) {
            return Ok(seen);
        }
        ensure!(begun.elapsed() < PATIENCE, "{seen:?}");
        thread::sleep(PAUSE);
    }
}

fn streams(server: &Running, minutes: Option<u64>) -> Result<()> {
    let before = mib(server);
    let publishers: Result<Vec<Peer>> = (0..MEMBERS)
        .map(|_| Peer::publishes(server.address(), "streams"))
        .collect();
    let publishers = publishers?;
    let watched = publishers.iter().flat_map(|it| [it; MEMBERS - 1]);
    let watchers: Result<Vec<Peer>> = watched
        .map(|publisher| Peer::watches(server.address(), &publisher.whom))
        .collect();
    let watchers = watchers?;
    for watcher in &watchers {
        wait(watcher, |seen| seen.picture.is_some())?;
    }
    thread::sleep(SETTLES);
    let resident = mib(server) - before;
    let through = measure(server, &watchers)?;
    through.print(resident);
    let (sending, receiving) = Peer::direct()?;
    wait(&receiving, |seen| seen.packets > 0)?;
    let directly = delays(&[&receiving])?;
    drop(sending);
    print_delays(&through.delays, &directly);
    if let Some(minutes) = minutes {
        look_for_growth(server, &publishers[0], minutes)?;
    }
    Ok(())
}

struct Measured {
    core: f64,
    packets: f64,
    bits: f64,
    delays: Vec<Duration>,
}

fn measure(server: &Running, watchers: &[Peer]) -> Result<Measured> {
    let before = idle::ticks(server.process_id())?;
    let watchers: Vec<_> = watchers.iter().collect();
    let begun = Instant::now();
    let counts = |watchers: &[&Peer]| {
        let seen = watchers.iter().map(|watcher| watcher.seen());
        seen.fold((0, 0), |(packets, bytes), seen| {
            (packets + seen.packets, bytes + seen.bytes)
        })
    };
    let (packets, bytes) = counts(&watchers);
    let delays = delays(&watchers)?;
    let seconds = begun.elapsed().as_secs_f64();
    let (packets_after, bytes_after) = counts(&watchers);
    let ticks = idle::ticks(server.process_id())? - before;
    Ok(Measured {
        core: ticks as f64 / 100.0 / seconds,
        packets: (packets_after - packets) as f64 / seconds,
        bits: (bytes_after - bytes) as f64 * 8.0 / seconds,
        delays,
    })
}

impl Measured {
    fn print(&self, resident: f64) {
        println!(
            "{STREAMS} streams, {:.1} Mbit/s and {:.0} packets a second: {:.1} % of a core, {:.0} µs a packet; {} the bar of {:.0} %",
            self.bits / 1e6,
            self.packets,
            self.core * 100.0,
            self.core * 1e6 / self.packets,
            verdict(self.core <= CORE_BAR),
            CORE_BAR * 100.0
        );
        println!(
            "their memory: {resident:.1} MiB resident more than idle; {} the bar of {RESIDENT_BAR_MIB} MiB",
            verdict(resident <= RESIDENT_BAR_MIB)
        );
    }
}

/// How long packets took, of a while, the fastest first.
fn delays(watchers: &[&Peer]) -> Result<Vec<Duration>> {
    for watcher in watchers {
        watcher.take_delays();
    }
    thread::sleep(TIME);
    let mut delays: Vec<_> = (watchers.iter())
        .flat_map(|watcher| watcher.take_delays())
        .collect();
    ensure!(!delays.is_empty(), "nothing arrives");
    delays.sort_unstable();
    Ok(delays)
}

fn print_delays(through: &[Duration], directly: &[Duration]) {
    let at = |delays: &[Duration], part: f64| {
        delays[((delays.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0
    };
    for (name, part) in [("median", 0.5), ("p95", 0.95), ("p99", 0.99)] {
        let [through, directly] = [through, directly].map(|delays| at(delays, part));
        println!(
            "one way, {name}: {through:.2} ms, directly {directly:.2} ms; {:.2} ms more",
            through - directly
        );
    }
}

fn look_for_growth(server: &Running, publisher: &Peer, minutes: u64) -> Result<()> {
    let before = mib(server);
    let end = Instant::now() + Duration::from_secs(60 * minutes);
    let mut joined = 0;
    while Instant::now() < end {
        let watcher = Peer::watches(server.address(), &publisher.whom)?;
        wait(&watcher, |seen| seen.picture.is_some())?;
        joined += 1;
    }
    thread::sleep(SETTLES);
    let after = mib(server);
    println!(
        "in {minutes} minutes, in which {joined} have joined and left: {before:.1} MiB resident at first, {after:.1} then; {} the bar of {GROWTH_BAR_MIB} MiB more",
        verdict(after - before <= GROWTH_BAR_MIB)
    );
    Ok(())
}

fn mib(server: &Running) -> f64 {
    server.resident_kib() as f64 / 1024.0
}

fn verdict(is_within: bool) -> &'static str {
    match is_within {
        true => "within",
        false => "OVER",
    }
}
