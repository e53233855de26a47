//! Whether the ladder of a room of five keeps up: frames that the browser draws in a second while 1,000 events arrive, beside those of
//! a second in which nothing happens, in turns. First of a page that sees its own side, then of one that all others share theirs with.

#[path = "../tests/browser/harness/mod.rs"]
#[expect(
    dead_code,
    reason = "a bench needs less of a browser than the tests do"
)]
mod harness;

use anyhow::{Context, Result};

use harness::{Page, in_browser};

const BUSY_ROOM: &str = include_str!("../tests/browser/cases/ladder/busy-room.js");

const ROUNDS: usize = 10;
/// Frames a second; a browser draws no more than the screen shows.
const BAR: f64 = 60.0;
/// It is met by as much: a second holds 59 frames or 60, as it falls.
const SLACK: f64 = 1.0;

/// Batches come as often as a frame sends them. The ring is full before the first round, as it is in a long run.
const MEASURE: &str = "
    const BATCH_INTERVAL = 150;
    const frames = (isBusy) => new Promise((resolve) => {
        let frames = 0;
        let longest = 0;
        let fed = 0;
        let last = performance.now();
        const began = last;
        function next(now) {
            longest = Math.max(longest, now - last);
            last = now;
            frames += 1;
            const elapsed = now - began;
            if (elapsed >= 1_000) return resolve([(frames * 1_000) / elapsed, longest]);
            requestAnimationFrame(next);
        }
        requestAnimationFrame(next);
        const timer = isBusy && setInterval(() => {
            const due = Math.min(1_000, performance.now() - began);
            feed(Math.round(due - fed));
            fed = due;
            if (due === 1_000) clearInterval(timer);
        }, BATCH_INTERVAL);
    });
    for (let i = 0; i < 6; i += 1) feed(1_000);
    const rounds = [];
    for (let i = 0; i < ROUNDS; i += 1) rounds.push([await frames(false), await frames(true)]);
    return rounds;";

fn main() {
    in_browser(async |browser| {
        for is_shared in [false, true] {
            let page = browser.open("connecting/").await?;
            let share = if is_shared { "await share();" } else { "" };
            let script = format!(
                "const done = arguments[0]; (async () => {{ const ROUNDS = {ROUNDS}; {BUSY_ROOM}; {share} {MEASURE} }})().then(done, (error) => done(String(error)));"
            );
            let rounds = measure(&page, &script).await?;
            let [quiet, busy] = [0, 1].map(|which| median(&rounds, which, 0));
            let longest = median(&rounds, 1, 1);
            let verdict = if busy + SLACK >= BAR {
                "within"
            } else {
                "OVER"
            };
            let name = if is_shared {
                "of all five sides"
            } else {
                "of one side"
            };
            println!(
                "a busy ladder {name}: {busy:.1} frames a second, the longest {longest:.1} ms, and {quiet:.1} when nothing happens (medians of {ROUNDS}); {verdict} the bar of {BAR}"
            );
            page.close().await?;
        }
        Ok(())
    });
}

/// Of each round, without events and with them: the frames a second, and how long the longest took.
type Rounds = Vec<[[f64; 2]; 2]>;

async fn measure(page: &Page<'_>, script: &str) -> Result<Rounds> {
    let outcome = page.evaluate_async(script).await?;
    serde_json::from_value(outcome.clone()).with_context(|| format!("the page says {outcome}"))
}

fn median(rounds: &[[[f64; 2]; 2]], which: usize, number: usize) -> f64 {
    let mut numbers: Vec<f64> = rounds.iter().map(|round| round[which][number]).collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
