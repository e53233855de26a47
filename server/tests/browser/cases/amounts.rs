//! How much is broken on purpose is the reader's choice.

use anyhow::Result;
use serde_json::json;
use thirtyfour::Key;

use super::faults::{is_diagnosed, stays_healthy, toggle};
use crate::harness::{Page, in_browser};
use crate::pages::{CHAPTER, CREATE_OFFER, SINGLE_BROWSER};

/// Types an amount into its field, as a reader does with the keyboard.
async fn type_amount(page: &Page<'_>, demo: &str, label: &str, amount: &str) -> Result<()> {
    let field = page.demo(demo).await?.find("spinbutton", label).await?;
    field.scroll_into_view().await?;
    field.send_keys(Key::Control + "a").await?;
    field.send_keys(format!("{amount}\t")).await?;
    Ok(())
}

#[test]
fn the_reader_chooses_how_much_is_broken_and_the_diagnosis_follows() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(SINGLE_BROWSER).await?;
        demo.open_instruments().await?;
        demo.choose_instrument("Break it").await?;
        let said = "return arguments[0].querySelector('.faults ~ .instruments-bar [role=status]').textContent;";
        let region = demo.region.to_json()?;

        toggle(&page, SINGLE_BROWSER, "Slow signaling").await?;
        type_amount(&page, SINGLE_BROWSER, "Delay, in s", "0.2").await?;
        let text = page.evaluate(said, [region.clone()]).await?.to_string();
        assert!(text.contains("Slow signaling (delay, in s 0.2)"), "{text}");
        demo.run().await?;
        demo.logs("connected: one message went each way").await?;
        stays_healthy(&page, SINGLE_BROWSER).await?;
        type_amount(&page, SINGLE_BROWSER, "Delay, in s", "99").await?;
        let text = page.evaluate(said, [region.clone()]).await?.to_string();
        assert!(text.contains("in s 10)"), "no more than offered: {text}");
        type_amount(&page, SINGLE_BROWSER, "Delay, in s", "1.2").await?;
        demo.run().await?;
        is_diagnosed(&page, SINGLE_BROWSER, "slow").await?;
        toggle(&page, SINGLE_BROWSER, "Slow signaling").await?;

        toggle(&page, SINGLE_BROWSER, "Lose some of the signaling").await?;
        type_amount(&page, SINGLE_BROWSER, "How many, in %", "100").await?;
        demo.run().await?;
        is_diagnosed(&page, SINGLE_BROWSER, "no-offer").await?;
        type_amount(&page, SINGLE_BROWSER, "How many, in %", "0").await?;
        demo.run().await?;
        demo.logs("connected: one message went each way").await?;

        demo.reset().await?;
        let amounts = "return [...arguments[0].querySelectorAll('.amounts input')].map(({ value }) => Number(value));";
        assert_eq!(
            page.evaluate(amounts, [region.clone()]).await?,
            json!([50, 1, 2, 3])
        );
        let text = page.evaluate(said, [region]).await?;
        assert_eq!(text, json!("Nothing is broken on purpose."));
        Ok(())
    });
}

/// Tells which of 40 candidates are lost.
const LOSSES: &str = "const lostOf = async () => {
  const pc = new RTCPeerConnection();
  const lost = [];
  for (let i = 0; i < 40; i += 1) {
    // What reaches the browser is refused: there is no description.
    await pc.addIceCandidate({ candidate: `candidate:${i} 1 udp 1 192.0.2.1 9 typ host`, sdpMid: '0' }).then(() => lost.push(i), () => {});
  }
  return lost.join();
};
console.log(`first ${await lostOf()}`);";

#[test]
fn a_seed_loses_the_same_ones_in_each_run() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.open_instruments().await?;
        demo.choose_instrument("Break it").await?;
        toggle(&page, CREATE_OFFER, "Lose some of the signaling").await?;
        let mut lost = Vec::new();
        for seed in ["7", "7", "8"] {
            type_amount(&page, CREATE_OFFER, "Seed", seed).await?;
            demo.run_code(LOSSES).await?;
            lost.push(demo.logs("first ").await?.text);
        }
        assert_eq!(lost[0], lost[1]);
        assert_ne!(lost[0], lost[2]);
        let count = lost[0].split(',').count();
        assert!((10..=30).contains(&count), "about half are lost: {lost:?}");
        Ok(())
    });
}
