//! What the controls set is what a probe channel measures, which keeps no order and repeats nothing.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::{PAIR, logged, slide, switch_on};
use crate::harness::eventually::eventually_within;
use crate::harness::{Page, eventually, in_browser};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER};

/// Says a number every 10 ms. Of each hundred it tells how many arrived, and how late half of them were at most, in ms. It does so when a number has
/// arrived that was said 100 later, not at a time: after losses in a row SCTP holds messages back until its timer ends.
const PROBE: &str = "await negotiate();
const sent = [], late = [];
let told = 0;
b.ondatachannel = ({ channel }) => channel.onmessage = ({ data }) => {
  const number = Number(data);
  late[number] = performance.now() - sent[number];
  if (number < told + 200) return;
  const times = late.slice(told, told += 100).filter((time) => time !== undefined).sort((x, y) => x - y);
  console.log('window', JSON.stringify({ arrived: times.length, median: times[times.length >> 1] ?? -1 }));
};
await opened;
console.log('open');
setInterval(() => channel.send(`${sent.push(performance.now()) - 1}`.padEnd(100)), 10);";

#[derive(Debug, Deserialize)]
struct Window {
    arrived: u32,
    median: f64,
}

/// Runs it over a line that does nothing yet.
async fn probing<'p>(page: &'p Page<'_>) -> Result<Demo<'p>> {
    let demo = page.demo(CREATE_OFFER).await?;
    switch_on(page, &demo).await?;
    demo.run_code(&format!("{PAIR}{PROBE}")).await?;
    demo.logs("open").await?;
    Ok(demo)
}

/// The windows so far.
async fn windows(demo: &Demo<'_>) -> Result<Vec<Window>> {
    let texts = demo.console().texts().await?;
    let windows = texts.iter().filter_map(|text| text.strip_prefix("window "));
    Ok(windows
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?)
}

/// Windows that a change of a setting may have come into: one that was being said, and two that wait to be told.
const UNDER_WAY: usize = 3;

/// The next windows that began after now.
async fn next(demo: &Demo<'_>, count: usize) -> Result<Vec<Window>> {
    let skipped = windows(demo).await?.len() + UNDER_WAY;
    let mut seen = Vec::new();
    for more in 1..=count {
        eventually(async || {
            seen = windows(demo).await?;
            Ok((seen.len() >= skipped + more).then_some(()))
        })
        .await
        .context("the probe should go on")?;
    }
    Ok(seen.split_off(skipped))
}

#[test]
fn delay_and_loss_are_what_the_sliders_say_and_change_what_runs() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = probing(&page).await?;
        let clean = next(&demo, 1).await?;
        let undisturbed = clean[0].median;
        ensure!(
            clean[0].arrived == 100 && undisturbed < 30.0,
            "nothing is set: {clean:?}"
        );

        slide(&page, &demo, "Delay, to the other side", "100 ms").await?;
        let late = next(&demo, 1).await?;
        let added = late[0].median - undisturbed;
        ensure!(
            (95.0..125.0).contains(&added),
            "100 ms, and not {added}: {late:?}"
        );

        slide(&page, &demo, "Delay, to the other side", "0 ms").await?;
        // Acknowledgements that are lost too would make SCTP wait, and say nothing of this way.
        let one_way = "arguments[0].querySelector('.line-controls [type=checkbox]').click();";
        page.evaluate(one_way, [demo.region.to_json()?]).await?;
        slide(&page, &demo, "Loss, to the other side", "10 %").await?;
        let lossy = next(&demo, 5).await?;
        let arrived: u32 = lossy.iter().map(|window| window.arrived).sum();
        // 8 in a hundred more or less: several messages share a packet after SCTP has held them back.
        ensure!(
            (410..=490).contains(&arrived),
            "90 % of 500 should arrive: {lossy:?}"
        );
        Ok(())
    });
}

/// Sends as much as there is room for, and tells every two seconds what arrives, in kbit/s.
const FLOOD: &str = "await negotiate();
let bytes = 0;
b.ondatachannel = ({ channel }) => channel.onmessage = ({ data }) => bytes += data.length;
await opened;
setInterval(() => { while (channel.bufferedAmount < 100_000) channel.send('x'.repeat(1000)); }, 20);
let since = performance.now();
setInterval(() => {
  const now = performance.now();
  console.log('rate', JSON.stringify(bytes * 8 / (now - since)));
  [bytes, since] = [0, now];
}, 2000);";

