//! What the signaling server costs, as a multiple of what a relay costs at the least. The release binary and the floor run on one core,
//! in turns; the load runs on the other. Linux only: it reads `/proc` and starts the servers with `taskset`.
//!
//! `cargo bench -p guidebook --bench relay` measures everything, `… -- idle page` only what is named.

mod channel;
mod coturn;
mod crowd;
mod floor;
mod lines;
mod measures;
mod subject;
mod turn;
mod wire;

use std::fs;
use std::time::{Duration, Instant};

use anyhow::Result;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;

use subject::Subject;
use turn::Credentials;

/// The argument by which this program becomes the floor.
const BE_THE_FLOOR: &str = "be-the-floor";

/// Runs of each side. The middle one counts.
const RUNS: usize = 5;

/// One measurement: its name, and what runs it.
type Measure = (&'static str, fn() -> Result<()>);

const MEASURES: [Measure; 16] = [
    ("relay-2k", || targeted(2048)),
    ("relay-200", || targeted(200)),
    ("fan-out", fan_out),
    ("idle", idle),
    ("held", held),
    ("joins", joins),
    ("p99", p99),
    ("page", page),
    ("line", line),
    ("lines", lines),
    ("channel", channel),
    ("turn", turn),
    ("turn-memory", turn_memory),
    ("turn-opening", turn_opening),
    ("turn-start", turn_start),
    ("cluster", cluster),
];

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let names: Vec<_> = arguments.iter().filter(|a| !a.starts_with('-')).collect();
    if arguments == [BE_THE_FLOOR] {
        return Ok(floor::run()?);
    }
    raise_descriptor_limit();
    subject::pin_the_load()?;
    for (name, measure) in MEASURES {
        if names.is_empty() || names.iter().any(|wanted| *wanted == name) {
            measure()?;
        }
    }
    Ok(())
}

fn targeted(bytes: usize) -> Result<()> {
    let [ours, floor] = in_turns(Subject::floor, |server| measures::targeted(server, bytes))?;
    let ratio = ours / floor;
    report(
        &format!("targeted relay of {bytes} bytes"),
        &format!("{ratio:.2} × the floor ({ours:.3} and {floor:.3} CPU s per 100,000 frames)"),
        ratio <= 1.4,
        "at most 1.4 ×",
    );
    Ok(())
}

fn fan_out() -> Result<()> {
    let [ours, floor] = in_turns(Subject::floor, measures::fan_out)?;
    let ratio = ours / floor;
    report(
        "fan-out in rooms of 50",
        &format!("{ratio:.2} × the floor's deliveries per CPU second ({ours:.0} and {floor:.0})"),
        ratio >= 0.85,
        "at least 0.85 ×",
    );
    Ok(())
}

fn idle() -> Result<()> {
    let each = measures::idle(&Subject::ours()?, 10_000)?;
    report(
        "10,000 idle peers",
        &format!("{each:.1} KiB resident each"),
        each <= 6.0,
        "at most 6 KiB",
    );
    Ok(())
}

fn held() -> Result<()> {
    const WANTED: usize = 50_000;
    /// What each side needs besides its connections.
    const OTHERS: u64 = 200;
    let descriptors = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let count = WANTED.min((descriptors - OTHERS) as usize);
    let resident = measures::held(&Subject::ours()?, count)? / 1024.0;
    report(
        &format!("{count} connections held"),
        &format!(
            "{resident:.0} MiB resident in all; this machine allows a process {descriptors} descriptors"
        ),
        count == WANTED,
        "50,000 held",
    );
    Ok(())
}

fn joins() -> Result<()> {
    const MANY: usize = 10_000;
    const FEW: usize = 1_000;
    let many = median(|| measures::joins(&Subject::ours()?, MANY))?;
    let few = median(|| measures::joins(&Subject::ours()?, FEW))?;
    let growth = (many / MANY as f64) / (few / FEW as f64);
    report(
        "10,000 joins",
        &format!("{many:.2} CPU s"),
        many <= 1.0,
        "at most 1 s",
    );
    report(
        "a join among 1,000 rooms, and among 100",
        &format!("{growth:.2} ×"),
        growth <= 1.3,
        "about 1 ×, as joining is linear",
    );
    let rush = measures::rush(&Subject::ours()?, 2_000)?;
    report(
        "2,000 joining within a second",
        &format!("the last is in after {:.3} s", rush.as_secs_f64()),
        rush <= Duration::from_millis(1_050),
        "all in after that second",
    );
    Ok(())
}

