//! How fast a data channel carries messages between a tab and a Rust client, beside two bare peer connections in one page.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use quickconnect::protocol::peer::ChannelConfig;
use quickconnect::{Channel, Event, Message, QuickConnect};
use serde_json::json;

use super::{next, rust};
use crate::harness::{Browser, Page};

const ROOM: &str = "channels";
/// Of each measurement. The middle one counts.
const RUNS: usize = 5;
/// Bytes of a message, and messages of a run.
const LARGE: (usize, usize) = (16 * 1024, 1024);
const SMALL: (usize, usize) = (1024, 8192);

/// Sends with the browser's queue never empty and never long, as its documentation has it; and counts what comes.
const PAGE: &str = "window.sendAll = async (channel, size, count) => {
        const message = new Uint8Array(size);
        channel.bufferedAmountLowThreshold = 256 * 1024;
        for (let number = 0; number < count; number += 1) {
            if (channel.bufferedAmount > 1024 * 1024) {
                await new Promise((done) => channel.addEventListener('bufferedamountlow', done, { once: true }));
            }
            channel.send(message);
        }
    };
    window.receiveAll = (channel, count) => new Promise((done) => {
        let left = count;
        channel.onmessage = () => {
            left -= 1;
            if (left === 0) done();
        };
    });
    const { default: quickconnect } = await import('/code/quickconnect/js/index.js');
    window.qc = quickconnect(location.origin, { room: arguments_[0], id: 'a' });
    qc.createDataChannel('bulk');
    window.opened = new Promise((resolve) => qc.once('channel:opened', (peer, channel) => resolve(channel)));
    const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
    a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
    b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
    window.floor = [a, b].map((pc) => pc.createDataChannel('floor', { negotiated: true, id: 1 }));
    const open = Promise.all(floor.map((channel) => new Promise((resolve) => { channel.onopen = resolve; })));
    await a.setLocalDescription();
    await b.setRemoteDescription(a.localDescription);
    await b.setLocalDescription();
    await a.setRemoteDescription(b.localDescription);
    await open;
    return null;";

const FLOOR: &str = "const [size, count] = arguments_;
    const began = performance.now();
    const received = receiveAll(floor[1], count);
    sendAll(floor[0], size, count);
    await received;
    return performance.now() - began;";

/// Begins to send, or to receive and then to say so, and does not wait for the end.
const SEND: &str = "opened.then((channel) => sendAll(channel, ...arguments_)); return null;";
const RECEIVE: &str = "const channel = await opened;
    receiveAll(channel, arguments_[1]).then(() => channel.send('all'));
    return null;";

pub(crate) async fn measure(browser: &Browser) -> Result<()> {
    let page = browser.open("").await?;
    evaluate(&page, PAGE, [json!(ROOM)]).await?;
    let mut qc = rust(browser, ROOM, "b").await?;
    qc.create_data_channel("bulk", ChannelConfig::default())
        .await?;
    let channel = next(&mut qc, |event| match event {
        Event::ChannelOpened(channel) => Some(channel),
        _ => None,
    });
    let channel = channel.await?;
    for ((size, count), bar) in [(LARGE, 1.0), (SMALL, 0.5)] {
        let [mut floor, mut to_tab, mut to_rust] = [const { Vec::new() }; 3];
        for _ in 0..RUNS {
            let took = evaluate(&page, FLOOR, [json!(size), json!(count)]).await?;
            floor.push(Duration::from_secs_f64(took.context("a time")? / 1000.0));
            to_tab.push(send(&page, &mut qc, &channel, (size, count)).await?);
            to_rust.push(receive(&page, &mut qc, (size, count)).await?);
        }
        let [floor, to_tab, to_rust] = [floor, to_tab, to_rust].map(median);
        let megabits = |took: Duration| (size * count * 8) as f64 / 1e6 / took.as_secs_f64();
        println!(
            "messages of {size} bytes, Chromium to itself: {:.0} Mbit/s, the middle of {RUNS}",
            megabits(floor)
        );
        for (way, took) in [("Rust to Chromium", to_tab), ("Chromium to Rust", to_rust)] {
            let ratio = floor.as_secs_f64() / took.as_secs_f64();
            let verdict = if ratio >= bar { "within" } else { "OVER" };
            println!(
                "messages of {size} bytes, {way}: {:.0} Mbit/s, {ratio:.2} × that; {verdict} the bar of {bar} ×",
                megabits(took)
            );
        }
    }
    qc.close().await;
    Ok(())
}

/// From the first message to the tab's word that it has the last.
async fn send(
    page: &Page<'_>,
    qc: &mut QuickConnect,
    channel: &Channel,
    (size, count): (usize, usize),
) -> Result<Duration> {
    evaluate(page, RECEIVE, [json!(size), json!(count)]).await?;
    let message = vec![0; size];
    let began = Instant::now();
    for _ in 0..count {
        channel.send(&message).await?;
    }
    let all = |event| matches!(event, Event::Message(_, Message::Text(_))).then(Instant::now);
    Ok(next(qc, all).await? - began)
}

/// From the first message to the last, as if the first had come at the moment that it was asked for.
async fn receive(
    page: &Page<'_>,
    qc: &mut QuickConnect,
    (size, count): (usize, usize),
) -> Result<Duration> {
    let message = |event| matches!(event, Event::Message(..)).then(Instant::now);
    evaluate(page, SEND, [json!(size), json!(count)]).await?;
    let began = next(qc, message).await?;
    let mut last = began;
    for _ in 1..count {
        last = next(qc, message).await?;
    }
    Ok(last - began)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

async fn evaluate<const N: usize>(
    page: &Page<'_>,
    body: &str,
    arguments: [serde_json::Value; N],
) -> Result<Option<f64>> {
    let script = format!("const arguments_ = arguments; return (async () => {{ {body} }})();");
    Ok(page.evaluate(&script, arguments).await?.as_f64())
}
