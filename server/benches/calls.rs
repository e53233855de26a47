//! How long the JavaScript client takes to connect two peers, beside what the browser itself takes, and to connect a crowd.
//! Everything is in one page, so nothing is measured but the client, the signaling server and the browser.

#[path = "../tests/browser/harness/mod.rs"]
#[expect(
    dead_code,
    reason = "a bench needs less of a browser than the tests do"
)]
mod harness;
mod report;

use std::time::Duration;

use anyhow::{Context, Result};

use harness::{Page, in_browser};

/// How much more than the browser itself the client may take: it has a server in between.
const SIGNALING: Duration = Duration::from_millis(15);
const CROWD_BAR: Duration = Duration::from_secs(10);

/// The client beside the floor, in turns. The floor is two bare peer connections that hand each other everything at once.
/// Returns the times of both in ms, without those of two first runs, which warm the page up.
const PAIRS: &str = "
    const { default: quickconnect } = await import('/code/quickconnect/js/index.js');
    const when = (qc, event) => new Promise((resolve) => qc.once(event, resolve));
    const connected = (pc) => new Promise((resolve) => pc.addEventListener('connectionstatechange',
        () => pc.connectionState === 'connected' && resolve()));
    const floor = async () => {
        const began = performance.now();
        const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
        a.createDataChannel('floor');
        a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
        b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
        const both = Promise.all([connected(a), connected(b)]);
        await a.setLocalDescription();
        await b.setRemoteDescription(a.localDescription);
        await b.setLocalDescription();
        await a.setRemoteDescription(b.localDescription);
        await both;
        const took = performance.now() - began;
        a.close();
        b.close();
        return took;
    };
    const host = quickconnect(location.origin, { room: 'pairs' });
    await when(host, 'local:announce');
    const client = async () => {
        const guest = quickconnect(location.origin, { room: 'pairs' });
        await when(guest, 'peer:announce');
        const began = performance.now();
        await when(guest, 'call:started');
        const took = performance.now() - began;
        const over = when(host, 'call:ended');
        guest.close();
        await over;
        return took;
    };
    const times = [[], []];
    for (let run = 0; run < 22; run += 1) {
        for (const [index, measure] of [floor, client].entries()) times[index].push(await measure());
    }
    host.close();
    return times.map((list) => list.slice(2));";

/// Twenty peers come at once, and each calls every other. Returns the time until each has heard of its 19 calls, in ms.
const CROWD: &str = "
    const { default: quickconnect } = await import('/code/quickconnect/js/index.js');
    const began = performance.now();
    const crowd = Array.from({ length: 20 }, () => quickconnect(location.origin, { room: 'crowd' }));
    await Promise.all(crowd.map((qc) => new Promise((resolve) => {
        let started = 0;
        qc.on('call:started', () => {
            started += 1;
            if (started === crowd.length - 1) resolve();
        });
    })));
    const took = performance.now() - began;
    crowd.forEach((qc) => qc.close());
    return took;";

fn main() {
    in_browser(async |browser| {
        let page = browser.open("").await?;
        let times: [Vec<f64>; 2] = measure(&page, PAIRS).await?;
        let [mut floor, client] = times.map(|list| {
            let times: Vec<Duration> = list.into_iter().map(milliseconds).collect();
            times
        });
        floor.sort();
        let floor = floor[floor.len() / 2];
        println!(
            "two bare peer connections: median {floor:.1?}; the bar is twice that and {SIGNALING:?}"
        );
        report::report(
            "from peer:announce to call:started",
            client,
            2 * floor + SIGNALING,
        );

        let took: f64 = measure(&page, CROWD).await?;
        report::report(
            "190 calls of 20 peers in one page",
            vec![milliseconds(took)],
            CROWD_BAR,
        );
        Ok(())
    });
}

async fn measure<T: serde::de::DeserializeOwned>(page: &Page<'_>, body: &str) -> Result<T> {
    let script = format!("return (async () => {{ {body} }})();");
    let measured = page.evaluate(&script, []).await?;
    serde_json::from_value(measured).context("the script returns what it measured")
}

fn milliseconds(number: f64) -> Duration {
    Duration::from_secs_f64(number / 1000.0)
}