fn p99() -> Result<()> {
    let [ours, floor] = in_turns(Subject::floor, |server| {
        Ok(measures::p99(server)?.as_secs_f64() * 1e6)
    })?;
    let ratio = ours / floor;
    report(
        "p99 at 2,000 frames/s",
        &format!("{ratio:.2} × the floor ({ours:.0} and {floor:.0} µs)"),
        ratio <= 2.0,
        "at most 2 ×",
    );
    Ok(())
}

fn page() -> Result<()> {
    const PATH: &str = "/connecting/index.html";
    let folder = tempfile::tempdir()?;
    let file = folder.path().join(&PATH[1..]);
    // Its worker is another user.
    fs::create_dir(folder.path().join("connecting"))?;
    let ours = Subject::ours()?;
    fs::write(&file, measures::fetch(&ours, &measures::request(PATH, ""))?)?;
    let gzip = measures::request(PATH, "accept-encoding: gzip\r\n");
    measures::compress(&ours, &gzip)?;
    fs::write(
        file.with_added_extension("gz"),
        measures::fetch(&ours, &gzip)?,
    )?;
    drop(ours);
    let request = measures::request(PATH, "accept-encoding: gzip, deflate, br, zstd\r\n");
    let nginx = || Subject::nginx(folder.path());
    let [ours, nginx] = in_turns(nginx, |server| measures::page(server, &request))?;
    let ratio = ours / nginx;
    report(
        "a page as browsers ask for it",
        &format!("{ratio:.2} × nginx's requests per CPU second ({ours:.0} and {nginx:.0})"),
        ratio >= 0.9,
        "at least 0.9 ×",
    );
    Ok(())
}

/// What a line that does nothing to packets costs.
fn line() -> Result<()> {
    let mut added = Vec::new();
    for _ in 0..RUNS {
        let [over_line, directly] = lines::one_way(&Subject::ours()?)?;
        added.push(over_line.saturating_sub(directly).as_secs_f64() * 1e3);
    }
    let added = middle(added);
    report(
        "a line without impairments, one way",
        &format!("{added:.3} ms more than directly"),
        added <= 0.3,
        "at most 0.3 ms",
    );
    let packets = median(|| lines::packets(&Subject::ours()?))?;
    println!("a line without impairments: {packets:.0} packets of 1,200 bytes per CPU second");
    Ok(())
}

/// What lines cost that are bad.
fn lines() -> Result<()> {
    let bad = json!({ "loss": 5, "delay": 40, "jitter": 20 });
    for (what, count, per_second, bar, in_words) in [
        (
            "2 Mbit/s each way over a bad line",
            1,
            208,
            0.1,
            "at most a tenth of a core",
        ),
        (
            "100 bad lines, 1 Mbit/s each way",
            100,
            100,
            1.0,
            "at most one core",
        ),
    ] {
        let core = lines::core(&Subject::ours()?, count, per_second, &bad)?;
        report(what, &format!("{core:.3} of a core"), core <= bar, in_words);
    }
    Ok(())
}

/// What it costs that several instances have their rooms in common: nothing where a pair is at one of them, and a way over the broker where it is not.
fn cluster() -> Result<()> {
    const BYTES: usize = 2048;
    let folder = tempfile::tempdir()?;
    let (broker, url) = Subject::broker(folder.path())?;
    let (mut alone, mut local, mut split, mut told) = (vec![], vec![], vec![], vec![]);
    for _ in 0..RUNS {
        alone.push(measures::targeted(&Subject::ours()?, BYTES)?);
        let [one, other] = [Subject::instance(&url)?, Subject::instance(&url)?];
        local.push(measures::targeted_over(&[&one], BYTES, &[&broker])?);
        split.push(measures::targeted_over(&[&one, &other], BYTES, &[&broker])?);
        told.push(measures::leave_after_kill(&one, other)?.as_secs_f64());
    }
    let [alone, local, split, told] = [alone, local, split, told].map(middle);
    for (what, seconds, bar, in_words) in [
        ("everybody at one instance", local, 1.03, "at most 1.03 ×"),
        ("each pair at two instances", split, 2.7, "at most 2.7 ×"),
    ] {
        let ratio = seconds / alone;
        report(
            &format!("a cluster, {what}, with the broker"),
            &format!(
                "{ratio:.2} × one server ({seconds:.3} and {alone:.3} CPU s per 100,000 frames)"
            ),
            ratio <= bar,
            in_words,
        );
    }
    report(
        "from the kill of an instance to the leave of its client at another one",
        &format!("{told:.2} s"),
        told <= 1.2,
        "at most 1.2 s",
    );
    Ok(())
}

