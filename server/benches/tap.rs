//! What the taps cost a handshake: two peers in one page, from `new RTCPeerConnection()` to a message each way, with the taps and
//! without, in turns. No driver is attached to the browser, as none is to a reader's: with one, each stack takes twice as long.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Browsers, each of which measures both ways.
const ROUNDS: usize = 16;
const PER_ROUND: usize = 10;
/// The time with the taps, as a part of the time without.
const BAR: f64 = 1.05;

/// What the runner loads for them, in its order.
const SCRIPTS: [&str; 6] = [
    include_str!("../../book/stage/runner/lines.js"),
    include_str!("../../book/stage/runner/tap/standin.js"),
    include_str!("../../book/stage/runner/tap/recorder.js"),
    include_str!("../../book/stage/runner/tap/faults.js"),
    include_str!("../../book/stage/runner/tap/sockets.js"),
    include_str!("../../book/stage/runner/tap/connections.js"),
];

/// As `runner.html` and `main.js` do it.
const BEFORE: &str = "var stage = { apply: (m, s, a) => Reflect.apply(m, s, a), construct: (t, a, n) => Reflect.construct(t, a, n), attempt: (act) => act() };";
const AFTER: &str = "{ const { port1 } = new MessageChannel(); stage.recorder.start((events, dropped) => port1.postMessage({ type: 'tap', events, dropped }));
    stage.tapSockets(() => {}, stage.tapConnections(() => false)); }";

/// How long each of ten handshakes takes, after two that don't count, in ms. Between them is time for what the taps put off: in a demo,
/// too, a handshake begins with nothing to be sent. Then the other page has its turn, if it did not have it before.
const MEASURE: &str = "
    async function handshake() {
        const began = performance.now();
        const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
        a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
        b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
        const channel = a.createDataChannel('x');
        const answered = new Promise((resolve) => { channel.onopen = () => channel.send('x'); channel.onmessage = resolve; });
        b.ondatachannel = ({ channel }) => { channel.onmessage = () => channel.send('y'); };
        await a.setLocalDescription(await a.createOffer());
        await b.setRemoteDescription(a.localDescription);
        await b.setLocalDescription(await b.createAnswer());
        await a.setRemoteDescription(b.localDescription);
        await answered;
        const took = performance.now() - began;
        a.close();
        b.close();
        return took;
    }
    (async () => {
        const times = [];
        for (let i = 0; i < 12; i += 1) {
            times.push(await handshake());
            await new Promise((resolve) => setTimeout(resolve, 250));
        }
        const { pathname, hash } = location;
        await fetch(pathname, { method: 'POST', body: JSON.stringify(times.slice(2)) });
        if (hash) location.replace(hash.slice(1));
    })();";

/// A page, and what it measured.
type Measured = (String, Vec<f64>);

fn main() -> Result<()> {
    Runtime::new()?.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (results, mut measured) = unbounded_channel::<Measured>();
        let router = Router::new()
            .route("/{page}", get(page).post(keep))
            .with_state(results)
            .route("/tap.js", get(|| async { ([(header::CONTENT_TYPE, "text/javascript")], script()) }))
            .route("/measure.js", get(|| async { ([(header::CONTENT_TYPE, "text/javascript")], MEASURE) }));
        tokio::spawn(axum::serve(listener, router).into_future());
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let profile = TempDir::new()?;
            let path = if round % 2 == 0 { "without#with" } else { "with#without" };
            let mut browser = start(address, path, &profile)?;
            for _ in 0..2 {
                let (page, times) = measured.recv().await.context("the pages report")?;
                if page == "with" { &mut with } else { &mut without }.extend(times);
            }
            browser.kill().await?;
        }
        let [with, without] = [with, without].map(median);
        let ratio = with / without;
        let verdict = if ratio <= BAR { "within" } else { "OVER" };
        println!("a handshake takes {with:.1} ms with the taps and {without:.1} ms without (medians of {}): {ratio:.3} times as long; {verdict} the bar of {BAR}", ROUNDS * PER_ROUND);
        Ok(())
    })
}

/// Ended when it is dropped.
fn start(address: SocketAddr, path: &str, profile: &TempDir) -> Result<Child> {
    Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--proxy-server=127.0.0.1:9",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("http://{address}/{path}"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("this needs Chromium on the PATH (Debian: `apt-get install chromium`)")
}

/// Isolated, so that the page's clock is fine enough.
async fn page(Path(page): Path<String>) -> impl IntoResponse {
    let headers = [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
    ];
    let html = Html(if page == "with" {
        "<!doctype html><html lang=en><title>with</title><link rel=icon href=data:,><script src=tap.js></script><script src=measure.js></script></html>"
    } else {
        "<!doctype html><html lang=en><title>without</title><link rel=icon href=data:,><script src=measure.js></script></html>"
    });
    (headers, html)
}

async fn keep(
    State(results): State<UnboundedSender<Measured>>,
    Path(page): Path<String>,
    times: String,
) {
    let times = serde_json::from_str(&times).expect("the page sends numbers");
    // When nobody listens any more, the bench is over.
    let _ = results.send((page, times));
}

fn script() -> String {
    format!("{BEFORE}\n{}\n{AFTER}", SCRIPTS.join("\n"))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
