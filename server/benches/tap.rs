//! What the taps cost a handshake: two peers in one page, from `new RTCPeerConnection()` to a message each way, with the taps and
//! without, turn by turn in one browser.

#[path = "../tests/browser/harness/mod.rs"]
#[expect(
    dead_code,
    reason = "a bench needs less of a browser than the tests do"
)]
mod harness;

use std::net::Ipv4Addr;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::Html;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use harness::{Browser, Kind, Page, in_browsers};

const ROUNDS: usize = 16;
const PER_ROUND: usize = 10;
/// The time with the taps, as a part of the time without.
const BAR: f64 = 1.05;

/// What the runner loads for them, in its order.
const SCRIPTS: [&str; 5] = [
    include_str!("../../book/stage/runner/lines.js"),
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
/// too, a handshake begins with nothing to be sent.
const MEASURE: &str = "const done = arguments[0];
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
        return times.slice(2);
    })().then(done, (error) => done(String(error)));";

fn main() -> Result<()> {
    Runtime::new()?.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/{page}", get(page))
            .route("/tap.js", get(|| async { ([(header::CONTENT_TYPE, "text/javascript")], script()) }));
        tokio::spawn(axum::serve(listener, router).into_future());
        in_browsers([Kind::Chromium], address, async |[browser]| {
            let idle = browser.new_tab().await?;
            let (mut with, mut without) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                without.extend(measure(browser, &idle, "without").await?);
                with.extend(measure(browser, &idle, "with").await?);
            }
            let [with, without] = [with, without].map(median);
            let ratio = with / without;
            let verdict = if ratio <= BAR { "within" } else { "OVER" };
            println!("a handshake takes {with:.1} ms with the taps and {without:.1} ms without (medians of {}): {ratio:.3} times as long; {verdict} the bar of {BAR}", ROUNDS * PER_ROUND);
            Ok(())
        })
        .await;
        Ok(())
    })
}

async fn page(Path(page): Path<String>) -> Html<&'static str> {
    Html(if page == "with" {
        "<!doctype html><html lang=en><title>with</title><link rel=icon href=data:,><script src=tap.js></script></html>"
    } else {
        "<!doctype html><html lang=en><title>without</title><link rel=icon href=data:,></html>"
    })
}

fn script() -> String {
    format!("{BEFORE}\n{}\n{AFTER}", SCRIPTS.join("\n"))
}

/// In a tab of its own: a browser lets a process have some hundreds of connections, closed ones included for a while.
async fn measure(browser: &Browser, idle: &Page<'_>, page: &str) -> Result<Vec<f64>> {
    let tab = browser.open(page).await?;
    let times = tab.evaluate_async(MEASURE).await?;
    tab.close().await?;
    // A browser without a chosen tab opens no other.
    idle.driver().await?;
    serde_json::from_value(times.clone()).with_context(|| format!("{page}: {times}"))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