/// How fast a data channel is over a line that does nothing to packets.
fn channel() -> Result<()> {
    let (mut over_line, mut directly) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        over_line.push(channel::throughput(Some(&Subject::ours()?))?);
        directly.push(channel::throughput(None)?);
    }
    let [over_line, directly] = [over_line, directly].map(middle);
    let ratio = over_line / directly;
    report(
        "a data channel over a line without impairments",
        &format!("{ratio:.2} × a direct one ({over_line:.0} and {directly:.0} Mbit/s)"),
        ratio >= 0.8,
        "at least 0.8 ×",
    );
    Ok(())
}

/// What a server of TURN makes of something: ours, and coturn, in turns.
fn beside_coturn(measure: impl Fn(&Subject, &Credentials) -> Result<f64>) -> Result<[f64; 2]> {
    let folder = tempfile::tempdir()?;
    let (mut ours, mut others) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let server = Subject::ours_without_a_book()?;
        ours.push(measure(&server, &Credentials::given_by(&server)?)?);
        drop(server);
        others.push(measure(
            &Subject::coturn(folder.path())?,
            &Credentials::of_coturn(),
        )?);
    }
    Ok([ours, others].map(middle))
}

fn turn() -> Result<()> {
    let [ours, coturn] = beside_coturn(turn::messages)?;
    let ratio = ours / coturn;
    report(
        "messages relayed from client to client",
        &format!("{ratio:.2} × coturn's per CPU second ({ours:.0} and {coturn:.0})"),
        ratio >= 0.75,
        "at least 0.75 ×, wanted 1 ×",
    );
    Ok(())
}

fn turn_memory() -> Result<()> {
    let [ours, coturn] = beside_coturn(turn::memory)?;
    report(
        "a relayed port",
        &format!("{ours:.1} KiB resident (coturn's {coturn:.1})"),
        ours <= 16.0,
        "at most 16 KiB",
    );
    Ok(())
}

fn turn_opening() -> Result<()> {
    let [ours, coturn] = beside_coturn(turn::opening)?;
    let ratio = ours / coturn;
    report(
        "two relayed ports with channels, and a message each way",
        &format!("{ratio:.2} × coturn's time ({ours:.2} and {coturn:.2} ms)"),
        ratio <= 1.2,
        "at most 1.2 ×",
    );
    Ok(())
}

/// Until a client of STUN is answered by a server that has no book to render.
fn turn_start() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let time = |start: &dyn Fn() -> Result<Subject>| -> Result<f64> {
        let began = Instant::now();
        let server = start()?;
        coturn::answers(server.address)?;
        Ok(began.elapsed().as_secs_f64() * 1e3)
    };
    let (mut ours, mut others) = (Vec::new(), Vec::new());
    for _ in 0..2 * RUNS {
        ours.push(time(&Subject::ours_without_a_book_at_once)?);
        others.push(time(&|| Subject::coturn(folder.path()))?);
    }
    let [ours, coturn] = [ours, others].map(middle);
    report(
        "from the start of `guidebook signaling` to an answer of STUN",
        &format!("{ours:.0} ms (coturn's {coturn:.0})"),
        ours <= coturn,
        "no slower than coturn",
    );
    Ok(())
}

/// The medians of ours and of the other, measured in turns, so that what else the machine does meets both.
fn in_turns(
    other: impl Fn() -> Result<Subject>,
    measure: impl Fn(&Subject) -> Result<f64>,
) -> Result<[f64; 2]> {
    let (mut ours, mut others) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(measure(&Subject::ours()?)?);
        others.push(measure(&other()?)?);
    }
    Ok([ours, others].map(middle))
}

fn median(measure: impl Fn() -> Result<f64>) -> Result<f64> {
    let values: Result<Vec<_>> = (0..RUNS).map(|_| measure()).collect();
    Ok(middle(values?))
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn report(what: &str, value: &str, is_within: bool, bar: &str) {
    let verdict = if is_within { "within" } else { "OVER" };
    println!("{what}: {value}; {verdict} the bar: {bar}");
}

fn raise_descriptor_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        eprintln!("The limit of file descriptors stays as it is: {error}");
    }
}
