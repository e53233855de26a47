//! What a line and a relay cost a connection of a browser: the throughput of a data channel over a line, beside a direct one; what the server
//! spends on a line that carries a video, and how much of that is lost; and how long it takes to open a channel by relay only, beside coturn.
//! Both peers are in one page. It needs coturn (Debian: `apt-get install coturn`). `… -- video` measures only what is named: `throughput`, `video`,
//! `opening`.

#[path = "relay/coturn.rs"]
mod coturn;
#[path = "../tests/browser/harness/mod.rs"]
#[expect(
    dead_code,
    reason = "a bench needs less of a browser than the tests do"
)]
mod harness;

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::time::{ClockId, clock_gettime};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::sleep;

use harness::{Page, in_browser};

/// Two connections of the page, led over a line if there is one, and a channel of them that is open. `configuration` is that of both.
const OPENED: &str = r"
    const { openLine, withoutCandidates } = await import('/code/test-network/index.js');
    async function opened(line, configuration = {}, track = undefined) {
        const [a, b] = [new RTCPeerConnection(configuration), new RTCPeerConnection(configuration)];
        if (track) a.addTransceiver(track, { sendEncodings: [{ maxBitrate: 2_000_000 }] });
        const channel = a.createDataChannel('measured');
        const other = new Promise((resolve) => { b.ondatachannel = (event) => resolve(event.channel); });
        const open = new Promise((resolve) => { channel.onopen = resolve; });
        const handed = (description) => line ? withoutCandidates(description) : description;
        if (!line) {
            a.onicecandidate = ({ candidate }) => candidate && b.addIceCandidate(candidate);
            b.onicecandidate = ({ candidate }) => candidate && a.addIceCandidate(candidate);
        }
        await a.setLocalDescription();
        await b.setRemoteDescription(handed(a.localDescription));
        await b.setLocalDescription();
        await a.setRemoteDescription(handed(b.localDescription));
        if (line) await line.join(a, b);
        await open;
        return { a, b, channel, other: await other, close: () => { a.close(); b.close(); } };
    }";

/// Mbit/s over a line and directly, of each run.
const THROUGHPUT: &str = r"
    const MESSAGE = new Uint8Array(16 * 1024);
    const [RUNS, SECONDS] = [5, 3];
    async function throughput(line) {
        const { channel, other, close } = await opened(line);
        let received = 0;
        other.binaryType = 'arraybuffer';
        other.onmessage = ({ data }) => { received += data.byteLength; };
        channel.bufferedAmountLowThreshold = 1024 * 1024;
        const fill = () => { while (channel.bufferedAmount < 4 * 1024 * 1024) channel.send(MESSAGE); };
        channel.onbufferedamountlow = fill;
        fill();
        // It begins slowly.
        await new Promise((resolve) => setTimeout(resolve, 1000));
        const [began, before] = [performance.now(), received];
        await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
        const rate = (received - before) * 8 / 1000 / (performance.now() - began);
        channel.onbufferedamountlow = null;
        close();
        await line?.close();
        return rate;
    }
    const rates = [[], []];
    for (let run = 0; run < RUNS; run += 1) {
        rates[0].push(await throughput(await openLine()));
        rates[1].push(await throughput(undefined));
    }
    return rates;";

/// Sends pictures that compress badly, so that a browser makes 2 Mbit/s of them, over a line that loses nothing yet, until it has found its pace.
const VIDEO: &str = r"
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
    const pen = canvas.getContext('2d');
    const drawing = setInterval(() => {
        for (let count = 0; count < 400; count += 1) {
            pen.fillStyle = `hsl(${Math.random() * 360} 90% 50%)`;
            pen.fillRect(Math.random() * 640, Math.random() * 360, 24, 24);
        }
    }, 50);
    const line = await openLine();
    const [track] = canvas.captureStream(20).getVideoTracks();
    const { b, close } = await opened(line, {}, track);
    window.counted = async () => {
        const reports = [...(await b.getStats()).values()];
        const { bytesReceived, packetsReceived, packetsLost } = reports.find(({ type }) => type === 'inbound-rtp');
        return { bytes: bytesReceived, received: packetsReceived, lost: packetsLost };
    };
    window.ended = async () => {
        clearInterval(drawing);
        track.stop();
        close();
        await line.close();
    };
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    await line.set({ loss: 5 }, 'a-to-b');";

/// What comes of it, and what does not.
const COUNTED: &str = "return counted()";