/// What a message of 1,000 bytes costs more: headers of IP, UDP, DTLS and SCTP.
const OVERHEAD: f64 = 1_100.0 / 1_000.0;

#[test]
fn the_rate_is_what_the_slider_says() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        switch_on(&page, &demo).await?;
        slide(&page, &demo, "Rate, to the other side", "1 Mbit/s").await?;
        demo.run_code(&format!("{PAIR}{FLOOD}")).await?;
        // Not at once: SCTP has to find its pace, and where the queue drops a packet it may wait for its timer.
        let mut rates: Vec<f64> = Vec::new();
        eventually(async || {
            let texts = demo.console().texts().await?;
            let told = texts.iter().filter_map(|text| text.strip_prefix("rate "));
            rates = told.map(serde_json::from_str).collect::<Result<_, _>>()?;
            let is_reached = rates.iter().any(|rate| rate * OVERHEAD > 800.0);
            Ok(is_reached.then_some(()))
        })
        .await
        .with_context(|| format!("1,000 kbit/s should be reached, and {rates:?} were"))?;
        let is_kept = rates.iter().all(|rate| rate * OVERHEAD <= 1_100.0);
        ensure!(is_kept, "1,000 kbit/s should not be exceeded: {rates:?}");
        Ok(())
    });
}

/// Sends pictures that compress badly, so that there are many packets, and tells all the time how many have come, how many have not, and how many of
/// these were asked for again.
const VIDEO: &str = "const canvas = document.createElement('canvas');
Object.assign(canvas, { width: 640, height: 360 });
const pen = canvas.getContext('2d');
setInterval(() => {
  for (let count = 0; count < 400; count += 1) {
    pen.fillStyle = `hsl(${Math.random() * 360} 90% 50%)`;
    pen.fillRect(Math.random() * 640, Math.random() * 360, 24, 24);
  }
}, 50);
const video = document.body.appendChild(document.createElement('video'));
Object.assign(video, { width: 320, height: 180, muted: true });
b.ontrack = ({ track }) => {
  video.srcObject = new MediaStream([track]);
  video.play();
};
a.addTrack(canvas.captureStream(20).getVideoTracks()[0]);
await negotiate();
setInterval(async () => {
  const reports = [...(await b.getStats()).values()];
  const { packetsReceived, packetsLost, nackCount } = reports.find(({ type }) => type === 'inbound-rtp') ?? {};
  if (packetsReceived) console.log('video', JSON.stringify({ received: packetsReceived, lost: packetsLost, asked: nackCount ?? 0 }));
}, 500);";

#[derive(Debug, Clone, Copy, Deserialize)]
struct Video {
    received: i64,
    lost: i64,
    asked: i64,
}

/// So many that the share which is lost differs from 5 % by half a point (a standard deviation).
const PACKETS: i64 = 1_800;

/// What the line says of the way that has more packets, which is the video's: how many it got, and how many of these it lost.
const LINE: &str = "return (async () => {
    const asked = performance.getEntriesByType('resource').map(({ name }) => name);
    const line = asked.find((name) => /\\/line\\/[0-9a-f]+$/.test(name));
    if (!line) return null;
    const { a_to_b, b_to_a } = await (await fetch(line)).json();
    const ways = [a_to_b, b_to_a].map(({ statistics }) => statistics);
    const { entered, lost } = ways.sort((x, y) => y.entered.packets - x.entered.packets)[0];
    return { entered: entered.packets, lost: lost.packets };
})();";

#[derive(Debug, Clone, Copy, Deserialize)]
struct Line {
    entered: i64,
    lost: i64,
}

/// Once the line has lost something, what it says.
async fn line_that_loses(page: &Page<'_>) -> Result<Line> {
    eventually(async || {
        let line: Option<Line> = serde_json::from_value(page.evaluate(LINE, []).await?)?;
        Ok(line.filter(|line| line.lost > 0))
    })
    .await
    .context("the line should lose packets")
}

