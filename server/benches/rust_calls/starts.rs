//! From `peer:announce` to `call:started`, by the clock of who comes second. The first is warm, and in the room already.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use quickconnect::Event;
use serde_json::json;

use super::report::report;
use super::{next, rust};
use crate::harness::{Browser, Page, eventually};

const RUNS: usize = 20;
/// Runs before those that count.
const WARM_UP: usize = 2;
const ANSWERING_BAR: Duration = Duration::from_millis(130);
const OFFERING_BAR: Duration = Duration::from_millis(180);
const RUST_BAR: Duration = Duration::from_millis(50);

const ROOM: &str = "starts";
/// A room without a tab.
const RUST_ROOM: &str = "rust-starts";
/// Who is first in both rooms, and one who offers and one who answers when it comes: of two, the lower id offers.
const HOST: &str = "m";
const OFFERING: &str = "a";
const ANSWERING: &str = "z";

const JOIN: &str =
    "const { default: quickconnect } = await import('/code/quickconnect/js/index.js');
    window.host = quickconnect(location.origin, { room: arguments_[0], id: arguments_[1] });
    await new Promise((resolve) => host.once('local:announce', resolve));
    return null;";

/// Comes, is called, and leaves. Returns how long the call took to start, in ms.
const VISIT: &str =
    "const { default: quickconnect } = await import('/code/quickconnect/js/index.js');
    const guest = quickconnect(location.origin, { room: arguments_[0], id: arguments_[1] });
    const when = (event) => new Promise((resolve) => guest.once(event, resolve));
    await when('peer:announce');
    const began = performance.now();
    await when('call:started');
    const took = performance.now() - began;
    guest.close();
    return took;";

/// Measures all kinds of pairs in turns.
pub(crate) async fn measure(browser: &Browser) -> Result<()> {
    let first = browser.open("").await?;
    evaluate(&first, JOIN, HOST).await?;
    let second = browser.open("").await?;
    let mut host = rust(browser, RUST_ROOM, HOST).await?;
    let host = tokio::spawn(async move { while host.next().await.is_some() {} });

    let [mut tabs, mut answering, mut offering, mut both] = [const { Vec::new() }; 4];
    for run in 0..WARM_UP + RUNS {
        let role = [OFFERING, ANSWERING][run % 2];
        let took = evaluate(&second, VISIT, role).await?;
        tabs.push(Duration::from_secs_f64(took.context("a time")? / 1000.0));
        is_alone(&first).await?;
        for (id, times) in [(ANSWERING, &mut answering), (OFFERING, &mut offering)] {
            times.push(visit(browser, ROOM, id).await?);
            is_alone(&first).await?;
        }
        both.push(visit(browser, RUST_ROOM, role).await?);
    }
    host.abort();
    let what = "peer:announce to call:started";
    for (who, mut times, bar) in [
        ("two tabs of Chromium", tabs, ANSWERING_BAR),
        ("Rust answering Chromium", answering, ANSWERING_BAR),
        ("Rust offering to Chromium", offering, OFFERING_BAR),
        ("Rust and Rust, in one process", both, RUST_BAR),
    ] {
        times.drain(..WARM_UP);
        report(&format!("{what}, {who}"), times, bar);
    }
    Ok(())
}

/// What `VISIT` does in a page.
async fn visit(browser: &Browser, room: &str, id: &str) -> Result<Duration> {
    let mut guest = rust(browser, room, id).await?;
    let announced = |event| matches!(event, Event::PeerAnnounced(_)).then(Instant::now);
    let started = |event| matches!(event, Event::CallStarted(_)).then(Instant::now);
    let began = next(&mut guest, announced).await?;
    let took = next(&mut guest, started).await? - began;
    guest.close().await;
    Ok(took)
}

/// Waits until the first tab has seen the guest leave.
async fn is_alone(page: &Page<'_>) -> Result<()> {
    let is_alone = async || {
        let calls = page.evaluate("return host.calls.size", []).await?;
        Ok((calls == json!(0)).then_some(()))
    };
    let is_alone = eventually(is_alone).await;
    is_alone.context("the first tab should see the guest leave")
}

async fn evaluate(page: &Page<'_>, body: &str, id: &str) -> Result<Option<f64>> {
    let script = format!("const arguments_ = arguments; return (async () => {{ {body} }})();");
    let returned = page.evaluate(&script, [json!(ROOM), json!(id)]).await?;
    Ok(returned.as_f64())
}
