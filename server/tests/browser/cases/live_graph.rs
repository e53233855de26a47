//! The module `live-graph`: curves and a table that the code of a demo feeds, whose places are there from the beginning.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, in_browser_of};
use crate::pages::{CHAPTER, CREATE_OFFER};

const GRAPH: &str = include_str!("live_graph/graph.js");

#[derive(Deserialize)]
struct Shown {
    heights: [f64; 2],
    cells: [String; 6],
    points: usize,
    strokes: [String; 2],
}

async fn draws_what_it_is_fed(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(GRAPH).await?;
    let entry = demo.console().has("shown ", 1).await?;
    let shown: Shown =
        serde_json::from_str(&entry.text["shown ".len()..]).with_context(|| entry.text.clone())?;
    let [before, after] = shown.heights;
    ensure!(before > 100.0, "{before} px");
    ensure!(
        (before - after).abs() < 1.0,
        "values change {before} px to {after}"
    );
    assert_eq!(shown.cells, ["7", "7", "1024", "–", "–", "–"]);
    ensure!(shown.points > 1, "no curve has been drawn");
    let [one, other] = shown.strokes;
    ensure!(one != other, "both curves are {one}");
    demo.logs("RangeError: liveGraph: there is no line").await?;
    Ok(())
}

#[test]
fn a_graph_has_its_size_at_once_and_draws_what_it_is_fed() {
    in_browser_of(Chromium, draws_what_it_is_fed);
}

#[test]
fn a_graph_has_its_size_at_once_and_draws_what_it_is_fed_in_firefox() {
    in_browser_of(Firefox, draws_what_it_is_fed);
}