/// By how many points a video may lose more than the line has: on a busy machine the sockets of the browser overflow, too, each time by some 50 packets.
const MORE_LOST: f64 = 8.0;

fn percent(part: i64, whole: i64) -> f64 {
    100.0 * part as f64 / whole as f64
}

#[test]
fn what_is_lost_of_a_video_is_what_the_slider_says() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        switch_on(&page, &demo).await?;
        demo.run_code(&format!("{PAIR}{VIDEO}")).await?;
        let _begun: Video = logged(&demo, "video", 1).await?;
        slide(&page, &demo, "Loss, to the other side", "5 %").await?;
        let line_before = line_that_loses(&page).await?;
        let mut told = Vec::<Video>::new();
        let before = videos(&demo).await?.len();
        eventually_within(Duration::from_secs(120), async || {
            told = videos(&demo).await?.split_off(before);
            let [first, .., last] = &told[..] else {
                return Ok(None);
            };
            let sent = last.received + last.lost - first.received - first.lost;
            Ok((sent >= PACKETS).then_some(()))
        })
        .await
        .with_context(|| format!("{PACKETS} packets should be sent: {:?}", told.last()))?;
        let line = line_that_loses(&page).await?;
        let of_line = percent(
            line.lost - line_before.lost,
            line.entered - line_before.entered,
        );
        ensure!(
            (3.0..=7.0).contains(&of_line),
            "the line should lose 5 %, and lost {of_line:.1} %: {line_before:?} to {line:?}"
        );
        let (first, last) = (told[0], told[told.len() - 1]);
        let [received, lost, asked] = [
            last.received - first.received,
            last.lost - first.lost,
            last.asked - first.asked,
        ];
        let of_video = percent(lost, received + lost);
        ensure!(
            (of_line - 2.0..=of_line + MORE_LOST).contains(&of_video) && asked > 0,
            "the line lost {of_line:.1} %, and the video {of_video:.1} %: {first:?} to {last:?}"
        );
        Ok(())
    });
}

/// What was told so far.
async fn videos(demo: &Demo<'_>) -> Result<Vec<Video>> {
    let texts = demo.console().texts().await?;
    let told = texts.iter().filter_map(|text| text.strip_prefix("video "));
    Ok(told.map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// The longest silence that was heard so far, in seconds.
const SILENCE: &str = "await negotiate();
let last = 0;
b.ondatachannel = ({ channel }) => channel.onmessage = () => {
  const silence = (performance.now() - last) / 1000;
  if (last > 0 && silence > 1) console.log('silence', JSON.stringify(silence));
  last = performance.now();
};
await opened;
setInterval(() => channel.send('x'), 20);
console.log('open');";

/// A cut of three seconds. Afterwards SCTP waits for its timer, which has doubled by then.
const CUT: std::ops::Range<f64> = 2.9..8.0;

#[test]
fn a_timeline_cuts_and_mends() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        switch_on(&page, &demo).await?;
        let write = "const field = arguments[0].querySelector('.line-timeline input');
            field.value = 'cut at 2 s, mend at 5 s';
            field.dispatchEvent(new Event('change'));";
        page.evaluate(write, [demo.region.to_json()?]).await?;
        demo.run_code(&format!("{PAIR}{SILENCE}")).await?;
        let silence: f64 = logged(&demo, "silence", 1).await?;
        ensure!(CUT.contains(&silence), "of itself: {silence} s");

        demo.press("Start it now").await?;
        let silence: f64 = logged(&demo, "silence", 2).await?;
        ensure!(CUT.contains(&silence), "by hand: {silence} s");
        Ok(())
    });
}

/// From which kind of address b hears a.
const ORIGIN: &str = "await negotiate();
await opened;
setInterval(async () => {
  const { type } = await wayOf(b);
  console.log(`heard from ${type}`);
}, 200);";

#[test]
fn a_new_port_of_the_line_is_a_peer_reflexive_candidate() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        switch_on(&page, &demo).await?;
        demo.run_code(&format!("{PAIR}{ORIGIN}")).await?;
        demo.logs("heard from host").await?;
        demo.press("New port").await?;
        demo.logs("heard from prflx").await?;
        Ok(())
    });
}
