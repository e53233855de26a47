//! A connection of which the code has kept only the channels: Firefox closes it when it collects garbage, but not in a demo.

use std::time::Duration;

use anyhow::Context;
use serde_json::json;

use crate::harness::Kind::Firefox;
use crate::harness::eventually::eventually_within;
use crate::harness::in_browser_of;
use crate::pages::{CHAPTER, CREATE_OFFER};

/// Firefox takes its time: without what the stage does about it, a demo has lost its connection after half a minute.
const PATIENCE: Duration = Duration::from_secs(120);
/// Objects that are collected until a connection counts as kept: half as many again as it took to collect one.
const MANY: usize = 500;
const WITHOUT_END: usize = usize::MAX;

/// Keeps two channels and not their connections. Ends when they are closed, or when so much else was collected. What it leaves behind are objects of the
/// page that refer to themselves, as a connection does.
const KEEPS_CHANNELS: &str = "
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
async function connect() {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const ends = [a, b].map((pc) => pc.createDataChannel('kept', { negotiated: true, id: 0 }));
  for (const [from, to] of [[a, b], [b, a]]) {
    await from.setLocalDescription();
    while (from.iceGatheringState !== 'complete') await pause(10);
    await to.setRemoteDescription(from.localDescription);
  }
  return ends;
}
const ends = await connect();
const areOpen = () => ends.every(({ readyState }) => readyState === 'open');
while (!areOpen()) await pause(20);
let collected = 0;
const registry = new FinalizationRegistry(() => (collected += 1));
while (areOpen() && collected < MANY) {
  const left = document.createElement('p');
  left.onclick = () => left;
  registry.register(left);
  const frame = document.createElement('iframe');
  document.body.append(frame);
  await pause(50);
  frame.remove();
  Array.from({ length: 20_000 }, (_, i) => ({ i }));
}
const outcome = areOpen() ? 'still open' : 'closed';";

fn keeps_channels(collected: usize) -> String {
    KEEPS_CHANNELS.replace("MANY", &collected.to_string())
}

#[test]
fn firefox_closes_a_connection_of_which_only_channels_are_kept_and_a_demo_keeps_it() {
    in_browser_of(Firefox, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        let code = keeps_channels(MANY);
        demo.run_code(&format!("{code}\nconsole.log('they are', outcome);"))
            .await?;
        let code = keeps_channels(WITHOUT_END);
        let begin = format!("(async () => {{ {code} document.body.dataset.kept = outcome; }})();");
        page.evaluate(&begin, []).await?;

        let of_demo = eventually_within(PATIENCE, async || {
            let texts = demo.console().texts().await?;
            Ok(texts.into_iter().find(|text| text.contains("they are")))
        });
        assert_eq!(of_demo.await?, "they are still open");
        let of_page = eventually_within(PATIENCE, async || {
            let outcome = page
                .evaluate("return globalThis.outcome ?? null;", [])
                .await?;
            Ok((outcome == json!("closed")).then_some(()))
        });
        of_page.await.context("the page itself should lose its own")
    });
}
