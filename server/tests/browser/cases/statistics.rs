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
            demo.run_handshake().await?;
            demo.choose_instrument("Stats").await?;
            let region = demo.region.to_json()?;
            for (blocked, expected) in [(true, json!([true, false])), (false, json!([false, true]))]
            {
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

/// The heads of the graphs.
const HEADS: &str = "return [...arguments[0].querySelectorAll('.graph')].map((graph) => graph.querySelector('.u-title').textContent);";

#[test]
fn each_quantity_has_one_graph_with_both_directions_named_after_the_code() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(SINGLE_BROWSER).await?;
        demo.run_handshake().await?;
        demo.choose_instrument("Stats").await?;
        let region = demo.region.to_json()?;
        let mut heads = Vec::new();
        let are_there = eventually(async || {
            heads = serde_json::from_value::<Vec<String>>(
                page.evaluate(HEADS, [region.clone()]).await?,
            )?;
            let of = |name: &str, what: &str| {
                let begins = format!("{name}: {what}");
                heads
                    .iter()
                    .filter(|head| head.starts_with(&begins))
                    .count()
            };
            let has_each = ["caller, line 1", "answerer, line 2"]
                .into_iter()
                .all(|name| {
                    of(name, "throughput, bytes a second (— sent, ┄ received)") == 1
                        && of(name, "messages, a second (— sent, ┄ received)") == 1
                });
            Ok(has_each.then_some(()))
        });
        are_there
            .await
            .with_context(|| format!("each connection should have its graphs: {heads:?}"))
    });
}
