//! The graphs of what getStats() says.

use anyhow::Context;
use serde_json::json;

use crate::harness::{eventually, in_browser};
use crate::pages::{CHAPTER, SINGLE_BROWSER};

/// Whether the panel says that the graphs did not load, and how many there are.
const GRAPHS: &str = "const note = [...arguments[0].querySelectorAll('.stats .note')].find(({ textContent }) => textContent.includes('did not load'));
    return [!note.hidden, arguments[0].querySelectorAll('.graph canvas').length > 0];";

#[test]
fn graphs_that_did_not_load_are_asked_for_again() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.ask_chromium("Network.enable", json!({})).await?;
        for part in ["uplot.js", "uplot.css"] {
            page.reload().await?;
            let block = |urls| page.ask_chromium("Network.setBlockedURLs", json!({ "urls": urls }));
            block(json!([format!("*/{part}*")])).await?;
            let demo = page.demo(SINGLE_BROWSER).await?;
            demo.run().await?;
            demo.logs("connected: one message went each way").await?;
            demo.open_instruments().await?;
            demo.choose_instrument("Stats").await?;
            let region = demo.region.to_json()?;
            for (blocked, expected) in [(true, json!([true, false])), (false, json!([false, true]))] {
                if !blocked {
                    block(json!([])).await?;
                }
                let is_so = eventually(async || {
                    let seen = page.evaluate(GRAPHS, [region.clone()]).await?;
                    Ok((seen == expected).then_some(()))
                });
                is_so
                    .await
                    .with_context(|| format!("{part}, blocked: {blocked}"))?;
            }
        }
        Ok(())
    });
}