/// In ms, from two new connections to an open channel, by relay only: of each of two servers.
const OPENING: &str = r"
    const RUNS = 22;
    const { iceServers } = await (await fetch('/ice', { method: 'POST' })).json();
    const ours = iceServers.map((server) => ({ ...server, urls: server.urls.filter((url) => url.includes('=udp')) }));
    const servers = [ours, [COTURN]];
    const times = [[], []];
    for (let run = 0; run < RUNS; run += 1) {
        for (const [index, iceServers] of servers.entries()) {
            const began = performance.now();
            const { close } = await opened(undefined, { iceServers, iceTransportPolicy: 'relay' });
            times[index].push(performance.now() - began);
            close();
        }
    }
    // The first ones warm the page up.
    return times.map((list) => list.slice(2));";

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let names: Vec<_> = arguments.iter().filter(|a| !a.starts_with('-')).collect();
    let is_wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| *wanted == name);
    in_browser(async |browser| {
        let page = browser.open("").await?;
        if is_wanted("throughput") {
            throughput(&page).await?;
        }
        if is_wanted("video") {
            video(&page).await?;
        }
        if is_wanted("opening") {
            opening(&page).await?;
        }
        Ok(())
    });
}

async fn throughput(page: &Page<'_>) -> Result<()> {
    let [line, direct] = measure(page, THROUGHPUT).await?;
    report(
        "a data channel over a line without impairments",
        line / direct,
        &format!("{line:.0} and {direct:.0} Mbit/s"),
        |ratio| ratio >= 0.8,
        "at least 0.8 × a direct one",
    );
    Ok(())
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Counted {
    bytes: f64,
    received: f64,
    lost: f64,
}

/// The server is in this process, which waits otherwise: the browser and its driver are others.
async fn video(page: &Page<'_>) -> Result<()> {
    const TIME: Duration = Duration::from_secs(15);
    let counted = async || -> Result<Counted> {
        let counted = page.evaluate(COUNTED, []).await?;
        serde_json::from_value(counted).context("the page counts")
    };
    let begin = format!("return (async () => {{ {OPENED} {VIDEO} }})();");
    page.evaluate(&begin, []).await?;
    let (first, cpu, began) = (counted().await?, cpu()?, Instant::now());
    sleep(TIME).await;
    let (last, took, cpu) = (counted().await?, began.elapsed(), self::cpu()? - cpu);
    page.evaluate("return ended()", []).await?;
    let rate = (last.bytes - first.bytes) * 8.0 / 1e6 / took.as_secs_f64();
    let [received, lost] = [last.received - first.received, last.lost - first.lost];
    report(
        "a video over a line at 5 % loss",
        cpu.as_secs_f64() / took.as_secs_f64(),
        &format!("a core; {rate:.1} Mbit/s"),
        |share| share <= 0.1,
        "at most a tenth of a core",
    );
    report(
        "what is lost of it",
        100.0 * lost / (received + lost) / 5.0,
        &format!("5 %, {lost} of {} packets", received + lost),
        |ratio| (0.6..=1.4).contains(&ratio),
        "within two points",
    );
    Ok(())
}

/// Processor time of this process so far.
fn cpu() -> Result<Duration> {
    Ok(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?.into())
}

async fn opening(page: &Page<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (_coturn, address) = Coturn::start(folder.path())?;
    let opening = OPENING.replace("COTURN", &as_ice_server(address).to_string());
    let [ours, coturn] = measure(page, &opening).await?;
    report(
        "a channel by relay only",
        ours / coturn,
        &format!("{ours:.0} and {coturn:.0} ms"),
        |ratio| ratio <= 1.2,
        "at most 1.2 × coturn's time",
    );
    Ok(())
}

/// The middle ones of both.
async fn measure(page: &Page<'_>, what: &str) -> Result<[f64; 2]> {
    let script = format!("return (async () => {{ {OPENED} {what} }})();");
    let measured = page.evaluate(&script, []).await?;
    let both: [Vec<f64>; 2] =
        serde_json::from_value(measured).context("the script returns what it measured")?;
    Ok(both.map(median))
}

fn as_ice_server(address: SocketAddr) -> Value {
    json!({
        "urls": format!("turn:{address}?transport=udp"),
        "username": coturn::USER,
        "credential": coturn::PASSWORD,
    })
}

/// A process that ends with its owner.
struct Coturn(Child);

impl Coturn {
    fn start(folder: &Path) -> Result<(Self, SocketAddr)> {
        let (address, arguments) = coturn::arguments(folder)?;
        let child = Command::new("turnserver")
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("this needs coturn (Debian: `apt-get install coturn`)")?;
        let coturn = Self(child);
        coturn::answers(address)?;
        Ok((coturn, address))
    }
}

impl Drop for Coturn {
    fn drop(&mut self) {
        // Fails if it has ended already, which is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn report(what: &str, ratio: f64, values: &str, is_within: fn(f64) -> bool, bar: &str) {
    let verdict = if is_within(ratio) { "within" } else { "OVER" };
    println!("{what}: {ratio:.2} × ({values}); {verdict} the bar: {bar}");
}
