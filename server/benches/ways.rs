//! What a line and a relay cost a connection of a browser: the throughput of a data channel over a line, beside a direct one, and how long it
//! takes to open one by relay only, beside coturn. Both peers are in one page, and each is measured in turns. It needs coturn
//! (Debian: `apt-get install coturn`).

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

use anyhow::{Context, Result};
use serde_json::{Value, json};

use harness::{Page, in_browser};

/// Two connections of the page, led over a line if there is one, and a channel of them that is open. `configuration` is that of both.
const OPENED: &str = r"
    const { openLine, withoutCandidates } = await import('/code/test-network/index.js');
    async function opened(line, configuration = {}) {
        const [a, b] = [new RTCPeerConnection(configuration), new RTCPeerConnection(configuration)];
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
        return { channel, other: await other, close: () => { a.close(); b.close(); } };
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
    in_browser(async |browser| {
        let page = browser.open("").await?;
        let [line, direct] = measure(&page, THROUGHPUT).await?;
        report(
            "a data channel over a line without impairments",
            line / direct,
            &format!("{line:.0} and {direct:.0} Mbit/s"),
            |ratio| ratio >= 0.8,
            "at least 0.8 × a direct one",
        );
        let folder = tempfile::tempdir()?;
        let (_coturn, address) = Coturn::start(folder.path())?;
        let opening = OPENING.replace("COTURN", &as_ice_server(address).to_string());
        let [ours, coturn] = measure(&page, &opening).await?;
        report(
            "a channel by relay only",
            ours / coturn,
            &format!("{ours:.0} and {coturn:.0} ms"),
            |ratio| ratio <= 1.2,
            "at most 1.2 × coturn's time",
        );
        Ok(())
    });
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
