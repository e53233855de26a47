//! What the taps cost a handshake: two peers in one frame, from `new RTCPeerConnection()` to a message each way, in a frame with the taps
//! and in one without, handshake by handshake in turns. So both meet the same browser, and what else the machine does meets both. No driver is
//! attached to the browser, as none is to a reader's: with one, each stack takes twice as long.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse};
use axum::routing::{get, post};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// Browsers, one after the other: each is its own draw of where things lie in memory.
const BROWSERS: usize = 12;
/// Of each kind, in each browser.
const HANDSHAKES: usize = 20;
/// The time with the taps, as a part of the time without.
const BAR: f64 = 1.05;

/// What the runner loads for them, in its order.
const SCRIPTS: [&str; 10] = [
    include_str!("../../book/stage/runner/lines.js"),
    include_str!("../../book/stage/runner/tap/standin.js"),
    include_str!("../../book/stage/runner/tap/recorder.js"),
    include_str!("../../book/stage/runner/load-parts.js"),
    include_str!("../../book/stage/runner/add-proof.js"),
    include_str!("../../book/stage/runner/tap/faults.js"),
    include_str!("../../book/stage/runner/tap/line.js"),
    include_str!("../../book/stage/runner/tap/sockets.js"),
    include_str!("../../book/stage/runner/tap/media.js"),
    include_str!("../../book/stage/runner/tap/connections.js"),
];

/// As `runner.html` and `main.js` do it.
const BEFORE: &str = "var stage = { apply: (m, s, a) => Reflect.apply(m, s, a), construct: (t, a, n) => Reflect.construct(t, a, n), uncurry: Function.prototype.call.bind.bind(Function.prototype.call), attempt: (act) => act() };";
const AFTER: &str = "{ const { port1 } = new MessageChannel(); stage.recorder.start((events, dropped) => port1.postMessage({ type: 'tap', events, dropped }));
    stage.tapSockets(() => {}, stage.tapConnections(() => false)); }";

/// How long one takes, in ms.
const HANDSHAKE: &str = "
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
    }";

/// Of each kind, two don't count. Who begins changes with each round. Behind each handshake is time for what the taps put off: in a demo,
/// too, one begins with nothing to be sent.
const MEASURE: &str = "
    (async () => {
        const open = async (src) => {
            const frame = document.createElement('iframe');
            frame.src = src;
            document.body.append(frame);
            await new Promise((done) => { frame.onload = done; });
            return { frame: frame.contentWindow, times: [] };
        };
        const sides = [await open('with'), await open('without')];
        for (let i = 0; i < HANDSHAKES + 2; i += 1) {
            for (const { frame, times } of i % 2 ? sides : sides.toReversed()) {
                times.push(await frame.handshake());
                await new Promise((done) => setTimeout(done, 250));
            }
        }
        await fetch('measured', { method: 'POST', body: JSON.stringify(sides.map(({ times }) => times.slice(2))) });
    })();";

/// How long handshakes took with the taps, and without.
type Measured = [Vec<f64>; 2];

fn main() -> Result<()> {
    Runtime::new()?.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (results, mut measured) = unbounded_channel::<Measured>();
        let router = Router::new()
            .route("/", get(async || page(&format!("const HANDSHAKES = {HANDSHAKES}; {MEASURE}"))))
            .route("/with", get(async || page(&format!("{}\n{HANDSHAKE}", taps()))))
            .route("/without", get(async || page(HANDSHAKE)))
            .route("/measured", post(keep))
            .with_state(results);
        tokio::spawn(axum::serve(listener, router).into_future());
        let [mut with, mut without] = Measured::default();
        for _ in 0..BROWSERS {
            let profile = TempDir::new()?;
            let mut browser = start(address, &profile)?;
            let [more_with, more_without] = measured.recv().await.context("the page reports")?;
            with.extend(more_with);
            without.extend(more_without);
            browser.kill().await?;
        }
        let count = with.len();
        let [with, without] = [with, without].map(median);
        let ratio = with / without;
        let verdict = if ratio <= BAR { "within" } else { "OVER" };
        println!("a handshake takes {with:.1} ms with the taps and {without:.1} ms without (medians of {count}): {ratio:.3} times as long; {verdict} the bar of {BAR}");
        Ok(())
    })
}

/// Ended when it is dropped.
fn start(address: SocketAddr, profile: &TempDir) -> Result<Child> {
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
        .arg(format!("http://{address}/"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("this needs Chromium on the PATH (Debian: `apt-get install chromium`)")
}

/// Isolated, so that its clock is fine enough.
fn page(script: &str) -> impl IntoResponse + use<> {
    let headers = [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
    ];
    let html = format!(
        "<!doctype html><html lang=en><title>tap</title><link rel=icon href=data:,><body><script>{script}</script></html>"
    );
    (headers, Html(html))
}

async fn keep(State(results): State<UnboundedSender<Measured>>, times: String) {
    let times = serde_json::from_str(&times).expect("the page sends numbers");
    // When nobody listens any more, the bench is over.
    let _ = results.send(times);
}

fn taps() -> String {
    format!("{BEFORE}\n{}\n{AFTER}", SCRIPTS.join("\n"))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
