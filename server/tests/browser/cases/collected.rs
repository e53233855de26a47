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
/// Of what it leaves behind, so much has to be collected until a connection counts as kept: half as much again as it took to collect one.
const MUCH_IS_COLLECTED: &str = "collected >= 500";
/// Drivers let a script run for 30 s.
const IT_TAKES_LONG: &str = "performance.now() - began > 20_000";

/// Keeps two channels and not their connections. Ends when they are closed, or when it `IS_OVER`. What it leaves behind are objects of the page that refer
/// to themselves, as a connection does.
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
const began = performance.now();
let collected = 0;
const registry = new FinalizationRegistry(() => (collected += 1));
while (areOpen() && !(IS_OVER)) {
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

fn keeps_channels_until(is_over: &str) -> String {
    KEEPS_CHANNELS.replace("IS_OVER", is_over)
}

#[test]
fn firefox_closes_a_connection_of_which_only_channels_are_kept_and_a_demo_keeps_it() {
    in_browser_of(Firefox, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        let code = keeps_channels_until(MUCH_IS_COLLECTED);
        demo.run_code(&format!("{code}\nconsole.log('they are', outcome);"))
            .await?;

        let code = keeps_channels_until(IT_TAKES_LONG);
        let script = format!("return (async () => {{ {code} return outcome; }})();");
        let of_page = eventually_within(PATIENCE, async || {
            let outcome = page.evaluate(&script, []).await?;
            Ok((outcome == json!("closed")).then_some(()))
        });
        of_page
            .await
            .context("the page itself should lose its own")?;
        let of_demo = eventually_within(PATIENCE, async || {
            let texts = demo.console().texts().await?;
            Ok(texts.into_iter().find(|text| text.contains("they are")))
        });
        assert_eq!(of_demo.await?, "they are still open");
        Ok(())
    });
}
